use gamification_core::dice::RollError;
use serde_json::{Map, Value};

/// Why an event was refused; the text goes to the client.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WireError {
    /// The event carries no JSON object.
    #[error("the event must carry one JSON object")]
    NotAnObject,
    /// A field that must be there is missing, null or empty.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A number is missing, null, no number, not finite or no whole number.
    #[error("{0} is not a finite whole number")]
    NotAWholeNumber(&'static str),
    /// A field has another type than the protocol says.
    #[error("{0} is not {1}")]
    WrongType(&'static str, &'static str),
    /// The dice are beyond the limits of the rules.
    #[error(transparent)]
    Dice(#[from] RollError),
}

/// Largest whole number that every sender can write exactly.
const MAX_EXACT: f64 = 9_007_199_254_740_991.0;

pub(super) fn object(value: &Value) -> Result<&Map<String, Value>, WireError> {
    value.as_object().ok_or(WireError::NotAnObject)
}

/// A text; `None` when it is missing, empty or no text.
pub(super) fn text<'a>(from: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    from.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// An object inside; an empty one when it is missing.
pub(super) fn inner<'a>(from: &'a Map<String, Value>, key: &str) -> Option<&'a Map<String, Value>> {
    from.get(key).and_then(Value::as_object)
}

pub(super) fn flag(from: &Map<String, Value>, key: &str) -> bool {
    from.get(key).and_then(Value::as_bool).unwrap_or_default()
}

pub(super) fn list<'a>(from: &'a Map<String, Value>, key: &str) -> &'a [Value] {
    from.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A whole number within what a double holds exactly; `20.0` is one. JSON has no NaN: senders turn
/// it into null or a text, and neither is a number.
pub(super) fn whole(value: &Value) -> Option<i64> {
    if let Some(number) = value.as_i64() {
        return Some(number);
    }
    let number = value.as_f64()?;
    (number.fract() == 0.0 && number.abs() <= MAX_EXACT).then_some(number as i64)
}

/// The beginning of a text, at most that many bytes, cut between characters.
pub(super) fn cut(text: &str, max_bytes: usize) -> &str {
    let mut end = text.len().min(max_bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
