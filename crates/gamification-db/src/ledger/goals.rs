//! The redemption rows against the goals that they count for.

use super::places::Held;
use super::{Asked, Findings};
use crate::error::Stored;
use crate::rows;
use gamification_core::ids::StreamerId;
use gamification_core::instance::{InstanceState, Participant};
use sea_orm::{DatabaseTransaction, FromQueryResult};
use std::collections::HashMap;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Goal {
    id: Uuid,
    progress: i64,
    participants: String,
    state: String,
    status: String,
    execution_status: Option<String>,
    is_open: bool,
}

const GOALS: &str = "SELECT id, progress, participants, state, status, execution_status, is_open \
    FROM instances WHERE campaign_id = $1";

/// What a goal's state says of its clicks and of the columns that repeat it.
struct Expected {
    /// The direction that its clicks have; none while it is open.
    direction: Option<&'static str>,
    status: &'static str,
    execution_status: Option<&'static str>,
}

const fn expected(state: &InstanceState) -> Expected {
    let (direction, status, execution_status) = match state {
        InstanceState::Active { .. } => (None, "active", None),
        InstanceState::Armed { .. } => (None, "armed", None),
        InstanceState::Executing { .. } => (None, "completed", Some("pending")),
        InstanceState::Executed { .. } => (Some("fulfil"), "completed", Some("executed")),
        InstanceState::Failed { .. } => (Some("refund"), "completed", Some("failed")),
        InstanceState::Expired { .. } => (Some("refund"), "expired", None),
        InstanceState::Cancelled { .. } => (Some("refund"), "cancelled", None),
    };
    Expected { direction, status, execution_status }
}

pub(super) async fn compare(
    c: &DatabaseTransaction,
    asked: Asked,
    held: &[Held],
    findings: &mut Findings,
) -> Stored<()> {
    let mut clicks: HashMap<Uuid, Vec<&Held>> = HashMap::new();
    for part in held {
        if let Some(goal) = part.instance_id {
            clicks.entry(goal).or_default().push(part);
        }
    }
    for goal in rows::select::<Goal>(c, GOALS, [asked.campaign.0.into()]).await? {
        let clicks = clicks.remove(&goal.id).unwrap_or_default();
        compare_contributions(&goal, &clicks, asked, findings);
        compare_state(&goal, &clicks, findings);
    }
    for (goal, clicks) in clicks {
        let sum = clicks.iter().map(|part| part.clicks).sum();
        findings.compare("redemptions.instance = goals", goal, sum, 0);
    }
    Ok(())
}

/// Clicks of each channel against its part, and the parts against the progress.
fn compare_contributions(goal: &Goal, clicks: &[&Held], asked: Asked, findings: &mut Findings) {
    let Ok(participants) = serde_json::from_str::<Vec<Participant>>(&goal.participants) else {
        findings.compare("goals.participants are readable", goal.id, 0, 1);
        return;
    };
    let mut counted: HashMap<StreamerId, i64> = HashMap::new();
    for part in clicks {
        *counted.entry(StreamerId(part.streamer_id)).or_default() += part.clicks;
    }
    let contributed: i64 = participants.iter().map(|p| i64::from(p.contributions)).sum();
    findings.compare("goals.contributions = goals.progress", goal.id, contributed, goal.progress);
    if asked.streamer.is_none() {
        let sum = counted.values().sum();
        findings.compare("redemptions.counted = goals.progress", goal.id, sum, goal.progress);
    }
    for participant in participants.iter().filter(|p| asked.includes(p.streamer_id)) {
        let left = counted.remove(&participant.streamer_id).unwrap_or_default();
        let right = i64::from(participant.contributions);
        let subject = format!("{}/{}", goal.id, participant.streamer_id);
        findings.compare("redemptions.counted = goals.contributions", subject, left, right);
    }
    for (stranger, left) in counted {
        let subject = format!("{}/{stranger}", goal.id);
        findings.compare("redemptions.counted = goals.contributions", subject, left, 0);
    }
}

/// The directions of the clicks, and the columns that repeat the state, against the state.
fn compare_state(goal: &Goal, clicks: &[&Held], findings: &mut Findings) {
    let Ok(state) = serde_json::from_str::<InstanceState>(&goal.state) else {
        findings.compare("goals.state is readable", goal.id, 0, 1);
        return;
    };
    let expected = expected(&state);
    // What a moderator settled while the goal was open has no direction, and needs none.
    let is_external = |part: &Held| part.direction.is_none() && part.settlement != "pending";
    let is_astray =
        |part: &&&Held| part.direction.as_deref() != expected.direction && !is_external(part);
    let astray = clicks.iter().filter(is_astray).map(|part| part.clicks).sum();
    findings.compare("redemptions.direction = goals.state", goal.id, astray, 0);
    let agrees = goal.status == expected.status
        && goal.execution_status.as_deref() == expected.execution_status
        && goal.is_open == expected.direction.is_none();
    findings.compare("goals.status = goals.state", goal.id, i64::from(agrees), 1);
}
