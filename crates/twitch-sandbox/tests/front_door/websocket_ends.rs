//! How websockets end, and what is left of their subscriptions.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use twitch_sandbox::{DatabaseLocation, SandboxConfig, WebsocketConfig};

use crate::harness::{ALICE, Session, World, quick};
use crate::socket::{Socket, with_websocket};
use crate::webhook::ADD;

const SOON: Duration = Duration::from_millis(50);

async fn listening(world: &World) -> (Session<'_>, Socket) {
    let alice = world.broadcaster(ALICE).await;
    let socket = Socket::open(world).await;
    alice.listen(ADD, &socket.session()).await.expect(202);
    (alice, socket)
}

#[tokio::test]
async fn a_client_that_speaks_is_closed_with_4001() {
    let world = World::new().await;
    let (alice, mut socket) = listening(&world).await;
    socket.say("hello").await;
    assert_eq!(socket.close_code().await, 4001);
    assert_eq!(alice.subscription_statuses().await, ["websocket_received_inbound_traffic"]);
    let answer = alice.get("/eventsub/subscriptions").await.expect(200);
    assert!(answer.only()["transport"]["disconnected_at"].is_string());
}

#[tokio::test]
async fn a_client_that_reads_answers_pings_and_one_that_does_not_is_closed_with_4002() {
    let ping_every = Duration::from_millis(100);
    let pong_within = Duration::from_millis(1500);
    let websocket = WebsocketConfig {
        ping_every,
        pong_within,
        keepalive_range_s: (1, 1),
        default_keepalive_s: 1,
        ..Default::default()
    };
    let world = World::with(with_websocket(websocket)).await;
    let (alice, mut socket) = listening(&world).await;
    for _ in 0..3 {
        // Reading answers many pings meanwhile.
        socket.expect("session_keepalive").await;
    }
    assert_eq!(alice.subscription_statuses().await, ["enabled"]);
    alice.wait_for_statuses(&["websocket_failed_ping_pong"]).await;
    assert_eq!(socket.close_code().await, 4002);
}

#[tokio::test]
async fn a_session_that_nobody_uses_is_closed_with_4003() {
    let websocket = WebsocketConfig { subscribe_within: SOON, ..Default::default() };
    let world = World::with(with_websocket(websocket)).await;
    let mut socket = Socket::open(&world).await;
    assert_eq!(socket.close_code().await, 4003);
}

#[tokio::test]
async fn a_session_that_does_not_follow_the_reconnect_is_closed_with_4004() {
    let websocket = WebsocketConfig { reconnect_grace: SOON, ..Default::default() };
    let world = World::with(with_websocket(websocket)).await;
    let (alice, mut socket) = listening(&world).await;
    world.control(Method::POST, "/eventsub/reconnect", Value::Null).await.expect(200);
    assert_eq!(socket.close_code().await, 4004);
    assert_eq!(alice.subscription_statuses().await, ["websocket_failed_to_reconnect"]);
}

#[tokio::test]
async fn leaving_the_old_connection_late_costs_nothing_once_the_new_one_is_there() {
    let websocket =
        WebsocketConfig { reconnect_grace: Duration::from_millis(500), ..Default::default() };
    let world = World::with(with_websocket(websocket)).await;
    let (alice, mut old) = listening(&world).await;
    world.control(Method::POST, "/eventsub/reconnect", Value::Null).await.expect(200);
    let told = old.expect("session_reconnect").await;
    let url = told["payload"]["session"]["reconnect_url"].as_str().unwrap();
    let mut new = Socket::dial(url).await;
    new.expect("session_welcome").await;
    assert_eq!(old.close_code().await, 4004);
    assert_eq!(alice.subscription_statuses().await, ["enabled"]);
}

#[tokio::test]
async fn sessions_are_closed_with_every_code_on_demand() {
    let world = World::new().await;
    let close = async |body: Value| world.control(Method::POST, "/eventsub/close", body).await;
    for code in 4000..=4007 {
        let mut socket = Socket::open(&world).await;
        let sessions = world.look("/eventsub/sessions").await;
        assert_eq!(sessions["sessions"][0]["sessionId"], socket.session());
        let body = json!({ "sessionId": socket.session(), "code": code });
        close(body.clone()).await.expect(200);
        assert_eq!(socket.close_code().await, code);
        close(body).await.expect(404);
    }
    close(json!({ "code": 1000 })).await.expect(400);
}

