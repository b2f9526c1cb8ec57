//! What is missing before a goal can start, and have its effect: asked before viewers pay.

use crate::admission::Circumstances;
use crate::instance::InstanceStatus;
use crate::time::Timestamp;
use crate::vtt::VttPresence;
use serde::{Deserialize, Serialize};

/// What is looked at, in the order in which a GM would mend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckName {
    /// The campaign is in session, and nobody pressed panic.
    Campaign,
    /// The GM has enabled the event.
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

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What.
    pub name: CheckName,
    /// What is missing, in plain words; `None` when all is well.
    pub missing: Option<String>,
}

/// Looks at everything that the event's action and rules ask for; what they do not ask for is left
/// out. `objections` is what the action itself has against it.
#[must_use]
pub fn pre_flight(at: &Circumstances<'_>, objections: Vec<String>, now: Timestamp) -> Vec<Check> {
    let needs = at.needs;
    let findings = [
        (true, CheckName::Campaign, campaign(at)),
        (true, CheckName::Event, event(at)),
        (true, CheckName::Offer, offer(at)),
        (true, CheckName::Authorisation, authorisation(at, now)),
        (needs.vtt_connection, CheckName::Table, table(at)),
        (needs.client_feature.is_some(), CheckName::Module, module(at)),
        (needs.character, CheckName::Character, character(at)),
        (needs.combat, CheckName::Combat, combat(at)),
        (true, CheckName::Action, joined(objections)),
        (true, CheckName::Goal, goal(at)),
        (true, CheckName::Cooldown, cooldown(at)),
    ];
    let asked = findings.into_iter().filter(|(is_asked, ..)| *is_asked);
    asked.map(|(_, name, missing)| Check { name, missing }).collect()
}

fn unless(is_well: bool, missing: &str) -> Option<String> {
    (!is_well).then(|| missing.to_owned())
}

fn campaign(at: &Circumstances<'_>) -> Option<String> {
    let campaign = at.campaign;
    unless(!campaign.is_deleting, "the campaign is being deleted")
        .or_else(|| unless(!campaign.is_panicked, "everything is stopped: resume first"))
        .or_else(|| unless(campaign.in_session_since().is_some(), "the session was ended"))
}

fn event(at: &Circumstances<'_>) -> Option<String> {
    unless(at.config.is_some_and(|c| c.is_enabled), "the event is not enabled in the campaign")
}

fn offer(at: &Circumstances<'_>) -> Option<String> {
    let offers = at.streamer_config.is_some_and(|c| c.is_enabled);
    unless(offers, "the streamer has not switched the event on")
}

fn authorisation(at: &Circumstances<'_>, now: Timestamp) -> Option<String> {
    let is_authorised = at.membership.is_some_and(|member| member.is_authorised(now));
    unless(is_authorised, "the streamer does not let rewards appear on the channel")
}

fn table(at: &Circumstances<'_>) -> Option<String> {
    match at.vtt {
        VttPresence::Present => None,
        VttPresence::NotPaired => Some("no table is paired with the campaign".to_owned()),
        VttPresence::Away => Some("the paired table is not connected".to_owned()),
    }
}

fn module(at: &Circumstances<'_>) -> Option<String> {
    unless(!at.lacks_module(), "the client at the table cannot do this: install our module")
}

fn character(at: &Circumstances<'_>) -> Option<String> {
    unless(at.has_character, "no character is assigned to the streamer")
}

fn combat(at: &Circumstances<'_>) -> Option<String> {
    unless(at.is_in_combat, "no combat runs at the table")
}

fn joined(objections: Vec<String>) -> Option<String> {
    (!objections.is_empty()).then(|| objections.join("; "))
}

fn goal(at: &Circumstances<'_>) -> Option<String> {
    let goal = at.open_goal?;
    Some(match goal.status() {
        InstanceStatus::Armed => "a goal of this event waits for its roll".to_owned(),
        InstanceStatus::Active => "a goal of this event is collecting clicks".to_owned(),
        _ => "a goal of this event is being executed".to_owned(),
    })
}

fn cooldown(at: &Circumstances<'_>) -> Option<String> {
    unless(!at.is_cooling_down, "the event is cooling down")
}
