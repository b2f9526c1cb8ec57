//! The state that a reader begins with.

use super::viewer::Viewer;
use crate::problem::Problem;
use gamification_core::announcement::{Announcement, AnnouncementKind};
use gamification_core::campaign::SessionState;
use gamification_core::instance::{Cooldown, Instance, InstanceState};
use gamification_core::objective::percentage;
use gamification_core::service::Gamification;
use gamification_core::time::Timestamp;
use gamification_core::vtt::{RollSummary, ShownCombat, presence};
use serde_json::{Value, json};

/// How often a snapshot is taken again because something happened meanwhile.
const ATTEMPTS_MAX: u32 = 5;

/// The state of the campaign for that reader, and the sequence number up to which it holds
/// everything. In a storm of facts it may hold a little more, which the reader is then told again.
pub(super) async fn snapshot(
    core: &Gamification,
    viewer: &Viewer,
) -> Result<(i64, Value), Problem> {
    let queries = &core.ports().queries;
    let mut attempts = 1;
    loop {
        let (_, before) = queries.log_range(viewer.campaign).await?;
        let state = state(core, viewer).await?;
        let (_, after) = queries.log_range(viewer.campaign).await?;
        if before == after || attempts == ATTEMPTS_MAX {
            let mut state = state;
            state["sequence"] = json!(before);
            return Ok((before, state));
        }
        attempts += 1;
    }
}

async fn state(core: &Gamification, viewer: &Viewer) -> Result<Value, Problem> {
    let (queries, now) = (&core.ports().queries, core.ports().clock.now());
    let campaign = queries.campaign(viewer.campaign).await?;
    let campaign = campaign.ok_or_else(|| Problem::not_found("campaign"))?;
    let table = queries.connection_of(campaign.id).await?;
    let combat = match &table {
        Some(table) => {
            let combat = queries.combat(table.id).await?;
            combat.as_ref().and_then(ShownCombat::of)
        }
        None => None,
    };
    let goals = queries.open_instances(campaign.id).await?;
    let shown = |goal: &&Instance| match viewer.channel() {
        Some(channel) => goal.participants.iter().any(|part| part.streamer_id == channel),
        None => true,
    };
    let goals: Vec<Value> = goals.iter().filter(shown).map(|goal| shown_goal(goal, now)).collect();
    let cooling = queries.cooling_instances(campaign.id, now).await?;
    let cooling = cooling.iter().filter(shown);
    let cooldowns: Vec<Value> = cooling.filter_map(|goal| shown_cooldown(goal, now)).collect();
    Ok(json!({
        "campaignId": campaign.id,
        "at": now,
        "campaignName": campaign.name,
        "session": shown_session(&campaign.session),
        "isPanicked": campaign.is_panicked,
        "vtt": { "status": presence(table.as_ref(), now) },
        "combat": combat,
        "instances": goals,
        "cooldowns": cooldowns,
    }))
}

fn shown_session(session: &SessionState) -> Value {
    match session {
        SessionState::Never => json!({ "state": "never" }),
        SessionState::Running { id, started_at } => {
            json!({ "state": "running", "id": id, "startedAt": started_at })
        }
        SessionState::Ended { id, ended_at } => {
            json!({ "state": "ended", "id": id, "endedAt": ended_at })
        }
    }
}

/// The pause that a completed goal brought, with the same names as the facts about it; `None` for
/// one whose end is not known.
fn shown_cooldown(goal: &Instance, now: Timestamp) -> Option<Value> {
    let Some(Cooldown::Until(until)) = goal.cooldown else { return None };
    let shown = json!({ "until": until, "remainingSeconds": now.seconds_until(until) });
    Some(Announcement::about(AnnouncementKind::InstanceCompleted, goal, shown).payload)
}

/// A goal with the same names as the facts about it.
fn shown_goal(goal: &Instance, now: Timestamp) -> Value {
    let mut shown = json!({
        "status": goal.status(),
        "executionStatus": goal.execution_status(),
        "openedBy": goal.trigger.opened_by,
        "currentProgress": goal.progress,
        "objectiveTarget": goal.target,
        "progressPercentage": percentage(goal.progress, goal.target),
        "streamers": goal.participants,
        "startedAt": goal.started_at,
        "remainingSeconds": goal.deadline().map(|deadline| now.seconds_until(deadline)),
        "diceRoll": goal.trigger.dice_roll.as_ref().map(RollSummary::from),
    });
    match &goal.state {
        InstanceState::Active { expires_at } => shown["expiresAt"] = json!(expires_at),
        InstanceState::Armed { armed_at, armed_until } => {
            shown["armedAt"] = json!(armed_at);
            shown["armedUntil"] = json!(armed_until);
        }
        InstanceState::Executing { completed_at, execution_deadline, veto_until } => {
            shown["completedAt"] = json!(completed_at);
            shown["executionDeadline"] = json!(execution_deadline);
            if let Some(until) = veto_until {
                shown["vetoUntil"] = json!(until);
            }
        }
        InstanceState::Executed { .. }
        | InstanceState::Failed { .. }
        | InstanceState::Expired { .. }
        | InstanceState::Cancelled { .. } => {}
    }
    Announcement::about(AnnouncementKind::InstanceCreated, goal, shown).payload
}
