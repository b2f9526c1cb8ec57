//! Redemptions that somebody settled on Twitch before we did.

use super::StoreUnderTest;
use super::support::{DONE, Game, apply, claim, executed};
use crate::contract::bounded;
use crate::fixtures::{self, at};
use gamification_core::ports::SettlementUpdate;
use gamification_core::redemption::{Direction, Redemption, SettledBy, Settlement, StuckReason};

async fn stored(game: &Game, row: &Redemption) -> Redemption {
    bounded(game.queries.redemption(&row.id)).await.unwrap().unwrap()
}

pub async fn a_moderator_ends_a_pending_row_and_nothing_else_moves_it(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let goal = game.opened_with_clicks(game.goal(1, 0), &game.rewards[0], 1, 3).await;
    let [first, second] = [1, 2].map(|n| fixtures::counted(n, &game.rewards[0], goal.id));
    let later = SettlementUpdate::Postponed { next_attempt_at: at(30), error: "away".to_owned() };
    let stuck = SettlementUpdate::Stuck { reason: StuckReason::RedemptionUnknown };
    for not_due in [later, stuck] {
        assert_eq!(apply(&game, &[&first], &not_due, at(11)).await, []);
        assert_eq!(stored(&game, &first).await, first);
    }
    let by_hand =
        SettlementUpdate::Settled { direction: Direction::Refund, by: SettledBy::External };
    assert_eq!(apply(&game, &[&first], &by_hand, at(12)).await, std::slice::from_ref(&first.id));
    let ended = Redemption {
        settlement: Settlement::Refunded,
        settled_by: Some(SettledBy::External),
        settled_at: Some(at(12)),
        ..first.clone()
    };
    assert_eq!(stored(&game, &first).await, ended);
    game.end(&executed(goal, at(40)), at(40)).await;
    assert_eq!(stored(&game, &first).await, ended, "the goal's end decides pending rows alone");
    assert_eq!(stored(&game, &second).await.settlement, Settlement::FulfilDue);
    let ledger = game.queries.ledger(game.campaign.id, None).await.unwrap();
    assert_eq!(ledger.imbalances, []);
    assert_eq!((ledger.total.refunded.count, ledger.total.pending.count), (1, 2));
}

pub async fn a_moderator_ends_a_stuck_row(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let row = fixtures::refused(1, &game.rewards[0]);
    game.record(std::slice::from_ref(&row)).await;
    let stuck = SettlementUpdate::Stuck { reason: StuckReason::LoginNeeded };
    assert_eq!(claim(&game, at(10), 10).await.len(), 1);
    apply(&game, &[&row], &stuck, at(11)).await;
    apply(&game, &[&row], &DONE, at(12)).await;
    let ended = stored(&game, &row).await;
    assert_eq!((ended.settlement, ended.stuck_reason), (Settlement::Refunded, None));
    assert_eq!(ended.attempts, 1, "the claim was the only attempt");
    let ledger = game.queries.ledger(game.campaign.id, None).await.unwrap();
    assert_eq!(ledger.imbalances, []);
}
