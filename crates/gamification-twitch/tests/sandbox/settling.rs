use crate::proxy::Fault;
use crate::world::{World, alice, spec, start};
use gamification_core::ids::{RedemptionId, TwitchRewardId, TwitchUserId};
use gamification_core::ports::TwitchRewards;
use gamification_core::redemption::{Direction, SettleOutcome, StuckReason};
use hyper::Method;

const REDEMPTIONS: &str = "/helix/channel_points/custom_rewards/redemptions";

fn unknown() -> RedemptionId {
    "00000000-0000-4000-8000-000000000000".into()
}

fn impossible(ids: &[RedemptionId], reason: StuckReason) -> Vec<(RedemptionId, SettleOutcome)> {
    ids.iter().map(|id| (id.clone(), SettleOutcome::Impossible(reason))).collect()
}

async fn settle(
    world: &World,
    reward: &TwitchRewardId,
    ids: &[RedemptionId],
    direction: Direction,
) -> Vec<(RedemptionId, SettleOutcome)> {
    world.rewards().settle(&alice(), reward, ids, direction).await
}

#[tokio::test]
async fn many_redemptions_are_settled_in_batches_of_ten() {
    let world = World::new().await;
    let reward = world.reward_of_alice().await;
    let ids = world.redeem(&reward, 25).await;
    let outcomes = settle(&world, &reward, &ids, Direction::Fulfil).await;
    let expected: Vec<_> = ids.iter().map(|id| (id.clone(), SettleOutcome::Done)).collect();
    assert_eq!(outcomes, expected);
    assert_eq!(world.in_status(&reward, "FULFILLED").await, 25);
    assert_eq!(world.calls("PATCH", REDEMPTIONS).await, 3);
    assert_eq!(settle(&world, &reward, &[], Direction::Fulfil).await, []);
}

#[tokio::test]
async fn a_refund_gives_the_points_back_once() {
    let world = World::new().await;
    let reward = world.reward_of_alice().await;
    let ids = world.redeem(&reward, 2).await;
    settle(&world, &reward, &ids, Direction::Refund).await;
    assert_eq!(world.in_status(&reward, "CANCELED").await, 2);
    let again = settle(&world, &reward, &ids, Direction::Refund).await;
    let refunded = SettleOutcome::AlreadyDone(Direction::Refund);
    assert_eq!(again, [(ids[0].clone(), refunded.clone()), (ids[1].clone(), refunded.clone())]);
    let other_way = settle(&world, &reward, &ids[..1], Direction::Fulfil).await;
    assert_eq!(other_way, [(ids[0].clone(), refunded)]);
    assert_eq!(world.in_status(&reward, "CANCELED").await, 2);
}

#[tokio::test]
async fn what_a_moderator_settled_is_told_and_the_rest_of_the_batch_is_settled() {
    let world = World::new().await;
    let reward = world.reward_of_alice().await;
    let mut ids = world.redeem(&reward, 5).await;
    world.moderator_settles(&ids[1], "FULFILLED").await;
    world.moderator_settles(&ids[3], "CANCELED").await;
    ids.insert(2, unknown());
    let outcomes = settle(&world, &reward, &ids, Direction::Refund).await;
    let expected = [
        SettleOutcome::Done,
        SettleOutcome::AlreadyDone(Direction::Fulfil),
        SettleOutcome::Impossible(StuckReason::RedemptionUnknown),
        SettleOutcome::Done,
        SettleOutcome::AlreadyDone(Direction::Refund),
        SettleOutcome::Done,
    ];
    assert_eq!(outcomes, ids.into_iter().zip(expected).collect::<Vec<_>>());
    assert_eq!(world.in_status(&reward, "FULFILLED").await, 1);
    assert_eq!(world.in_status(&reward, "CANCELED").await, 4);
}

#[tokio::test]
async fn a_redemption_that_twitch_does_not_know_cannot_be_settled() {
    let world = World::new().await;
    let reward = world.reward_of_alice().await;
    let outcomes = settle(&world, &reward, &[unknown()], Direction::Refund).await;
    assert_eq!(outcomes, impossible(&[unknown()], StuckReason::RedemptionUnknown));
}

