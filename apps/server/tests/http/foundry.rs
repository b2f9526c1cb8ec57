//! The HTTP side of the VTT link, as a browser on another origin calls it.

use crate::support::{Reply, World};
use gamification_core::access::Role;
use gamification_testkit::fixtures;
use poem::http::Method;
use poem::{Body, Request};
use serde_json::{Value, json};

const WORLD: &str = "my-world";

async fn call(world: &World, method: Method, path: &str, key: &str, body: Option<Value>) -> Reply {
    let mut request = Request::builder().method(method).uri(path.parse().unwrap());
    request = request.header("origin", "https://foundry.example");
    if !key.is_empty() {
        request = request.header("authorization", format!("Bearer {key}"));
    }
    let reply = match body {
        // As the published client does: JSON, whatever the media type says.
        Some(body) => world.send(request.content_type("text/plain").body(body.to_string())).await,
        None => world.send(request.body(Body::empty())).await,
    };
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"), "{path}");
    reply
}

async fn request_pairing(world: &World) -> String {
    let body = json!({
        "worldId": WORLD,
        "worldName": "My World",
        "gmUserId": "x",
        "moduleVersion": "2.3.1",
        "gameSystemId": "dnd5e",
        "gameSystemName": "D&D",
    });
    let path = "/webhooks/foundry/request-pairing";
    let reply = call(world, Method::POST, path, "", Some(body)).await;
    assert_eq!((reply.status.as_u16(), &reply.body["success"]), (200, &json!(true)));
    assert_eq!(reply.body["expiresIn"], 300);
    assert_eq!(reply.body["serverUrl"], "http://127.0.0.1:8080");
    reply.body["code"].as_str().unwrap().to_owned()
}

async fn status(world: &World, world_id: &str, code: &str) -> Value {
    let path = format!("/webhooks/foundry/pairing-status?worldId={world_id}&code={code}");
    let reply = call(world, Method::GET, &path, "", None).await;
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.text);
    reply.body
}

async fn paired(world: &World) -> Value {
    let campaign = fixtures::campaign(1);
    let gm = world.key(Role::Gm, &fixtures::gm()).await;
    world.save_campaign(&campaign, &[]).await;
    let code = request_pairing(world).await;
    assert_eq!(status(world, WORLD, &code).await["status"], "pending");
    let typed = code.to_lowercase().replace('-', "");
    let body = json!({ "code": typed, "campaignId": campaign.id });
    let claimed = world.post("/api/v1/vtt/pairings/claim", &gm, body).await;
    assert!(claimed.status.is_success(), "{}", claimed.text);
    let completed = status(world, WORLD, &code).await;
    assert_eq!(completed["status"], "completed");
    completed
}

#[tokio::test]
async fn a_world_is_paired_and_gets_its_secrets_by_its_code_alone() {
    let world = World::new();
    let secrets = paired(&world).await;
    for name in ["connectionId", "apiKey", "sessionToken", "refreshToken", "fingerprint"] {
        assert!(secrets[name].is_string(), "{name}");
    }
    let key = secrets["apiKey"].as_str().unwrap();
    let path = "/webhooks/foundry/connection-health";
    let health = call(&world, Method::GET, path, key, None).await;
    assert_eq!(health.body["status"], "healthy");
    assert_eq!(health.body["campaignName"], "Campaign 1");
    let other = status(&world, "another-world", "ABC-234").await;
    assert_eq!(other["status"], "not_found");
}

#[tokio::test]
async fn tokens_are_renewed_and_taken_back() {
    let world = World::new();
    let secrets = paired(&world).await;
    let path = "/mj/vtt-connections/refresh-token";
    let body = json!({
        "refreshToken": secrets["refreshToken"],
        "fingerprint": secrets["fingerprint"],
    });
    let fresh = call(&world, Method::POST, path, "", Some(body)).await;
    assert_eq!(fresh.status.as_u16(), 200, "{}", fresh.text);
    assert!(fresh.body["sessionToken"].is_string() && fresh.body["refreshToken"].is_string());
    let wrong = json!({ "refreshToken": "wrong", "fingerprint": secrets["fingerprint"] });
    let refused = call(&world, Method::POST, path, "", Some(wrong)).await;
    assert_eq!(refused.problem(401), "unauthenticated");
    assert_eq!(refused.body["error"], refused.body["detail"]);

    let path = "/webhooks/foundry/revoke";
    let body = json!({
        "connectionId": secrets["connectionId"],
        "apiKey": secrets["apiKey"],
        "reason": "over",
    });
    for _ in 0..2 {
        let revoked = call(&world, Method::POST, path, "", Some(body.clone())).await;
        assert_eq!(revoked.body, json!({ "success": true }));
    }
    let key = secrets["apiKey"].as_str().unwrap();
    let health = call(&world, Method::GET, "/webhooks/foundry/connection-health", key, None).await;
    assert_eq!((health.status.as_u16(), &health.body["status"]), (401, &json!("revoked")));
    let path = format!("/webhooks/foundry/reauthorization-status?worldId={WORLD}");
    let status = call(&world, Method::GET, &path, key, None).await;
    assert_eq!(status.body["status"], "still_revoked");
}

#[tokio::test]
async fn browsers_may_ask_first_from_any_origin() {
    let world = World::new();
    for path in
        ["/webhooks/foundry/request-pairing", "/mj/vtt-connections/refresh-token", "/socket.io/"]
    {
        let reply = call(&world, Method::OPTIONS, path, "", None).await;
        assert_eq!(reply.status.as_u16(), 204, "{path}");
        let allowed = reply.header("access-control-allow-headers");
        assert_eq!(allowed, Some("authorization, content-type"));
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_words_that_the_client_can_read() {
    let world = World::new();
    let path = "/webhooks/foundry/request-pairing";
    for body in [json!({}), json!([]), json!({ "worldId": 7 })] {
        let reply = call(&world, Method::POST, path, "", Some(body)).await;
        assert_eq!(reply.problem(400), "malformed-request");
        assert_eq!(reply.body["error"], reply.body["detail"]);
    }
    let empty = call(&world, Method::POST, path, "", Some(json!({ "worldId": "" }))).await;
    assert_eq!(empty.problem(422), "invalid-input");
    let path = "/webhooks/foundry/pairing-status";
    assert_eq!(call(&world, Method::GET, path, "", None).await.problem(400), "malformed-request");
}

#[tokio::test]
async fn a_store_that_is_away_says_nothing_that_makes_clients_forget_their_tokens() {
    let world = World::new();
    world.store.faults().set_down(true);
    let path = "/mj/vtt-connections/refresh-token";
    let body = json!({ "refreshToken": "x", "fingerprint": "y" });
    let reply = call(&world, Method::POST, path, "", Some(body)).await;
    assert_eq!(reply.problem(503), "unavailable");
    let text = reply.text.to_lowercase();
    assert!(!text.contains("expired") && !text.contains("invalid"), "{text}");
}
