//! Values of an actor change.

use super::step::{required, unusable};
use super::{ActionContext, ActionHandler, Needs, PlanError};
use crate::event::HandlerConfig;
use crate::instance::{ExecutionReport, Instance};
use crate::validation::limits::{VTT_ID_CHARS, check_text};
use crate::validation::{FieldError, Fields};
use crate::vtt::{CommandKind, PlannedCommand, VttCommand};
use serde_json::{Map, Value, json};

/// What may be changed: the path itself and everything below it.
///
/// Conservative on purpose. These are the places where the systems that this service knows keep
/// what rises and falls during play; an actor's items, effects, flags, owners, prototype token,
/// biography and name are out of reach. The event does not know its campaign's system, so the
/// list is the union over the systems.
const ALLOWED_PATHS: [&str; 25] = [
    // dnd5e and pf2e
    "system.abilities",
    "system.attributes.ac",
    "system.attributes.death",
    "system.attributes.exhaustion",
    "system.attributes.hp",
    "system.attributes.init",
    "system.attributes.inspiration",
    "system.attributes.movement",
    "system.attributes.speed",
    "system.currency",
    "system.resources",
    "system.spells",
    // Call of Cthulhu
    "system.attribs",
    // Warhammer
    "system.status",
    // Savage Worlds
    "system.bennies",
    "system.fatigue",
    "system.wounds",
    // Cyberpunk
    "system.derivedStats",
    // Year Zero
    "system.condition",
    // World of Darkness
    "system.health",
    "system.humanity",
    "system.hunger",
    "system.willpower",
    // Blades in the Dark
    "system.harm",
    "system.stress",
];

/// Most values that one action changes.
const UPDATES_MAX: usize = 20;
const PATH_BYTES_MAX: usize = 200;
const VALUE_CHARS: std::ops::RangeInclusive<usize> = 0..=200;
/// Largest absolute value of a number.
const NUMBER_MAX: f64 = 1e9;

/// `stat_modify`: sets the values at `updates{path: value}` of the actor `actorId`.
///
/// Values are numbers, texts and truth values; objects and lists are refused, since they could
/// carry other paths.
#[derive(Debug, Clone, Copy, Default)]
pub struct StatModify;

struct Change<'a> {
    actor_id: &'a str,
    updates: Map<String, Value>,
}

fn change(config: &HandlerConfig) -> Result<Change<'_>, Vec<FieldError>> {
    let mut fields = Fields::of(config);
    fields.require("actorId");
    fields.require("updates");
    let actor_id = fields.text("actorId", VTT_ID_CHARS).unwrap_or_default();
    let updates = fields.map("updates");
    match updates.map(Map::len) {
        Some(0) => fields.refuse("updates", "must not be empty"),
        Some(count) if count > UPDATES_MAX => {
            fields.refuse("updates", format!("must not have more than {UPDATES_MAX} paths"));
        }
        _ => {
            for (path, value) in updates.into_iter().flatten() {
                fields.keep(check_update(path, value).map_err(|error| error.below("updates")));
            }
        }
    }
    fields.finish(Change { actor_id, updates: updates.cloned().unwrap_or_default() })
}

fn check_update(path: &str, value: &Value) -> Result<(), FieldError> {
    if !is_allowed(path) {
        return Err(FieldError::new(path, "is not a path that may be changed"));
    }
    match value {
        Value::Bool(_) => Ok(()),
        Value::Number(number) if number.as_f64().is_some_and(|n| n.abs() <= NUMBER_MAX) => Ok(()),
        Value::Number(_) => Err(FieldError::new(path, "must not be larger than a billion")),
        Value::String(text) => check_text(path, text, &VALUE_CHARS),
        Value::Null | Value::Array(_) | Value::Object(_) => {
            Err(FieldError::new(path, "must be a number, a text, true or false"))
        }
    }
}

/// Whether the path lies in [`ALLOWED_PATHS`] and consists of plain names: nothing that the VTT
/// takes for an operator (`-=hp` deletes) or JavaScript for an object's inner life.
fn is_allowed(path: &str) -> bool {
    let is_below = |allowed: &str| {
        path.strip_prefix(allowed).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    path.len() <= PATH_BYTES_MAX
        && ALLOWED_PATHS.into_iter().any(is_below)
        && path.split('.').all(is_plain_name)
}

fn is_plain_name(segment: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    !segment.is_empty()
        && !segment.starts_with('-')
        && segment.bytes().all(is_plain)
        && !["__proto__", "constructor", "prototype"].contains(&segment)
}

impl ActionHandler for StatModify {
    fn kind(&self) -> &'static str {
        "stat_modify"
    }

    fn needs(&self) -> Needs {
        Needs { vtt_connection: true, ..Needs::default() }
    }

    fn validate_config(&self, config: &HandlerConfig) -> Result<(), Vec<FieldError>> {
        change(config).map(|_| ())
    }

    fn plan(
        &self,
        config: &HandlerConfig,
        _: ActionContext<'_>,
    ) -> Result<Vec<PlannedCommand>, PlanError> {
        let Change { actor_id, updates } = change(config).map_err(unusable)?;
        let payload = json!({ "actorId": actor_id, "updates": updates });
        Ok(vec![required(CommandKind::ModifyActor, payload)])
    }

    fn report(&self, config: &HandlerConfig, _: &Instance, _: &[VttCommand]) -> ExecutionReport {
        let message = change(config).ok().map(|change| {
            let values = change.updates.iter().map(|(path, value)| format!("{path} = {value}"));
            values.collect::<Vec<_>>().join(", ")
        });
        ExecutionReport { message, ..ExecutionReport::default() }
    }
}
