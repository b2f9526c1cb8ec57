use super::StoreUnderTest;
use super::support::{DONE, Game, apply, cancelled, claim, committed, executed, retried};
use crate::contract::{bounded, concurrently};
use crate::fixtures::{self, at};
use gamification_core::ports::SettlementUpdate;
use gamification_core::redemption::{Redemption, Settlement, StuckReason};

async fn stored(game: &Game, row: &Redemption) -> Redemption {
    bounded(game.queries.redemption(&row.id)).await.unwrap().unwrap()
}

/// Lets the first streamer's rows go on.
async fn resume(game: &Game, second: u32) -> u64 {
    let streamer = game.streamer(0);
    committed!(game.store, |u| u.redemptions().resume(streamer, at(second)).await.unwrap())
}

async fn assert_balanced(game: &Game) {
    let ledger = game.queries.ledger(game.campaign.id, None).await.unwrap();
    assert_eq!(ledger.imbalances, []);
}

const fn stuck_because(reason: StuckReason) -> SettlementUpdate {
    SettlementUpdate::Stuck { reason }
}

pub async fn a_row_that_waits_for_a_login_spends_no_attempt(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let row = fixtures::refused(1, &game.rewards[0]);
    game.record(&[row.clone(), fixtures::refused(2, &game.rewards[1])]).await;
    let [claimed] = &claim(&game, at(10), 1).await[..] else { panic!("one row is claimed") };
    assert_eq!(claimed.id, row.id);
    let waiting =
        SettlementUpdate::Waiting { next_attempt_at: at(40), error: "login_needed".to_owned() };
    assert_eq!(apply(&game, &[&row], &waiting, at(11)).await, std::slice::from_ref(&row.id));
    let expected = Redemption {
        next_attempt_at: at(40),
        last_error: Some("login_needed".to_owned()),
        ..row.clone()
    };
    assert_eq!(stored(&game, &row).await, expected);
    apply(&game, &[&claim(&game, at(12), 1).await[0]], &DONE, at(13)).await;
    assert_eq!(claim(&game, at(39), 1).await, [], "it waits");
    let tried = Redemption { attempts: 1, ..expected };
    assert_eq!(claim(&game, at(40), 1).await, [tried], "its lease has ended");
    assert_balanced(&game).await;
}

pub async fn each_claim_counts_as_an_attempt_and_waiting_takes_it_back(
    under_test: &StoreUnderTest,
) {
    let game = Game::set_up(under_test).await;
    let row = fixtures::refused(1, &game.rewards[0]);
    game.record(std::slice::from_ref(&row)).await;
    for (now, attempts) in [(100, 1), (200, 2)] {
        assert!(is_due(&game, now).await);
        let claimed = claim(&game, at(now), 10).await;
        assert!(!is_due(&game, now).await, "it is leased");
        assert_eq!(claimed[0].attempts, attempts, "nobody answered for the claims before");
        assert_eq!(stored(&game, &row).await, claimed[0]);
    }
    let error = "login_needed".to_owned();
    let waiting = SettlementUpdate::Waiting { next_attempt_at: at(300), error };
    assert_eq!(apply(&game, &[&row], &waiting, at(210)).await, std::slice::from_ref(&row.id));
    assert_eq!(stored(&game, &row).await.attempts, 1);
    assert!(!is_due(&game, 299).await && is_due(&game, 300).await);
    assert_eq!(claim(&game, at(300), 10).await[0].attempts, 2);
}

/// Whether a look finds what a claim would find.
async fn is_due(game: &Game, now: u32) -> bool {
    bounded(game.queries.is_settlement_due(at(now))).await.unwrap()
}

pub async fn only_a_due_row_waits_for_a_login(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let goal = game.opened_with_clicks(game.goal(1, 0), &game.rewards[0], 1, 1).await;
    let pending = fixtures::counted(1, &game.rewards[0], goal.id);
    let done = fixtures::refused(2, &game.rewards[0]);
    let stuck = fixtures::refused(3, &game.rewards[0]);
    game.record(&[done.clone(), stuck.clone()]).await;
    apply(&game, &[&done], &DONE, at(5)).await;
    apply(&game, &[&stuck], &stuck_because(StuckReason::NotOurs), at(5)).await;
    let waiting = SettlementUpdate::Waiting { next_attempt_at: at(40), error: String::new() };
    assert_eq!(apply(&game, &[&pending, &done, &stuck], &waiting, at(6)).await, []);
}

