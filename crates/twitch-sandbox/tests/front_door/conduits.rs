//! Conduits: shards, deliveries, disabled shards.

use std::time::Duration;

use serde_json::{Value, json};
use twitch_sandbox::WebsocketConfig;

use crate::harness::{ALICE, Session, World};
use crate::socket::{Socket, with_websocket};
use crate::webhook::{ADD, SECRET, Webhook};

const CONDUITS: &str = "/eventsub/conduits";
const SHARDS: &str = "/eventsub/conduits/shards";
const DISABLED: &str = "conduit.shard.disabled";

async fn conduit(app: &Session<'_>, shard_count: i64) -> String {
    let answer = app.post(CONDUITS, json!({ "shard_count": shard_count })).await.expect(200);
    assert_eq!(answer.only()["shard_count"], shard_count);
    answer.only()["id"].as_str().unwrap().to_owned()
}

async fn bind(app: &Session<'_>, conduit: &str, shards: Value) -> Value {
    app.patch(SHARDS, json!({ "conduit_id": conduit, "shards": shards })).await.expect(202).body
}

fn on_socket(id: &str, socket: &Socket) -> Value {
    let transport = json!({ "method": "websocket", "session_id": socket.session() });
    json!({ "id": id, "transport": transport })
}

fn on_webhook(id: &str, webhook: &Webhook) -> Value {
    let transport = json!({ "method": "webhook", "callback": webhook.url(), "secret": SECRET });
    json!({ "id": id, "transport": transport })
}

async fn subscribe(app: &Session<'_>, kind: &str, condition: Value, conduit: &str) -> String {
    let transport = json!({ "method": "conduit", "conduit_id": conduit });
    let body = json!({
        "type": kind, "version": "1", "condition": condition, "transport": transport,
    });
    let answer = app.post("/eventsub/subscriptions", body.clone()).await.expect(202);
    assert_eq!(answer.only()["status"], "enabled");
    app.post("/eventsub/subscriptions", body).await.expect(409);
    answer.only()["id"].as_str().unwrap().to_owned()
}

