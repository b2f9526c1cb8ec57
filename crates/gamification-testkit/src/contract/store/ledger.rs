use super::StoreUnderTest;
use super::support::{Game, cancelled, clicked, committed, executed};
use crate::fixtures::{self, at};
use gamification_core::ids::StreamerId;
use gamification_core::instance::Instance;
use gamification_core::ledger::{Ledger, Sum, Tally};
use gamification_core::ports::SettlementUpdate;
use gamification_core::redemption::{Direction, SettledBy, StuckReason};

async fn ledger(game: &Game, streamer: Option<StreamerId>) -> Ledger {
    game.queries.ledger(game.campaign.id, streamer).await.unwrap()
}

async fn balanced(game: &Game) -> Tally {
    let ledger = ledger(game, None).await;
    assert_eq!(ledger.imbalances, []);
    assert!(ledger.is_balanced(), "{ledger:?}");
    ledger.total
}

const fn sum(count: u64, points: u64) -> Sum {
    Sum { count, points }
}

/// Claims what is due and ends it that way; how many rows that were.
async fn settle(game: &Game, update: SettlementUpdate) -> usize {
    committed!(game.store, |uow| {
        let redemptions = uow.redemptions();
        let claimed = redemptions.claim_due(at(500), at(560), 50).await.unwrap();
        let outcomes: Vec<_> = claimed.into_iter().map(|r| (r.id, update.clone())).collect();
        redemptions.apply(&outcomes, at(501)).await.unwrap().len()
    })
}

const fn done(direction: Direction) -> SettlementUpdate {
    SettlementUpdate::Settled { direction, by: SettledBy::Us }
}

pub async fn an_empty_ledger_balances(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    assert_eq!(balanced(&game).await, Tally::default());
    game.insert(&game.goal(1, 0)).await;
    assert_eq!(balanced(&game).await, Tally::default());
}

pub async fn a_ledger_balances_through_every_state_of_a_redemption(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let goal = game.opened_with_clicks(game.goal(1, 0), &game.rewards[0], 1, 3).await;
    let pending = Tally { received: sum(3, 3_000), pending: sum(3, 3_000), ..Tally::default() };
    assert_eq!(balanced(&game).await, pending);
    game.record(&[fixtures::refused(10, &game.rewards[1])]).await;
    let other = game.opened_with_clicks(game.goal(2, 2), &game.rewards[2], 20, 2).await;
    game.end(&executed(goal, at(40)), at(40)).await;
    game.end(&cancelled(other, at(50)), at(50)).await;
    let due = Tally { received: sum(6, 6_000), pending: sum(6, 6_000), ..Tally::default() };
    assert_eq!(balanced(&game).await, due);

    assert_eq!(settle(&game, done(Direction::Refund)).await, 1);
    let stuck = SettlementUpdate::Stuck { reason: StuckReason::NotOurs };
    assert_eq!(settle(&game, done(Direction::Fulfil)).await, 3);
    let later = SettlementUpdate::Postponed { next_attempt_at: at(400), error: "away".into() };
    assert_eq!(settle(&game, later).await, 2);
    balanced(&game).await;
    assert_eq!(settle(&game, stuck).await, 2);
    let expected = Tally {
        received: sum(6, 6_000),
        fulfilled: sum(3, 3_000),
        refunded: sum(1, 1_000),
        pending: sum(0, 0),
        stuck: sum(2, 2_000),
    };
    assert_eq!(balanced(&game).await, expected);

    let row = fixtures::refused(20, &game.rewards[2]).id;
    committed!(game.store, |uow| uow.redemptions().retry(&row, at(400)).await.unwrap());
    balanced(&game).await;
    assert_eq!(settle(&game, done(Direction::Refund)).await, 1);
    let end = balanced(&game).await;
    assert_eq!((end.refunded, end.stuck), (sum(2, 2_000), sum(1, 1_000)));
}

pub async fn the_ledger_of_a_channel_holds_its_rows_alone(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    game.opened_with_clicks(game.goal(1, 0), &game.rewards[0], 1, 2).await;
    game.opened_with_clicks(game.goal(2, 1), &game.rewards[1], 10, 1).await;
    let one = |count: u64| Tally {
        received: sum(count, 1_000 * count),
        pending: sum(count, 1_000 * count),
        ..Tally::default()
    };
    for (streamer, tally) in [(0, one(2)), (1, one(1))] {
        let key = game.streamer(streamer);
        let ledger = ledger(&game, Some(key)).await;
        assert_eq!((ledger.total, ledger.imbalances), (tally, vec![]));
        assert_eq!(ledger.by_streamer, [(key, tally)]);
    }
    assert_eq!(ledger(&game, Some(game.streamer(3))).await.total, Tally::default());
    let mut by_streamer = ledger(&game, None).await.by_streamer;
    by_streamer.retain(|(_, tally)| *tally != Tally::default());
    by_streamer.sort_by_key(|(streamer, _)| *streamer);
    assert_eq!(by_streamer, [(game.streamer(0), one(2)), (game.streamer(1), one(1))]);
}