#[tokio::test]
async fn a_goodbye_disables_the_subscriptions_at_once() {
    let world = World::new().await;
    let (alice, socket) = listening(&world).await;
    socket.close().await;
    assert_eq!(alice.subscription_statuses().await, ["websocket_disconnected"]);
}

#[tokio::test]
async fn after_an_unclean_loss_a_subscription_is_in_the_way_until_it_is_deleted() {
    let unnoticed_for = Duration::from_secs(3600);
    let world =
        World::with(with_websocket(WebsocketConfig { unnoticed_for, ..Default::default() }));
    let world = world.await;
    let (alice, lost) = listening(&world).await;
    let old = lost.session();
    drop(lost);
    gone(&world, &old).await;
    assert_eq!(alice.subscription_statuses().await, ["enabled"]);
    let all = world.look("/eventsub/subscriptions").await;
    assert_eq!(all["subscriptions"][0]["is_session_open"], false);
    let socket = Socket::open(&world).await;
    let refused = alice.listen(ADD, &socket.session()).await.expect(409);
    assert_eq!(refused.message(), "subscription already exists");
    let zombie = alice.get("/eventsub/subscriptions").await.only()["id"].clone();
    let path = format!("/eventsub/subscriptions?id={}", zombie.as_str().unwrap());
    alice.delete(&path).await.expect(204);
    alice.listen(ADD, &socket.session()).await.expect(202);
}

async fn gone(world: &World, session: &str) {
    let wait = async {
        while world.look("/eventsub/sessions").await.to_string().contains(session) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait).await.expect("gone in time");
}

#[tokio::test]
async fn an_unclean_loss_is_noticed_in_the_end() {
    let websocket = WebsocketConfig { unnoticed_for: SOON, ..Default::default() };
    let world = World::with(with_websocket(websocket)).await;
    let (alice, lost) = listening(&world).await;
    drop(lost);
    alice.wait_for_statuses(&["websocket_network_error"]).await;
    let socket = Socket::open(&world).await;
    alice.listen(ADD, &socket.session()).await.expect(202);
}

#[tokio::test]
async fn a_silenced_session_hears_nothing_more_and_stays_open() {
    let websocket = WebsocketConfig {
        keepalive_range_s: (1, 1),
        default_keepalive_s: 1,
        unnoticed_for: SOON,
        ..Default::default()
    };
    let world = World::with(with_websocket(websocket)).await;
    let (alice, mut socket) = listening(&world).await;
    let reward = alice.reward(json!({ "title": "Invert", "cost": 1 })).await;
    socket.expect("session_keepalive").await;
    world.control(Method::POST, "/eventsub/silence", json!({})).await.expect(200);
    gone(&world, &socket.session()).await;
    world.redeem("vera", &reward, 1).await;
    world.idle().await;
    alice.wait_for_statuses(&["websocket_failed_ping_pong"]).await;
    assert!(socket.is_silent_for(Duration::from_millis(1500)).await);
}

#[tokio::test]
async fn a_connection_can_break_without_a_word() {
    let world = World::new().await;
    let (_, socket) = listening(&world).await;
    let session = socket.session();
    world
        .control(Method::POST, "/eventsub/close", json!({ "sessionId": session }))
        .await
        .expect(200);
    gone(&world, &session).await;
}

#[tokio::test]
async fn a_restart_ends_every_websocket() {
    let dir = tempfile::tempdir().unwrap();
    let database = DatabaseLocation::File(dir.path().join("twitch.sqlite"));
    let config = SandboxConfig { database, ..quick() };
    let world = World::with(config.clone()).await;
    let (_, mut socket) = listening(&world).await;
    world.sandbox.shutdown().await.unwrap();
    assert_eq!(socket.close_code().await, 4000);
    let world = World::with(config).await;
    let alice = world.broadcaster(ALICE).await;
    assert_eq!(alice.subscription_statuses().await, ["websocket_internal_error"]);
    let socket = Socket::open(&world).await;
    alice.listen(ADD, &socket.session()).await.expect(202);
}
