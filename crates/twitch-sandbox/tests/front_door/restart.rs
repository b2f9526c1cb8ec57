//! The state survives the program.

use serde_json::json;
use twitch_sandbox::{DatabaseLocation, Sandbox, SandboxConfig, SandboxError};

use crate::harness::{ALICE, Session, World, quick};
use crate::webhook::{ADD, Webhook, events};

fn on_file(dir: &tempfile::TempDir) -> SandboxConfig {
    // A name that would be something else inside a URL.
    let file = dir.path().join("a sandbox?mode=ro#1%20.sqlite");
    SandboxConfig { database: DatabaseLocation::File(file), ..quick() }
}

#[tokio::test]
async fn a_restarted_sandbox_is_the_same_twitch() {
    let dir = tempfile::tempdir().unwrap();
    let webhook = Webhook::start().await;
    let world = World::with(on_file(&dir)).await;
    let alice = world.broadcaster(ALICE).await;
    let token = alice.token.clone();
    let app_token = world.app().await.token;
    let reward = alice.reward(json!({ "title": "Invert", "cost": 100 })).await;
    webhook.subscribe(&world.app().await, ADD, json!({ "broadcaster_user_id": ALICE })).await;
    let made = world.redeem("vera", &reward, 2).await;
    world.idle().await;
    let first_message = webhook.notifications().remove(0);
    world.sandbox.shutdown().await.unwrap();
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "one file, closed properly");

    let world = World::with(on_file(&dir)).await;
    let session = |token: &str, user: &str| Session {
        world: &world,
        client_id: world.config.client.client_id.clone(),
        user: user.to_owned(),
        token: token.to_owned(),
    };
    let alice = session(&token, ALICE);
    assert_eq!(alice.get(&alice.rewards("")).await.expect(200).only()["id"], reward);
    let pending = alice.redemptions(&reward, "&status=UNFULFILLED");
    assert_eq!(alice.get(&pending).await.expect(200).data().len(), 2);
    assert_eq!(world.points("vera", ALICE).await, 10_000_000 - 200);
    let app = session(&app_token, "");
    let subscriptions = app.get("/eventsub/subscriptions").await.expect(200);
    assert_eq!(subscriptions.only()["status"], "enabled");

    world.redeem("vera", &reward, 1).await;
    world.idle().await;
    assert_eq!(events(&webhook.notifications(), ADD).len(), 3);
    let again = first_message.json()["event"]["id"].clone();
    let body = json!({ "redemptionId": again });
    world.control(reqwest::Method::POST, "/resend", body).await.expect(200);
    world.idle().await;
    let last = webhook.notifications().pop().unwrap();
    assert_eq!(last.header("message-id"), first_message.header("message-id"));
    alice.settle(&reward, &made, "CANCELED").await.expect(200);
    assert_eq!(world.points("vera", ALICE).await, 10_000_000 - 100);
    world.sandbox.shutdown().await.unwrap();
}

#[tokio::test]
async fn a_file_that_is_no_database_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let config = on_file(&dir);
    let DatabaseLocation::File(path) = &config.database else { panic!("a file") };
    std::fs::write(path, "this is not a database, and long enough to be looked at").unwrap();
    let refused = Sandbox::start(config).await.unwrap_err();
    assert!(matches!(refused, SandboxError::Database(_)), "{refused}");
}

#[tokio::test]
async fn a_port_that_is_taken_is_an_error() {
    let world = World::new().await;
    let config = SandboxConfig { bind: world.sandbox.addr(), ..quick() };
    let refused = Sandbox::start(config).await.unwrap_err();
    assert!(matches!(refused, SandboxError::Bind(..)), "{refused}");
}
