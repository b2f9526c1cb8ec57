//! A GM's own rule of what is critical, as checked data.

use std::borrow::Cow;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::engine::{self, Picked};
use super::{Critical, CriticalKind, DieExpression, Severity};
use crate::dice::RollInput;

/// Longest label, in characters.
pub(crate) const LABEL_CHARS_MAX: usize = 100;
/// Longest category or symbol name, in characters.
const NAME_CHARS_MAX: usize = 50;
/// Category of rules that name none.
const CATEGORY_DEFAULT: &str = "custom";

/// What a rule looks at. Except for `total` without a formula and symbols, it is about the active
/// dice that the rule's formula selects, and never true when there are none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The highest die.
    MaxDie,
    /// The lowest die.
    MinDie,
    /// The sum of the selected dice; without a formula the roll's total with its modifiers.
    Total,
    /// True when any one die compares as asked.
    AnyDie,
    /// 1 for doubles, else 0: two equal digits on a single d100 (11, 22 … 100), or two equal dice.
    Doubles,
    /// Number of dice that exploded.
    ExplodedCount,
    /// Number of dice that show this face.
    CountOf {
        /// The face.
        face: i64,
    },
    /// Share of the dice that show 1, in percent (compared exactly, not rounded).
    OnesShare,
    /// How often a symbol was rolled.
    Symbol {
        /// The symbol's name, whatever the case.
        name: Cow<'static, str>,
    },
}

impl Field {
    /// Counts over a pool: no single die decides such a rule.
    const fn is_about_a_pool(&self) -> bool {
        matches!(
            self,
            Self::ExplodedCount | Self::CountOf { .. } | Self::OnesShare | Self::Symbol { .. }
        )
    }
}

/// How a field is compared with a rule's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Comparison {
    /// Equal.
    #[serde(rename = "==")]
    Equal,
    /// Not equal.
    #[serde(rename = "!=")]
    NotEqual,
    /// Less.
    #[serde(rename = "<")]
    Less,
    /// Less or equal.
    #[serde(rename = "<=")]
    AtMost,
    /// Greater.
    #[serde(rename = ">")]
    Greater,
    /// Greater or equal.
    #[serde(rename = ">=")]
    AtLeast,
}

impl Comparison {
    /// Whether `left` compares with `right` as asked.
    #[must_use]
    pub const fn holds(self, left: i64, right: i64) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::Greater => left > right,
            Self::AtLeast => left >= right,
        }
    }
}

/// Why a rule was refused; the field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// The label is empty, or too long.
    #[error("label: 1 to {LABEL_CHARS_MAX} characters")]
    Label,
    /// The category is not a short name.
    #[error("category: 1 to {NAME_CHARS_MAX} of a-z, 0-9, _ and -")]
    Category,
    /// The symbol's name is empty, or too long.
    #[error("field: a symbol's name has 1 to {NAME_CHARS_MAX} characters")]
    Symbol,
    /// A symbol belongs to the roll, not to a die.
    #[error("formula: symbols are counted over the whole roll")]
    FormulaOfSymbol,
    /// The value can never be reached, or always is.
    #[error("value: {0}")]
    Value(&'static str),
}

/// A rule before it is checked; also the JSON of a [`CriticalityRule`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuleDraft {
    /// The key under which it is stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Which dice it is about; none = all dice of the roll.
    #[serde(default)]
    pub formula: Option<DieExpression>,
    /// What it looks at.
    pub field: Field,
    /// How that is compared.
    pub op: Comparison,
    /// With what.
    pub value: i64,
    /// What a match is.
    pub kind: CriticalKind,
    /// How much of one.
    pub severity: Severity,
    /// Higher priorities are tried first.
    #[serde(default)]
    pub priority: i32,
    /// What people read.
    pub label: String,
    /// Stable name for filters; none = `custom`.
    #[serde(default)]
    pub category: Option<String>,
}

