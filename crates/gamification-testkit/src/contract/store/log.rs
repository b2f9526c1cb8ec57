use super::StoreUnderTest;
use super::support::{Game, committed, retried};
use crate::contract::{bounded, concurrently};
use crate::fixtures::{self, at, fact};
use gamification_core::announcement::{Announcement, DomainEvent, Visibility};
use gamification_core::ids::CampaignId;
use gamification_core::ports::StoreError;
use gamification_core::time::Timestamp;
use std::collections::BTreeSet;

async fn try_append(
    game: &Game,
    campaign: CampaignId,
    facts: &[Announcement],
    now: Timestamp,
) -> Result<i64, StoreError> {
    let mut uow = game.store.begin().await?;
    let last = uow.log().append(campaign, facts, now).await?;
    uow.commit().await.map(|()| last)
}

async fn append(game: &Game, campaign: CampaignId, numbers: &[u32], now: Timestamp) -> i64 {
    let facts: Vec<_> = numbers.iter().map(|n| fact(*n)).collect();
    bounded(try_append(game, campaign, &facts, now)).await.unwrap()
}

async fn after(game: &Game, sequence: i64, limit: u32) -> Vec<DomainEvent> {
    bounded(game.queries.events_after(game.campaign.id, sequence, limit)).await.unwrap()
}

fn sequences(events: &[DomainEvent]) -> Vec<i64> {
    events.iter().map(|event| event.sequence).collect()
}

pub async fn sequence_numbers_are_consecutive_per_campaign(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let other = fixtures::campaign(2);
    committed!(game.store, |uow| uow.campaigns().insert(&other).await.unwrap());
    let (first, newest) = game.queries.log_range(game.campaign.id).await.unwrap();
    assert_eq!(first, newest + 1, "nothing is held");
    assert_eq!(append(&game, game.campaign.id, &[1, 2, 3], at(1)).await, newest + 3);
    append(&game, other.id, &[9], at(1)).await;
    assert_eq!(append(&game, game.campaign.id, &[4], at(2)).await, newest + 4);
    let expected: Vec<i64> = (newest + 1..=newest + 4).collect();
    assert_eq!(sequences(&after(&game, newest, 100).await), expected);
    let range = game.queries.log_range(game.campaign.id).await.unwrap();
    assert_eq!(range, (newest + 1, newest + 4));
}

pub async fn facts_come_back_as_they_were_told(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let (_, newest) = game.queries.log_range(game.campaign.id).await.unwrap();
    let goal = game.goal(1, 0);
    let mut told = vec![
        Announcement::instance_created(&goal),
        Announcement::progress(&goal, "Viewer \"é\" <b>"),
        fact(3),
    ];
    told[2].visibility = Visibility::GmOnly;
    bounded(try_append(&game, game.campaign.id, &told, at(7))).await.unwrap();
    let expected: Vec<_> = (newest + 1..)
        .zip(told)
        .map(|(sequence, announcement)| DomainEvent {
            campaign_id: game.campaign.id,
            sequence,
            at: at(7),
            announcement,
        })
        .collect();
    assert_eq!(after(&game, newest, 10).await, expected);
}

pub async fn the_log_is_read_in_parts(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let numbers: Vec<u32> = (1..=7).collect();
    let last = append(&game, game.campaign.id, &numbers, at(1)).await;
    let first = last - 6;
    assert_eq!(sequences(&after(&game, first - 1, 3).await), [first, first + 1, first + 2]);
    assert_eq!(sequences(&after(&game, last - 2, 3).await), [last - 1, last]);
    assert_eq!(after(&game, last, 3).await, []);
    assert_eq!(after(&game, last + 100, 3).await, []);
}

pub async fn a_reader_that_follows_the_log_misses_nothing(under_test: &StoreUnderTest) {
    const WRITERS: u32 = 24;
    let game = Game::set_up(under_test).await;
    let (_, newest) = game.queries.log_range(game.campaign.id).await.unwrap();
    let followed = concurrently(WRITERS + 1, |n| {
        let game = game.clone();
        async move {
            if n > 0 {
                let facts = [fact(n), fact(100 + n)];
                retried(|| try_append(&game, game.campaign.id, &facts, at(n))).await;
                return Vec::new();
            }
            let mut seen = Vec::new();
            let mut last = newest;
            while seen.len() < 2 * WRITERS as usize {
                for event in after(&game, last, 5).await {
                    last = event.sequence;
                    seen.push(last);
                }
                tokio::task::yield_now().await;
            }
            seen
        }
    })
    .await;
    let seen: Vec<i64> = followed.into_iter().flatten().collect();
    let expected: Vec<i64> = (newest + 1..=newest + 2 * i64::from(WRITERS)).collect();
    assert_eq!(seen, expected, "a number is never seen before a smaller one is there");
}

pub async fn simultaneous_writers_get_numbers_of_their_own(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let lasts = concurrently(30, |n| {
        let game = game.clone();
        async move {
            let facts = [fact(n), fact(n), fact(n)];
            let last = retried(|| try_append(&game, game.campaign.id, &facts, at(n))).await;
            (last, n)
        }
    })
    .await;
    assert_eq!(lasts.iter().map(|(last, _)| last).collect::<BTreeSet<_>>().len(), 30);
    for (last, n) in lasts {
        let events = after(&game, last - 3, 3).await;
        assert_eq!(sequences(&events), [last - 2, last - 1, last]);
        assert!(events.iter().all(|event| event.announcement == fact(n)), "not interleaved");
    }
}

async fn prune(game: &Game, before: Timestamp, keep: u32) -> u64 {
    committed!(game.store, |uow| uow.log().prune(before, keep).await.unwrap())
}

pub async fn old_facts_are_forgotten_but_the_newest_stay(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let other = fixtures::campaign(2);
    committed!(game.store, |uow| uow.campaigns().insert(&other).await.unwrap());
    for n in 1..=10 {
        append(&game, game.campaign.id, &[n], at(10 * n)).await;
    }
    let last = game.queries.log_range(game.campaign.id).await.unwrap().1;
    let of_other = append(&game, other.id, &[1, 2, 3], at(1)).await;
    assert_eq!(prune(&game, at(10), 3).await, 0, "the other campaign's newest three stay");
    // 1 to 6 are older; of the other campaign one is old and not among the newest two.
    assert_eq!(prune(&game, at(61), 2).await, 7);
    assert_eq!(sequences(&after(&game, 0, 100).await), [last - 3, last - 2, last - 1, last]);
    assert_eq!(game.queries.log_range(game.campaign.id).await.unwrap(), (last - 3, last));
    assert_eq!(game.queries.log_range(other.id).await.unwrap(), (of_other - 1, of_other));
    // All are older, but the newest two stay.
    assert_eq!(prune(&game, at(1_000), 2).await, 2);
    assert_eq!(sequences(&after(&game, 0, 100).await), [last - 1, last]);
}

pub async fn a_log_of_which_all_was_forgotten_goes_on_with_its_numbers(
    under_test: &StoreUnderTest,
) {
    let game = Game::set_up(under_test).await;
    let last = append(&game, game.campaign.id, &[1, 2], at(1)).await;
    assert_eq!(prune(&game, at(100), 0).await, 2);
    let range = game.queries.log_range(game.campaign.id).await.unwrap();
    assert_eq!(range, (last + 1, last));
    assert_eq!(append(&game, game.campaign.id, &[3], at(200)).await, last + 1);
}
