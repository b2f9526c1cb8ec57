//! What only SQL can see or spoil of logins and of the outbox.

use crate::game::Game;
use crate::support::Kind;
use gamification_core::login::{LoginLoss, LoginState, TwitchLogin};
use gamification_core::ports::{Queries, StoreError};
use gamification_testkit::fixtures::{self, NOW, at};
use sea_orm::ConnectionTrait;

const BOTH: [Kind; 2] = [Kind::Sqlite, Kind::Postgres];

#[tokio::test]
async fn a_login_that_cannot_be_read_is_corrupt() {
    for kind in BOTH {
        let game = Game::set_up(kind).await;
        let raw = game.fresh.raw().await;
        let state = LoginState::NeedsLogin { reason: LoginLoss::Revoked, since: at(9) };
        let login = TwitchLogin { state, ..fixtures::login(&game.streamers[0]) };
        for change in [
            "state = 'connected'",
            "loss_reason = NULL",
            "needs_login_since = NULL",
            "generation = -1",
            "scopes = 'chat:read'",
        ] {
            let mut uow = game.begin().await;
            uow.logins().save(&login).await.unwrap();
            uow.commit().await.unwrap();
            assert_eq!(game.database.all_logins().await.as_deref(), Ok([login.clone()].as_slice()));
            raw.execute_unprepared(&format!("UPDATE twitch_logins SET {change}")).await.unwrap();
            let read = game.database.all_logins().await;
            assert!(matches!(read, Err(StoreError::Corrupt(_))), "{kind:?} {change}: {read:?}");
        }
    }
}

#[tokio::test]
async fn an_effect_that_cannot_be_read_is_corrupt() {
    for kind in BOTH {
        let game = Game::set_up(kind).await;
        let mut uow = game.begin().await;
        let streamer = game.rewards[0].streamer_id;
        let entry = fixtures::chat_notice(1, &game.campaign, streamer);
        uow.outbox().push(&[entry]).await.unwrap();
        uow.commit().await.unwrap();
        let raw = game.fresh.raw().await;
        raw.execute_unprepared("UPDATE outbox SET effect = '{\"kind\":\"fax\"}'").await.unwrap();
        let mut uow = game.begin().await;
        let taken = uow.outbox().take(at(10), at(70), NOW, 5).await;
        assert!(matches!(taken, Err(StoreError::Corrupt(_))), "{kind:?} {taken:?}");
    }
}

#[tokio::test]
async fn an_effect_whose_taker_is_lost_says_that_nobody_knows() {
    for kind in BOTH {
        let game = Game::set_up(kind).await;
        let mut uow = game.begin().await;
        let streamer = game.rewards[0].streamer_id;
        let entry = fixtures::chat_notice(1, &game.campaign, streamer);
        uow.outbox().push(&[entry]).await.unwrap();
        assert_eq!(uow.outbox().take(at(10), at(70), NOW, 5).await.unwrap().len(), 1);
        assert_eq!(uow.outbox().take(at(70), at(130), NOW, 5).await.unwrap(), []);
        uow.commit().await.unwrap();
        let raw = game.fresh.raw().await;
        let unknown = "DELETE FROM outbox WHERE status = 'failed' AND last_error = 'unknown'";
        let deleted = raw.execute_unprepared(unknown).await.unwrap();
        assert_eq!(deleted.rows_affected(), 1, "{kind:?}");
    }
}