#[tokio::test]
async fn redemptions_of_a_deleted_reward_cannot_be_settled() {
    let world = World::new().await;
    let reward = world.reward_of_alice().await;
    let ids = world.redeem(&reward, 3).await;
    world.rewards().delete(&alice(), &reward).await.unwrap();
    let outcomes = settle(&world, &reward, &ids, Direction::Refund).await;
    assert_eq!(outcomes, impossible(&ids, StuckReason::RewardDeleted));
}

#[tokio::test]
async fn redemptions_of_another_application_s_reward_cannot_be_settled() {
    let world = World::new().await;
    let theirs = world.foreign_adapter().rewards;
    let reward = theirs.create(&alice(), &spec("Hydrate"), false).await.unwrap();
    let ids = world.redeem(&reward, 2).await;
    let outcomes = settle(&world, &reward, &ids, Direction::Fulfil).await;
    assert_eq!(outcomes, impossible(&ids, StuckReason::NotOurs));
    assert_eq!(world.in_status(&reward, "UNFULFILLED").await, 2);
}

#[tokio::test]
async fn a_channel_that_lost_its_points_cannot_settle() {
    let world = World::new().await;
    let reward = world.reward_of_alice().await;
    let ids = world.redeem(&reward, 1).await;
    world.set_broadcaster_type("alice", "").await;
    let outcomes = settle(&world, &reward, &ids, Direction::Refund).await;
    assert_eq!(outcomes, impossible(&ids, StuckReason::ChannelNotEligible));
}

#[tokio::test]
async fn nothing_is_tried_for_a_channel_whose_login_is_dead() {
    let world = World::new().await;
    let reward = world.reward_of_alice().await;
    let ids = world.redeem(&reward, 12).await;
    let stranger = settle_on(&world, &"404".into(), &reward, &ids).await;
    assert_eq!(stranger, vec![SettleOutcome::LoginNeeded; 12]);
    world.revoke(&world.proxy.last_token()).await;
    world.proxy.fail(Method::POST, "/oauth2/token", Fault::Answer(400, vec![]), 1);
    assert_eq!(settle_on(&world, &alice(), &reward, &ids).await, stranger);
    let calls = world.calls("PATCH", REDEMPTIONS).await;
    assert_eq!(settle_on(&world, &alice(), &reward, &ids).await, stranger);
    assert_eq!(world.calls("PATCH", REDEMPTIONS).await, calls);
    assert_eq!(world.in_status(&reward, "UNFULFILLED").await, 12);
    world.log_in(&alice()).await;
    assert_eq!(
        settle_on(&world, &alice(), &reward, &ids).await,
        [const { SettleOutcome::Done }; 12]
    );
}

async fn settle_on(
    world: &World,
    channel: &TwitchUserId,
    reward: &TwitchRewardId,
    ids: &[RedemptionId],
) -> Vec<SettleOutcome> {
    let outcomes = world.rewards().settle(channel, reward, ids, Direction::Refund).await;
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

#[tokio::test]
async fn a_rate_limit_puts_off_this_batch_and_all_that_follow() {
    let world = World::new().await;
    let reward = world.reward_of_alice().await;
    let ids = world.redeem(&reward, 30).await;
    let reset = (start().as_seconds() + 9).to_string();
    let headers = vec![("ratelimit-remaining", "0".to_owned()), ("ratelimit-reset", reset)];
    // The proxy answers the first settlement; a second one would reach the sandbox.
    world.proxy.fail(Method::PATCH, REDEMPTIONS, Fault::Answer(429, headers), 1);
    let outcomes = settle(&world, &reward, &ids, Direction::Fulfil).await;
    let reason = "Twitch asks for fewer calls".to_owned();
    let later = SettleOutcome::Retry { after_seconds: Some(9), reason };
    let expected: Vec<_> = ids.into_iter().map(|id| (id, later.clone())).collect();
    assert_eq!(outcomes, expected);
    assert_eq!(world.calls("PATCH", REDEMPTIONS).await, 0);
}
