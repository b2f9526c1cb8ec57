use super::listener::{Listener, SUBSCRIPTIONS, Sink, in_sandbox, socket_url, until, webhook};
use crate::http_server::HttpServer;
use crate::world::{EVENTSUB_SECRET, World, alice, bob, spec};
use gamification_twitch::{ConduitShards, EventSubConfig};
use serde_json::{Value, json};

fn by_socket(world: &World) -> EventSubConfig {
    EventSubConfig::Conduit { shards: ConduitShards::Websocket { url: socket_url(world) } }
}

fn by_webhook(server: &HttpServer) -> EventSubConfig {
    let (callback_url, secret) = (server.url(), EVENTSUB_SECRET.to_owned());
    EventSubConfig::Conduit { shards: ConduitShards::Webhook { callback_url, secret } }
}

async fn conduits(world: &World) -> Vec<Value> {
    let answer = world.tell("GET", "eventsub/conduits", Value::Null).await;
    answer["conduits"].as_array().unwrap().clone()
}

#[tokio::test]
async fn all_channels_come_by_one_conduit_and_one_connection() {
    let world = World::new().await;
    let listener = Listener::start(&world, by_socket(&world), &[alice(), bob()]);
    listener.until_served(&alice(), 1).await;
    listener.until_served(&bob(), 1).await;
    let mut ids = Vec::new();
    for channel in [alice(), bob()] {
        let reward = world.rewards().create(&channel, &spec("Betrayal"), false).await.unwrap();
        ids.extend(world.redeem(&reward, 2).await);
    }
    listener.until_redemptions(&ids).await;
    assert_eq!(conduits(&world).await.len(), 1);
    let answer = world.tell("GET", "eventsub/sessions", Value::Null).await;
    assert_eq!(answer["sessions"].as_array().unwrap().len(), 1);
    let states = listener.states_of(&alice());
    assert!(states.iter().all(|it| it.transport == "conduit"), "{states:?}");
}

#[tokio::test]
async fn after_a_loss_or_a_crash_the_shard_is_bound_again_and_nothing_subscribed_anew() {
    let world = World::new().await;
    world.log_in(&alice()).await;
    let listener = Listener::start(&world, by_socket(&world), &[alice()]);
    let reward = world.reward_of_alice().await;
    listener.until_served(&alice(), 1).await;
    listener.until_states(&alice(), "enabled", 8).await;
    let made = world.calls("POST", SUBSCRIPTIONS).await;
    let before = in_sandbox(&world).await;
    world.tell("POST", "eventsub/close", json!({})).await;
    listener.until_served(&alice(), 2).await;
    let ids = world.redeem(&reward, 1).await;
    listener.until_redemptions(&ids).await;
    drop(listener);
    let listener = Listener::start(&world, by_socket(&world), &[alice()]);
    listener.until_served(&alice(), 1).await;
    let ids = world.redeem(&reward, 1).await;
    listener.until_redemptions(&ids).await;
    world.tell("POST", "eventsub/reconnect", json!({})).await;
    listener.until_served(&alice(), 2).await;
    let ids = world.redeem(&reward, 1).await;
    listener.until_redemptions(&ids).await;
    assert_eq!(world.calls("POST", SUBSCRIPTIONS).await, made);
    let ids = |all: &[Value]| all.iter().map(|it| it["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&in_sandbox(&world).await), ids(&before));
    assert_eq!(conduits(&world).await.len(), 1);
}

#[tokio::test]
async fn a_conduit_that_leads_to_a_webhook_is_kept_apart_from_another_installation_s() {
    let world = World::new().await;
    let mut installations = Vec::new();
    for _ in 0..2 {
        let sink = Sink::default();
        let server = webhook(&sink).await;
        sink.heard().wanted = vec![alice()];
        let listener = Listener::of(world.adapter_hearing(by_webhook(&server)), sink);
        listener.until_served(&alice(), 1).await;
        installations.push((listener, server));
    }
    let reward = world.reward_of_alice().await;
    let ids = world.redeem(&reward, 1).await;
    for (listener, _) in &installations {
        listener.until_redemptions(&ids).await;
    }
    let callbacks: Vec<_> = conduits(&world)
        .await
        .iter()
        .map(|it| it["shards"][0]["transport"]["callback"].as_str().unwrap().to_owned())
        .collect();
    let expected: Vec<_> = installations.iter().map(|(_, server)| server.url()).collect();
    assert_eq!(callbacks, expected);
    until("nothing more is under way", async || {
        world.tell("GET", "idle", Value::Null).await["pendingDeliveries"] == 0
    })
    .await;
}

#[tokio::test]
async fn two_installations_by_websocket_do_not_take_the_conduit_from_each_other_for_ever() {
    let world = World::new().await;
    let first = Listener::start(&world, by_socket(&world), &[alice()]);
    first.until_served(&alice(), 1).await;
    // It cannot know that the conduit is not its own from before a crash.
    let second = Listener::start(&world, by_socket(&world), &[bob()]);
    second.until_served(&bob(), 1).await;
    let taken = conduits(&world).await;
    assert_eq!(taken.len(), 1, "{taken:?}");
    for _ in 0..2 {
        first.adapter.eventsub.nudge();
        second.adapter.eventsub.nudge();
        first.until_served(&alice(), 2).await;
    }
    let alices = world.reward_of_alice().await;
    let bobs = world.rewards().create(&bob(), &spec("Bob's"), false).await.unwrap();
    let ids = world.redeem(&alices, 1).await;
    first.until_redemptions(&ids).await;
    let ids = world.redeem(&bobs, 1).await;
    second.until_redemptions(&ids).await;
    assert_eq!(conduits(&world).await.len(), 2);
    assert_eq!(second.sink.heard().reconnections_of(&bob()), 1, "it was left alone");
}
