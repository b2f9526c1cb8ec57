//! What is missing before a goal can start.

use super::names::names;
use gamification_core::preflight::{Check, CheckName};
use poem_openapi::Object;

/// Whether a goal of an event can start and have its effect.
#[derive(Debug, Clone, Object)]
#[oai(rename = "PreFlight", rename_all = "camelCase")]
pub(in crate::api) struct PreFlightView {
    /// Whether nothing is missing.
    is_ready: bool,
    /// Everything that was looked at, in the order in which one would mend it.
    checks: Vec<CheckView>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Check", rename_all = "camelCase", skip_serializing_if_is_none)]
struct CheckView {
    /// What.
    name: CheckNameName,
    /// Whether all is well.
    is_ok: bool,
    /// What is missing, in plain words.
    reason: Option<String>,
}

impl From<Vec<Check>> for PreFlightView {
    fn from(checks: Vec<Check>) -> Self {
        let checks: Vec<_> = checks
            .into_iter()
            .map(|Check { name, missing }| CheckView {
                name: name.into(),
                is_ok: missing.is_none(),
                reason: missing,
            })
            .collect();
        Self { is_ready: checks.iter().all(|check| check.is_ok), checks }
    }
}

names! {
    /// What is looked at.
    CheckNameName as "CheckName" = CheckName {
        /// The campaign is in session, and nobody pressed panic.
        Campaign,
        /// The game master has enabled the event.
        Event,
        /// The streamer offers it.
        Offer,
        /// The streamer lets rewards appear on the channel.
        Authorisation,
        /// A table is paired and can be reached.
        Table,
        /// The client at the table can do what the action asks for.
        Module,
        /// There is a character whom the action can be about.
        Character,
        /// A combat runs.
        Combat,
        /// What the action itself has against it.
        Action,
        /// No goal of this event is open.
        Goal,
        /// The event is not cooling down.
        Cooldown,
    }
}
