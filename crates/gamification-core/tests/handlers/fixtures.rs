//! What the tests of handlers have in common.

use gamification_core::event::HandlerSpec;
use gamification_core::validation::FieldError;
use serde_json::Value;

/// A handler of that type with a configuration that must be an object.
pub fn spec(kind: &str, config: &Value) -> HandlerSpec {
    let config = config.as_object().cloned().expect("an object");
    HandlerSpec { kind: kind.to_owned(), config }
}

/// The names of the fields that are complained about.
pub fn fields<T>(checked: Result<T, Vec<FieldError>>) -> Vec<String> {
    checked.err().into_iter().flatten().map(|error| error.field).collect()
}
