use super::StoreUnderTest;
use super::support::{DONE, Game, apply, cancelled, claim, committed, executed, retried};
use crate::contract::{bounded, concurrently};
use crate::fixtures::{self, at};
use gamification_core::ids::RedemptionId;
use gamification_core::ports::{SettlementUpdate, StoreError};
use gamification_core::redemption::{Direction, Redemption, SettledBy, Settlement, StuckReason};
use std::collections::BTreeSet;

async fn stored(game: &Game, row: &Redemption) -> Redemption {
    bounded(game.queries.redemption(&row.id)).await.unwrap().unwrap()
}

fn numbers(rows: &[Redemption]) -> Vec<&str> {
    rows.iter().map(|row| row.id.as_str().trim_start_matches("redemption-")).collect()
}

pub async fn a_direction_is_decided_once(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let goal = game.opened_with_clicks(game.goal(1, 0), &game.rewards[0], 1, 3).await;
    let other = game.opened_with_clicks(game.goal(2, 1), &game.rewards[1], 4, 2).await;
    game.record(&[fixtures::refused(9, &game.rewards[0])]).await;
    let decide = async |direction| {
        committed!(game.store, |uow| {
            uow.redemptions().decide(goal.id, direction, at(50)).await.unwrap()
        })
    };
    assert_eq!(decide(Direction::Fulfil).await, 3);
    assert_eq!(decide(Direction::Refund).await, 0);
    assert_eq!(decide(Direction::Fulfil).await, 0);
    let row = fixtures::counted(2, &game.rewards[0], goal.id);
    let expected = Redemption {
        settlement: Settlement::FulfilDue,
        direction: Some(Direction::Fulfil),
        next_attempt_at: at(50),
        ..row.clone()
    };
    assert_eq!(stored(&game, &row).await, expected);
    let untouched = fixtures::counted(4, &game.rewards[1], other.id);
    assert_eq!(stored(&game, &untouched).await, untouched);
}

pub async fn simultaneous_ends_of_a_goal_decide_one_direction(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let goal = game.opened_with_clicks(game.goal(1, 0), &game.rewards[0], 1, 3).await;
    let answers = concurrently(20, |n| {
        let (game, goal) = (game.clone(), goal.clone());
        let direction = if n % 2 == 0 { Direction::Fulfil } else { Direction::Refund };
        async move {
            retried(|| async {
                let mut uow = game.store.begin().await?;
                uow.instances().lock(goal.id).await?;
                let rows = uow.redemptions().decide(goal.id, direction, at(50)).await?;
                uow.commit().await.map(|()| (rows, direction))
            })
            .await
        }
    })
    .await;
    let winners: Vec<_> = answers.into_iter().filter(|(rows, _)| *rows > 0).collect();
    assert_eq!(winners.len(), 1);
    let (rows, direction) = winners[0];
    assert_eq!(rows, 3);
    for n in 1..=3 {
        let row = fixtures::counted(n, &game.rewards[0], goal.id);
        assert_eq!(stored(&game, &row).await.settlement, Settlement::due(direction));
    }
}

pub async fn a_claim_holds_one_reward_and_one_direction_longest_due_first(
    under_test: &StoreUnderTest,
) {
    let game = Game::set_up(under_test).await;
    assert_eq!(claim(&game, at(1_000), 10).await, []);
    // Of one reward, 20 to 22 are to be fulfilled at 60 s, 5 to 8 to be refunded at once.
    let goal = game.opened_with_clicks(game.goal(1, 0), &game.rewards[0], 20, 3).await;
    let rows = [7, 5, 8, 6].map(|n| fixtures::refused(n, &game.rewards[0]));
    game.record(&rows).await;
    game.end(&executed(goal, at(60)), at(60)).await;
    assert_eq!(claim(&game, at(4), 10).await, [], "nothing is due yet");
    let first = claim(&game, at(100), 3).await;
    assert_eq!(numbers(&first), ["5", "6", "7"]);
    assert!(first.iter().all(|row| row.settlement == Settlement::RefundDue));
    apply(&game, &first.iter().collect::<Vec<_>>(), &DONE, at(101)).await;
    let second = claim(&game, at(101), 10).await;
    assert_eq!(numbers(&second), ["8"]);
    apply(&game, &[&second[0]], &DONE, at(102)).await;
    let third = claim(&game, at(102), 10).await;
    assert_eq!(numbers(&third), ["20", "21", "22"]);
    assert!(third.iter().all(|row| row.direction == Some(Direction::Fulfil)));
}

