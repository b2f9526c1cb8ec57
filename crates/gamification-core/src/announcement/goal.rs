//! The facts about goals.

use super::{Announcement, AnnouncementKind};
use crate::instance::{
    CancelReason, Cooldown, ExecutionReport, FailureReason, Instance, InstanceState,
};
use crate::objective::percentage;
use crate::time::Timestamp;
use crate::vtt::{GoalRoll, RollSummary};
use serde_json::{Value, json};

impl Announcement {
    /// A goal opened.
    #[must_use]
    pub fn instance_created(instance: &Instance) -> Self {
        let mut more = tally(instance);
        more["expiresAt"] = json!(instance.deadline());
        more["openedBy"] = json!(instance.trigger.opened_by);
        if let Some(roll) = &instance.trigger.dice_roll {
            more["diceRoll"] = json!(RollSummary::from(roll));
        }
        Self::about(AnnouncementKind::InstanceCreated, instance, more)
    }

    /// A click counted. Of several in a row only the last has to be told; see
    /// [`Announcement::absorb`].
    #[must_use]
    pub fn progress(instance: &Instance, viewer_name: &str) -> Self {
        let mut more = tally(instance);
        more["contributors"] = json!([viewer_name]);
        Self::about(AnnouncementKind::Progress, instance, more)
    }

    /// The target changed, or who takes part in it with what share.
    #[must_use]
    pub fn objective_changed(instance: &Instance) -> Self {
        Self::about(AnnouncementKind::ObjectiveChanged, instance, tally(instance))
    }

    /// A goal waits for its roll.
    #[must_use]
    pub fn instance_armed(instance: &Instance, armed_until: Timestamp) -> Self {
        let mut more = tally(instance);
        more["armedUntil"] = json!(armed_until);
        Self::about(AnnouncementKind::InstanceArmed, instance, more)
    }

    /// An armed goal met its roll.
    #[must_use]
    pub fn instance_consumed(instance: &Instance, roll: &GoalRoll) -> Self {
        let more = json!({ "diceRoll": RollSummary::from(roll) });
        Self::about(AnnouncementKind::InstanceConsumed, instance, more)
    }

    /// A goal has all that it needs; the table has to act. Its pause begins, and is over again if
    /// the table cannot.
    #[must_use]
    pub fn instance_completed(instance: &Instance) -> Self {
        let mut more = tally(instance);
        more["executionDeadline"] = json!(instance.deadline());
        if let InstanceState::Executing { veto_until: Some(until), .. } = instance.state {
            more["vetoUntil"] = json!(until);
        }
        if let Some(Cooldown::Until(until)) = instance.cooldown {
            more["cooldownUntil"] = json!(until);
        }
        Self::about(AnnouncementKind::InstanceCompleted, instance, more)
    }

    /// The table acted.
    #[must_use]
    pub fn action_executed(instance: &Instance, report: &ExecutionReport) -> Self {
        let mut more = json!({ "success": true });
        if let (Value::Object(more), Ok(Value::Object(report))) =
            (&mut more, serde_json::to_value(report))
        {
            more.extend(report);
        }
        Self::about(AnnouncementKind::ActionExecuted, instance, more)
    }

    /// The table could not act.
    #[must_use]
    pub fn action_failed(instance: &Instance, reason: FailureReason, message: &str) -> Self {
        let mut more = tally(instance);
        more["success"] = json!(false);
        more["reason"] = json!(reason);
        more["message"] = json!(message);
        Self::about(AnnouncementKind::ActionExecuted, instance, more)
    }

    /// A goal ran out of time.
    #[must_use]
    pub fn instance_expired(instance: &Instance) -> Self {
        Self::about(AnnouncementKind::InstanceExpired, instance, tally(instance))
    }

    /// A goal was stopped.
    #[must_use]
    pub fn instance_cancelled(instance: &Instance, reason: CancelReason) -> Self {
        let mut more = tally(instance);
        more["reason"] = json!(reason);
        Self::about(AnnouncementKind::InstanceCancelled, instance, more)
    }
}

fn tally(instance: &Instance) -> Value {
    json!({
        "currentProgress": instance.progress,
        "objectiveTarget": instance.target,
        "progressPercentage": percentage(instance.progress, instance.target),
        "streamers": instance.participants,
    })
}
