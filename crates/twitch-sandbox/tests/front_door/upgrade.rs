//! A file that an older sandbox wrote.

use sea_orm::{ConnectionTrait, Database};
use serde_json::json;
use twitch_sandbox::{DatabaseLocation, Sandbox, SandboxConfig, SandboxError};

use crate::harness::{ALICE, World, quick};
use crate::webhook::{ADD, Webhook, events, status_of};

/// The table of subscriptions as version 1 had it, and nothing that came later.
const BACK_TO_1: [&str; 5] = [
    "CREATE TABLE old AS SELECT seq, id, client_id, kind, broadcaster_user_id, reward_id, \
     callback, secret, status, created_at_ns FROM subscriptions",
    "DROP TABLE subscriptions",
    "CREATE TABLE subscriptions (seq integer NOT NULL PRIMARY KEY AUTOINCREMENT, id varchar NOT \
     NULL UNIQUE, client_id varchar NOT NULL, kind varchar NOT NULL, broadcaster_user_id varchar \
     NOT NULL, reward_id varchar NOT NULL, callback varchar NOT NULL, secret varchar NOT NULL, \
     status varchar NOT NULL, created_at_ns bigint NOT NULL)",
    "INSERT INTO subscriptions SELECT * FROM old",
    "PRAGMA user_version = 1",
];

async fn run(file: &std::path::Path, statements: &[&str]) {
    let db = Database::connect(format!("sqlite://{}?mode=rwc", file.display())).await.unwrap();
    for statement in statements {
        db.execute_unprepared(statement).await.unwrap();
    }
    db.close().await.unwrap();
}

#[tokio::test]
async fn a_file_of_version_1_is_brought_up_to_date_and_its_subscriptions_live_on() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("twitch.sqlite");
    let config = SandboxConfig { database: DatabaseLocation::File(file.clone()), ..quick() };
    let webhook = Webhook::start().await;
    let world = World::with(config.clone()).await;
    let reward = world.broadcaster(ALICE).await.reward(json!({ "title": "I", "cost": 1 })).await;
    let condition = json!({ "broadcaster_user_id": ALICE });
    let id = webhook.subscribe(&world.app().await, ADD, condition).await;
    world.sandbox.shutdown().await.unwrap();
    run(&file, &BACK_TO_1).await;
    run(&file, &["DROP TABLE old", "DROP TABLE conduits", "DROP TABLE conduit_shards"]).await;

    let world = World::with(config).await;
    let app = world.app().await;
    assert_eq!(status_of(&app, &id).await, "enabled");
    let transport = json!({ "method": "webhook", "callback": webhook.url() });
    let seen = app.get("/eventsub/subscriptions").await.expect(200);
    assert_eq!(seen.only()["transport"], transport);
    let made = world.redeem("vera", &reward, 1).await;
    world.idle().await;
    let told = events(&webhook.notifications(), ADD);
    assert_eq!(told, [(made[0].clone(), "unfulfilled".to_owned())]);
    app.post("/eventsub/conduits", json!({ "shard_count": 1 })).await.expect(200);
}

#[tokio::test]
async fn a_file_of_a_later_version_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("twitch.sqlite");
    run(&file, &["PRAGMA user_version = 3"]).await;
    let config = SandboxConfig { database: DatabaseLocation::File(file), ..quick() };
    let refused = Sandbox::start(config).await.unwrap_err();
    assert!(matches!(refused, SandboxError::Schema { found: 3, .. }), "{refused}");
}
