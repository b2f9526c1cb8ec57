//! A row that the core cannot understand is an error, never a panic or a guess.

use crate::game::Game;
use crate::support::Kind;
use gamification_core::ports::{Queries, StoreError};
use sea_orm::ConnectionTrait;

#[tokio::test]
async fn a_goal_that_cannot_be_read_is_corrupt() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let game = Game::set_up(kind).await;
        let raw = game.fresh.raw().await;
        for change in [
            "scope_key = 'somebody'",
            "label = '{}'",
            "terms = 'null'",
            "trigger_data = ''",
            "participants = '[{}]'",
            "target = -1",
            "progress = 5000000000",
            "state = '{\"state\":\"lost\"}'",
            "status = 'expired'",
            "is_open = FALSE",
            "deadline_at = 7",
            "cooldown_kind = 'until'",
            "cooldown_ends_at = 7",
        ] {
            let fresh = gamification_testkit::fixtures::goal(
                1,
                &game.campaign,
                &game.invert,
                &game.streamers[0],
            );
            raw.execute_unprepared("DELETE FROM instances").await.unwrap();
            let mut uow = game.begin().await;
            assert!(uow.instances().insert(&fresh).await.unwrap());
            uow.commit().await.unwrap();
            assert_eq!(game.database.instance(fresh.id).await, Ok(Some(fresh.clone())));
            raw.execute_unprepared(&format!("UPDATE instances SET {change}")).await.unwrap();
            let read = game.database.instance(fresh.id).await;
            assert!(matches!(read, Err(StoreError::Corrupt(_))), "{kind:?} {change}: {read:?}");
        }
    }
}

#[tokio::test]
async fn a_redemption_that_cannot_be_read_is_corrupt() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let game = Game::set_up(kind).await;
        let raw = game.fresh.raw().await;
        let row = gamification_testkit::fixtures::refused(1, &game.rewards[0]);
        for change in [
            "cost = 0",
            "cost = -1",
            "refusal = 'mood'",
            "refusal = NULL",
            "instance_id = event_id",
            "attempts = -1",
            "stuck_reason = 'mood'",
        ] {
            raw.execute_unprepared("DELETE FROM redemptions").await.unwrap();
            assert_eq!(game.record(std::slice::from_ref(&row)).await, 1);
            raw.execute_unprepared(&format!("UPDATE redemptions SET {change}")).await.unwrap();
            let read = game.database.redemption(&row.id).await;
            assert!(matches!(read, Err(StoreError::Corrupt(_))), "{kind:?} {change}: {read:?}");
        }
    }
}

#[tokio::test]
async fn states_that_do_not_exist_cannot_be_written() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let game = Game::set_up(kind).await;
        game.fill().await;
        let raw = game.fresh.raw().await;
        for sql in [
            "UPDATE redemptions SET settlement = 'lost'",
            "UPDATE redemptions SET direction = 'up'",
            "UPDATE instances SET status = 'lost'",
            "UPDATE instances SET execution_status = 'lost'",
            "UPDATE rewards SET status = 'lost'",
            "UPDATE journal SET fact = 'lost'",
        ] {
            assert!(raw.execute_unprepared(sql).await.is_err(), "{kind:?} {sql}");
        }
    }
}
