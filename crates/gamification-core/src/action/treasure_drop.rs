//! Loot appears on the scene.

use super::step::{optional, required, unusable};
use super::{ActionContext, ActionHandler, Needs, PlanError};
use crate::event::HandlerConfig;
use crate::instance::{ExecutionReport, Instance};
use crate::text::escape_html;
use crate::validation::limits::{MESSAGE_CHARS, VTT_ID_CHARS};
use crate::validation::{FieldError, Fields};
use crate::vtt::{CommandKind, PlannedCommand, VttCommand};
use serde::Serialize;
use serde_json::{Value, json};

/// Furthest place on a scene, in its pixels.
const PIXELS: std::ops::RangeInclusive<i64> = -100_000..=100_000;
const QUANTITY: std::ops::RangeInclusive<u64> = 1..=20;
/// Most complaints of the table that a report repeats, and the longest part of each.
const COMPLAINTS_MAX: usize = 5;
const COMPLAINT_CHARS_MAX: usize = 200;

/// `treasure_drop`: puts `quantity` (1) copies of the actor `actorId` on the scene, beginning at
/// `position{x, y}` in pixels, and says `message` in the chat when there is one.
///
/// The client places the copies 50 pixels apart and answers `{placed, errors[]}`; fewer than asked
/// for is told as a partial failure, and no copy at all is the client's failure of the command.
#[derive(Debug, Clone, Copy, Default)]
pub struct TreasureDrop;

#[derive(Serialize)]
struct Position {
    x: i64,
    y: i64,
}

struct Drop<'a> {
    actor_id: &'a str,
    position: Position,
    quantity: u64,
    message: Option<&'a str>,
}

fn drop_of(config: &HandlerConfig) -> Result<Drop<'_>, Vec<FieldError>> {
    let mut fields = Fields::of(config);
    fields.require("actorId");
    fields.require("position");
    let actor_id = fields.text("actorId", VTT_ID_CHARS).unwrap_or_default();
    let position = fields.object("position", |fields| {
        fields.require("x");
        fields.require("y");
        let x = fields.integer("x", PIXELS).unwrap_or_default();
        Position { x, y: fields.integer("y", PIXELS).unwrap_or_default() }
    });
    let quantity = fields.integer("quantity", QUANTITY).unwrap_or(1);
    let message = fields.text("message", MESSAGE_CHARS).filter(|text| !text.trim().is_empty());
    let position = position.unwrap_or(Position { x: 0, y: 0 });
    fields.finish(Drop { actor_id, position, quantity, message })
}

/// What did not work although the client said that the command as a whole did.
fn complaints(asked: u64, answer: Option<&Value>) -> Vec<String> {
    let mut complaints = Vec::new();
    let placed = answer.and_then(|answer| answer.get("placed")?.as_u64());
    if let Some(placed) = placed.filter(|placed| *placed < asked) {
        complaints.push(format!("{placed} of {asked} copies were placed"));
    }
    let errors = answer.and_then(|answer| answer.get("errors")?.as_array());
    let errors = errors.into_iter().flatten().filter_map(Value::as_str).take(COMPLAINTS_MAX);
    complaints.extend(errors.map(|error| error.chars().take(COMPLAINT_CHARS_MAX).collect()));
    complaints
}

impl ActionHandler for TreasureDrop {
    fn kind(&self) -> &'static str {
        "treasure_drop"
    }

    fn needs(&self) -> Needs {
        Needs {
            vtt_connection: true,
            client_feature: CommandKind::TreasureDrop.feature(),
            ..Needs::default()
        }
    }

    fn validate_config(&self, config: &HandlerConfig) -> Result<(), Vec<FieldError>> {
        drop_of(config).map(|_| ())
    }

    fn plan(
        &self,
        config: &HandlerConfig,
        _: ActionContext<'_>,
    ) -> Result<Vec<PlannedCommand>, PlanError> {
        let drop = drop_of(config).map_err(unusable)?;
        let payload = json!({
            "actorId": drop.actor_id,
            "position": drop.position,
            "quantity": drop.quantity,
        });
        let mut steps = vec![required(CommandKind::TreasureDrop, payload)];
        if let Some(message) = drop.message {
            let payload = json!({ "content": escape_html(message) });
            steps.push(optional(CommandKind::ChatMessage, payload));
        }
        Ok(steps)
    }

    fn report(
        &self,
        config: &HandlerConfig,
        _: &Instance,
        steps: &[VttCommand],
    ) -> ExecutionReport {
        let Ok(drop) = drop_of(config) else { return ExecutionReport::default() };
        let dropped = steps.iter().find(|step| step.command.kind == CommandKind::TreasureDrop);
        let answer = dropped.and_then(|step| step.result.as_ref()?.get("result"));
        let partial_failures = complaints(drop.quantity, answer);
        let message = drop.message.map_or_else(|| "Treasure drops".to_owned(), str::to_owned);
        ExecutionReport { message: Some(message), partial_failures, ..ExecutionReport::default() }
    }
}
