use crate::support::World;
use gamification_server::api::{document_json, document_yaml};
use poem::Request;
use serde_json::Value;

fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let mut found = Vec::new();
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().unwrap() {
            found.push((format!("{method} {path}"), operation));
        }
    }
    found
}

#[test]
fn the_committed_document_is_what_the_program_prints() {
    let committed = include_str!("../../../../docs/openapi.yaml");
    assert!(
        committed == document_yaml().unwrap(),
        "docs/openapi.yaml is stale: cargo run -p gamification-server -- openapi > docs/openapi.yaml"
    );
}

#[test]
fn every_operation_declares_its_problems_and_its_key() {
    let document = document_json();
    for (name, operation) in operations(&document) {
        assert!(name.contains(" /api/v1/"), "{name}");
        assert!(operation["operationId"].is_string(), "{name}");
        assert!(operation["summary"].is_string(), "{name}");
        for status in ["400", "401", "403", "404", "413", "503"] {
            let content = &operation["responses"][status]["content"];
            assert!(content["application/problem+json"].is_object(), "{name} {status}");
        }
        assert!(operation["security"][0].is_object(), "{name}");
    }
    assert!(!document.to_string().contains("charset"));
}

#[test]
fn the_document_says_which_bodies_are_refused_and_holds_no_null_schema() {
    let document = document_json();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for (name, schema) in schemas {
        assert!(schema.get("properties").is_none_or(Value::is_object), "{name}: {schema}");
    }
    let event = &schemas["NewEvent"]["properties"];
    assert_eq!((&event["name"]["minLength"], &event["name"]["maxLength"]), (&3.into(), &45.into()));
    assert_eq!(event["slug"]["pattern"], "^[a-z0-9-]{3,50}$");
    assert_eq!(event["cost"]["maximum"], 1_000_000);
    assert_eq!(event["objectiveCoefficient"]["minimum"], 0.01);
    let required = schemas["Problem"]["required"].as_array().unwrap();
    assert!(!required.contains(&"errors".into()), "absent where it is about no field");
    let list = &document["paths"]["/api/v1/campaigns"]["get"]["parameters"];
    let limit = list.as_array().unwrap().iter().find(|found| found["name"] == "limit").unwrap();
    assert_eq!(
        (&limit["schema"]["minimum"], &limit["schema"]["maximum"]),
        (&1.into(), &200.into())
    );
}

#[test]
fn the_document_shows_both_credentials_and_what_a_browser_has_to_send() {
    let document = document_json();
    let schemes = &document["components"]["securitySchemes"];
    assert_eq!(
        (&schemes["apiKey"]["type"], &schemes["apiKey"]["scheme"]),
        (&"http".into(), &"bearer".into(),)
    );
    assert_eq!(
        (&schemes["session"]["in"], &schemes["session"]["name"]),
        (&"cookie".into(), &"__Host-session".into(),)
    );
    for (name, operation) in operations(&document) {
        let schemes = operation["security"].as_array().unwrap();
        let takes = |scheme: &str| schemes.iter().any(|found| found.get(scheme).is_some());
        assert!(takes("tableKey") || (takes("apiKey") && takes("session")), "{name}");
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let has_token = parameters.iter().any(|found| found["name"] == "X-CSRF-Token");
        let is_safe = name.starts_with("get ");
        assert_eq!(has_token, takes("session") && !is_safe, "{name}");
    }
}

#[tokio::test]
async fn the_document_and_its_page_are_served() {
    let world = World::new();
    let get = |path: &str| world.send(Request::builder().uri(path.parse().unwrap()).finish());
    assert_eq!(get("/api/openapi.json").await.body, document_json());
    let docs = get("/docs").await;
    assert!(docs.header("content-type").unwrap().starts_with("text/html"));
    assert!(docs.text.contains("/api/v1/me"));
}
