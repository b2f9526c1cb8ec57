//! Rewards and streams that change, by their client or by hand.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{ALICE, World};
use crate::socket::Socket;
use crate::webhook::{UPDATE, Webhook};

const CHANGED: &str = "channel.channel_points_custom_reward.update";
const REMOVED: &str = "channel.channel_points_custom_reward.remove";

#[tokio::test]
async fn what_happens_to_a_reward_is_told_whoever_did_it() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let reward = alice.reward(json!({ "title": "Invert", "cost": 5 })).await;
    let mut socket = Socket::open(&world).await;
    for kind in [CHANGED, REMOVED, UPDATE] {
        alice.listen(kind, &socket.session()).await.expect(202);
    }
    let path = alice.rewards(&format!("&id={reward}"));
    alice.patch(&path, json!({ "is_paused": true })).await.expect(200);
    let told = socket.expect("notification").await;
    assert_eq!(told["metadata"]["subscription_type"], CHANGED);
    let event = &told["payload"]["event"];
    assert_eq!((&event["id"], &event["is_paused"]), (&json!(reward), &json!(true)));
    assert_eq!(event["broadcaster_user_login"], "alice");
    assert_eq!(event["global_cooldown"], json!({ "is_enabled": false, "seconds": 0 }));

    let by_hand = format!("/rewards/{reward}");
    let body = json!({ "title": "Mine", "cost": 7, "isPaused": false, "skipsQueue": false });
    world.control(Method::PATCH, &by_hand, body).await.expect(200);
    let told = socket.expect("notification").await;
    let event = &told["payload"]["event"];
    assert_eq!((&event["title"], &event["cost"]), (&json!("Mine"), &json!(7)));
    assert_eq!(alice.get(&path).await.expect(200).only()["title"], "Mine");
    world.control(Method::PATCH, &by_hand, json!({ "cost": 0 })).await.expect(400);

    let pending = world.redeem("vera", &reward, 1).await;
    world.control(Method::DELETE, &by_hand, Value::Null).await.expect(204);
    let settled = socket.expect("notification").await;
    assert_eq!(settled["payload"]["event"]["id"], pending[0]);
    assert_eq!(settled["payload"]["event"]["status"], "fulfilled");
    let told = socket.expect("notification").await;
    assert_eq!(told["metadata"]["subscription_type"], REMOVED);
    assert_eq!(told["payload"]["event"]["id"], reward);
    alice.get(&path).await.expect(404);
    world.control(Method::DELETE, &by_hand, Value::Null).await.expect(404);
}

#[tokio::test]
async fn a_reward_subscription_can_be_about_one_reward() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let wanted = alice.reward(json!({ "title": "Wanted", "cost": 5 })).await;
    let other = alice.reward(json!({ "title": "Other", "cost": 5 })).await;
    let webhook = Webhook::start().await;
    let condition = json!({ "broadcaster_user_id": ALICE, "reward_id": wanted });
    webhook.subscribe(&world.app().await, REMOVED, condition).await;
    for reward in [&other, &wanted] {
        alice.delete(&alice.rewards(&format!("&id={reward}"))).await.expect(204);
    }
    world.idle().await;
    let told = webhook.notifications();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].json()["event"]["id"], wanted);
}

#[tokio::test]
async fn a_stream_is_told_when_it_begins_and_when_it_ends() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let mut socket = Socket::open(&world).await;
    for kind in ["stream.online", "stream.offline"] {
        alice.listen(kind, &socket.session()).await.expect(202);
    }
    for viewers in [3, 4] {
        let body = json!({ "viewerCount": viewers });
        world.control(Method::PUT, "/streams/alice", body).await.expect(200);
    }
    world.control(Method::DELETE, "/streams/alice", Value::Null).await.expect(204);
    world.control(Method::DELETE, "/streams/alice", Value::Null).await.expect(404);
    let online = socket.expect("notification").await;
    assert_eq!(online["metadata"]["subscription_type"], "stream.online");
    assert_eq!(online["payload"]["event"]["type"], "live");
    assert!(online["payload"]["event"]["id"].is_string());
    let offline = socket.expect("notification").await;
    assert_eq!(offline["metadata"]["subscription_type"], "stream.offline");
    let event = json!({
        "broadcaster_user_id": ALICE,
        "broadcaster_user_login": "alice",
        "broadcaster_user_name": "Alice",
    });
    assert_eq!(offline["payload"]["event"], event);
}
