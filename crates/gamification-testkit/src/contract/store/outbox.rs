use super::StoreUnderTest;
use super::support::{Game, begun, committed, retried};
use crate::contract::concurrently;
use crate::fixtures::{self, NOW, at};
use gamification_core::ids::OutboxId;
use gamification_core::outbox::{OutboxEntry, OutboxStatus};
use gamification_core::ports::StoreError;
use std::collections::BTreeSet;

/// The notice number `n` for that streamer's channel.
fn notice(game: &Game, n: u32, streamer: usize) -> OutboxEntry {
    fixtures::chat_notice(n, &game.campaign, game.streamer(streamer))
}

async fn push(game: &Game, entries: &[OutboxEntry]) {
    committed!(game.store, |uow| uow.outbox().push(entries).await.unwrap());
}

async fn try_take(
    game: &Game,
    second: u32,
    quiet_seconds: u32,
    limit: u32,
) -> Result<Vec<OutboxEntry>, StoreError> {
    let (now, quiet_since) = (at(second), at(second).minus_seconds(quiet_seconds));
    let mut uow = game.store.begin().await?;
    let taken = uow.outbox().take(now, now.plus_seconds(60), quiet_since, limit).await?;
    uow.commit().await.map(|()| taken)
}

/// Takes for a minute, of channels that were quiet for 10 s; the numbers of what it got.
async fn take(game: &Game, second: u32, limit: u32) -> Vec<u32> {
    let taken = try_take(game, second, 10, limit).await.unwrap();
    taken.iter().map(number).collect()
}

fn number(entry: &OutboxEntry) -> u32 {
    (0..100).find(|n| fixtures::id::<OutboxId>(1_600 + n) == entry.id).expect("one of ours")
}

async fn complete(game: &Game, id: OutboxId, second: u32) {
    committed!(game.store, |uow| uow.outbox().complete(id, at(second)).await.unwrap());
}

pub async fn the_oldest_due_effect_of_each_channel_is_taken(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let late = OutboxEntry { next_attempt_at: at(500), ..notice(&game, 1, 0) };
    let entries = [
        notice(&game, 7, 1),
        late,
        notice(&game, 4, 0),
        notice(&game, 3, 0),
        notice(&game, 5, 2),
        notice(&game, 90, 3),
    ];
    push(&game, &entries).await;
    assert_eq!(take(&game, 2, 10).await, Vec::<u32>::new(), "nothing is due yet");
    let taken = try_take(&game, 60, 10, 2).await.unwrap();
    let expected = [notice(&game, 3, 0), notice(&game, 5, 2)].map(|entry| OutboxEntry {
        status: OutboxStatus::Taken,
        attempts: 1,
        ..entry
    });
    assert_eq!(taken, expected, "the oldest channels first, at most two");
    assert_eq!(take(&game, 61, 10).await, [7]);
    assert_eq!(take(&game, 62, 10).await, Vec::<u32>::new(), "each channel has one in flight");
}

pub async fn a_channel_stays_quiet_after_something_happened(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let entries = [1, 2, 3].map(|n| notice(&game, n, 0));
    push(&game, &entries).await;
    assert_eq!(take(&game, 20, 10).await, [1]);
    complete(&game, entries[0].id, 21).await;
    assert_eq!(take(&game, 30, 10).await, Vec::<u32>::new(), "9 s are not quiet enough");
    assert_eq!(take(&game, 31, 10).await, [2]);
    committed!(game.store, |uow| {
        uow.outbox().park(entries[1].id, at(32), "a word is blocked").await.unwrap();
    });
    assert_eq!(take(&game, 41, 10).await, Vec::<u32>::new(), "a failure may have been seen");
    assert_eq!(take(&game, 42, 10).await, [3]);
}

pub async fn a_postponed_effect_is_tried_again_in_its_time(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let entry = notice(&game, 1, 0);
    push(&game, &[entry.clone(), notice(&game, 2, 0)]).await;
    assert_eq!(take(&game, 10, 10).await, [1]);
    committed!(game.store, |uow| {
        uow.outbox().postpone(entry.id, at(40), "429").await.unwrap();
    });
    assert_eq!(take(&game, 39, 10).await, [2], "it certainly did not happen: no pause");
    complete(&game, notice(&game, 2, 0).id, 40).await;
    let again = try_take(&game, 50, 10, 10).await.unwrap();
    let expected = OutboxEntry {
        status: OutboxStatus::Taken,
        attempts: 2,
        next_attempt_at: at(40),
        last_error: Some("429".to_owned()),
        ..entry
    };
    assert_eq!(again, [expected]);
}

pub async fn an_effect_whose_taker_is_lost_is_never_tried_again(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let entry = notice(&game, 1, 0);
    push(&game, &[entry.clone(), notice(&game, 2, 0)]).await;
    assert_eq!(take(&game, 10, 10).await, [1]);
    assert_eq!(take(&game, 69, 10).await, Vec::<u32>::new(), "its lease is not over");
    assert_eq!(take(&game, 70, 10).await, Vec::<u32>::new(), "it may just have been said");
    let mut uow = begun(&game.store).await;
    let late = uow.outbox().complete(entry.id, at(71)).await;
    assert!(matches!(late, Err(StoreError::Contention(_))), "{late:?}");
    drop(uow);
    assert_eq!(take(&game, 80, 10).await, [2]);
    complete(&game, notice(&game, 2, 0).id, 80).await;
    assert_eq!(take(&game, 100_000, 10).await, Vec::<u32>::new());
    let pruned = committed!(game.store, |uow| uow.outbox().prune(at(71)).await.unwrap());
    assert_eq!(pruned, 1, "it failed when its lease was found to be over");
}

