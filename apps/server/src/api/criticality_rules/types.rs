//! Rules as the API takes and shows them: flat, the face or the symbol beside the field.

use crate::api::types::Moment;
use crate::api::views::names::names;
use crate::api::views::roll::{CriticalKindName, SeverityName};
use crate::problem::Problem;
use gamification_core::criticality::{CampaignRule, Comparison, Field, RuleDraft};
use gamification_core::validation::FieldError;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

/// A rule that is to be added.
#[derive(Debug, Clone, Object)]
#[oai(rename = "NewCriticalityRule", rename_all = "camelCase")]
pub(super) struct RuleInput {
    /// Which dice it is about, as one whole die expression such as `1d20`, `d6` or `2d20kh`; all
    /// dice of the roll when left out. Not with `symbol`.
    formula: Option<String>,
    /// What it looks at.
    field: FieldName,
    /// The face that `count_of` counts; only with it.
    face: Option<i64>,
    /// The name of the symbol that `symbol` counts; only with it.
    symbol: Option<String>,
    /// How the field is compared with the value.
    op: ComparisonName,
    /// With what: 0 or 1 for `doubles`, 0–100 for `ones_share`, 0–1000 for counts, else
    /// −1,000,000 to 1,000,000.
    value: i64,
    /// What a match is.
    kind: CriticalKindName,
    /// How much of one.
    severity: SeverityName,
    /// Higher priorities are tried first, −1000 to 1000; 0 when left out.
    priority: Option<i64>,
    /// What people read, 1–100 characters.
    label: String,
    /// A stable name for filters, 1–50 of the characters a-z, 0-9, _ and -; `custom` when left
    /// out.
    category: Option<String>,
}

impl TryFrom<RuleInput> for RuleDraft {
    type Error = Problem;

    fn try_from(input: RuleInput) -> Result<Self, Problem> {
        Ok(Self {
            field: field_of(&input).map_err(Problem::ill_formed)?,
            formula: input.formula,
            op: input.op.into(),
            value: input.value,
            kind: input.kind.into(),
            severity: input.severity.into(),
            priority: input.priority.unwrap_or(0),
            label: input.label,
            category: input.category,
        })
    }
}

/// The field with its face or symbol, or what is missing and what is too much.
fn field_of(input: &RuleInput) -> Result<Field, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut check = |name, is_wanted: bool, is_there: bool| match (is_wanted, is_there) {
        (true, false) => errors.push(FieldError::new(name, "is missing")),
        (false, true) => errors.push(FieldError::new(name, "does not belong to this field")),
        (true, true) | (false, false) => {}
    };
    check("face", input.field == FieldName::CountOf, input.face.is_some());
    check("symbol", input.field == FieldName::Symbol, input.symbol.is_some());
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(match input.field {
        FieldName::MaxDie => Field::MaxDie,
        FieldName::MinDie => Field::MinDie,
        FieldName::Total => Field::Total,
        FieldName::AnyDie => Field::AnyDie,
        FieldName::Doubles => Field::Doubles,
        FieldName::ExplodedCount => Field::ExplodedCount,
        FieldName::CountOf => Field::CountOf { face: input.face.unwrap_or_default() },
        FieldName::OnesShare => Field::OnesShare,
        FieldName::Symbol => {
            Field::Symbol { name: input.symbol.clone().unwrap_or_default().into() }
        }
    })
}

/// A game master's own rule of what is critical.
#[derive(Debug, Clone, Object)]
#[oai(rename = "CriticalityRule", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct RuleView {
    /// Its key.
    id: Uuid,
    /// The campaign.
    campaign_id: Uuid,
    /// Which dice it is about; absent when it is all of the roll.
    formula: Option<String>,
    /// What it looks at.
    field: FieldName,
    /// The face that `count_of` counts.
    face: Option<i64>,
    /// The name of the symbol that `symbol` counts.
    symbol: Option<String>,
    /// How the field is compared with the value.
    op: ComparisonName,
    /// With what.
    value: i64,
    /// What a match is.
    kind: CriticalKindName,
    /// How much of one.
    severity: SeverityName,
    /// Higher priorities are tried first.
    priority: i64,
    /// What people read.
    label: String,
    /// The stable name for filters; absent when it is `custom`.
    category: Option<String>,
    /// When it was added.
    created_at: Moment,
}

impl From<CampaignRule> for RuleView {
    fn from(rule: CampaignRule) -> Self {
        let draft = RuleDraft::from(rule.rule);
        let (field, face, symbol) = match draft.field {
            Field::MaxDie => (FieldName::MaxDie, None, None),
            Field::MinDie => (FieldName::MinDie, None, None),
            Field::Total => (FieldName::Total, None, None),
            Field::AnyDie => (FieldName::AnyDie, None, None),
            Field::Doubles => (FieldName::Doubles, None, None),
            Field::ExplodedCount => (FieldName::ExplodedCount, None, None),
            Field::OnesShare => (FieldName::OnesShare, None, None),
            Field::CountOf { face } => (FieldName::CountOf, Some(face), None),
            Field::Symbol { name } => (FieldName::Symbol, None, Some(name.into_owned())),
        };
        Self {
            id: rule.id.0,
            campaign_id: rule.campaign_id.0,
            formula: draft.formula,
            field,
            face,
            symbol,
            op: draft.op.into(),
            value: draft.value,
            kind: draft.kind.into(),
            severity: draft.severity.into(),
            priority: draft.priority,
            label: draft.label,
            category: draft.category,
            created_at: rule.created_at.into(),
        }
    }
}

/// What a rule looks at, of the active dice that it is about; it never matches when there are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "CriticalityField", rename_all = "snake_case")]
enum FieldName {
    /// The highest die.
    MaxDie,
    /// The lowest die.
    MinDie,
    /// The sum of the dice; without a formula the roll's total with its modifiers.
    Total,
    /// Any one die.
    AnyDie,
    /// 1 for doubles, else 0: two equal digits on a single d100, or two equal dice.
    Doubles,
    /// How many dice exploded.
    ExplodedCount,
    /// How many dice show `face`.
    CountOf,
    /// The share of dice that show 1, in percent.
    OnesShare,
    /// How often `symbol` was rolled.
    Symbol,
}

names! {
    /// How the field is compared with the value.
    ComparisonName as "Comparison" = Comparison {
        /// Equal.
        #[oai(rename = "==")]
        Equal,
        /// Not equal.
        #[oai(rename = "!=")]
        NotEqual,
        /// Less.
        #[oai(rename = "<")]
        Less,
        /// Less or equal.
        #[oai(rename = "<=")]
        AtMost,
        /// Greater.
        #[oai(rename = ">")]
        Greater,
        /// Greater or equal.
        #[oai(rename = ">=")]
        AtLeast,
    }
}