pub async fn a_channel_whose_rows_are_claimed_is_left_alone_until_the_lease_ends(
    under_test: &StoreUnderTest,
) {
    let game = Game::set_up(under_test).await;
    game.record(&[
        fixtures::refused(1, &game.rewards[0]),
        fixtures::refused(2, &game.rewards[0]),
        fixtures::refused(3, &game.chat_rewards[0]),
        fixtures::refused(4, &game.rewards[1]),
    ])
    .await;
    let claimed = claim(&game, at(10), 1).await;
    assert_eq!(numbers(&claimed), ["1"]);
    assert_eq!(numbers(&claim(&game, at(10), 10).await), ["4"], "the other channel");
    assert_eq!(claim(&game, at(69), 10).await, [], "both channels are leased");
    let repeated = claim(&game, at(70), 10).await;
    assert_eq!(numbers(&repeated), ["1", "2"], "a claim that came to nothing is repeated");
    apply(&game, &repeated.iter().collect::<Vec<_>>(), &DONE, at(71)).await;
    assert_eq!(numbers(&claim(&game, at(71), 10).await), ["3"]);
}

pub async fn rows_of_a_reward_without_a_twitch_id_are_not_claimed(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let mut reward = game.rewards[0].clone();
    reward.twitch_id = None;
    committed!(game.store, |uow| uow.rewards().update(&reward).await.unwrap());
    game.record(&[fixtures::refused(1, &reward), fixtures::refused(2, &game.chat_rewards[0])])
        .await;
    assert_eq!(numbers(&claim(&game, at(10), 10).await), ["2"]);
    committed!(game.store, |uow| uow.rewards().update(&game.rewards[0]).await.unwrap());
    assert_eq!(numbers(&claim(&game, at(80), 10).await), ["1"]);
}

/// Twelve due rows on each of four channels, half of them on a second reward.
async fn fill(game: &Game) {
    let rewards = game.rewards.iter().chain(&game.chat_rewards).cycle();
    let rows: Vec<_> =
        (1..=48).zip(rewards).map(|(n, reward)| fixtures::refused(n, reward)).collect();
    game.record(&rows).await;
}

async fn try_claim(game: &Game, limit: u32) -> Result<Vec<Redemption>, StoreError> {
    let mut uow = game.store.begin().await?;
    let claimed = uow.redemptions().claim_due(at(100), at(160), limit).await?;
    uow.commit().await.map(|()| claimed)
}

pub async fn simultaneous_claimers_never_get_the_same_row_nor_the_same_channel(
    under_test: &StoreUnderTest,
) {
    let game = Game::set_up(under_test).await;
    fill(&game).await;
    let claims = concurrently(16, |_| {
        let game = game.clone();
        async move { retried(|| try_claim(&game, 2)).await }
    })
    .await;
    let claims: Vec<_> = claims.into_iter().filter(|claim| !claim.is_empty()).collect();
    let channels: BTreeSet<_> = claims.iter().map(|claim| claim[0].streamer_id).collect();
    assert_eq!(claims.len(), channels.len(), "one claim per channel is in flight");
    assert!(!claims.is_empty() && claims.len() <= 4);
    let ids: BTreeSet<_> = claims.iter().flatten().map(|row| &row.id).collect();
    assert_eq!(ids.len(), claims.iter().map(Vec::len).sum::<usize>());
    for claim in &claims {
        assert!(claim.len() <= 2);
        assert!(claim.iter().all(|row| row.reward_key == claim[0].reward_key));
    }
}

pub async fn simultaneous_settlers_settle_every_row_once(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    fill(&game).await;
    let settled = concurrently(8, |_| {
        let game = game.clone();
        async move { bounded(settle_all(&game)).await }
    })
    .await;
    let settled: Vec<RedemptionId> = settled.into_iter().flatten().collect();
    assert_eq!(settled.len(), 48, "each row ended once");
    assert_eq!(settled.iter().collect::<BTreeSet<_>>().len(), 48);
    let ledger = game.queries.ledger(game.campaign.id, None).await.unwrap();
    assert_eq!((ledger.total.refunded.count, ledger.imbalances), (48, vec![]));
}

/// Claims and settles until nothing is pending; what it settled itself.
async fn settle_all(game: &Game) -> Vec<RedemptionId> {
    let mut settled = Vec::new();
    loop {
        let claimed = retried(|| try_claim(game, 3)).await;
        let rows: Vec<_> = claimed.into_iter().map(|row| (row.id, DONE)).collect();
        settled.extend(
            retried(|| async {
                let mut uow = game.store.begin().await?;
                let changed = uow.redemptions().apply(&rows, at(101)).await?;
                uow.commit().await.map(|()| changed)
            })
            .await,
        );
        let ledger = game.queries.ledger(game.campaign.id, None).await.unwrap();
        if ledger.total.pending.count == 0 {
            return settled;
        }
    }
}

