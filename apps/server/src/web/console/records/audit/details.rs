//! What an action was done with: names where they are known, else what the audit has.

use crate::web::console::records::names::Names;
use crate::web::page::Page;
use gamification_core::ids::{EventId, UserId};
use gamification_core::time::Timestamp;
use serde_json::Value;
use uuid::Uuid;

/// The values that are ids of people.
const PEOPLE: [&str; 3] = ["userId", "streamerId", "ownerId"];
const EVENT: &str = "eventId";
const GOAL: &str = "instanceId";
/// What only the service needs to know.
const INNER: [&str; 1] = ["generation"];

/// One value of an action.
pub(super) struct Detail {
    /// What it is, in words where there are some.
    pub(super) name: String,
    /// The value.
    pub(super) value: Shown,
}

/// How a value is shown.
pub(super) enum Shown {
    /// What somebody is called or wrote.
    Name(String),
    /// A moment.
    Moment(Timestamp),
    /// The address of a goal's page.
    Goal(String),
    /// As the audit has it.
    Plain(String),
}

/// The people among the values.
pub(super) fn mentioned_people(details: &Value) -> impl Iterator<Item = UserId> {
    PEOPLE.into_iter().filter_map(|name| id(details.get(name)?)).map(UserId)
}

/// The event among the values.
pub(super) fn mentioned_events(details: &Value) -> impl Iterator<Item = EventId> {
    details.get(EVENT).and_then(id).map(EventId).into_iter()
}

/// The values of an action, without those that were not set or mean nothing to people.
pub(super) fn details(page: &Page, names: &Names, console: &str, details: &Value) -> Vec<Detail> {
    let Some(values) = details.as_object() else { return Vec::new() };
    let is_said =
        |(name, value): &(&String, &Value)| !value.is_null() && !INNER.contains(&name.as_str());
    let shown = values.iter().filter(is_said).map(|(name, value)| {
        let key = format!("audit-detail-{name}");
        let is_known = page.texts().has(&key);
        let words = if is_known { page.say(&key).to_string() } else { name.clone() };
        Detail { name: words, value: shown(page, names, console, name, value) }
    });
    shown.collect()
}

fn shown(page: &Page, names: &Names, console: &str, name: &str, value: &Value) -> Shown {
    let id = id(value);
    let known = match (name, id) {
        (name, Some(id)) if PEOPLE.contains(&name) => names.person(&UserId(id)),
        (EVENT, Some(id)) => names.event(page, &EventId(id)),
        (GOAL, Some(id)) => return Shown::Goal(format!("{console}/history/{id}")),
        _ => None,
    };
    if let Some(known) = known {
        return Shown::Name(known.to_owned());
    }
    match value {
        Value::String(text) if name.ends_with("At") || name.ends_with("Until") => {
            Timestamp::parse(text).map_or_else(|_| Shown::Plain(text.clone()), Shown::Moment)
        }
        Value::String(text) if id.is_none() => Shown::Name(text.clone()),
        Value::String(text) => Shown::Plain(text.clone()),
        Value::Bool(is_so) => {
            Shown::Name(page.say(if *is_so { "audit-yes" } else { "audit-no" }).to_string())
        }
        other => Shown::Plain(other.to_string()),
    }
}

fn id(value: &Value) -> Option<Uuid> {
    value.as_str()?.parse().ok()
}
