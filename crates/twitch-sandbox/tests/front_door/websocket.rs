//! EventSub over websockets: sessions, subscriptions, events.

use reqwest::Method;
use serde_json::{Value, json};
use twitch_sandbox::WebsocketConfig;

use crate::harness::{ALICE, BOB, MANAGE, World};
use crate::socket::{Socket, subscription, with_websocket};
use crate::webhook::{ADD, UPDATE, Webhook};

/// Keepalives every second.
fn lively() -> WebsocketConfig {
    WebsocketConfig { keepalive_range_s: (1, 600), default_keepalive_s: 1, ..Default::default() }
}

#[tokio::test]
async fn a_session_says_welcome_and_stays_alive() {
    let world = World::with(with_websocket(lively())).await;
    let mut socket = Socket::open(&world).await;
    let session = &socket.welcome["payload"]["session"];
    assert_eq!(session["status"], "connected");
    assert_eq!(session["keepalive_timeout_seconds"], 1);
    assert!(session["reconnect_url"].is_null());
    assert!(session["connected_at"].as_str().unwrap().ends_with('Z'));
    let first = socket.next().await;
    let second = socket.next().await;
    for message in [&first, &second] {
        assert_eq!(message["metadata"]["message_type"], "session_keepalive");
        assert_eq!(message["payload"], json!({}));
    }
    assert_ne!(first["metadata"]["message_id"], second["metadata"]["message_id"]);
}

#[tokio::test]
async fn the_keepalive_is_brought_into_its_range() {
    let world = World::new().await;
    for (asked, given) in [("", 10), ("5", 10), ("60", 60), ("10000", 600), ("-1", 10)] {
        let query = format!("?keepalive_timeout_seconds={asked}");
        let socket = Socket::open_with(&world, &query).await;
        let session = &socket.welcome["payload"]["session"];
        assert_eq!(session["keepalive_timeout_seconds"], given, "asked for {asked}");
    }
}

#[tokio::test]
async fn redemptions_come_in_order_over_the_websocket() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let reward = alice.reward(json!({ "title": "Invert", "cost": 1 })).await;
    let mut socket = Socket::open(&world).await;
    let session = socket.session();
    let made = alice.listen(ADD, &session).await.expect(202);
    assert_eq!(made.only()["status"], "enabled");
    assert_eq!(made.only()["transport"]["session_id"], session);
    assert_eq!(made.body["max_total_cost"], 10);
    alice.listen(UPDATE, &session).await.expect(202);
    let redeemed = world.redeem("vera", &reward, 50).await;
    alice.settle(&reward, &redeemed[..1], "FULFILLED").await.expect(200);
    for id in &redeemed {
        let message = socket.expect("notification").await;
        assert_eq!(message["metadata"]["subscription_type"], ADD);
        assert_eq!(message["metadata"]["subscription_version"], "1");
        assert_eq!(message["payload"]["event"]["id"], *id);
        let transport = json!({ "method": "websocket", "session_id": session });
        assert_eq!(message["payload"]["subscription"]["transport"], transport);
    }
    let update = socket.expect("notification").await;
    assert_eq!(update["metadata"]["subscription_type"], UPDATE);
    assert_eq!(update["payload"]["event"]["status"], "fulfilled");
}

#[tokio::test]
async fn one_socket_is_for_one_user_with_a_user_token() {
    let world = World::new().await;
    let (alice, bob) = (world.broadcaster(ALICE).await, world.broadcaster(BOB).await);
    let app = world.app().await;
    let socket = Socket::open(&world).await;
    let session = socket.session();
    app.listen(ADD, &session).await.expect(400);
    alice.listen(ADD, "no-such-session").await.expect(400);
    alice.listen("user.authorization.revoke", &session).await.expect(400);
    alice.listen(ADD, &session).await.expect(202);
    alice.listen(ADD, &session).await.expect(409);
    bob.listen(ADD, &session).await.expect(400);
    let of_bob = subscription(ADD, json!({ "broadcaster_user_id": BOB }), &session);
    alice.post("/eventsub/subscriptions", of_bob).await.expect(403);
    let polls = alice.listen("channel.poll.end", &session).await.expect(403);
    assert_eq!(polls.message(), "subscription missing proper authorization");
    let client = &world.config.client;
    let with_polls = format!("{MANAGE} channel:read:polls");
    let alice = world.session(client, ALICE, &with_polls).await;
    alice.listen("channel.poll.end", &session).await.expect(202);
    let streams = json!({ "broadcaster_user_id": BOB, "reward_id": "r" });
    let wrong = subscription("stream.online", streams, &session);
    alice.post("/eventsub/subscriptions", wrong).await.expect(400);
}

