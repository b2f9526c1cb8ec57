//! A value against a schema: missing, unknown and ill-typed fields, lengths and ranges, by path.

use gamification_core::validation::FieldError;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use serde_json::Value;

/// How many mistakes are told at most.
const ERRORS_MAX: usize = 20;

/// Everything that is wrong with the value, by path; empty when nothing is.
pub(super) fn against(
    registry: &Registry,
    schema: &MetaSchemaRef,
    value: &Value,
) -> Vec<FieldError> {
    let mut check = Check { registry, errors: Vec::new() };
    check.value(schema, value, "");
    check.errors.truncate(ERRORS_MAX);
    check.errors
}

struct Check<'a> {
    registry: &'a Registry,
    errors: Vec<FieldError>,
}

impl Check<'_> {
    fn complain(&mut self, path: &str, reason: impl Into<String>) {
        let path = if path.is_empty() { "body" } else { path };
        self.errors.push(FieldError::new(path, reason));
    }

    fn value(&mut self, schema: &MetaSchemaRef, value: &Value, path: &str) {
        let registry = self.registry;
        let schema = match schema {
            MetaSchemaRef::Inline(schema) => schema.as_ref(),
            MetaSchemaRef::Reference(name) => match registry.schemas.get(name) {
                Some(schema) => schema,
                None => return,
            },
        };
        // A field with a description refers to its type in this way.
        for part in &schema.all_of {
            self.value(part, value, path);
        }
        if !schema.enum_items.is_empty() && !schema.enum_items.contains(value) {
            let allowed: Vec<String> = schema.enum_items.iter().map(Value::to_string).collect();
            return self.complain(path, format!("must be one of {}", allowed.join(", ")));
        }
        match schema.ty {
            "object" => self.object(schema, value, path),
            "array" => self.array(schema, value, path),
            "string" => self.string(schema, value, path),
            "integer" => self.number(schema, value, path, true),
            "number" => self.number(schema, value, path, false),
            "boolean" if !value.is_boolean() => self.complain(path, "must be true or false"),
            _ => {}
        }
    }

    fn object(&mut self, schema: &MetaSchema, value: &Value, path: &str) {
        let Value::Object(fields) = value else {
            return self.complain(path, "must be an object");
        };
        let below = |name: &str| {
            if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
        };
        for name in &schema.required {
            if !fields.contains_key(*name) {
                self.complain(&below(name), "is missing");
            }
        }
        // A free object lists no properties.
        let is_open = schema.properties.is_empty() || schema.additional_properties.is_some();
        for (name, value) in fields {
            match schema.properties.iter().find(|(known, _)| known == name) {
                Some((known, _)) if value.is_null() && !schema.required.contains(known) => {}
                Some((_, schema)) => self.value(schema, value, &below(name)),
                None if is_open => {}
                None => self.complain(&below(name), "is not known"),
            }
        }
    }

    fn array(&mut self, schema: &MetaSchema, value: &Value, path: &str) {
        let Value::Array(items) = value else {
            return self.complain(path, "must be a list");
        };
        if schema.max_items.is_some_and(|max| items.len() > max) {
            return self.complain(path, "has too many entries");
        }
        if let Some(schema) = &schema.items {
            for (index, item) in items.iter().enumerate() {
                self.value(schema, item, &format!("{path}[{index}]"));
            }
        }
    }

    fn string(&mut self, schema: &MetaSchema, value: &Value, path: &str) {
        let Value::String(text) = value else {
            return self.complain(path, "must be a string");
        };
        let length = text.chars().count();
        if schema.min_length.is_some_and(|min| length < min) {
            self.complain(path, "is too short");
        }
        if schema.max_length.is_some_and(|max| length > max) {
            self.complain(path, "is too long");
        }
        if schema.format == Some("uuid") && text.parse::<uuid::Uuid>().is_err() {
            self.complain(path, "must be a UUID");
        }
    }

    fn number(&mut self, schema: &MetaSchema, value: &Value, path: &str, is_integer: bool) {
        let is_right =
            if is_integer { value.is_i64() || value.is_u64() } else { value.is_number() };
        let (true, Some(number)) = (is_right, value.as_f64()) else {
            let kind = if is_integer { "must be a whole number" } else { "must be a number" };
            return self.complain(path, kind);
        };
        if schema.format == Some("int64") && value.as_i64().is_none() {
            return self.complain(path, "is too large");
        }
        // uint32 and its like have no minimum in the schema; poem's own words are hard to read.
        let unsigned = schema.format.is_some_and(|format| format.starts_with("uint"));
        let minimum = schema.minimum.or(unsigned.then_some(0.0));
        if let Some(minimum) = minimum.filter(|minimum| number < *minimum) {
            self.complain(path, format!("must be at least {minimum}"));
        }
        let maximum =
            schema.maximum.or((schema.format == Some("uint32")).then_some(4_294_967_295.0));
        if let Some(maximum) = maximum.filter(|maximum| number > *maximum) {
            self.complain(path, format!("must be at most {maximum}"));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
    use super::*;
    use poem_openapi::Object;
    use poem_openapi::types::Type;
    use serde_json::json;

    #[derive(Object)]
    struct Inner {
        #[oai(validator(minimum(value = "1")))]
        price: u32,
    }

    /// Read by its schema alone.
    #[derive(Object)]
    #[oai(rename_all = "camelCase")]
    struct Outer {
        full_name: String,
        /// With a description.
        inner: Option<Inner>,
        id: Option<uuid::Uuid>,
        free: Option<Value>,
    }

    fn mistakes(value: &Value) -> Vec<String> {
        let mut registry = Registry::new();
        Outer::register(&mut registry);
        let errors = against(&registry, &Outer::schema_ref(), value);
        errors.into_iter().map(|e| format!("{} {}", e.field, e.reason)).collect()
    }

    #[test]
    fn a_good_body_has_no_mistakes() {
        let body = json!({ "fullName": "x", "inner": { "price": 1 }, "free": { "a": [1] } });
        assert!(mistakes(&body).is_empty());
        assert!(mistakes(&json!({ "fullName": "x", "inner": null })).is_empty());
    }

    #[test]
    fn mistakes_are_named_by_path() {
        let body = json!({ "inner": { "price": 0, "colour": 1 }, "id": "x", "other": 1 });
        let mut found = mistakes(&body);
        found.sort();
        assert_eq!(
            found,
            [
                "fullName is missing",
                "id must be a UUID",
                "inner.colour is not known",
                "inner.price must be at least 1",
                "other is not known",
            ]
        );
        assert_eq!(mistakes(&json!([])), ["body must be an object"]);
        assert_eq!(mistakes(&json!({ "fullName": 7 })), ["fullName must be a string"]);
    }
}
