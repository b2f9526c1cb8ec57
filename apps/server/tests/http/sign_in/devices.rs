//! Logins by a code that is typed on another machine.

use super::browser::Twitch;
use crate::support::{Reply, World};
use gamification_core::access::Role;
use gamification_core::campaign::User;
use gamification_testkit::fixtures;
use serde_json::json;

/// Alice as the sandbox knows her, with a key.
async fn alice(world: &World) -> (User, String) {
    let twitch_id = "218640722".into();
    let alice = User { twitch_id, login: "alice".into(), ..fixtures::streamer(1) };
    let key = world.key(Role::Streamer, &alice).await;
    (alice, key)
}

async fn begin(world: &World, key: &str) -> (String, String) {
    let wish = json!({ "for": "streamer" });
    let reply = world.post("/api/v1/logins/device", key, wish).await;
    assert_eq!(reply.status.as_u16(), 201, "{}", reply.text);
    assert!(reply.body["verificationUri"].as_str().unwrap().contains("/activate"));
    assert!(reply.body["expiresInSeconds"].as_u64().unwrap() > 60);
    let text = |name: &str| reply.body[name].as_str().unwrap().to_owned();
    (format!("/api/v1/logins/device/{}", text("loginId")), text("userCode"))
}

fn status(reply: &Reply) -> &str {
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.text);
    reply.body["status"].as_str().unwrap()
}

#[tokio::test]
async fn a_person_logs_in_with_a_code_and_twitch_is_not_asked_too_often() {
    let twitch = Twitch::start().await;
    let world = World::with_twitch(&twitch.base_url());
    let (alice, key) = alice(&world).await;
    let (path, code) = begin(&world, &key).await;
    assert_eq!(status(&world.get(&path, &key).await), "pending");
    twitch.types_code(&code, "alice").await;
    // The interval is not over: Twitch is not asked, and so nobody knows.
    assert_eq!(status(&world.get(&path, &key).await), "pending");
    world.clock.advance(5);
    assert_eq!(status(&world.get(&path, &key).await), "done");
    assert_eq!(status(&world.get(&path, &key).await), "done");
    let login = world.queries().logins(&[alice.id]).await.unwrap().remove(0);
    assert_eq!(login.scopes, ["channel:manage:redemptions"]);
    let me = world.get("/api/v1/me", &key).await.body;
    assert_eq!(me["login"]["status"], "connected");
    twitch.stop().await;
}

#[tokio::test]
async fn a_code_that_somebody_else_used_stores_nothing() {
    let twitch = Twitch::start().await;
    let world = World::with_twitch(&twitch.base_url());
    let (alice, key) = alice(&world).await;
    let (path, code) = begin(&world, &key).await;
    twitch.types_code(&code, "bob").await;
    world.clock.advance(5);
    assert_eq!(world.get(&path, &key).await.problem(409), "another-account");
    assert_eq!(status(&world.get(&path, &key).await), "expired");
    assert_eq!(world.queries().logins(&[alice.id]).await.unwrap(), []);
    assert_eq!(world.queries().user_by_login("bob").await.unwrap(), None);
    assert_eq!(world.get("/api/v1/me", &key).await.body["login"]["status"], "never");
    twitch.stop().await;
}

#[tokio::test]
async fn a_code_belongs_to_who_asked_for_it_and_ends() {
    let twitch = Twitch::start().await;
    let world = World::with_twitch(&twitch.base_url());
    let (_, key) = alice(&world).await;
    let other = world.key(Role::Streamer, &fixtures::streamer(2)).await;
    let (path, _) = begin(&world, &key).await;
    assert_eq!(world.get(&path, &other).await.problem(404), "not-found");
    let (newer, _) = begin(&world, &key).await;
    assert_eq!(world.get(&path, &key).await.problem(404), "not-found", "replaced");
    world.clock.advance(3600);
    assert_eq!(status(&world.get(&newer, &key).await), "expired");
    let strange = json!({ "for": "everything" });
    let reply = world.post("/api/v1/logins/device", &key, strange).await;
    assert_eq!(reply.problem(400), "invalid-input");
    twitch.stop().await;
}
