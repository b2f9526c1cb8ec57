//! The OpenAPI document: poem's, mended where it says less or something else than the server does.

mod limits;

use super::service;
use super::types::LIMIT_MAX;
use crate::auth::{CSRF_HEADER, SESSION};
use crate::idempotency;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The document as JSON.
#[must_use]
pub fn document_json() -> Value {
    // poem writes it: it is JSON.
    let mut document: Value = serde_json::from_str(&service().spec()).unwrap_or_default();
    plain_media_types(&mut document);
    for_each_operation(&mut document, mend_operation);
    let inputs = input_schemas(&document);
    close_inputs(&mut document, &inputs);
    document
}

/// The document as YAML, as `docs/openapi.yaml` holds it.
///
/// # Errors
/// When it cannot be written, which a test excludes.
pub fn document_yaml() -> Result<String, serde_yaml::Error> {
    serde_yaml::to_string(&document_json())
}

/// The interactive documentation as one page, with everything that it needs.
#[must_use]
pub fn docs_html() -> String {
    let service = service();
    service.swagger_ui_html().replace(&service.spec(), &document_json().to_string())
}

/// `application/json; charset=utf-8` is no key that generators look for.
fn plain_media_types(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if let Some(media) = fields.remove("application/json; charset=utf-8") {
                fields.insert("application/json".into(), media);
            }
            fields.values_mut().for_each(plain_media_types);
        }
        Value::Array(items) => items.iter_mut().for_each(plain_media_types),
        _ => {}
    }
}

fn for_each_operation(document: &mut Value, mut mend: impl FnMut(&str, &mut Map<String, Value>)) {
    let Some(paths) = document["paths"].as_object_mut() else { return };
    for operations in paths.values_mut().filter_map(Value::as_object_mut) {
        for (method, operation) in operations {
            if let (true, Some(operation)) =
                (METHODS.contains(&method.as_str()), operation.as_object_mut())
            {
                mend(method, operation);
            }
        }
    }
}

fn mend_operation(method: &str, operation: &mut Map<String, Value>) {
    let has_body = operation.contains_key("requestBody");
    if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
        describe_successes(responses);
        if has_body {
            let problem = json!({ "$ref": "#/components/schemas/Problem" });
            let content = json!({ "application/problem+json": { "schema": problem } });
            let description = "The body is not `application/json`.";
            let response = json!({ "description": description, "content": content });
            responses.insert("415".into(), response);
        }
    }
    bound_limits(operation);
    if method != "get" && takes_session(operation) {
        let description = "The `csrfToken` of `GET /api/v1/me`. Needed with the session cookie.";
        let schema = json!({ "type": "string" });
        add_header(operation, CSRF_HEADER, schema, description);
    }
    let is_for_people = operation.get("security").is_none_or(|s| s[0].get("tableKey").is_none());
    if method == "post" && is_for_people {
        let length_max = idempotency::KEY_LENGTH_MAX;
        let schema = json!({ "type": "string", "minLength": 1, "maxLength": length_max });
        let description = "Sent again with the same request, it gets the same answer again.";
        add_header(operation, idempotency::HEADER, schema, description);
    }
}

/// Whether a signed-in browser may send it.
fn takes_session(operation: &Map<String, Value>) -> bool {
    let schemes = operation.get("security").and_then(Value::as_array);
    schemes.into_iter().flatten().any(|scheme| scheme.get(SESSION).is_some())
}

fn add_header(operation: &mut Map<String, Value>, name: &str, schema: Value, description: &str) {
    let parameter = json!({
        "name": name,
        "in": "header",
        "required": false,
        "schema": schema,
        "description": description,
    });
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    if let Some(parameters) = parameters.as_array_mut() {
        parameters.push(parameter);
    }
}

/// The bounds of `?limit=` are checked in one place, and said here for all.
fn bound_limits(operation: &mut Map<String, Value>) {
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten().filter(|found| found["name"] == "limit") {
        parameter["schema"]["minimum"] = json!(1);
        parameter["schema"]["maximum"] = json!(LIMIT_MAX);
    }
}

/// A response must have a description.
fn describe_successes(responses: &mut Map<String, Value>) {
    for (status, response) in responses {
        if response["description"].as_str().is_none_or(str::is_empty) {
            response["description"] = json!(format!("{status}"));
        }
    }
}

/// The schemas that request bodies are made of.
fn input_schemas(document: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let Some(paths) = document["paths"].as_object() else { return found };
    let bodies = paths.values().filter_map(Value::as_object).flat_map(Map::values);
    for body in bodies.filter_map(|operation| operation.get("requestBody")) {
        collect_references(document, body, &mut found);
    }
    found
}

fn collect_references(document: &Value, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            let name = fields.get("$ref").and_then(Value::as_str);
            if let Some(name) = name.and_then(|name| name.strip_prefix("#/components/schemas/"))
                && found.insert(name.to_owned())
            {
                collect_references(document, &document["components"]["schemas"][name], found);
            }
            fields.values().for_each(|value| collect_references(document, value, found));
        }
        Value::Array(items) => {
            items.iter().for_each(|value| collect_references(document, value, found));
        }
        _ => {}
    }
}

/// Bodies take no field that is not listed, and `null` wherever a field may be left out.
fn close_inputs(document: &mut Value, inputs: &BTreeSet<String>) {
    for name in inputs {
        let schema = &mut document["components"]["schemas"][name];
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        // Indexing would write `properties: null` into what is no object.
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        let Some(properties) = properties else { continue };
        for (field, property) in properties {
            limits::add(field, property);
            if !required.contains(&json!(field)) {
                make_nullable(property);
            }
        }
        schema["additionalProperties"] = json!(false);
    }
}

fn make_nullable(property: &mut Value) {
    if property.get("$ref").is_some() {
        // Beside a reference everything is ignored in OpenAPI 3.0.
        *property = json!({ "allOf": [property.take()] });
    }
    property["nullable"] = json!(true);
    if let Some(items) = property.get_mut("enum").and_then(Value::as_array_mut) {
        items.push(Value::Null);
    }
}
