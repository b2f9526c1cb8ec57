//! What happens between a decision and Twitch, with moderators in between.

use crate::support::{armed, executing, gm, play_out, redeemed, row, settlements, told};
use gamification_core::ids::{RedemptionId, TwitchRewardId};
use gamification_core::ports::{RewardError, StoreError, TwitchRewards};
use gamification_core::redemption::{
    Direction, IncomingRedemption, SettledBy, Settlement, StuckReason, TwitchRedemptionStatus,
};
use gamification_core::service::{Conflict, ServiceError};
use gamification_testkit::{TwitchCall, World};

async fn reward_id(world: &World) -> TwitchRewardId {
    world.reward(&world.invert, 0).await.unwrap().twitch_id.unwrap()
}

fn moderated(world: &World, redemption: &RedemptionId, direction: Direction) {
    assert!(world.twitch.moderate(&world.streamers[0].twitch_id, redemption, direction));
}

fn settle_calls(world: &World) -> usize {
    world.twitch.calls().iter().filter(|call| **call == TwitchCall::Settle).count()
}

/// A click of the first channel whose points are to go back.
async fn to_refund(world: &World) -> IncomingRedemption {
    let [click] = redeemed(world, 0, ["ann"]).await;
    world.deliver(&click).await.unwrap();
    let goal = world.goal(0).await.unwrap();
    world.game.cancel_goal(&gm(), goal.id, None).await.unwrap();
    assert_eq!(row(world, &click).await.settlement, Settlement::RefundDue);
    click
}

#[tokio::test]
async fn what_a_moderator_settled_otherwise_is_taken_as_it_is() {
    let world = World::new().await;
    executing(&world, 0).await;
    let rows = world.redemptions().await;
    moderated(&world, &rows[0].id, Direction::Refund);
    moderated(&world, &rows[1].id, Direction::Fulfil);
    play_out(&world).await;
    let after = world.redemptions().await;
    let ends: Vec<_> = after.iter().map(|row| (row.settlement, row.settled_by)).collect();
    assert_eq!(
        ends,
        [
            (Settlement::Refunded, Some(SettledBy::External)),
            (Settlement::Fulfilled, Some(SettledBy::External)),
            (Settlement::Fulfilled, Some(SettledBy::Us)),
        ]
    );
    assert!(after.iter().all(|row| row.direction == Some(Direction::Fulfil)));
    world.assert_balanced().await;
}

#[tokio::test]
async fn many_refunds_go_out_fifty_at_a_time() {
    let world = World::new().await;
    let [late] = redeemed(&world, 0, ["zoe"]).await;
    let mut batch = vec![late];
    for n in 0..104 {
        batch.push(world.redeem(&world.invert, 0, &format!("viewer-{n}")).await.unwrap());
    }
    armed(&world, 0).await;
    world.game.contribute(&batch).await.into_iter().for_each(|outcome| {
        outcome.unwrap();
    });
    let before = settle_calls(&world);
    world.work_until_idle().await;
    assert_eq!(settle_calls(&world) - before, 3);
    assert_eq!(world.ledger().await.total.refunded.count, 105);
    world.assert_balanced().await;
}