pub async fn only_a_taken_effect_ends(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let (done, waiting) = (notice(&game, 1, 0), notice(&game, 2, 1));
    push(&game, std::slice::from_ref(&done)).await;
    assert_eq!(take(&game, 10, 10).await, [1]);
    complete(&game, done.id, 11).await;
    push(&game, std::slice::from_ref(&waiting)).await;
    for id in [done.id, waiting.id, fixtures::id(77)] {
        let mut uow = begun(&game.store).await;
        let outbox = uow.outbox();
        let outcomes = [
            outbox.complete(id, at(12)).await,
            outbox.postpone(id, at(13), "429").await,
            outbox.park(id, at(12), "dropped").await,
        ];
        for outcome in outcomes {
            assert!(matches!(outcome, Err(StoreError::Contention(_))), "{outcome:?}");
        }
    }
    assert_eq!(take(&game, 100, 10).await, [2], "nothing of that was written");
}

pub async fn an_effect_is_pushed_once(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let entry = notice(&game, 1, 0);
    push(&game, std::slice::from_ref(&entry)).await;
    let mut uow = begun(&game.store).await;
    let again = uow.outbox().push(&[entry]).await;
    assert!(matches!(again, Err(StoreError::AlreadyExists(_))), "{again:?}");
}

/// Twelve notices on each of four channels. The oldest of each, unlike all others, is not due
/// before 50 s.
async fn fill(game: &Game) {
    let entries: Vec<_> = (0..48)
        .map(|n| {
            let entry = notice(game, n, n as usize % 4);
            let next_attempt_at = if n < 4 { at(50) } else { NOW };
            OutboxEntry { next_attempt_at, ..entry }
        })
        .collect();
    push(game, &entries).await;
}

/// Takers whose clocks differ want different effects of one channel, so that no row keeps them
/// apart.
pub async fn simultaneous_takers_never_get_the_same_effect_nor_the_same_channel(
    under_test: &StoreUnderTest,
) {
    let game = Game::set_up(under_test).await;
    fill(&game).await;
    let taken = concurrently(16, |n| {
        let game = game.clone();
        async move { retried(|| try_take(&game, 48 + n % 4, 0, 1)).await }
    })
    .await;
    let taken: Vec<_> = taken.into_iter().flatten().collect();
    let channels: BTreeSet<_> = taken.iter().map(|entry| entry.streamer_id).collect();
    assert_eq!(taken.len(), channels.len(), "one effect per channel is in flight");
    assert_eq!(taken.len(), 4);
}

pub async fn simultaneous_workers_do_everything_once(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    fill(&game).await;
    let done = concurrently(6, |_| {
        let game = game.clone();
        async move {
            let mut done = Vec::new();
            loop {
                let taken = retried(|| try_take(&game, 100, 0, 2)).await;
                for entry in &taken {
                    retried(|| async {
                        let mut uow = game.store.begin().await?;
                        uow.outbox().complete(entry.id, at(100)).await?;
                        uow.commit().await
                    })
                    .await;
                    done.push(number(entry));
                }
                if taken.is_empty() {
                    return done;
                }
            }
        }
    })
    .await;
    let mut done: Vec<u32> = done.into_iter().flatten().collect();
    // A worker that found every channel busy has gone home; what is left is for another.
    loop {
        let taken = take_quietly(&game).await;
        if taken.is_empty() {
            break;
        }
        done.extend(taken);
    }
    done.sort_unstable();
    assert_eq!(done, (0..48).collect::<Vec<_>>());
}

async fn take_quietly(game: &Game) -> Vec<u32> {
    let taken = try_take(game, 100, 0, 10).await.unwrap();
    for entry in &taken {
        complete(game, entry.id, 100).await;
    }
    taken.iter().map(number).collect()
}

pub async fn what_was_done_or_failed_is_forgotten_in_time(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let entries = [0, 1, 2, 3].map(|n| notice(&game, n, n as usize));
    push(&game, &entries).await;
    assert_eq!(take(&game, 2, 10).await, [0, 1, 2]);
    complete(&game, entries[0].id, 20).await;
    committed!(game.store, |uow| {
        uow.outbox().park(entries[1].id, at(30), "dropped").await.unwrap();
    });
    let prune =
        async |second| committed!(game.store, |u| u.outbox().prune(at(second)).await.unwrap());
    assert_eq!(prune(20).await, 0);
    assert_eq!(prune(21).await, 1);
    assert_eq!(prune(50).await, 1);
    complete(&game, entries[2].id, 51).await;
    assert_eq!(take(&game, 60, 10).await, [3], "what waits stays");
}

pub async fn what_waits_goes_with_its_campaign(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    push(&game, &[notice(&game, 1, 0)]).await;
    committed!(game.store, |uow| uow.campaigns().delete(game.campaign.id).await.unwrap());
    assert_eq!(take(&game, 100, 10).await, Vec::<u32>::new());
}
