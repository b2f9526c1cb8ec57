use crate::proxy::Fault;
use crate::world::{World, alice};
use gamification_core::ids::{RedemptionId, TwitchRewardId};
use gamification_core::ports::TwitchRewards;
use gamification_core::redemption::{Direction, SettleOutcome};
use hyper::Method;

const REDEMPTIONS: &str = "/helix/channel_points/custom_rewards/redemptions";

async fn refund(
    world: &World,
    reward: &TwitchRewardId,
    ids: &[RedemptionId],
) -> Vec<SettleOutcome> {
    let outcomes = world.rewards().settle(&alice(), reward, ids, Direction::Refund).await;
    assert!(outcomes.iter().map(|(id, _)| id).eq(ids));
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

/// A failure that is tried again when the core thinks fit.
fn later(reason: &str) -> SettleOutcome {
    SettleOutcome::Retry { after_seconds: None, reason: reason.to_owned() }
}

/// Whether it is tried again after the first pause of a channel in trouble, which has a part of
/// chance.
fn is_paused(outcome: &SettleOutcome, reason: &str) -> bool {
    matches!(outcome, SettleOutcome::Retry { after_seconds: Some(2..=4), reason: told }
        if told == reason)
}

#[tokio::test]
async fn an_error_after_the_effect_is_found_out_by_reading_back() {
    for fault in [Fault::AnswerAfterEffect(500), Fault::HangUpAfterEffect] {
        let world = World::new().await;
        let reward = world.reward_of_alice().await;
        let ids = world.redeem(&reward, 3).await;
        world.proxy.fail(Method::PATCH, REDEMPTIONS, fault, 1);
        // By the request that was made a moment ago: by us.
        assert_eq!(refund(&world, &reward, &ids).await, vec![SettleOutcome::Done; 3]);
        assert_eq!(world.in_status(&reward, "CANCELED").await, 3);
        assert_eq!(world.calls("PATCH", REDEMPTIONS).await, 1);
    }
}

#[tokio::test]
async fn an_error_without_effect_is_tried_again_later_and_the_next_batch_now() {
    let world = World::new().await;
    let reward = world.reward_of_alice().await;
    let ids = world.redeem(&reward, 12).await;
    world.moderator_settles(&ids[4], "FULFILLED").await;
    world.proxy.fail(Method::PATCH, REDEMPTIONS, Fault::Answer(500, vec![]), 1);
    let outcomes = refund(&world, &reward, &ids).await;
    let (first, second) = outcomes.split_at(10);
    assert_eq!(second, [SettleOutcome::Done, SettleOutcome::Done]);
    assert_eq!(first[4], SettleOutcome::AlreadyDone(Direction::Fulfil));
    let open = first.iter().enumerate().filter(|(place, _)| *place != 4);
    for (_, outcome) in open {
        assert!(is_paused(outcome, "Twitch answered 500"), "{outcome:?}");
    }
    let again = refund(&world, &reward, &ids[..4]).await;
    assert_eq!(again, vec![SettleOutcome::Done; 4]);
}

#[tokio::test]
async fn when_reading_back_fails_too_nothing_is_guessed_and_twitch_is_left_alone() {
    let world = World::new().await;
    let reward = world.reward_of_alice().await;
    let ids = world.redeem(&reward, 15).await;
    world.proxy.fail(Method::PATCH, REDEMPTIONS, Fault::HangUpAfterEffect, 1);
    world.proxy.fail(Method::GET, REDEMPTIONS, Fault::Answer(502, vec![]), 1);
    let outcomes = refund(&world, &reward, &ids).await;
    assert!(outcomes.iter().all(|it| is_paused(it, "Twitch answered 502")), "{outcomes:?}");
    assert_eq!(outcomes.len(), 15);
    assert_eq!(world.calls("PATCH", REDEMPTIONS).await, 1);
    let mut expected = vec![SettleOutcome::AlreadyDone(Direction::Refund); 10];
    expected.extend(vec![SettleOutcome::Done; 5]);
    assert_eq!(refund(&world, &reward, &ids).await, expected);
}

#[tokio::test]
async fn a_request_that_twitch_calls_invalid_is_taken_apart() {
    let world = World::new().await;
    let reward = world.reward_of_alice().await;
    let ids = world.redeem(&reward, 3).await;
    // The batch and, of the single ones, the first.
    world.proxy.fail(Method::PATCH, REDEMPTIONS, Fault::Answer(400, vec![]), 2);
    let outcomes = refund(&world, &reward, &ids).await;
    let expected = [later("Twitch answered 400: "), SettleOutcome::Done, SettleOutcome::Done];
    assert_eq!(outcomes, expected);
}

#[tokio::test]
async fn a_twitch_that_is_away_puts_everything_off() {
    let world = World::new().await;
    let reward = world.reward_of_alice().await;
    let ids = world.redeem(&reward, 11).await;
    let (adapter, _proxy) = world.shut_down().await;
    let outcomes = adapter.rewards.settle(&alice(), &reward, &ids, Direction::Refund).await;
    assert_eq!(outcomes.len(), 11);
    let broke = "the connection to Twitch broke";
    assert!(outcomes.iter().all(|(_, it)| is_paused(it, broke)), "{outcomes:?}");
}
