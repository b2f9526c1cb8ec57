//! How bad input is refused: by the field's name, before anything changes.

mod fields;
mod json;
pub mod limits;

pub use fields::Fields;
pub use json::{check_json, check_json_object};

use serde::Serialize;

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The field as the client wrote it, with dots into objects: `trigger.config.threshold`.
    pub field: String,
    /// What is wrong, for a person.
    pub reason: String,
}

impl FieldError {
    /// A complaint about a field.
    pub fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { field: field.into(), reason: reason.into() }
    }

    /// The same complaint about a field inside `parent`.
    #[must_use]
    pub fn below(self, parent: &str) -> Self {
        Self { field: format!("{parent}.{}", self.field), reason: self.reason }
    }
}

/// Complaints in one line, for a reason or a log: `threshold must be …; option is …`.
#[must_use]
pub fn in_words(errors: &[FieldError]) -> String {
    let complaints = errors.iter().map(|error| format!("{} {}", error.field, error.reason));
    complaints.collect::<Vec<_>>().join("; ")
}
