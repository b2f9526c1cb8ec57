//! Reading single fields of a JSON body, so that an error can name them.

use super::EnvelopeError;
use gamification_core::cost::Cost;
use gamification_core::time::Timestamp;
use serde_json::Value;

/// A JSON body whose fields are named from the top, with dots.
pub(super) struct Fields(Value);

impl Fields {
    pub(super) fn read(body: &[u8]) -> Result<Self, EnvelopeError> {
        serde_json::from_slice(body).map(Self).map_err(|_| EnvelopeError::NotJson)
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
    pub(super) fn text(&self, field: &'static str) -> Result<&str, EnvelopeError> {
        self.field(field)?
            .as_str()
            .filter(|text| !text.is_empty() && !text.contains('\0'))
            .ok_or(EnvelopeError::IllTyped { field, expected: "a text" })
    }

    pub(super) fn moment(&self, field: &'static str) -> Result<Timestamp, EnvelopeError> {
        Timestamp::parse(self.text(field)?)
            .map_err(|_| EnvelopeError::IllTyped { field, expected: "an RFC 3339 moment" })
    }

    /// A whole number of at least 1, cut to what the core allows.
    pub(super) fn cost(&self, field: &'static str) -> Result<Cost, EnvelopeError> {
        let ill_typed = EnvelopeError::IllTyped { field, expected: "a whole number from 1" };
        let points = self.field(field)?.as_u64().ok_or(ill_typed)?;
        let points = u32::try_from(points).unwrap_or(u32::MAX).min(Cost::MAX);
        Cost::new(points).map_err(|_| ill_typed)
    }
}
