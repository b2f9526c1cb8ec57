//! Executions that are confirmed as a whole, over HTTP; and the cache of what waits for that.

use crate::support::{executing, executing_group, settlements, stored, write};
use gamification_core::instance::{ExecutionStatus, FailureReason, InstanceState};
use gamification_core::ports::{EventBroadcaster, Lock, Wakeup, WakeupStream};
use gamification_core::redemption::Settlement;
use gamification_core::service::ServiceError;
use gamification_testkit::{World, fixtures};
use std::collections::BTreeSet;
use std::task::{Context, Poll, Waker};

const NOT_PENDING: ServiceError = ServiceError::NotFound("pending execution");

#[tokio::test]
async fn a_confirmed_execution_is_fulfilled_and_told_once() {
    let world = World::new().await;
    let goal = executing(&world, 0).await;
    let connection = world.connection.id;
    let ended = world.game.confirm_execution(connection, goal.id, true, None).await.unwrap();
    assert_eq!(ended.execution_status(), Some(ExecutionStatus::Executed));
    let again = world.game.confirm_execution(connection, goal.id, false, None).await;
    assert_eq!(again, Err(NOT_PENDING));
    world.work_until_idle().await;
    assert_eq!(world.table.sent(), [], "what was confirmed is not asked for any more");
    assert_eq!(settlements(&world).await, [Settlement::Fulfilled; 3]);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_reported_failure_refunds_with_the_tables_words() {
    let world = World::new().await;
    let goal = executing(&world, 0).await;
    let (connection, words) = (world.connection.id, "the actor is gone".to_owned());
    let failed = world.game.confirm_execution(connection, goal.id, false, Some(words.clone()));
    let failed = failed.await.unwrap();
    let InstanceState::Failed { reason, message, .. } = failed.state else { panic!("{failed:?}") };
    assert_eq!((reason, message), (FailureReason::Table, words));
    world.work_until_idle().await;
    assert_eq!(settlements(&world).await, [Settlement::Refunded; 3]);
    world.assert_balanced().await;
}

#[tokio::test]
async fn only_the_campaigns_own_world_may_confirm_and_only_what_is_executed() {
    let world = World::new().await;
    world.click(0, "ann").await;
    let active = world.goal(0).await.unwrap();
    let game = &world.game;
    let connection = world.connection.id;
    assert_eq!(game.confirm_execution(connection, active.id, true, None).await, Err(NOT_PENDING));
    let unknown = fixtures::id(1);
    assert_eq!(game.confirm_execution(connection, unknown, true, None).await, Err(NOT_PENDING));
    let goal = executing_group(&world).await;
    let stranger = fixtures::id(6_002);
    assert_eq!(game.confirm_execution(stranger, goal.id, true, None).await, Err(NOT_PENDING));
    write(&world, async |uow| {
        let found = uow.vtt().connection(connection, Lock::Exclusive).await.unwrap();
        let mut revoked = found.unwrap();
        revoked.revoked_at = Some(fixtures::NOW);
        uow.vtt().save_connection(&revoked).await.unwrap();
    })
    .await;
    assert_eq!(game.confirm_execution(connection, goal.id, true, None).await, Err(NOT_PENDING));
    assert_eq!(stored(&world, goal.id).await, goal);
}

#[tokio::test]
async fn a_cache_that_lost_everything_or_is_away_costs_nothing() {
    let world = World::new().await;
    let goal = executing(&world, 0).await;
    assert_eq!(world.pending.known(), [goal.id]);
    world.pending.lose_everything();
    let from_store = world.game.pending_execution(goal.id).await.unwrap().unwrap();
    assert_eq!(
        (from_store.instance_id, from_store.streamer_id),
        (goal.id, Some(world.streamer(0)))
    );
    assert_eq!(world.pending.known(), [goal.id], "which fills it again");
    let from_cache = world.game.pending_execution(goal.id).await.unwrap().unwrap();
    assert_eq!(from_cache, from_store);
    world.pending.set_away(true);
    let away = world.game.pending_execution(goal.id).await.unwrap().unwrap();
    assert_eq!(away, from_store);
    let connection = world.connection.id;
    world.game.confirm_execution(connection, goal.id, true, None).await.unwrap();
    world.work_until_idle().await;
    assert_eq!(settlements(&world).await, [Settlement::Fulfilled; 3]);
}

#[tokio::test]
async fn an_entry_that_the_cache_kept_too_long_confirms_nothing() {
    let world = World::new().await;
    let goal = executing(&world, 0).await;
    world.pending.set_away(true);
    world.advance(121).await;
    world.work_until_idle().await;
    world.pending.set_away(false);
    assert_eq!(world.pending.known(), [goal.id], "it could not be told");
    let late = world.game.confirm_execution(world.connection.id, goal.id, true, None).await;
    assert_eq!(late, Err(NOT_PENDING));
    assert_eq!(settlements(&world).await, [Settlement::Refunded; 3]);
    world.assert_balanced().await;
}

#[tokio::test]
async fn the_cache_forgets_what_has_ended() {
    let world = World::new().await;
    let goal = executing(&world, 0).await;
    world.game.confirm_execution(world.connection.id, goal.id, true, None).await.unwrap();
    assert_eq!(world.pending.known(), []);
    assert_eq!(world.game.pending_execution(goal.id).await.unwrap(), None);
}

/// The wake-ups that wait for this subscriber.
fn waiting(wakeups: &mut WakeupStream) -> BTreeSet<&'static str> {
    let (mut seen, mut context) = (BTreeSet::new(), Context::from_waker(Waker::noop()));
    while let Poll::Ready(Some(wakeup)) = wakeups.as_mut().poll_next(&mut context) {
        seen.insert(match wakeup {
            Wakeup::Campaign(_) => "campaign",
            Wakeup::Work => "work",
            Wakeup::All => "all",
        });
    }
    seen
}

#[tokio::test]
async fn subscribers_are_woken_after_the_commit_and_workers_when_there_is_work() {
    let world = World::new().await;
    let mut wakeups = world.broadcast.subscribe();
    world.click(0, "ann").await;
    assert_eq!(waiting(&mut wakeups), BTreeSet::from(["campaign", "work"]));
    let refused = world.redeem(&world.invert, 0, "ben").await.unwrap();
    world.store.faults().fail_next(10);
    assert!(world.deliver(&refused).await.is_err());
    assert_eq!(waiting(&mut wakeups), BTreeSet::new(), "nothing became true");
}
