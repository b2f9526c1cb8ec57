use super::listener::{Listener, SUBSCRIPTIONS, Sink, in_sandbox, until, webhook, webhook_config};
use crate::http_server::HttpServer;
use crate::proxy::Fault;
use crate::world::{World, alice, bob, spec};
use gamification_core::ids::TwitchUserId;
use gamification_core::ports::{RewardError, TwitchRewards};
use gamification_core::redemption::{Direction, RedemptionSource, TwitchRedemptionStatus};
use gamification_twitch::envelope::Notification;
use hyper::Method;
use serde_json::json;

pub(super) async fn hooked(world: &World, channels: &[TwitchUserId]) -> (Listener, HttpServer) {
    let sink = Sink::default();
    let server = webhook(&sink).await;
    sink.heard().wanted = channels.to_vec();
    let listener = Listener::of(world.adapter_hearing(webhook_config(&server)), sink);
    (listener, server)
}

#[tokio::test]
async fn redemptions_of_a_created_reward_are_delivered_signed() {
    let world = World::new().await;
    let (listener, _server) = hooked(&world, &[]).await;
    let rewards = &listener.adapter.rewards;
    let reward = rewards.create(&alice(), &spec("Betrayal"), false).await.unwrap();
    let ids = world.redeem(&reward, 1).await;
    listener.until_redemptions(&ids).await;
    let polled = rewards.unfulfilled(&alice(), &reward, 1).await.unwrap();
    let is_added = |it: &&Notification| matches!(it, Notification::RedemptionAdded { .. });
    let added = listener.sink.heard().notifications.iter().find(is_added).cloned();
    let Some(Notification::RedemptionAdded { channel, redemption }) = added else {
        panic!("{added:?}");
    };
    assert_eq!(channel, alice());
    assert_eq!(redemption.source, RedemptionSource::Webhook);
    assert_eq!((&redemption.id, &redemption.reward_id), (&ids[0], &reward));
    assert_eq!(redemption.viewer_id, polled[0].viewer_id);
    assert_eq!(redemption.viewer_name, polled[0].viewer_name);
    assert_eq!(redemption.cost, polled[0].cost);
    rewards.settle(&alice(), &reward, &ids, Direction::Refund).await;
    let updated = Notification::RedemptionUpdated {
        channel: alice(),
        reward,
        redemption: ids[0].clone(),
        status: TwitchRedemptionStatus::Canceled,
    };
    listener.until("the refund", |heard| heard.notifications.contains(&updated)).await;
}

#[tokio::test]
async fn a_restarted_process_finds_its_subscriptions_and_makes_none_anew() {
    let world = World::new().await;
    world.log_in(&alice()).await;
    let (listener, server) = hooked(&world, &[alice()]).await;
    listener.until_served(&alice(), 1).await;
    listener.until_states(&alice(), "enabled", 8).await;
    let made = world.calls("POST", SUBSCRIPTIONS).await;
    let sink = listener.sink.clone();
    drop(listener);
    let listener = Listener::of(world.adapter_hearing(webhook_config(&server)), sink);
    listener.until_served(&alice(), 2).await;
    listener.until_states(&alice(), "enabled", 8).await;
    assert_eq!(listener.adapter.eventsub.ensure(&alice()).await, Ok(()));
    assert_eq!(world.calls("POST", SUBSCRIPTIONS).await, made);
}

#[tokio::test]
async fn a_channel_without_a_login_is_told_so_and_holds_nobody_up() {
    let world = World::new().await;
    world.vault.log_in(&alice(), world.granted(&alice(), &[]).await);
    let (listener, _server) = hooked(&world, &[alice(), bob()]).await;
    listener.until_served(&bob(), 1).await;
    let made = listener.adapter.rewards.create(&alice(), &spec("Deaf"), false).await;
    assert_eq!(made, Err(RewardError::LoginNeeded));
    assert_eq!(listener.sink.heard().reconnections_of(&alice()), 0);
}

#[tokio::test]
async fn a_subscription_that_twitch_ended_is_deleted_and_made_again() {
    let world = World::new().await;
    let (listener, _server) = hooked(&world, &[alice()]).await;
    listener.until_served(&alice(), 1).await;
    let ended = listener.states_of(&alice())[0].id.clone();
    let body = json!({ "subscriptionId": ended, "status": "notification_failures_exceeded" });
    world.tell("POST", "eventsub/revoke", body).await;
    listener.until("the revocation", |heard| !heard.revoked.is_empty()).await;
    let revocation = listener.sink.heard().revoked[0].clone();
    listener.adapter.eventsub.ended(&revocation);
    until("it is gone", async || in_sandbox(&world).await.iter().all(|it| it["id"] != *ended))
        .await;
    listener.until_states(&alice(), "notification_failures_exceeded", 0).await;
    let kind = revocation.subscription_type;
    until("another is there", async || {
        let states = listener.states_of(&alice());
        states.iter().any(|it| it.subscription_type == kind && it.status == "enabled")
    })
    .await;
}

#[tokio::test]
async fn failures_are_tried_again_until_it_works() {
    let world = World::new().await;
    world.proxy.fail(Method::GET, SUBSCRIPTIONS, Fault::Answer(500, vec![]), 1);
    world.proxy.fail(Method::POST, SUBSCRIPTIONS, Fault::Answer(503, vec![]), 3);
    let (listener, _server) = hooked(&world, &[alice(), bob()]).await;
    listener.until_served(&alice(), 1).await;
    listener.until_served(&bob(), 1).await;
}
