use super::listener::{Listener, SUBSCRIPTIONS, in_sandbox};
use super::websocket::config;
use crate::proxy::Fault;
use crate::world::{World, alice};
use gamification_twitch::EventSubConfig;
use hyper::Method;
use serde_json::json;
use std::time::Duration;
use twitch_sandbox::{SandboxConfig, WebsocketConfig};

/// A sandbox that keeps sessions alive every second, and notices losses late.
async fn quick() -> World {
    let websocket = WebsocketConfig {
        keepalive_range_s: (1, 600),
        default_keepalive_s: 1,
        unnoticed_for: Duration::from_secs(600),
        ..WebsocketConfig::default()
    };
    let sandbox = SandboxConfig { websocket, ..SandboxConfig::default() };
    World::started(sandbox, EventSubConfig::Off).await
}

/// The ids of those that are enabled for a session that is open, and for one that is not.
async fn alive_and_left_over(world: &World) -> (usize, usize) {
    let all = in_sandbox(world).await;
    let enabled = || all.iter().filter(|it| it["status"] == "enabled");
    let open = enabled().filter(|it| it["is_session_open"] == true).count();
    (open, enabled().count() - open)
}

#[tokio::test]
async fn a_silent_socket_is_left_and_what_is_left_of_it_cleared_away() {
    let world = quick().await;
    let listener = Listener::start(&world, config(&world), &[alice()]);
    let reward = world.reward_of_alice().await;
    listener.until_served(&alice(), 1).await;
    world.tell("POST", "eventsub/silence", json!({})).await;
    let missed = world.redeem(&reward, 1).await;
    listener.until_served(&alice(), 2).await;
    let ids = world.redeem(&reward, 2).await;
    listener.until_redemptions(&ids).await;
    let heard = listener.sink.heard().redemptions();
    assert!(!heard.contains(&missed[0]), "Twitch sends nothing twice: the poll is for that");
    let (_, left_over) = alive_and_left_over(&world).await;
    assert_eq!(left_over, 0);
}

#[tokio::test]
async fn each_loss_ends_in_a_new_session_with_new_subscriptions() {
    let world = quick().await;
    let listener = Listener::start(&world, config(&world), &[alice()]);
    let reward = world.reward_of_alice().await;
    listener.until_served(&alice(), 1).await;
    let losses = [json!({}), json!({ "code": 4000 }), json!({ "code": 4006 })];
    for (count, loss) in losses.into_iter().enumerate() {
        world.tell("POST", "eventsub/close", loss).await;
        listener.until_served(&alice(), count + 2).await;
        let ids = world.redeem(&reward, 1).await;
        listener.until_redemptions(&ids).await;
    }
}

#[tokio::test]
async fn a_session_moves_without_a_loss_and_without_subscribing_again() {
    let world = quick().await;
    let listener = Listener::start(&world, config(&world), &[alice()]);
    let reward = world.reward_of_alice().await;
    listener.until_served(&alice(), 1).await;
    listener.until_states(&alice(), "enabled", listener_enabled(&listener).await).await;
    let subscribed = world.calls("POST", SUBSCRIPTIONS).await;
    let mut ids = Vec::new();
    for moves in 0..3 {
        world.tell("POST", "eventsub/reconnect", json!({})).await;
        ids.extend(world.redeem(&reward, 5).await);
        listener.until_served(&alice(), moves + 2).await;
        ids.extend(world.redeem(&reward, 5).await);
    }
    listener.until_redemptions(&ids).await;
    assert_eq!(world.calls("POST", SUBSCRIPTIONS).await, subscribed);
    let answer = world.tell("GET", "eventsub/sessions", json!(null)).await;
    assert_eq!(answer["sessions"].as_array().unwrap().len(), 1, "{answer}");
}

/// How many there are once the session has been subscribed to wholly.
async fn listener_enabled(listener: &Listener) -> usize {
    listener.until("all are asked for", |_| listener.states_of(&alice()).len() == 8).await;
    listener.states_of(&alice()).iter().filter(|it| it.status == "enabled").count()
}

#[tokio::test]
async fn failures_to_subscribe_are_tried_again_until_it_works() {
    let world = quick().await;
    world.proxy.fail(Method::POST, SUBSCRIPTIONS, Fault::Answer(503, vec![]), 2);
    let listener = Listener::start(&world, config(&world), &[alice()]);
    listener.until_served(&alice(), 1).await;
    let reward = world.reward_of_alice().await;
    let ids = world.redeem(&reward, 1).await;
    listener.until_redemptions(&ids).await;
}