pub async fn a_group_goals_ledger_balances_per_channel(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let goal = game.group_goal(1);
    game.insert(&goal).await;
    let rewards = &game.chat_rewards;
    let rows = [
        fixtures::counted(1, &rewards[0], goal.id),
        fixtures::counted(2, &rewards[0], goal.id),
        fixtures::counted(3, &rewards[1], goal.id),
    ];
    game.record(&rows).await;
    let goal = clicked(goal, game.streamer(0), 2);
    let goal = clicked(goal, game.streamer(1), 1);
    game.update(&goal).await;
    balanced(&game).await;
    assert_eq!(ledger(&game, Some(game.streamer(0))).await.imbalances, []);
    // The same progress, but one click on the wrong channel.
    let mut wrong = goal;
    wrong.participants[0].contributions -= 1;
    wrong.participants[1].contributions += 1;
    game.update(&wrong).await;
    assert!(!ledger(&game, None).await.is_balanced());
    assert!(!ledger(&game, Some(game.streamer(1))).await.is_balanced());
}

pub async fn what_a_moderator_settled_the_other_way_still_balances(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let goal = game.opened_with_clicks(game.goal(1, 0), &game.rewards[0], 1, 3).await;
    game.end(&executed(goal, at(40)), at(40)).await;
    let by_hand =
        SettlementUpdate::Settled { direction: Direction::Refund, by: SettledBy::External };
    assert_eq!(settle(&game, by_hand).await, 3);
    assert_eq!(balanced(&game).await.refunded, sum(3, 3_000));
}

pub async fn progress_without_redemptions_is_an_imbalance(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let goal = game.opened_with_clicks(game.goal(1, 0), &game.rewards[0], 1, 1).await;
    let mut wrong = goal.clone();
    wrong.progress += 1;
    game.update(&wrong).await;
    let found = ledger(&game, None).await;
    assert!(!found.is_balanced());
    assert!(found.imbalances.iter().any(|i| i.subject.contains(&goal.id.to_string())));
    let mut wrong = goal.clone();
    wrong.participants[0].contributions += 1;
    game.update(&wrong).await;
    assert!(!ledger(&game, None).await.is_balanced());
    game.update(&goal).await;
    balanced(&game).await;
}

pub async fn a_goal_that_ended_without_its_redemptions_is_an_imbalance(
    under_test: &StoreUnderTest,
) {
    let game = Game::set_up(under_test).await;
    let goal = game.opened_with_clicks(game.goal(1, 0), &game.rewards[0], 1, 2).await;
    let ended: Instance = cancelled(goal.clone(), at(9));
    game.update(&ended).await;
    assert!(!ledger(&game, None).await.is_balanced(), "nobody decided to refund");
    committed!(game.store, |uow| {
        uow.redemptions().decide(goal.id, Direction::Fulfil, at(9)).await.unwrap()
    });
    assert!(!ledger(&game, None).await.is_balanced(), "a cancelled goal refunds");
}

pub async fn the_tally_of_a_goal_holds_its_counted_redemptions(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let goal = game.opened_with_clicks(game.goal(1, 0), &game.rewards[0], 1, 3).await;
    game.record(&[fixtures::refused(9, &game.rewards[0])]).await;
    game.opened_with_clicks(game.goal(2, 1), &game.rewards[1], 10, 1).await;
    let pending = Tally { received: sum(3, 3_000), pending: sum(3, 3_000), ..Tally::default() };
    let tally = async || {
        let in_transaction = committed!(game.store, |uow| {
            uow.redemptions().tally_of_instance(goal.id).await.unwrap()
        });
        let read = game.queries.tally_of_instance(goal.id).await.unwrap();
        assert_eq!(in_transaction, read);
        read
    };
    assert_eq!(tally().await, pending);
    game.end(&cancelled(goal.clone(), at(20)), at(20)).await;
    assert_eq!(tally().await, pending);
    settle(&game, done(Direction::Refund)).await;
    settle(&game, done(Direction::Refund)).await;
    let refunded = Tally { pending: sum(0, 0), refunded: sum(3, 3_000), ..pending };
    assert_eq!(tally().await, refunded);
}
