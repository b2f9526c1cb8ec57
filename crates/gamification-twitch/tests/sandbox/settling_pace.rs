use crate::proxy::Fault;
use crate::world::{World, alice};
use gamification_core::ids::{RedemptionId, TwitchRewardId};
use gamification_core::redemption::{Direction, SettleOutcome};
use hyper::Method;
use serde_json::{Value, json};

const REDEMPTIONS: &str = "/helix/channel_points/custom_rewards/redemptions";

async fn fulfil(
    world: &World,
    reward: &TwitchRewardId,
    ids: &[RedemptionId],
) -> Vec<SettleOutcome> {
    let outcomes = world.rewards().settle(&alice(), reward, ids, Direction::Fulfil).await;
    assert!(outcomes.iter().map(|(id, _)| id).eq(ids));
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

fn is_retry(outcome: &SettleOutcome) -> bool {
    matches!(outcome, SettleOutcome::Retry { .. })
}

#[tokio::test]
async fn batches_grow_to_fifty_after_five_clean_ones_and_fall_back_at_the_first_failure() {
    let world = World::new().await;
    let reward = world.reward_of_alice().await;
    let ids = world.redeem(&reward, 190).await;
    let done = |count| vec![SettleOutcome::Done; count];
    assert_eq!(fulfil(&world, &reward, &ids[..50]).await, done(50));
    assert_eq!(world.calls("PATCH", REDEMPTIONS).await, 5);
    assert_eq!(fulfil(&world, &reward, &ids[50..100]).await, done(50));
    assert_eq!(world.calls("PATCH", REDEMPTIONS).await, 6, "all fifty at once");
    world.proxy.fail(Method::PATCH, REDEMPTIONS, Fault::Answer(500, vec![]), 1);
    assert!(fulfil(&world, &reward, &ids[100..150]).await.iter().all(is_retry));
    assert_eq!(fulfil(&world, &reward, &ids[100..140]).await, done(40));
    assert_eq!(world.calls("PATCH", REDEMPTIONS).await, 10, "tens again");
    assert_eq!(world.in_status(&reward, "FULFILLED").await, 140);
}

#[tokio::test]
async fn another_channel_s_failures_slow_nobody_else_down() {
    let world = World::new().await;
    let reward = world.reward_of_alice().await;
    let ids = world.redeem(&reward, 100).await;
    fulfil(&world, &reward, &ids[..50]).await;
    let stranger = "404".into();
    let theirs = world.rewards().settle(&stranger, &reward, &ids[50..], Direction::Fulfil).await;
    assert!(theirs.iter().all(|(_, it)| *it == SettleOutcome::LoginNeeded));
    fulfil(&world, &reward, &ids[50..]).await;
    assert_eq!(world.calls("PATCH", REDEMPTIONS).await, 6);
}

#[tokio::test]
async fn what_is_left_of_a_batch_that_was_half_applied_is_found_out() {
    let world = World::new().await;
    let reward = world.reward_of_alice().await;
    let ids = world.redeem(&reward, 10).await;
    world.rewards().list(&alice()).await.unwrap();
    let plan = json!({
        "seed": 1,
        "calls": { "failPercent": 100, "kinds": ["halfBatch"] },
        "paths": ["PATCH /channel_points/custom_rewards/redemptions"],
    });
    world.tell("PUT", "faults", plan).await;
    let outcomes = fulfil(&world, &reward, &ids).await;
    world.tell("DELETE", "faults", Value::Null).await;
    assert_eq!(outcomes[..5], vec![SettleOutcome::Done; 5]);
    assert!(outcomes[5..].iter().all(is_retry), "{outcomes:?}");
    assert_eq!(fulfil(&world, &reward, &ids[5..]).await, vec![SettleOutcome::Done; 5]);
    assert_eq!(world.in_status(&reward, "FULFILLED").await, 10);
}

#[tokio::test]
async fn pauses_grow_while_twitch_is_in_trouble_and_end_with_it() {
    let world = World::new().await;
    let reward = world.reward_of_alice().await;
    let ids = world.redeem(&reward, 2).await;
    world.proxy.fail(Method::PATCH, REDEMPTIONS, Fault::Answer(503, vec![]), 3);
    for (shortest, longest) in [(2, 4), (4, 8), (8, 16)] {
        let outcomes = fulfil(&world, &reward, &ids[..1]).await;
        let [SettleOutcome::Retry { after_seconds: Some(pause), .. }] = outcomes[..] else {
            panic!("{outcomes:?}")
        };
        assert!((shortest..=longest).contains(&pause), "{pause}");
    }
    assert_eq!(fulfil(&world, &reward, &ids[..1]).await, [SettleOutcome::Done]);
    world.proxy.fail(Method::PATCH, REDEMPTIONS, Fault::Answer(503, vec![]), 1);
    let again = fulfil(&world, &reward, &ids[1..]).await;
    let is_short = matches!(again[..], [SettleOutcome::Retry { after_seconds: Some(2..=4), .. }]);
    assert!(is_short, "{again:?}");
}
