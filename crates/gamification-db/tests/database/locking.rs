//! What only shows when two transactions of one task meet, or two programs.

use crate::game::Game;
use crate::support::Kind;
use gamification_core::outbox::OutboxEntry;
use gamification_core::ports::{Lock, Store, StoreError};
use gamification_testkit::fixtures::{self, NOW, at};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// Less than the time after which a lock is given up.
const AT_ONCE: Duration = Duration::from_secs(3);

#[tokio::test]
async fn rows_that_somebody_else_holds_are_not_waited_for_when_claiming() {
    let game = Game::set_up(Kind::Postgres).await;
    let rows = [1, 2, 3].map(|n| fixtures::refused(n, &game.rewards[0]));
    assert_eq!(game.record(&rows).await, 3);
    let mut holder = game.begin().await;
    assert!(holder.redemptions().lock(&rows[0].id).await.unwrap().is_some());
    let mut claimer = game.begin().await;
    let claimed = claimer.redemptions().claim_due(at(50), at(90), 10);
    let claimed = timeout(AT_ONCE, claimed).await.expect("nobody waits").unwrap();
    let ids: Vec<_> = claimed.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["redemption-2", "redemption-3"]);
}

#[tokio::test]
async fn shared_locks_go_together_and_keep_an_exclusive_one_out() {
    let game = Game::set_up(Kind::Postgres).await;
    let id = game.campaign.id;
    let (mut first, mut second) = (game.begin().await, game.begin().await);
    assert!(first.campaigns().get(id, Lock::Shared).await.unwrap().is_some());
    let shared = second.campaigns().get(id, Lock::Shared);
    assert!(timeout(AT_ONCE, shared).await.expect("nobody waits").unwrap().is_some());
    let mut third = game.begin().await;
    let exclusive = third.campaigns().get(id, Lock::Exclusive).await;
    assert!(matches!(exclusive, Err(StoreError::Contention(_))), "{exclusive:?}");
}

#[tokio::test]
async fn one_at_a_time_takes_from_the_outbox() {
    let game = Game::set_up(Kind::Postgres).await;
    let streamer = game.rewards[0].streamer_id;
    // The older one is not due yet for the first taker, whose clock is behind.
    let older = OutboxEntry {
        next_attempt_at: at(50),
        ..fixtures::chat_notice(1, &game.campaign, streamer)
    };
    let mut uow = game.begin().await;
    let entries = [older, fixtures::chat_notice(2, &game.campaign, streamer)];
    uow.outbox().push(&entries).await.unwrap();
    uow.commit().await.unwrap();
    let (mut first, mut second) = (game.begin().await, game.begin().await);
    let taken = first.outbox().take(at(49), at(109), NOW, 5).await.unwrap();
    assert_eq!(taken.len(), 1);
    let meanwhile = second.outbox().take(at(51), at(111), NOW, 5).await;
    assert!(matches!(meanwhile, Err(StoreError::Contention(_))), "{meanwhile:?}");
    first.commit().await.unwrap();
    drop(second);
    let mut third = game.begin().await;
    assert_eq!(third.outbox().take(at(51), at(111), NOW, 5).await.unwrap(), []);
}

#[tokio::test]
async fn a_deadlock_is_contention_for_one_and_nothing_for_the_other() {
    let game = Game::set_up(Kind::Postgres).await;
    let [a, b] = [game.rewards[0].key, game.rewards[1].key];
    let (mut first, mut second) = (game.begin().await, game.begin().await);
    first.rewards().lock(a).await.unwrap();
    second.rewards().lock(b).await.unwrap();
    let second_then_commits = async {
        let outcome = second.rewards().lock(a).await;
        drop(second);
        outcome
    };
    let first_then_commits = async {
        let outcome = first.rewards().lock(b).await;
        drop(first);
        outcome
    };
    let (first, second) = tokio::join!(first_then_commits, second_then_commits);
    let losers = [&first, &second]
        .into_iter()
        .filter(|outcome| matches!(outcome, Err(StoreError::Contention(_))))
        .count();
    assert_eq!(losers, 1, "{first:?} {second:?}");
}

#[tokio::test]
async fn a_second_program_on_a_sqlite_file_waits_and_then_calls_it_contention() {
    let game = Game::set_up(Kind::Sqlite).await;
    let other = game.fresh.connect().await;
    let writing = game.begin().await;
    let refused = other.begin().await.map(|_| ());
    assert!(matches!(refused, Err(StoreError::Contention(_))), "{refused:?}");
    drop(writing);
    assert!(other.begin().await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_simultaneous_pairings_with_one_code_one_gets_it() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let game = Game::set_up(kind).await;
        let mut running: JoinSet<_> = (1..=10)
            .map(|n| {
                let database = game.database.clone();
                async move {
                    let mut uow = database.begin().await?;
                    uow.vtt().save_pairing(&fixtures::pairing(n, "ABCD2345"), at(0)).await?;
                    uow.commit().await
                }
            })
            .collect();
        let mut given = 0;
        while let Some(outcome) = running.join_next().await {
            match outcome.unwrap() {
                Ok(()) => given += 1,
                Err(StoreError::AlreadyExists(_)) => {}
                Err(other) => panic!("{kind:?} {other}"),
            }
        }
        assert_eq!(given, 1, "{kind:?}");
    }
}
