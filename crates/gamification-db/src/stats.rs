//! A campaign in numbers. The databases add up.

use crate::codec::{from_json, from_word, to_u64};
use crate::error::Stored;
use crate::rows;
use gamification_core::ids::{CampaignId, EventId};
use gamification_core::instance::EventLabel;
use gamification_core::ports::StoreError;
use gamification_core::redemption::JournalFact;
use gamification_core::stats::{
    CONTRIBUTORS_MAX, CampaignStats, Contributor, FILLED_GOALS_MAX, FilledGoal, GoalCounts, days,
    days_begin, fill_times,
};
use gamification_core::time::Timestamp;
use sea_orm::{DatabaseTransaction, FromQueryResult};
use uuid::Uuid;

const MICROS_PER_SECOND: i64 = 1_000_000;

/// The campaign's statistics.
pub(crate) async fn of_campaign(
    c: &DatabaseTransaction,
    campaign: CampaignId,
    now: Timestamp,
) -> Stored<CampaignStats> {
    Ok(CampaignStats {
        goals: goals(c, campaign).await?,
        top_contributors: contributors(c, campaign).await?,
        fill_times: fill_times(&filled(c, campaign).await?),
        days: days(now, &told(c, campaign, days_begin(now)).await?),
    })
}

#[derive(FromQueryResult)]
struct Counted {
    status: String,
    execution_status: Option<String>,
    goals: i64,
}

const GOALS: &str = "SELECT status, execution_status, COUNT(*) AS goals FROM instances \
    WHERE campaign_id = $1 GROUP BY status, execution_status";

async fn goals(c: &DatabaseTransaction, campaign: CampaignId) -> Stored<GoalCounts> {
    let mut counts = GoalCounts::default();
    for counted in rows::select::<Counted>(c, GOALS, [campaign.0.into()]).await? {
        let goals = to_u64("goals", counted.goals)?;
        match (counted.status.as_str(), counted.execution_status.as_deref()) {
            ("active", _) => counts.active += goals,
            ("armed", _) => counts.armed += goals,
            ("completed", Some("executed")) => counts.executed += goals,
            ("completed", Some("failed")) => counts.failed += goals,
            ("expired", _) => counts.expired += goals,
            ("cancelled", _) => counts.cancelled += goals,
            ("completed", Some("pending")) => counts.executing += goals,
            (status, execution) => {
                let words = format!("goals in the state {status}, {execution:?}");
                return Err(StoreError::Corrupt(words));
            }
        }
    }
    Ok(counts)
}

#[derive(FromQueryResult)]
struct Gave {
    viewer_name: String,
    clicks: i64,
    points: i64,
}

/// Names change; the last one in the alphabet is as good as any.
fn contributors_sql() -> String {
    format!(
        "SELECT MAX(viewer_name) AS viewer_name, COUNT(*) AS clicks, \
         CAST(SUM(cost) AS BIGINT) AS points FROM redemptions \
         WHERE campaign_id = $1 AND instance_id IS NOT NULL \
         AND settlement NOT IN ('refunded', 'refund_due') \
         AND (direction IS NULL OR direction <> 'refund') \
         GROUP BY viewer_id ORDER BY 3 DESC, 2 DESC, 1 LIMIT {CONTRIBUTORS_MAX}"
    )
}

async fn contributors(c: &DatabaseTransaction, campaign: CampaignId) -> Stored<Vec<Contributor>> {
    let gave = rows::select::<Gave>(c, &contributors_sql(), [campaign.0.into()]).await?;
    let contributor = |gave: Gave| {
        Ok(Contributor {
            viewer_name: gave.viewer_name,
            clicks: to_u64("clicks", gave.clicks)?,
            points: to_u64("points", gave.points)?,
        })
    };
    gave.into_iter().map(contributor).collect()
}

#[derive(FromQueryResult)]
struct Filled {
    event_id: Uuid,
    label: String,
    started_at: i64,
    filled_at: i64,
}

/// Nothing counts after the click that filled a goal.
fn filled_sql() -> String {
    format!(
        "SELECT goals.event_id AS event_id, goals.label AS label, \
         goals.started_at AS started_at, MAX(r.received_at) AS filled_at \
         FROM (SELECT id, event_id, label, started_at FROM instances \
             WHERE campaign_id = $1 AND status IN ('armed', 'completed') \
             ORDER BY started_at DESC, id DESC LIMIT {FILLED_GOALS_MAX}) AS goals \
         JOIN redemptions r ON r.instance_id = goals.id \
         GROUP BY goals.id, goals.event_id, goals.label, goals.started_at \
         ORDER BY goals.started_at DESC, goals.id DESC"
    )
}

async fn filled(c: &DatabaseTransaction, campaign: CampaignId) -> Stored<Vec<FilledGoal>> {
    let filled = rows::select::<Filled>(c, &filled_sql(), [campaign.0.into()]).await?;
    let goal = |filled: Filled| {
        let label: EventLabel = from_json("instances.label", &filled.label)?;
        let seconds = (filled.filled_at - filled.started_at).max(0) / MICROS_PER_SECOND;
        Ok(FilledGoal {
            event_id: EventId(filled.event_id),
            slug: label.slug,
            name: label.name,
            seconds: to_u64("seconds", seconds)?,
        })
    };
    filled.into_iter().map(goal).collect()
}

#[derive(FromQueryResult)]
struct Told {
    day: i64,
    fact: String,
    points: i64,
}

const TOLD: &str = "SELECT at / 86400000000 AS day, fact, CAST(SUM(points) AS BIGINT) AS points \
    FROM journal WHERE campaign_id = $1 AND at >= $2 \
    AND fact IN ('received', 'fulfilled', 'refunded') GROUP BY at / 86400000000, fact";

async fn told(
    c: &DatabaseTransaction,
    campaign: CampaignId,
    since: Timestamp,
) -> Stored<Vec<(i64, JournalFact, u64)>> {
    let values = [campaign.0.into(), since.as_micros().into()];
    let told = rows::select::<Told>(c, TOLD, values).await?;
    let day = |told: Told| {
        let fact = from_word("journal.fact", &told.fact)?;
        Ok((told.day, fact, to_u64("points", told.points)?))
    };
    told.into_iter().map(day).collect()
}