pub async fn a_settled_row_says_how_and_by_whom(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let rows = [1, 2].map(|n| fixtures::refused(n, &game.rewards[0]));
    game.record(&rows).await;
    claim(&game, at(10), 10).await;
    apply(&game, &[&rows[0]], &DONE, at(11)).await;
    let external =
        SettlementUpdate::Settled { direction: Direction::Fulfil, by: SettledBy::External };
    apply(&game, &[&rows[1]], &external, at(12)).await;
    let [ours, theirs] = [stored(&game, &rows[0]).await, stored(&game, &rows[1]).await];
    assert_eq!(ours.settlement, Settlement::Refunded);
    assert_eq!((ours.settled_by, ours.settled_at), (Some(SettledBy::Us), Some(at(11))));
    assert_eq!(theirs.settlement, Settlement::Fulfilled, "what Twitch holds is recorded");
    assert_eq!((theirs.settled_by, theirs.settled_at), (Some(SettledBy::External), Some(at(12))));
    assert_eq!(claim(&game, at(1_000), 10).await, []);
}

pub async fn a_postponed_row_is_not_due_before_its_time(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let row = fixtures::refused(1, &game.rewards[0]);
    game.record(std::slice::from_ref(&row)).await;
    for attempt in 1..=2 {
        let now = at(100 * attempt);
        assert_eq!(numbers(&claim(&game, now, 10).await), ["1"]);
        let error = format!("Twitch was away {attempt}");
        let next_attempt_at = now.plus_seconds(30);
        let later = SettlementUpdate::Postponed { next_attempt_at, error: error.clone() };
        assert_eq!(apply(&game, &[&row], &later, now).await, std::slice::from_ref(&row.id));
        let postponed = stored(&game, &row).await;
        assert_eq!(postponed.settlement, Settlement::RefundDue);
        assert_eq!(postponed.attempts, attempt);
        assert_eq!(postponed.last_error, Some(error));
        assert_eq!(postponed.next_attempt_at, next_attempt_at);
        assert_eq!(claim(&game, now.plus_seconds(29), 10).await, []);
    }
    assert_eq!(numbers(&claim(&game, at(230), 10).await), ["1"]);
}

pub async fn a_stuck_row_waits_for_a_person(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let goal = game.opened_with_clicks(game.goal(1, 0), &game.rewards[0], 1, 1).await;
    game.end(&cancelled(goal, at(2)), at(2)).await;
    let [row] = &claim(&game, at(10), 10).await[..] else { panic!("one row is due") };
    let stuck = SettlementUpdate::Stuck { reason: StuckReason::RewardDeleted };
    assert_eq!(apply(&game, &[row], &stuck, at(11)).await, std::slice::from_ref(&row.id));
    let waiting = stored(&game, row).await;
    assert_eq!(waiting.settlement, Settlement::Stuck);
    assert_eq!(waiting.stuck_reason, Some(StuckReason::RewardDeleted));
    assert_eq!((waiting.settled_at, waiting.settled_by), (None, None));
    assert_eq!(claim(&game, at(100_000), 10).await, []);
    let retried =
        committed!(game.store, |u| u.redemptions().retry(&row.id, at(200)).await.unwrap());
    assert!(retried);
    let due = stored(&game, row).await;
    assert_eq!((due.settlement, due.stuck_reason), (Settlement::RefundDue, None));
    assert_eq!(numbers(&claim(&game, at(200), 10).await), ["1"]);
}

pub async fn an_outcome_is_applied_once(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let row = fixtures::refused(2, &game.rewards[0]);
    game.record(std::slice::from_ref(&row)).await;
    claim(&game, at(10), 10).await;
    assert_eq!(apply(&game, &[&row], &DONE, at(11)).await, std::slice::from_ref(&row.id));
    let other = SettlementUpdate::Settled { direction: Direction::Fulfil, by: SettledBy::Us };
    let stuck = SettlementUpdate::Stuck { reason: StuckReason::RedemptionUnknown };
    for late in [DONE, other, stuck] {
        assert_eq!(apply(&game, &[&row], &late, at(20)).await, []);
    }
    let settled = stored(&game, &row).await;
    assert_eq!((settled.settlement, settled.settled_at), (Settlement::Refunded, Some(at(11))));
}

pub async fn only_a_stuck_row_is_retried(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let goal = game.opened_with_clicks(game.goal(1, 0), &game.rewards[0], 1, 1).await;
    let undecided = fixtures::counted(1, &game.rewards[0], goal.id);
    let due = fixtures::refused(2, &game.rewards[0]);
    let done = fixtures::refused(3, &game.rewards[0]);
    game.record(&[due.clone(), done.clone()]).await;
    apply(&game, &[&done], &DONE, at(11)).await;
    for row in [&undecided.id, &due.id, &done.id, &"unknown".into()] {
        let retried = committed!(game.store, |u| u.redemptions().retry(row, at(20)).await.unwrap());
        assert!(!retried, "{row}");
    }
}