pub async fn a_channel_whose_login_returned_goes_on_at_once(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let waiting = [1, 2].map(|n| fixtures::refused(n, &game.rewards[0]));
    let elsewhere = fixtures::refused(3, &game.rewards[1]);
    game.record(&waiting).await;
    game.record(std::slice::from_ref(&elsewhere)).await;
    let later = SettlementUpdate::Waiting { next_attempt_at: at(900), error: String::new() };
    apply(&game, &[&waiting[0], &elsewhere], &later, at(10)).await;
    assert_eq!(resume(&game, 20).await, 1, "the second was due already");
    let mut due: Vec<_> =
        claim(&game, at(20), 10).await.into_iter().map(|row| (row.id, row.attempts)).collect();
    due.sort();
    assert_eq!(due, waiting.map(|row| (row.id, 1)), "this is the first attempt");
    assert_eq!(stored(&game, &elsewhere).await.next_attempt_at, at(900));
    assert_balanced(&game).await;
}

pub async fn rows_that_got_stuck_for_a_login_go_on_in_their_direction(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let success = game.opened_with_clicks(game.goal(1, 0), &game.rewards[0], 1, 3).await;
    game.end(&executed(success, at(5)), at(5)).await;
    let failure = game.opened_with_clicks(game.goal(2, 0), &game.rewards[0], 11, 2).await;
    game.end(&cancelled(failure, at(6)), at(6)).await;
    let other_reason = fixtures::refused(21, &game.rewards[0]);
    let elsewhere = fixtures::refused(22, &game.rewards[1]);
    game.record(&[other_reason.clone(), elsewhere.clone()]).await;
    let of = |n| fixtures::refused(n, &game.rewards[0]);
    let mine = [1, 2, 3, 11, 12].map(of);
    let login = stuck_because(StuckReason::LoginNeeded);
    let rows: Vec<&Redemption> = mine.iter().chain([&elsewhere]).collect();
    assert_eq!(apply(&game, &rows, &login, at(30)).await.len(), 6);
    apply(&game, &[&other_reason], &stuck_because(StuckReason::RewardDeleted), at(30)).await;
    assert_eq!(resume(&game, 40).await, 5);
    for row in &mine {
        let row = stored(&game, row).await;
        assert_eq!(Some(row.settlement), row.direction.map(Settlement::due), "{}", row.id);
        assert_eq!((row.stuck_reason, row.next_attempt_at), (None, at(40)));
    }
    for row in [&other_reason, &elsewhere] {
        assert_eq!(stored(&game, row).await.settlement, Settlement::Stuck, "{}", row.id);
    }
    assert_eq!(resume(&game, 41).await, 0, "once");
    assert_balanced(&game).await;
}

pub async fn simultaneous_returns_of_a_login_retry_every_row_once(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let rows: Vec<_> = (1..=20).map(|n| fixtures::refused(n, &game.rewards[0])).collect();
    game.record(&rows).await;
    let login = stuck_because(StuckReason::LoginNeeded);
    apply(&game, &rows.iter().collect::<Vec<_>>(), &login, at(30)).await;
    let resumed = concurrently(8, |n| {
        let (game, row) = (game.clone(), rows[n as usize].id.clone());
        async move {
            retried(|| async {
                let mut uow = game.store.begin().await?;
                let resumed = if n % 2 == 0 {
                    uow.redemptions().resume(game.streamer(0), at(40)).await?
                } else {
                    u64::from(uow.redemptions().retry(&row, at(40)).await?)
                };
                uow.commit().await.map(|()| resumed)
            })
            .await
        }
    })
    .await;
    assert_eq!(resumed.iter().sum::<u64>(), 20);
    assert_balanced(&game).await;
}

pub async fn what_twitch_has_to_hold_unfulfilled_is_listed_oldest_first(
    under_test: &StoreUnderTest,
) {
    let game = Game::set_up(under_test).await;
    let reward = &game.rewards[0];
    let goal = game.goal(1, 0);
    game.insert(&goal).await;
    let rows: Vec<_> = (1..=12).map(|n| fixtures::counted(n, reward, goal.id)).collect();
    game.record(&rows).await;
    game.record(&[fixtures::refused(20, reward)]).await;
    game.opened_with_clicks(game.goal(2, 1), &game.rewards[1], 30, 2).await;
    let pending = async |limit| game.queries.pending_of_reward(reward.key, limit).await.unwrap();
    let ids = |numbers: std::ops::RangeInclusive<u32>| {
        numbers.map(|n| format!("redemption-{n}").into()).collect::<Vec<_>>()
    };
    assert_eq!(pending(3).await, ids(1..=3));
    assert_eq!(pending(50).await, ids(1..=12));
    apply(&game, &[&fixtures::refused(1, reward)], &DONE, at(40)).await;
    assert_eq!(pending(50).await, ids(2..=12));
    game.end(&cancelled(goal, at(50)), at(50)).await;
    assert_eq!(pending(50).await, []);
}
