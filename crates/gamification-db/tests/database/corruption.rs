//! A row that the core cannot understand is an error, never a panic or a guess.

use crate::game::Game;
use crate::support::Kind;
use gamification_core::criticality::CampaignRule;
use gamification_core::ports::{Queries, StoreError};
use gamification_testkit::fixtures;
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
            let fresh = fixtures::goal(1, &game.campaign, &game.invert, &game.streamers[0]);
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
        let row = fixtures::refused(1, &game.rewards[0]);
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
async fn a_criticality_rule_that_cannot_be_read_is_corrupt() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let game = Game::set_up(kind).await;
        let (raw, campaign) = (game.fresh.raw().await, game.campaign.id);
        let rule = serde_json::json!({ "field": "max_die", "op": ">=", "value": 19,
            "kind": "success", "severity": "major", "label": "Keen" });
        let rule = CampaignRule {
            id: fixtures::id(9_001),
            campaign_id: campaign,
            rule: serde_json::from_value(rule).unwrap(),
            created_at: fixtures::NOW,
        };
        let mut uow = game.begin().await;
        uow.criticality_rules().insert(&rule).await.unwrap();
        uow.commit().await.unwrap();
        assert_eq!(game.database.criticality_rules(campaign).await, Ok(vec![rule]));
        for (sound, broken) in [("19", "true"), ("max_die", "luck"), ("Keen", " ")] {
            let replace = async |from: &str, to: &str| {
                let sql =
                    format!("UPDATE criticality_rules SET rule = REPLACE(rule, '{from}', '{to}')");
                raw.execute_unprepared(&sql).await.unwrap();
                game.database.criticality_rules(campaign).await
            };
            let read = replace(sound, broken).await;
            assert!(matches!(read, Err(StoreError::Corrupt(_))), "{kind:?} {broken}: {read:?}");
            assert!(replace(broken, sound).await.is_ok(), "{kind:?} {broken}");
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
