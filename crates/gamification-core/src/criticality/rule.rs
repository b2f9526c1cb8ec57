//! A GM's own rule of what is critical, as checked data.

use std::borrow::Cow;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::engine::{self, Picked};
use super::{Critical, CriticalKind, DieExpression, Severity};
use crate::dice::RollInput;
use crate::validation::{FieldError, in_words};

mod check;

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

/// Why a rule was refused: each field that is wrong, by the name that it has in [`RuleDraft`],
/// with `face` and `symbol` for what belongs to the [`Field`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", in_words(.0))]
pub struct RuleError(pub Vec<FieldError>);

/// A rule before it is checked; also the JSON of a [`CriticalityRule`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuleDraft {
    /// Which dice it is about, as a [`DieExpression`]; none = all dice of the roll.
    #[serde(default)]
    pub formula: Option<String>,
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
    /// Higher priorities are tried first, −1000 to 1000.
    #[serde(default)]
    pub priority: i64,
    /// What people read.
    pub label: String,
    /// Stable name for filters; none = `custom`.
    #[serde(default)]
    pub category: Option<String>,
}

/// A rule that can match: read its fields through [`RuleDraft`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RuleDraft", into = "RuleDraft")]
pub struct CriticalityRule {
    draft: RuleDraft,
    dice: Option<DieExpression>,
}

impl CriticalityRule {
    /// Checks every field and that the value makes sense for what is looked at; the label is
    /// trimmed, and the formula kept as it was understood.
    ///
    /// # Errors
    /// All fields that are wrong.
    pub fn new(mut draft: RuleDraft) -> Result<Self, RuleError> {
        draft.label = draft.label.trim().to_owned();
        let dice = check::check(&draft).map_err(RuleError)?;
        draft.formula = dice.as_ref().map(ToString::to_string);
        Ok(Self { draft, dice })
    }

    /// What the rule makes of a roll.
    pub(super) fn apply(&self, roll: &RollInput, roll_under: bool) -> Option<Critical> {
        let rule = &self.draft;
        let dice = engine::active_dice(roll, |die| {
            self.dice.as_ref().is_none_or(|expression| expression.matches(die))
        });
        let is_match = match (&rule.field, &self.dice) {
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
        let rule = &self.draft;
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
        &self.draft
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
        rule.draft
    }
}