async fn shard_statuses(app: &Session<'_>, conduit: &str) -> Vec<String> {
    let answer = app.get(&format!("{SHARDS}?conduit_id={conduit}")).await.expect(200);
    answer.data().iter().map(|shard| shard["status"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_client_has_five_conduits_that_are_its_own() {
    let world = World::new().await;
    let (app, alice) = (world.app().await, world.broadcaster(ALICE).await);
    let first = conduit(&app, 1).await;
    for _ in 0..4 {
        conduit(&app, 2).await;
    }
    app.post(CONDUITS, json!({ "shard_count": 1 })).await.expect(429);
    app.post(CONDUITS, json!({ "shard_count": 0 })).await.expect(400);
    alice.get(CONDUITS).await.expect(401);
    let changed = app.patch(CONDUITS, json!({ "id": first, "shard_count": 7 })).await.expect(200);
    assert_eq!(changed.only(), &json!({ "id": first, "shard_count": 7 }));
    app.patch(CONDUITS, json!({ "id": "none", "shard_count": 7 })).await.expect(404);
    app.delete(&format!("{CONDUITS}?id={first}")).await.expect(204);
    app.delete(&format!("{CONDUITS}?id={first}")).await.expect(404);
    assert_eq!(app.get(CONDUITS).await.expect(200).data().len(), 4);
}

#[tokio::test]
async fn events_come_over_the_shard_that_is_enabled() {
    let websocket =
        WebsocketConfig { unnoticed_for: Duration::from_millis(50), ..Default::default() };
    let world = World::with(with_websocket(websocket)).await;
    let (app, alice) = (world.app().await, world.broadcaster(ALICE).await);
    let reward = alice.reward(json!({ "title": "Invert", "cost": 1 })).await;
    let id = conduit(&app, 2).await;
    let mut sockets = vec![Socket::open(&world).await, Socket::open(&world).await];
    let shards = json!([on_socket("0", &sockets[0]), on_socket("1", &sockets[1])]);
    let answer = bind(&app, &id, shards).await;
    assert_eq!(answer["errors"], json!([]));
    assert_eq!(answer["data"][1]["transport"]["session_id"], sockets[1].session());
    subscribe(&app, ADD, json!({ "broadcaster_user_id": ALICE }), &id).await;
    let client_id = app.client_id.clone();
    subscribe(&app, DISABLED, json!({ "client_id": client_id, "conduit_id": id }), &id).await;

    sockets.remove(0).close().await;
    let gone = sockets[0].expect("notification").await;
    assert_eq!(gone["metadata"]["subscription_type"], DISABLED);
    let event = &gone["payload"]["event"];
    assert_eq!((&event["conduit_id"], &event["shard_id"]), (&json!(id), &json!("0")));
    assert_eq!(event["status"], "websocket_disconnected");
    assert_eq!(shard_statuses(&app, &id).await, ["websocket_disconnected", "enabled"]);
    let redeemed = world.redeem("vera", &reward, 1).await;
    let told = sockets[0].expect("notification").await;
    assert_eq!(told["payload"]["event"]["id"], redeemed[0]);
    let transport = json!({ "method": "conduit", "conduit_id": id });
    assert_eq!(told["payload"]["subscription"]["transport"], transport);

    drop(sockets);
    let dead = ["websocket_disconnected", "websocket_network_error"];
    let wait = async {
        while shard_statuses(&app, &id).await != dead {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait).await.expect("noticed in time");
    world.redeem("vera", &reward, 1).await;
    let mut socket = Socket::open(&world).await;
    bind(&app, &id, json!([on_socket("0", &socket)])).await;
    let redeemed = world.redeem("vera", &reward, 1).await;
    let told = socket.expect("notification").await;
    assert_eq!(told["payload"]["event"]["id"], redeemed[0], "what came meanwhile is lost");
}

#[tokio::test]
async fn a_webhook_shard_is_challenged_with_its_name() {
    let world = World::new().await;
    let (app, alice) = (world.app().await, world.broadcaster(ALICE).await);
    let reward = alice.reward(json!({ "title": "Invert", "cost": 1 })).await;
    let id = conduit(&app, 1).await;
    let webhook = Webhook::start().await;
    let answer = bind(&app, &id, json!([on_webhook("0", &webhook)])).await;
    assert_eq!(answer["data"][0]["status"], "webhook_callback_verification_pending");
    assert!(answer["data"][0]["transport"].get("secret").is_none());
    world.idle().await;
    let challenge = webhook.got().remove(0);
    assert!(challenge.is_signed());
    assert_eq!(challenge.header("message-type"), "webhook_callback_verification");
    assert_eq!(challenge.json()["conduit_shard"], json!({ "conduit_id": id, "shard": "0" }));
    assert_eq!(shard_statuses(&app, &id).await, ["enabled"]);
    subscribe(&app, ADD, json!({ "broadcaster_user_id": ALICE }), &id).await;
    let redeemed = world.redeem("vera", &reward, 1).await;
    world.idle().await;
    let told = webhook.notifications().remove(0);
    assert!(told.is_signed());
    assert_eq!(told.json()["event"]["id"], redeemed[0]);

    webhook.answer_challenges_wrongly();
    bind(&app, &id, json!([on_webhook("0", &webhook)])).await;
    world.idle().await;
    assert_eq!(shard_statuses(&app, &id).await, ["webhook_callback_verification_failed"]);
}

#[tokio::test]
async fn shards_fail_one_by_one() {
    let world = World::new().await;
    let (app, alice) = (world.app().await, world.broadcaster(ALICE).await);
    let id = conduit(&app, 2).await;
    let (socket, taken) = (Socket::open(&world).await, Socket::open(&world).await);
    alice.listen(ADD, &taken.session()).await.expect(202);
    let gone = json!({ "method": "websocket", "session_id": "none" });
    let pigeon = json!({ "method": "pigeon" });
    let shards = json!([
        on_socket("0", &socket),
        on_socket("2", &socket),
        on_socket("1", &taken),
        { "id": "1", "transport": gone },
        { "id": "1", "transport": pigeon },
        { "id": "x", "transport": pigeon },
    ]);
    let answer = bind(&app, &id, shards).await;
    assert_eq!(answer["data"].as_array().unwrap().len(), 1);
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(
        errors.iter().map(|error| &error["id"]).collect::<Vec<_>>(),
        ["2", "1", "1", "1", "x"]
    );
    assert!(errors.iter().all(|error| error["code"] == "invalid_parameter"));
    let foreign = json!({ "conduit_id": "none", "shards": [] });
    app.patch(SHARDS, foreign).await.expect(404);
    alice.listen(ADD, &socket.session()).await.expect(400);
}

#[tokio::test]
async fn a_deleted_conduit_takes_its_subscriptions_along() {
    let world = World::new().await;
    let app = world.app().await;
    world.broadcaster(ALICE).await;
    let id = conduit(&app, 1).await;
    subscribe(&app, ADD, json!({ "broadcaster_user_id": ALICE }), &id).await;
    let seen = app.get(&format!("/eventsub/subscriptions?conduit_id={id}")).await.expect(200);
    assert_eq!(seen.only()["status"], "enabled");
    app.delete(&format!("{CONDUITS}?id={id}")).await.expect(204);
    assert_eq!(app.subscription_statuses().await, ["conduit_deleted"]);
    let gone = json!({ "method": "conduit", "conduit_id": id });
    let condition = json!({ "broadcaster_user_id": ALICE });
    let body = json!({ "type": ADD, "version": "1", "condition": condition, "transport": gone });
    app.post("/eventsub/subscriptions", body).await.expect(400);
}
