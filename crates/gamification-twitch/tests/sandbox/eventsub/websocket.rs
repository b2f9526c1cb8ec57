use super::listener::{Listener, SUBSCRIPTIONS, in_sandbox, socket_url, until};
use crate::world::{World, alice, bob, spec};
use gamification_core::ports::{RewardError, TwitchRewards};
use gamification_core::redemption::{Direction, RedemptionSource, TwitchRedemptionStatus};
use gamification_twitch::envelope::Notification;
use gamification_twitch::{EventSubConfig, scopes};
use serde_json::json;
use std::collections::BTreeSet;

pub(super) fn config(world: &World) -> EventSubConfig {
    EventSubConfig::Websocket { url: socket_url(world) }
}

#[tokio::test]
async fn a_created_reward_s_redemptions_are_heard_without_a_public_address() {
    let world = World::new().await;
    // Nobody wants the channel yet: making the reward does.
    let listener = Listener::start(&world, config(&world), &[]);
    let rewards = &listener.adapter.rewards;
    let reward = rewards.create(&alice(), &spec("Betrayal"), false).await.unwrap();
    listener.until_served(&alice(), 1).await;
    listener.sink.heard().busy = 2;
    let ids = world.redeem(&reward, 3).await;
    listener.until_redemptions(&ids).await;
    rewards.settle(&alice(), &reward, &ids[..1], Direction::Refund).await;
    let updated = Notification::RedemptionUpdated {
        channel: alice(),
        reward: reward.clone(),
        redemption: ids[0].clone(),
        status: TwitchRedemptionStatus::Canceled,
    };
    listener.until("the refund", |heard| heard.notifications.contains(&updated)).await;
    rewards.delete(&alice(), &reward).await.unwrap();
    let removed = Notification::RewardRemoved { channel: alice(), reward };
    listener.until("the deletion", |heard| heard.notifications.contains(&removed)).await;
    let heard = listener.sink.heard();
    for notification in &heard.notifications {
        if let Notification::RedemptionAdded { redemption, .. } = notification {
            assert_eq!(redemption.source, RedemptionSource::Websocket);
        }
    }
}

#[tokio::test]
async fn what_is_told_of_subscriptions_is_what_the_sandbox_has() {
    let world = World::new().await;
    world.log_in(&alice()).await;
    let listener = Listener::start(&world, config(&world), &[alice(), bob()]);
    listener.until_states(&alice(), "enabled", 8).await;
    listener.until_served(&bob(), 1).await;
    let told: BTreeSet<_> = listener
        .adapter
        .eventsub
        .subscriptions()
        .into_iter()
        .filter(|it| !it.id.is_empty())
        .map(|it| (it.id, it.subscription_type, it.status, it.transport))
        .collect();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let there: BTreeSet<_> = in_sandbox(&world)
        .await
        .iter()
        .map(|it| {
            (
                text(&it["id"]),
                text(&it["type"]),
                text(&it["status"]),
                text(&it["transport"]["method"]),
            )
        })
        .collect();
    assert_eq!(told, there);
}

#[tokio::test]
async fn polls_that_were_not_granted_are_told_and_keep_nothing_else_from_working() {
    let world = World::new().await;
    world.vault.log_in(&alice(), world.granted(&alice(), &[scopes::REWARDS]).await);
    let listener = Listener::start(&world, config(&world), &[alice()]);
    listener.until_served(&alice(), 1).await;
    listener.until_states(&alice(), "not_granted", 2).await;
    listener.until_states(&alice(), "enabled", 6).await;
    world.log_in(&alice()).await;
    world.clock.advance(60);
    until("the polls are asked for again", async || {
        listener.adapter.eventsub.nudge();
        listener.states_of(&alice()).iter().filter(|it| it.status == "enabled").count() == 8
    })
    .await;
}

#[tokio::test]
async fn a_channel_that_took_back_its_grant_waits_for_its_login_and_holds_nobody_up() {
    let world = World::new().await;
    let listener = Listener::start(&world, config(&world), &[alice(), bob()]);
    listener.until_served(&alice(), 1).await;
    listener.until_served(&bob(), 1).await;
    let reward = world.rewards().create(&bob(), &spec("Bob's"), false).await.unwrap();
    world.tell("POST", "users/alice/revoke", json!({})).await;
    listener.until("the revocations", |heard| heard.revoked.len() >= 8).await;
    let revoked = listener.sink.heard().revoked[0].clone();
    assert_eq!(
        (revoked.channel, revoked.reason.as_str()),
        (Some(alice()), "authorization_revoked")
    );
    let ensured = listener.adapter.eventsub.ensure(&alice()).await;
    assert_eq!(ensured, Err(RewardError::LoginNeeded));
    // What is told is what Twitch has, though the connection is gone.
    listener.until_states(&alice(), "authorization_revoked", 8).await;
    let ids = world.redeem(&reward, 2).await;
    listener.until_redemptions(&ids).await;
    world.log_in(&alice()).await;
    world.clock.advance(60);
    listener.adapter.eventsub.nudge();
    listener.until_served(&alice(), 2).await;
    assert_eq!(listener.adapter.eventsub.ensure(&alice()).await, Ok(()));
    until("nothing is left of the former session", async || {
        let all = in_sandbox(&world).await;
        let of_alice = |it: &&serde_json::Value| it["user_id"] == *alice().to_string();
        all.iter().filter(of_alice).all(|it| it["status"] == "enabled")
    })
    .await;
}

#[tokio::test]
async fn a_subscription_that_twitch_ended_is_made_again() {
    let world = World::new().await;
    let listener = Listener::start(&world, config(&world), &[alice()]);
    listener.until_served(&alice(), 1).await;
    let before = world.calls("POST", SUBSCRIPTIONS).await;
    let added = listener
        .states_of(&alice())
        .into_iter()
        .find(|it| it.subscription_type == gamification_twitch::envelope::REDEMPTION_ADD);
    let body = json!({
        "subscriptionId": added.unwrap().id, "status": "notification_failures_exceeded",
    });
    world.tell("POST", "eventsub/revoke", body).await;
    listener.until_served(&alice(), 2).await;
    assert_eq!(listener.sink.heard().revoked.len(), 1);
    assert!(world.calls("POST", SUBSCRIPTIONS).await > before);
    let reward = world.reward_of_alice().await;
    let ids = world.redeem(&reward, 1).await;
    listener.until_redemptions(&ids).await;
}

#[tokio::test]
async fn a_channel_that_is_no_longer_wanted_is_left() {
    let world = World::new().await;
    let listener = Listener::start(&world, config(&world), &[alice(), bob()]);
    listener.until_served(&alice(), 1).await;
    listener.until_served(&bob(), 1).await;
    listener.sink.heard().wanted = vec![bob()];
    listener.adapter.eventsub.nudge();
    until("one session is left", async || {
        let answer = world.tell("GET", "eventsub/sessions", json!(null)).await;
        answer["sessions"].as_array().unwrap().len() == 1
    })
    .await;
    assert_eq!(listener.states_of(&alice()), []);
}
