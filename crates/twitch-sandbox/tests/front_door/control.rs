//! The control API, and what it tells about the calls it saw.

use reqwest::Method;
use serde_json::{Value, json};
use twitch_sandbox::{Sandbox, SandboxConfig, SandboxError};

use crate::harness::{ALICE, World};

#[tokio::test]
async fn users_are_made_and_changed() {
    let world = World::new().await;
    let put = async |login: &str, body: Value| {
        world.control(Method::PUT, &format!("/users/{login}"), body).await
    };
    let made = put("vera", json!({ "displayName": "Vera", "language": "fr" })).await.expect(200);
    assert_eq!(made.body["displayName"], "Vera");
    assert_eq!(
        (&made.body["broadcasterType"], &made.body["points"]),
        (&json!(""), &json!(10_000_000))
    );
    let changed = put("vera", json!({ "broadcasterType": "partner" })).await.expect(200);
    assert_eq!((&changed.body["id"], &changed.body["language"]), (&made.body["id"], &json!("fr")));
    assert_eq!(changed.body["broadcasterType"], "partner");
    put("vera", json!({ "broadcasterType": "king" })).await.expect(400);
    put("vera", json!({ "points": -1 })).await.expect(400);
    put("vera", json!({ "unknown": 1 })).await.expect(400);
    put("Vera", json!({})).await.expect(400);
    let other = put("walt", json!({})).await.expect(200);
    assert_ne!(other.body["id"], made.body["id"]);
    assert_eq!(world.look("/users").await["users"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn every_call_of_the_api_is_on_record_without_secrets() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    alice.get(&alice.rewards("&id=x")).await.expect(404);
    alice.get("/nothing/here").await.expect(404);
    let calls = world.look("/requests").await["requests"].clone();
    let calls = calls.as_array().unwrap();
    let brief = |call: &Value| {
        let text = |name: &str| call[name].as_str().unwrap().to_owned();
        format!("{} {} {}", text("method"), text("path"), call["status"])
    };
    assert_eq!(
        calls.iter().map(brief).collect::<Vec<_>>(),
        [
            "POST /auth/authorize 200",
            "GET /helix/channel_points/custom_rewards 404",
            "GET /helix/nothing/here 404",
        ]
    );
    assert_eq!(calls[1]["query"], format!("broadcaster_id={ALICE}&id=x"));
    let all = json!(calls).to_string();
    assert!(!all.contains(&world.config.client.client_secret), "{all}");
}

#[tokio::test]
async fn refusals_of_the_router_look_like_twitch_too() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let answer = alice.delete("/users").await.expect(405);
    assert_eq!(answer.body["error"], "Method Not Allowed");
    assert_eq!(answer.headers["Ratelimit-Limit"], "800");
    let answer = world.control(Method::POST, "/redeem", json!("nonsense")).await.expect(400);
    assert_eq!(answer.body["status"], 400);
    world.control(Method::GET, "/nothing", Value::Null).await.expect(404);
}

#[tokio::test]
async fn a_sandbox_listens_on_loopback_only() {
    let config = SandboxConfig { bind: "0.0.0.0:0".parse().unwrap(), ..SandboxConfig::default() };
    let refused = Sandbox::start(config).await.unwrap_err();
    assert!(matches!(refused, SandboxError::NotLoopback(_)), "{refused}");
}
