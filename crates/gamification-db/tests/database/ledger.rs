//! Whatever one row is changed to by hand, the balance fails.

use crate::game::Game;
use crate::support::Kind;
use gamification_core::ledger::Ledger;
use gamification_core::ports::Queries;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};

const KEPT: [&str; 4] = ["instance_participants", "journal", "redemptions", "instances"];

/// A filled, balanced ledger that can be damaged and mended again.
struct Vandal {
    raw: DatabaseConnection,
    game: Game,
}

impl Vandal {
    async fn new(kind: Kind) -> Self {
        let game = Game::set_up(kind).await;
        game.fill().await;
        let raw = game.fresh.raw().await;
        for table in KEPT {
            let keep = format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}");
            raw.execute_unprepared(&keep).await.unwrap();
        }
        let vandal = Self { raw, game };
        vandal.assert_balanced().await;
        vandal
    }

    async fn ledger(&self) -> Ledger {
        self.game.database.ledger(self.game.campaign.id, None).await.unwrap()
    }

    async fn assert_balanced(&self) {
        let ledger = self.ledger().await;
        assert_eq!(ledger.imbalances, []);
        assert!(ledger.is_balanced(), "{ledger:?}");
    }

    /// Changes one row, which the ledger must notice, and mends it.
    async fn noticed(&self, sql: &str) {
        let done = self.raw.execute_unprepared(sql).await;
        let done = done.unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert_eq!(done.rows_affected(), 1, "{sql}");
        let ledger = self.ledger().await;
        assert!(!ledger.imbalances.is_empty(), "not noticed: {sql}");
        assert!(!ledger.is_balanced());
        self.mend().await;
    }

    async fn mend(&self) {
        for table in KEPT {
            self.raw.execute_unprepared(&format!("DELETE FROM {table}")).await.unwrap();
        }
        for table in KEPT.into_iter().rev() {
            let mend = format!("INSERT INTO {table} SELECT * FROM kept_{table}");
            self.raw.execute_unprepared(&mend).await.unwrap();
        }
    }

    async fn texts(&self, sql: &str) -> Vec<String> {
        let statement = Statement::from_string(self.raw.get_database_backend(), sql);
        let rows = self.raw.query_all_raw(statement).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }
}

async fn on_both<F: Future<Output = ()>>(test: impl Fn(Vandal) -> F) {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let vandal = Vandal::new(kind).await;
        test(vandal).await;
    }
}