#[tokio::test]
async fn what_can_never_be_settled_is_stuck_with_its_reason() {
    let world = World::new().await;
    let click = to_refund(&world).await;
    let reward = reward_id(&world).await;
    world.twitch.delete(&world.streamers[0].twitch_id, &reward).await.unwrap();
    world.work_until_idle().await;
    let stuck = row(&world, &click).await;
    assert_eq!(stuck.settlement, Settlement::Stuck);
    assert_eq!(stuck.stuck_reason, Some(StuckReason::RewardDeleted));
    assert_eq!(world.ledger().await.total.stuck.count, 1);
    world.advance(10_000).await;
    world.work_until_idle().await;
    assert_eq!(row(&world, &click).await, stuck, "it waits for a person");
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_person_lets_a_stuck_redemption_be_tried_again() {
    let world = World::new().await;
    let click = to_refund(&world).await;
    let not_stuck = world.game.retry_redemption(&gm(), &click.id).await;
    assert_eq!(not_stuck, Err(Conflict::NotStuck.into()));
    world.twitch.fail_next(TwitchCall::Settle, RewardError::NotOurs);
    world.work_until_idle().await;
    assert_eq!(row(&world, &click).await.stuck_reason, Some(StuckReason::NotOurs));
    let retried = world.game.retry_redemption(&gm(), &click.id).await.unwrap();
    assert_eq!((retried.settlement, retried.stuck_reason), (Settlement::RefundDue, None));
    world.work_until_idle().await;
    assert_eq!(row(&world, &click).await.settlement, Settlement::Refunded);
    let ended = world.game.retry_redemption(&gm(), &click.id).await;
    assert_eq!(ended, Err(Conflict::NotStuck.into()));
    let unknown = world.game.retry_redemption(&gm(), &"unknown".into()).await;
    assert_eq!(unknown, Err(ServiceError::NotFound("redemption")));
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_failed_try_is_repeated_less_and_less_often() {
    let world = World::new().await;
    let click = to_refund(&world).await;
    for pause in [1, 2, 4, 8] {
        let busy = RewardError::Unavailable { after_seconds: None, reason: "busy".to_owned() };
        world.twitch.fail_next(TwitchCall::Settle, busy);
        let calls = settle_calls(&world);
        world.work_until_idle().await;
        assert_eq!(settle_calls(&world), calls + 1);
        let waiting = row(&world, &click).await;
        assert_eq!(waiting.settlement, Settlement::RefundDue);
        assert!(waiting.last_error.unwrap().contains("busy"));
        world.advance(pause - 1).await;
        world.work_until_idle().await;
        assert_eq!(settle_calls(&world), calls + 1, "not before {pause} s");
        world.advance(1).await;
    }
    world.work_until_idle().await;
    assert_eq!(row(&world, &click).await.settlement, Settlement::Refunded);
    assert_eq!(row(&world, &click).await.last_error, None);
}

#[tokio::test]
async fn twitch_says_itself_when_to_come_back() {
    let world = World::new().await;
    let click = to_refund(&world).await;
    let limited = RewardError::Unavailable { after_seconds: Some(45), reason: "slow".to_owned() };
    world.twitch.fail_next(TwitchCall::Settle, limited);
    world.work_until_idle().await;
    world.advance(44).await;
    world.work_until_idle().await;
    assert_eq!(row(&world, &click).await.settlement, Settlement::RefundDue);
    world.advance(1).await;
    world.work_until_idle().await;
    assert_eq!(row(&world, &click).await.settlement, Settlement::Refunded);
}

#[tokio::test]
async fn a_pending_redemption_that_a_moderator_settled_keeps_counting() {
    let world = World::new().await;
    let [click] = redeemed(&world, 0, ["ann"]).await;
    world.deliver(&click).await.unwrap();
    moderated(&world, &click.id, Direction::Refund);
    world.game.redemption_updated(&click.id, TwitchRedemptionStatus::Canceled).await.unwrap();
    let ended = row(&world, &click).await;
    assert_eq!(ended.settlement, Settlement::Refunded);
    assert_eq!((ended.settled_by, ended.direction), (Some(SettledBy::External), None));
    assert_eq!(world.goal(0).await.unwrap().progress, 1);
    world.assert_balanced().await;
    for viewer in ["ben", "cat"] {
        world.click(0, viewer).await;
    }
    world.crit(0, 20).await;
    play_out(&world).await;
    assert_eq!(
        settlements(&world).await,
        [Settlement::Refunded, Settlement::Fulfilled, Settlement::Fulfilled]
    );
    assert_eq!(row(&world, &click).await, ended);
    world.assert_balanced().await;
}

#[tokio::test]
async fn our_own_call_that_twitch_tells_before_we_wrote_its_answer_stays_ours() {
    let world = World::new().await;
    let click = to_refund(&world).await;
    let writes = world.store.faults().writes_seen();
    world.store.faults().fail_at_write(3, StoreError::Unavailable("gone".to_owned()));
    assert!(world.game.settle_due().await.is_err(), "claimed, settled, not written");
    assert_eq!(world.store.faults().writes_seen(), writes + 3);
    world.game.redemption_updated(&click.id, TwitchRedemptionStatus::Canceled).await.unwrap();
    let ended = row(&world, &click).await;
    assert_eq!((ended.settlement, ended.settled_by), (Settlement::Refunded, Some(SettledBy::Us)));
    assert_eq!(told(&world).await.last(), Some(&"gamification:contributions_refunded"));
    world.advance(60).await;
    world.work_until_idle().await;
    assert_eq!(row(&world, &click).await, ended);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_moderator_ends_what_waits_for_a_person() {
    let world = World::new().await;
    let click = to_refund(&world).await;
    world.twitch.fail_next(TwitchCall::Settle, RewardError::NotOurs);
    world.work_until_idle().await;
    moderated(&world, &click.id, Direction::Refund);
    world.game.redemption_updated(&click.id, TwitchRedemptionStatus::Canceled).await.unwrap();
    let ended = row(&world, &click).await;
    assert_eq!(ended.settlement, Settlement::Refunded);
    assert_eq!((ended.settled_by, ended.stuck_reason), (Some(SettledBy::External), None));
    world.assert_balanced().await;
}

#[tokio::test]
async fn what_twitch_tells_of_an_ended_unknown_or_unsettled_redemption_changes_nothing() {
    let world = World::new().await;
    let click = to_refund(&world).await;
    let due = row(&world, &click).await;
    let game = &world.game;
    game.redemption_updated(&click.id, TwitchRedemptionStatus::Unfulfilled).await.unwrap();
    game.redemption_updated(&"unknown".into(), TwitchRedemptionStatus::Canceled).await.unwrap();
    assert_eq!(row(&world, &click).await, due);
    world.work_until_idle().await;
    let ended = row(&world, &click).await;
    game.redemption_updated(&click.id, TwitchRedemptionStatus::Fulfilled).await.unwrap();
    assert_eq!(row(&world, &click).await, ended);
    assert_eq!(world.store.journal().len(), 4, "received, counted, decided, refunded");
}
