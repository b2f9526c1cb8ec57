use crate::api::types::Moment;
use crate::api::views::names::EventNames;
use gamification_core::stats::{CampaignStats, Contributor, DayPoints, FillTime, GoalCounts};
use poem_openapi::Object;
use uuid::Uuid;

/// What came of a campaign's goals.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Stats", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct StatsView {
    /// How many goals there are, by where they stand.
    goals: GoalCountsView,
    /// The share of the goals that ended whose effect happened, in whole percent; absent before one
    /// ended.
    success_percent: Option<u64>,
    /// Who gave most, at most ten; what was given back does not count.
    top_contributors: Vec<ContributorView>,
    /// How fast the goals of each event filled, ordered by slug: of the newest 1,000 that did.
    fill_times: Vec<FillTimeView>,
    /// Points of the last 30 days in UTC, the oldest first, without a gap.
    days: Vec<DayView>,
}

/// Goals by where they stand.
#[derive(Debug, Clone, Object)]
#[oai(rename = "GoalCounts", rename_all = "camelCase")]
struct GoalCountsView {
    /// They collect clicks.
    active: u64,
    /// They wait for their roll.
    armed: u64,
    /// The table has to act.
    executing: u64,
    /// The table acted.
    executed: u64,
    /// The table did not act.
    failed: u64,
    /// They ran out of time.
    expired: u64,
    /// They were stopped.
    cancelled: u64,
}

/// A viewer who gave points to goals.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Contributor", rename_all = "camelCase")]
struct ContributorView {
    /// The name as the viewer writes it.
    viewer_name: String,
    /// Clicks that counted.
    clicks: u64,
    /// What they cost.
    points: u64,
}

/// How fast the goals of an event filled.
#[derive(Debug, Clone, Object)]
#[oai(rename = "FillTime", rename_all = "camelCase")]
struct FillTimeView {
    /// The event.
    event_id: Uuid,
    /// Its readable key.
    event_slug: String,
    /// Its name, by language.
    event_names: EventNames,
    /// How many goals filled.
    count: u64,
    /// The fastest of them, in seconds.
    fastest_seconds: u64,
    /// Half of them were at least as fast, in seconds.
    median_seconds: u64,
}

/// Channel Points of one day.
#[derive(Debug, Clone, Object)]
#[oai(rename = "DayPoints", rename_all = "camelCase")]
struct DayView {
    /// When the day begins, in UTC.
    begins_at: Moment,
    /// Of the clicks that arrived on it.
    received: u64,
    /// Of the clicks that ended spent on it.
    fulfilled: u64,
    /// Of the clicks that were given back on it.
    refunded: u64,
}

impl From<CampaignStats> for StatsView {
    fn from(stats: CampaignStats) -> Self {
        Self {
            success_percent: stats.goals.success_percent(),
            goals: stats.goals.into(),
            top_contributors: stats.top_contributors.into_iter().map(Into::into).collect(),
            fill_times: stats.fill_times.into_iter().map(Into::into).collect(),
            days: stats.days.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<GoalCounts> for GoalCountsView {
    fn from(counts: GoalCounts) -> Self {
        let GoalCounts { active, armed, executing, executed, failed, expired, cancelled } = counts;
        Self { active, armed, executing, executed, failed, expired, cancelled }
    }
}

impl From<Contributor> for ContributorView {
    fn from(contributor: Contributor) -> Self {
        let Contributor { viewer_name, clicks, points } = contributor;
        Self { viewer_name, clicks, points }
    }
}

impl From<FillTime> for FillTimeView {
    fn from(time: FillTime) -> Self {
        Self {
            event_id: time.event_id.0,
            event_slug: time.slug,
            event_names: time.name.into(),
            count: time.count,
            fastest_seconds: time.fastest_seconds,
            median_seconds: time.median_seconds,
        }
    }
}

impl From<DayPoints> for DayView {
    fn from(day: DayPoints) -> Self {
        let DayPoints { begins_at, received, fulfilled, refunded } = day;
        Self { begins_at: begins_at.into(), received, fulfilled, refunded }
    }
}