#[tokio::test]
async fn every_changed_redemption_is_noticed() {
    on_both(|vandal| async move {
        let rows = vandal.texts("SELECT id FROM redemptions ORDER BY id").await;
        assert_eq!(rows.len(), 10);
        for id in rows {
            let wherever = format!("WHERE id = '{id}'");
            vandal.noticed(&format!("DELETE FROM redemptions {wherever}")).await;
            for change in [
                "cost = cost + 1",
                "cost = cost - 1",
                "id = 'invented'",
                "streamer_id = campaign_id",
                "campaign_id = streamer_id",
                "event_id = streamer_id",
                "instance_id = streamer_id, refusal = NULL",
                "instance_id = NULL, refusal = 'panic'",
            ] {
                let is_same = change.starts_with("instance_id = NULL")
                    && ["redemption-9", "redemption-10"].contains(&id.as_str());
                if !is_same {
                    vandal.noticed(&format!("UPDATE redemptions SET {change} {wherever}")).await;
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn every_other_settlement_and_direction_is_noticed() {
    const SETTLEMENTS: [&str; 6] =
        ["pending", "fulfil_due", "refund_due", "fulfilled", "refunded", "stuck"];
    const DIRECTIONS: [&str; 3] = ["'fulfil'", "'refund'", "NULL"];
    on_both(|vandal| async move {
        let rows = vandal
            .texts(
                "SELECT id || ' ' || settlement || ' ' || COALESCE(direction, '') FROM redemptions",
            )
            .await;
        for row in rows {
            let [id, settlement, direction] = row.split(' ').collect::<Vec<_>>()[..] else {
                panic!("{row}")
            };
            let direction =
                if direction.is_empty() { "NULL".to_owned() } else { format!("'{direction}'") };
            let others = SETTLEMENTS
                .into_iter()
                .flat_map(|s| DIRECTIONS.map(|d| (s, d)))
                .filter(|other| *other != (settlement, direction.as_str()));
            for (settlement, direction) in others {
                let sql = format!(
                    "UPDATE redemptions SET settlement = '{settlement}', direction = {direction} \
                     WHERE id = '{id}'"
                );
                vandal.noticed(&sql).await;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn every_changed_line_of_the_journal_is_noticed() {
    on_both(|vandal| async move {
        let lines = vandal.texts("SELECT CAST(id AS TEXT) FROM journal").await;
        assert!(lines.len() >= 30);
        for id in lines {
            let wherever = format!("WHERE id = {id}");
            vandal.noticed(&format!("DELETE FROM journal {wherever}")).await;
            let again = format!(
                "INSERT INTO journal (id, redemption_id, campaign_id, streamer_id, event_id, \
                 instance_id, fact, points, at) SELECT id + 100000, redemption_id, campaign_id, \
                 streamer_id, event_id, instance_id, fact, points, at FROM journal {wherever}"
            );
            vandal.noticed(&again).await;
            for change in [
                "points = points + 1",
                "points = 0",
                "redemption_id = 'invented'",
                "streamer_id = campaign_id",
                "campaign_id = streamer_id",
                "event_id = streamer_id",
                "instance_id = streamer_id",
                "fact = CASE fact WHEN 'received' THEN 'counted' ELSE 'received' END",
                "fact = CASE fact WHEN 'stuck' THEN 'retried' ELSE 'stuck' END",
            ] {
                vandal.noticed(&format!("UPDATE journal SET {change} {wherever}")).await;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn every_changed_goal_is_noticed() {
    on_both(|vandal| async move {
        for status in ["completed", "cancelled", "active"] {
            let wherever = format!("WHERE status = '{status}'");
            for change in [
                "progress = progress + 1",
                "progress = progress - 1",
                "participants = REPLACE(participants, 'contributions\":', 'contributions\":1')",
                "participants = '[]'",
                "participants = 'unreadable'",
                "state = 'unreadable'",
                "status = 'armed'",
                "is_open = NOT is_open",
                "campaign_id = event_id",
            ] {
                vandal.noticed(&format!("UPDATE instances SET {change} {wherever}")).await;
            }
            vandal.noticed(&format!("DELETE FROM instances {wherever}")).await;
        }
        // Progress and snapshot changed together still differ from the redemptions.
        let both = "UPDATE instances SET progress = progress + 10, participants = \
             REPLACE(participants, 'contributions\":3', 'contributions\":13') \
             WHERE status = 'completed'";
        vandal.noticed(both).await;
        // A goal that is said to have ended the other way.
        let other_end = "UPDATE instances SET status = 'expired', execution_status = NULL, \
             state = '{\"state\":\"expired\",\"expired_at\":\"2026-01-01T20:00:00.000000Z\",\
             \"was_armed\":false}' WHERE status = 'completed'";
        vandal.noticed(other_end).await;
    })
    .await;
}

#[tokio::test]
async fn an_invented_redemption_is_noticed() {
    on_both(|vandal| async move {
        for like in 1..=10 {
            let columns = "reward_key, streamer_id, campaign_id, event_id, viewer_id, viewer_name, \
                 cost, redeemed_at, received_at, source, instance_id, refusal, settlement, \
                 direction, settled_by, settled_at, attempts, next_attempt_at, last_error, \
                 stuck_reason, stuck_count, retried_count, lease_until";
            let invented = format!(
                "INSERT INTO redemptions (id, {columns}) SELECT 'invented', {columns} \
                 FROM redemptions WHERE id = 'redemption-{like}'"
            );
            vandal.noticed(&invented).await;
        }
    })
    .await;
}

#[tokio::test]
async fn the_ledger_of_a_channel_notices_what_is_wrong_on_it() {
    on_both(|vandal| async move {
        let game = &vandal.game;
        let of = |index: usize| {
            let streamer = game.streamers[index].id.into();
            game.database.ledger(game.campaign.id, Some(streamer))
        };
        let [first, second] = [of(0).await.unwrap(), of(1).await.unwrap()];
        assert!(first.is_balanced() && second.is_balanced(), "{first:?} {second:?}");
        assert_eq!((first.total.received.count, second.total.received.count), (5, 5));
        assert_eq!((first.by_streamer.len(), second.by_streamer.len()), (1, 1));
        let dearer = "UPDATE redemptions SET cost = cost + 1 WHERE id = 'redemption-6'";
        vandal.raw.execute_unprepared(dearer).await.unwrap();
        assert!(!of(0).await.unwrap().is_balanced());
        assert!(of(1).await.unwrap().is_balanced(), "the other channel's is right");
    })
    .await;
}

#[tokio::test]
async fn at_most_a_hundred_differences_are_told() {
    on_both(|vandal| async move {
        let game = &vandal.game;
        let rows: Vec<_> = (1_000..1_300)
            .map(|n| gamification_testkit::fixtures::refused(n, &game.rewards[0]))
            .collect();
        assert_eq!(game.record(&rows).await, 300);
        vandal.raw.execute_unprepared("DELETE FROM journal WHERE fact = 'received'").await.unwrap();
        assert_eq!(vandal.ledger().await.imbalances.len(), 100);
    })
    .await;
}
