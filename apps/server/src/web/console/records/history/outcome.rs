//! What came of a goal, in words, for the list, the page and the file.

use crate::web::page::Page;
use gamification_core::instance::{ExecutionReport, Instance, InstanceState};
use gamification_core::time::Timestamp;

/// When the goal ended; `None` while it is open.
pub(super) const fn ended_at(goal: &Instance) -> Option<Timestamp> {
    match goal.state {
        InstanceState::Active { .. }
        | InstanceState::Armed { .. }
        | InstanceState::Executing { .. } => None,
        InstanceState::Executed { executed_at, .. } => Some(executed_at),
        InstanceState::Failed { failed_at, .. } => Some(failed_at),
        InstanceState::Expired { expired_at, .. } => Some(expired_at),
        InstanceState::Cancelled { cancelled_at, .. } => Some(cancelled_at),
    }
}

/// What the table did, or said about what it could not do; `None` where it said nothing.
pub(super) fn confirmed(page: &Page, goal: &Instance) -> Option<String> {
    let parts = match &goal.state {
        InstanceState::Executed { report, .. } => reported(page, report),
        InstanceState::Failed { message, .. } => vec![message.clone()],
        _ => Vec::new(),
    };
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

fn reported(page: &Page, report: &ExecutionReport) -> Vec<String> {
    let mut parts = Vec::new();
    if let (Some(before), Some(after)) = (report.original_value, report.inverted_value) {
        let turned = page.say("history-turned").number("before", before).number("after", after);
        parts.push(turned.to_string());
    }
    if let Some(target) = &report.target {
        let named = match &target.character_name {
            Some(owner) => {
                page.say("history-target-of").name("target", &target.name).name("owner", owner)
            }
            None => page.say("history-target").name("target", &target.name),
        };
        parts.push(named.to_string());
    }
    if let Some(seconds) = report.duration_seconds {
        parts.push(page.say("history-lasted").text("time", page.duration(seconds)).to_string());
    }
    parts.extend(report.message.clone());
    parts
}

/// The channels that took part.
pub(super) fn channels(goal: &Instance) -> String {
    let names = goal.participants.iter().map(|part| part.streamer_name.as_str());
    names.collect::<Vec<_>>().join(", ")
}
