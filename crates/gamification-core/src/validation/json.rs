//! Bounds of free JSON.

use super::FieldError;
use super::limits::{JSON_BYTES_MAX, JSON_DEPTH_MAX};
use serde::Serialize;
use serde_json::{Map, Value};

/// Refuses free JSON that is nested deeper than [`JSON_DEPTH_MAX`] or, written without white space,
/// longer than [`JSON_BYTES_MAX`].
///
/// # Errors
/// A complaint about `field`.
pub fn check_json(field: &str, value: &Value) -> Result<(), FieldError> {
    check(field, value, is_nested_at_most(value, JSON_DEPTH_MAX))
}

/// The same for an object, which is one level of nesting itself.
///
/// # Errors
/// A complaint about `field`.
pub fn check_json_object(field: &str, object: &Map<String, Value>) -> Result<(), FieldError> {
    check(field, object, object.values().all(|value| is_nested_at_most(value, JSON_DEPTH_MAX - 1)))
}

// The depth comes first: writing the text recurses.
fn check(field: &str, json: &impl Serialize, is_shallow: bool) -> Result<(), FieldError> {
    if !is_shallow {
        let reason = format!("must not be nested deeper than {JSON_DEPTH_MAX} levels");
        return Err(FieldError::new(field, reason));
    }
    match serde_json::to_string(json) {
        Ok(text) if text.len() <= JSON_BYTES_MAX => Ok(()),
        Ok(_) => {
            Err(FieldError::new(field, format!("must not be larger than {JSON_BYTES_MAX} bytes")))
        }
        Err(error) => Err(FieldError::new(field, error.to_string())),
    }
}

/// A number has depth 0, `[]` and `{}` have depth 1.
fn is_nested_at_most(value: &Value, depth: usize) -> bool {
    let inside = depth.checked_sub(1);
    match (value, inside) {
        (Value::Array(items), Some(inside)) => {
            items.iter().all(|item| is_nested_at_most(item, inside))
        }
        (Value::Object(fields), Some(inside)) => {
            fields.values().all(|field| is_nested_at_most(field, inside))
        }
        (Value::Array(_) | Value::Object(_), None) => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn nested(depth: usize) -> Value {
        (0..depth).fold(json!(1), |inner, _| json!([inner]))
    }

    #[test]
    fn sixteen_levels_pass_and_seventeen_do_not() {
        assert_eq!(check_json("a", &nested(16)), Ok(()));
        assert_eq!(
            check_json("a", &nested(17)),
            Err(FieldError::new("a", "must not be nested deeper than 16 levels"))
        );
        let object = |depth| Map::from_iter([("x".to_owned(), nested(depth))]);
        assert_eq!(check_json_object("a", &object(15)), Ok(()));
        assert!(check_json_object("a", &object(16)).is_err());
    }

    #[test]
    fn sixteen_kibibytes_pass_and_one_byte_more_does_not() {
        // Two bytes are the quotes.
        assert_eq!(check_json("a", &json!("x".repeat(JSON_BYTES_MAX - 2))), Ok(()));
        assert_eq!(
            check_json("a", &json!("x".repeat(JSON_BYTES_MAX - 1))),
            Err(FieldError::new("a", "must not be larger than 16384 bytes"))
        );
    }
}
