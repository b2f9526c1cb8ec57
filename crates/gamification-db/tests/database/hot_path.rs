use crate::game::Game;
use crate::support::Kind;
use gamification_core::ports::{Queries, SettlementUpdate};
use gamification_core::redemption::{Direction, SettledBy};
use gamification_testkit::fixtures::{self, at};

/// More than fit into one statement.
const MANY: u32 = 2_500;

#[tokio::test]
async fn batches_larger_than_a_statement_are_recorded_decided_and_settled_whole() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let game = Game::set_up(kind).await;
        let goal =
            fixtures::goal_with_target(1, &game.campaign, &game.invert, &game.streamers[0], MANY);
        let goal = fixtures::executing_goal(goal);
        let mut uow = game.begin().await;
        assert!(uow.instances().insert(&goal).await.unwrap());
        uow.commit().await.unwrap();
        let row = |n| fixtures::counted(n, &game.rewards[0], goal.id);
        let first: Vec<_> = (1..=MANY / 2).map(row).collect();
        assert_eq!(game.record(&first).await as u32, MANY / 2);
        // The second batch repeats the first.
        let all: Vec<_> = (1..=MANY).map(row).collect();
        assert_eq!(game.record(&all).await as u32, MANY / 2);

        let goal = goal.executed(Default::default(), at(40)).unwrap().instance;
        let mut uow = game.begin().await;
        uow.instances().update(&goal).await.unwrap();
        let decided = uow.redemptions().decide(goal.id, Direction::Fulfil, at(40)).await.unwrap();
        uow.commit().await.unwrap();
        assert_eq!(decided, u64::from(MANY), "{kind:?}");

        let mut uow = game.begin().await;
        let claimed = uow.redemptions().claim_due(at(50), at(90), MANY).await.unwrap();
        uow.commit().await.unwrap();
        assert_eq!(claimed.len() as u32, MANY, "{kind:?}");
        let settled = SettlementUpdate::Settled { direction: Direction::Fulfil, by: SettledBy::Us };
        let outcomes: Vec<_> = claimed.into_iter().map(|r| (r.id, settled.clone())).collect();
        let mut uow = game.begin().await;
        let changed = uow.redemptions().apply(&outcomes, at(60)).await.unwrap();
        uow.commit().await.unwrap();
        assert_eq!(changed.len() as u32, MANY, "{kind:?}");

        let ledger = game.database.ledger(game.campaign.id, None).await.unwrap();
        assert_eq!(ledger.imbalances, [], "{kind:?}");
        assert_eq!(ledger.total.fulfilled.count, u64::from(MANY), "{kind:?}");
        assert!(ledger.is_balanced());
    }
}

#[tokio::test]
async fn nothing_to_write_is_written_in_no_statement() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let game = Game::set_up(kind).await;
        let mut uow = game.begin().await;
        assert_eq!(uow.redemptions().record(&[]).await, Ok(vec![]), "{kind:?}");
        assert_eq!(uow.redemptions().apply(&[], at(1)).await, Ok(vec![]), "{kind:?}");
        assert_eq!(uow.redemptions().known(&[]).await, Ok(vec![]), "{kind:?}");
        assert_eq!(uow.commands().insert(&[]).await, Ok(()), "{kind:?}");
        assert_eq!(uow.log().append(game.campaign.id, &[], at(1)).await, Ok(0), "{kind:?}");
        let nobody =
            uow.redemptions().counted_by_viewers(game.campaign.id, game.invert.id, &[], at(0));
        assert_eq!(nobody.await, Ok(vec![]), "{kind:?}");
        uow.commit().await.unwrap();
    }
}