#[tokio::test]
async fn each_token_sees_its_own_subscriptions() {
    let world = World::new().await;
    let (alice, bob) = (world.broadcaster(ALICE).await, world.broadcaster(BOB).await);
    let app = world.app().await;
    let webhook = Webhook::start().await;
    let of_app = webhook.subscribe(&app, ADD, json!({ "broadcaster_user_id": ALICE })).await;
    let socket = Socket::open(&world).await;
    let made = alice.listen(ADD, &socket.session()).await.expect(202);
    let of_alice = made.only()["id"].as_str().unwrap().to_owned();
    let path = "/eventsub/subscriptions";
    assert_eq!(app.get(path).await.expect(200).only()["id"], of_app);
    let seen = alice.get(path).await.expect(200);
    assert_eq!(seen.only()["id"], of_alice);
    assert!(seen.only()["transport"]["connected_at"].is_string());
    assert!(bob.get(path).await.expect(200).data().is_empty());
    bob.delete(&format!("{path}?id={of_alice}")).await.expect(404);
    app.delete(&format!("{path}?id={of_alice}")).await.expect(404);
    alice.delete(&format!("{path}?id={of_alice}")).await.expect(204);
    app.get(&format!("{path}?status=enabled&type={ADD}")).await.expect(400);
    let everything = world.look("/eventsub/subscriptions").await;
    assert_eq!(everything["subscriptions"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_user_has_three_sockets_and_a_small_budget() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let mut sockets = Vec::new();
    for expected in [202, 202, 202, 429] {
        let socket = Socket::open(&world).await;
        alice.listen(ADD, &socket.session()).await.expect(expected);
        sockets.push(socket);
    }
    let session = sockets[0].session();
    for login in 0..11 {
        let user = world
            .control(Method::PUT, &format!("/users/stranger{login}"), json!({}))
            .await
            .expect(200);
        let condition = json!({ "broadcaster_user_id": user.body["id"] });
        let body = subscription("stream.online", condition, &session);
        let expected = if login < 10 { 202 } else { 429 };
        let answer = alice.post("/eventsub/subscriptions", body).await.expect(expected);
        if expected == 202 {
            assert_eq!(answer.body["total_cost"], login + 1);
        }
    }
    alice.listen("stream.online", &session).await.expect(202);
}

#[tokio::test]
async fn a_reconnect_keeps_the_session_and_both_connections_hear() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let reward = alice.reward(json!({ "title": "Invert", "cost": 1 })).await;
    let mut old = Socket::open(&world).await;
    let session = old.session();
    alice.listen(ADD, &session).await.expect(202);
    let asked = world.control(Method::POST, "/eventsub/reconnect", Value::Null).await.expect(200);
    assert_eq!(asked.body["sessionIds"], json!([session]));
    let told = old.expect("session_reconnect").await;
    let told = &told["payload"]["session"];
    assert_eq!((&told["id"], &told["status"]), (&json!(session), &json!("reconnecting")));
    let url = told["reconnect_url"].as_str().unwrap();
    let mut new = Socket::dial(url).await;
    new.welcome = new.expect("session_welcome").await;
    assert_eq!(new.session(), session);
    world.redeem("vera", &reward, 1).await;
    let first = old.expect("notification").await;
    let second = new.expect("notification").await;
    assert_eq!(first["metadata"]["message_id"], second["metadata"]["message_id"]);
    old.close().await;
    world.redeem("vera", &reward, 1).await;
    new.expect("notification").await;
    assert_eq!(alice.subscription_statuses().await, ["enabled"]);
    let mut twice = Socket::dial(url).await;
    assert_eq!(twice.close_code().await, 4007);
}

#[tokio::test]
async fn a_revocation_is_told_and_ends_the_subscription() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let reward = alice.reward(json!({ "title": "Invert", "cost": 1 })).await;
    let mut socket = Socket::open(&world).await;
    let made = alice.listen(ADD, &socket.session()).await.expect(202);
    alice.listen(UPDATE, &socket.session()).await.expect(202);
    let body = json!({ "subscriptionId": made.only()["id"], "status": "version_removed" });
    world.control(Method::POST, "/eventsub/revoke", body.clone()).await.expect(200);
    let told = socket.expect("revocation").await;
    assert_eq!(told["metadata"]["subscription_type"], ADD);
    assert_eq!(told["payload"]["subscription"]["status"], "version_removed");
    assert_eq!(told["payload"]["subscription"]["id"], made.only()["id"]);
    world.control(Method::POST, "/eventsub/revoke", body).await.expect(404);
    let redeemed = world.redeem("vera", &reward, 1).await;
    alice.settle(&reward, &redeemed, "CANCELED").await.expect(200);
    let next = socket.expect("notification").await;
    assert_eq!(next["metadata"]["subscription_type"], UPDATE);
    world.control(Method::POST, "/users/alice/revoke", json!({})).await.expect(200);
    let told = socket.expect("revocation").await;
    assert_eq!(told["payload"]["subscription"]["status"], "authorization_revoked");
}
