//! A goal in words, for every page that shows one.

use super::page::Page;
use super::texts::Said;
use gamification_core::instance::{Cooldown, GoalScope, Instance, InstanceState};
use gamification_core::time::Timestamp;
use serde::Serialize;

/// Where a goal stands.
pub(super) struct Standing {
    /// How the badge looks: `good`, `warn`, `bad`, or plain.
    pub(super) look: &'static str,
    /// In words.
    pub(super) words: Said,
    /// Why, where there is a reason.
    pub(super) reason: Option<String>,
    /// When something happens to it by itself.
    pub(super) until: Option<Timestamp>,
}

impl Standing {
    /// Where the goal stands now.
    pub(super) fn of(page: &Page, goal: &Instance, now: Timestamp) -> Self {
        let (key, look, reason) = match &goal.state {
            InstanceState::Active { .. } => ("goal-active", "", None),
            InstanceState::Armed { .. } => ("goal-armed", "warn", None),
            InstanceState::Executing { .. } if !goal.may_be_sent(now) => {
                ("goal-in-veto-window", "warn", None)
            }
            InstanceState::Executing { .. } => ("goal-executing", "warn", None),
            InstanceState::Executed { .. } => ("goal-executed", "good", None),
            InstanceState::Failed { reason, .. } => {
                ("goal-failed", "bad", Some(page.say(reason_key("failure", reason)).to_string()))
            }
            InstanceState::Expired { was_armed: true, .. } => ("goal-expired-armed", "", None),
            InstanceState::Expired { .. } => ("goal-expired", "", None),
            InstanceState::Cancelled { reason, note, .. } => {
                let reason = page.say(reason_key("cancelled", reason)).to_string();
                let reason = note.as_ref().map_or_else(
                    || reason.clone(),
                    |note| {
                        page.say("cancelled-with-note")
                            .text("reason", &reason)
                            .name("note", note)
                            .to_string()
                    },
                );
                ("goal-cancelled", "", Some(reason))
            }
        };
        Self { look, words: page.say(key), reason, until: goal.deadline() }
    }
}

/// When the pause after the goal ends by itself; `None` when somebody or something ends it.
pub(super) const fn pauses_until(goal: &Instance) -> Option<Timestamp> {
    match goal.cooldown {
        Some(Cooldown::Until(until)) => Some(until),
        Some(Cooldown::UntilReleased | Cooldown::UntilExecuted(_)) | None => None,
    }
}

/// Whose goal it is: the channel's name; `None` for a goal of all.
pub(super) fn channel(goal: &Instance) -> Option<&str> {
    match goal.scope {
        GoalScope::Group => None,
        GoalScope::Streamer(streamer) => goal
            .participants
            .iter()
            .find(|part| part.streamer_id == streamer)
            .map(|part| part.streamer_name.as_str()),
    }
}

/// The key of the text for a reason: its name on the wire, with dashes.
pub(super) fn reason_key(family: &str, reason: &impl Serialize) -> String {
    let name = serde_json::to_value(reason).ok();
    let name = name.as_ref().and_then(|name| name.as_str()).unwrap_or_default();
    format!("{family}-{}", name.replace('_', "-"))
}
