//! Reading single fields of a JSON body, so that an error can name them.

use super::EnvelopeError;
use gamification_core::cost::Cost;
use gamification_core::service::PollChoice;
use gamification_core::time::Timestamp;
use serde_json::Value;

/// A JSON body whose fields are named from the top, with dots.
pub(crate) struct Fields(Value);

impl Fields {
    pub(crate) fn read(body: &[u8]) -> Result<Self, EnvelopeError> {
        serde_json::from_slice(body).map(Self).map_err(|_| EnvelopeError::NotJson)
    }

    /// The part below that name, as a body of its own.
    pub(crate) fn below(mut self, field: &'static str) -> Result<Self, EnvelopeError> {
        let part = self.0.get_mut(field).ok_or(EnvelopeError::Missing { field })?;
        Ok(Self(part.take()))
    }

    fn field(&self, field: &'static str) -> Result<&Value, EnvelopeError> {
        field
            .split('.')
            .try_fold(&self.0, |value, name| value.get(name))
            .filter(|value| !value.is_null())
            .ok_or(EnvelopeError::Missing { field })
    }

    /// A text that may serve as a key everywhere: not empty, and without NUL, which PostgreSQL
    /// does not store.
    pub(crate) fn text(&self, field: &'static str) -> Result<&str, EnvelopeError> {
        self.field(field)?
            .as_str()
            .filter(|text| !text.is_empty() && !text.contains('\0'))
            .ok_or(EnvelopeError::IllTyped { field, expected: "a text" })
    }

    pub(crate) fn moment(&self, field: &'static str) -> Result<Timestamp, EnvelopeError> {
        Timestamp::parse(self.text(field)?)
            .map_err(|_| EnvelopeError::IllTyped { field, expected: "an RFC 3339 moment" })
    }

    /// A whole number of at least 1, cut to what the core allows.
    pub(crate) fn cost(&self, field: &'static str) -> Result<Cost, EnvelopeError> {
        let ill_typed = EnvelopeError::IllTyped { field, expected: "a whole number from 1" };
        let points = self.field(field)?.as_u64().ok_or(ill_typed)?;
        let points = u32::try_from(points).unwrap_or(u32::MAX).min(Cost::MAX);
        Cost::new(points).map_err(|_| ill_typed)
    }

    pub(crate) fn seconds(&self, field: &'static str) -> Result<u64, EnvelopeError> {
        self.field(field)?
            .as_u64()
            .ok_or(EnvelopeError::IllTyped { field, expected: "a number of seconds" })
    }

    /// The choices of a poll; votes that are not told are none.
    pub(crate) fn choices(&self, field: &'static str) -> Result<Vec<PollChoice>, EnvelopeError> {
        let ill_typed = EnvelopeError::IllTyped { field, expected: "a list of choices" };
        let choice = |choice: &Value| {
            let title = choice.get("title")?.as_str()?.to_owned();
            let votes = choice.get("votes").and_then(Value::as_u64).unwrap_or(0);
            Some(PollChoice { title, votes })
        };
        let choices = self.field(field)?.as_array().ok_or(ill_typed)?;
        choices.iter().map(choice).collect::<Option<_>>().ok_or(ill_typed)
    }
}
