//! Values of the core as columns, and back. Reading is total: what the core does not know is
//! [`StoreError::Corrupt`](gamification_core::ports::StoreError::Corrupt), never a panic or a
//! guess.

use crate::error::{Stored, corrupt};
use gamification_core::cost::Cost;
use gamification_core::objective::Coefficient;
use gamification_core::time::Timestamp;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as ValueError, StrDeserializer};
use serde::{Serialize, de::DeserializeOwned};

/// A state as its word.
pub(crate) fn to_word<T: Serialize>(state: &T) -> Stored<String> {
    match serde_json::to_value(state) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        other => Err(corrupt("a state", format!("{other:?} is not a word"))),
    }
}

/// A state from its word.
pub(crate) fn from_word<T: DeserializeOwned>(column: &str, word: &str) -> Stored<T> {
    let word: StrDeserializer<'_, ValueError> = word.into_deserializer();
    T::deserialize(word).map_err(|problem| corrupt(column, problem))
}

/// A state from its word, when there is one.
pub(crate) fn from_word_opt<T: DeserializeOwned>(
    column: &str,
    word: Option<&str>,
) -> Stored<Option<T>> {
    word.map(|word| from_word(column, word)).transpose()
}

/// A state as its word, when there is one.
pub(crate) fn to_word_opt<T: Serialize>(state: Option<&T>) -> Stored<Option<String>> {
    state.map(to_word).transpose()
}

/// A nested value as JSON.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Stored<String> {
    serde_json::to_string(value).map_err(|problem| corrupt("a value to be stored", problem))
}

/// A nested value from JSON.
pub(crate) fn from_json<T: DeserializeOwned>(column: &str, text: &str) -> Stored<T> {
    serde_json::from_str(text).map_err(|problem| corrupt(column, problem))
}

/// A number that the core counts with.
pub(crate) fn to_u32(column: &str, number: i64) -> Stored<u32> {
    u32::try_from(number).map_err(|problem| corrupt(column, problem))
}

/// A number that the core counts with, when there is one.
pub(crate) fn to_u32_opt(column: &str, number: Option<i64>) -> Stored<Option<u32>> {
    number.map(|number| to_u32(column, number)).transpose()
}

/// A sum, never negative.
pub(crate) fn to_u64(column: &str, number: i64) -> Stored<u64> {
    u64::try_from(number).map_err(|problem| corrupt(column, problem))
}

/// A price in Channel Points.
pub(crate) fn to_cost(column: &str, points: i64) -> Stored<Cost> {
    Cost::new(to_u32(column, points)?).map_err(|problem| corrupt(column, problem))
}

/// A price in Channel Points, when there is one.
pub(crate) fn to_cost_opt(column: &str, points: Option<i64>) -> Stored<Option<Cost>> {
    points.map(|points| to_cost(column, points)).transpose()
}

/// A share of the audience, from its hundredths.
pub(crate) fn to_coefficient(column: &str, hundredths: i64) -> Stored<Coefficient> {
    let hundredths = u16::try_from(hundredths).map_err(|problem| corrupt(column, problem))?;
    Coefficient::from_hundredths(hundredths).map_err(|problem| corrupt(column, problem))
}

/// A moment, when there is one.
pub(crate) fn to_moment(micros: Option<i64>) -> Option<Timestamp> {
    micros.map(Timestamp::from_micros)
}

/// A moment as a column, when there is one.
pub(crate) fn micros(moment: Option<Timestamp>) -> Option<i64> {
    moment.map(Timestamp::as_micros)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gamification_core::ports::StoreError;
    use gamification_core::redemption::Settlement;

    #[test]
    fn a_word_comes_back_as_the_same_state() {
        let word = to_word(&Settlement::FulfilDue).unwrap();
        assert_eq!(word, "fulfil_due");
        assert_eq!(from_word::<Settlement>("settlement", &word), Ok(Settlement::FulfilDue));
    }

    #[test]
    fn what_the_core_does_not_know_is_corrupt() {
        let unknown = from_word::<Settlement>("redemptions.settlement", "gone").unwrap_err();
        assert!(matches!(&unknown, StoreError::Corrupt(text) if text.contains("settlement")));
        assert!(matches!(to_cost("cost", 0), Err(StoreError::Corrupt(_))));
        assert!(matches!(to_u32("progress", -1), Err(StoreError::Corrupt(_))));
        assert!(matches!(to_coefficient("c", 70_000), Err(StoreError::Corrupt(_))));
        assert!(matches!(from_json::<Settlement>("c", "{"), Err(StoreError::Corrupt(_))));
    }
}