/// A rule that can match: read its fields through [`RuleDraft`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RuleDraft", into = "RuleDraft")]
pub struct CriticalityRule(RuleDraft);

impl CriticalityRule {
    /// Checks the texts and that the value makes sense for the field; the label is trimmed.
    pub fn new(mut draft: RuleDraft) -> Result<Self, RuleError> {
        draft.label = draft.label.trim().to_owned();
        if !(1..=LABEL_CHARS_MAX).contains(&draft.label.chars().count()) {
            return Err(RuleError::Label);
        }
        if draft.category.as_deref().is_some_and(|category| !is_category(category)) {
            return Err(RuleError::Category);
        }
        if let Field::Symbol { name } = &draft.field {
            if !(1..=NAME_CHARS_MAX).contains(&name.chars().count()) {
                return Err(RuleError::Symbol);
            }
            if draft.formula.is_some() {
                return Err(RuleError::FormulaOfSymbol);
            }
        }
        check_value(&draft.field, draft.value)?;
        Ok(Self(draft))
    }

    /// What the rule makes of a roll.
    pub(super) fn apply(&self, roll: &RollInput, roll_under: bool) -> Option<Critical> {
        let rule = &self.0;
        let dice = engine::active_dice(roll, |die| {
            rule.formula.as_ref().is_none_or(|formula| formula.matches(die))
        });
        let is_match = match (&rule.field, &rule.formula) {
            (Field::Total, None) => {
                roll.total.is_some_and(|total| rule.op.holds(total, rule.value))
            }
            _ => engine::holds(&rule.field, rule.op, rule.value, &dice, roll),
        };
        is_match.then(|| Critical {
            kind: rule.kind,
            severity: rule.severity,
            category: rule.category.as_deref().unwrap_or(CATEGORY_DEFAULT).to_owned(),
            label: rule.label.clone(),
            deciding_die: self.deciding(&dice).map(Picked::deciding),
            roll_under,
        })
    }

    /// The only die that the rule saw; else the only one that compares as asked, unless its term
    /// is a pool.
    fn deciding<'a>(&self, dice: &'a [Picked<'a>]) -> Option<&'a Picked<'a>> {
        let rule = &self.0;
        if rule.field.is_about_a_pool() {
            return None;
        }
        if let [only] = dice {
            return Some(only);
        }
        if !matches!(rule.field, Field::MaxDie | Field::MinDie | Field::AnyDie) {
            return None;
        }
        let mut matching = dice.iter().filter(|die| rule.op.holds(die.value, rule.value));
        let first = matching.next().filter(|die| die.die.kept_count() == 1)?;
        matching.next().is_none().then_some(first)
    }
}

impl Deref for CriticalityRule {
    type Target = RuleDraft;

    fn deref(&self) -> &RuleDraft {
        &self.0
    }
}

impl TryFrom<RuleDraft> for CriticalityRule {
    type Error = RuleError;

    fn try_from(draft: RuleDraft) -> Result<Self, RuleError> {
        Self::new(draft)
    }
}

impl From<CriticalityRule> for RuleDraft {
    fn from(rule: CriticalityRule) -> Self {
        rule.0
    }
}

fn is_category(text: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    (1..=NAME_CHARS_MAX).contains(&text.len()) && text.chars().all(is_allowed)
}

fn check_value(field: &Field, value: i64) -> Result<(), RuleError> {
    let (range, reason) = match field {
        Field::Doubles => (0..=1, "doubles are 0 or 1"),
        Field::OnesShare => (0..=100, "a share is 0 to 100 percent"),
        Field::ExplodedCount | Field::CountOf { .. } | Field::Symbol { .. } => {
            (0..=1000, "a count is 0 to 1000")
        }
        Field::MaxDie | Field::MinDie | Field::AnyDie | Field::Total => {
            (-1_000_000..=1_000_000, "a number between -1000000 and 1000000")
        }
    };
    if range.contains(&value) { Ok(()) } else { Err(RuleError::Value(reason)) }
}
