//! The fields of a rule, each against its limits.

use super::{Field, RuleDraft};
use crate::criticality::DieExpression;
use crate::validation::FieldError;
use crate::validation::limits::{
    RULE_LABEL_CHARS, RULE_NAME_CHARS, RULE_PRIORITY, RULE_VALUE, check_text, in_range,
};
use std::ops::RangeInclusive;

type Checked = Result<(), FieldError>;

/// The dice that the rule is about, when it names some; all complaints otherwise.
pub(super) fn check(draft: &RuleDraft) -> Result<Option<DieExpression>, Vec<FieldError>> {
    let mut errors = Vec::new();
    let dice = formula(draft).unwrap_or_else(|error| {
        errors.push(error);
        None
    });
    let checks = [
        inside_the_field(&draft.field),
        value(&draft.field, draft.value),
        number("priority", draft.priority, &RULE_PRIORITY),
        check_text("label", &draft.label, &RULE_LABEL_CHARS),
        draft.category.as_deref().map_or(Ok(()), category),
    ];
    errors.extend(checks.into_iter().filter_map(Result::err));
    if errors.is_empty() { Ok(dice) } else { Err(errors) }
}

fn formula(draft: &RuleDraft) -> Result<Option<DieExpression>, FieldError> {
    let Some(formula) = draft.formula.as_deref() else { return Ok(None) };
    if matches!(draft.field, Field::Symbol { .. }) {
        let reason = "must be left out: symbols are counted over the whole roll";
        return Err(FieldError::new("formula", reason));
    }
    DieExpression::parse(formula).map(Some).map_err(|_| {
        let reason = "must be one whole die expression such as 1d20, d6 or 2d20kh";
        FieldError::new("formula", reason)
    })
}

fn inside_the_field(field: &Field) -> Checked {
    match field {
        Field::Symbol { name } => check_text("symbol", name, &RULE_NAME_CHARS),
        Field::CountOf { face } => number("face", *face, &RULE_VALUE),
        Field::MaxDie
        | Field::MinDie
        | Field::Total
        | Field::AnyDie
        | Field::Doubles
        | Field::ExplodedCount
        | Field::OnesShare => Ok(()),
    }
}

/// A value that what is looked at can reach.
fn value(field: &Field, value: i64) -> Checked {
    let range = match field {
        Field::Doubles => 0..=1,
        Field::OnesShare => 0..=100,
        Field::ExplodedCount | Field::CountOf { .. } | Field::Symbol { .. } => 0..=1000,
        Field::MaxDie | Field::MinDie | Field::AnyDie | Field::Total => RULE_VALUE,
    };
    number("value", value, &range)
}

fn number(field: &str, number: i64, range: &RangeInclusive<i64>) -> Checked {
    in_range(field, number, range).map(|_| ())
}

fn category(text: &str) -> Checked {
    let is_allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
    if RULE_NAME_CHARS.contains(&text.len()) && text.bytes().all(is_allowed) {
        return Ok(());
    }
    let (min, max) = RULE_NAME_CHARS.into_inner();
    let reason = format!("must be {min} to {max} of the characters a-z, 0-9, _ and -");
    Err(FieldError::new("category", reason))
}
