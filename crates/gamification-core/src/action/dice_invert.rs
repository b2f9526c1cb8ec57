//! The critical roll becomes its opposite.

use super::step::{optional, required, unusable};
use super::{ActionContext, ActionHandler, Needs, PlanError};
use crate::dice::{forced_face, forced_formula};
use crate::event::HandlerConfig;
use crate::instance::{ExecutionReport, Instance};
use crate::text::{escape_html, shown_name, single_spaced};
use crate::validation::limits::MESSAGE_CHARS;
use crate::validation::{FieldError, Fields};
use crate::vtt::{CommandKind, GoalRoll, PlannedCommand, VttCommand};
use serde_json::json;

const TROLL_MESSAGE_DEFAULT: &str = "The viewers have turned the dice!";

/// `dice_invert`: takes the critical roll away and rolls it again with the deciding die forced to
/// its worst face for a success and to its best for a failure.
///
/// Configuration: `trollMessage` (said before the two results), `deleteOriginal` (true).
///
/// The flavour of the new roll names event, character and both values, so that the roll can be
/// recognised when the table reports it, also beside another inversion at the same time.
#[derive(Debug, Clone, Copy, Default)]
pub struct DiceInvert;

struct Settings<'a> {
    troll_message: &'a str,
    deletes_original: bool,
}

fn settings(config: &HandlerConfig) -> Result<Settings<'_>, Vec<FieldError>> {
    let mut fields = Fields::of(config);
    let troll_message = fields.text("trollMessage", MESSAGE_CHARS).unwrap_or(TROLL_MESSAGE_DEFAULT);
    let deletes_original = fields.flag("deleteOriginal").unwrap_or(true);
    fields.finish(Settings { troll_message, deletes_original })
}

/// A roll and what becomes of it.
struct Inversion<'a> {
    roll: &'a GoalRoll,
    formula: String,
    original: i64,
    forced: u32,
}

impl<'a> Inversion<'a> {
    fn of(instance: &'a Instance) -> Result<Self, PlanError> {
        let roll = instance.trigger.dice_roll.as_ref();
        let roll = roll.ok_or_else(|| PlanError("there is no roll to invert".to_owned()))?;
        let critical = &roll.critical;
        let die = critical
            .deciding_die
            .filter(|die| die.faces > 1)
            .ok_or_else(|| PlanError("no single die decided the roll".to_owned()))?;
        Ok(Self {
            roll,
            formula: forced_formula(&roll.input.terms, die),
            original: die.value,
            forced: forced_face(critical.kind, die.faces, critical.roll_under),
        })
    }

    /// Both results in plain words. White space is what a VTT would leave of it.
    fn message(&self, settings: &Settings<'_>, instance: &Instance) -> String {
        let name = shown_name(&self.roll.character_name);
        let whose = if name.is_empty() { String::new() } else { format!(", {name}") };
        let Self { original, forced, .. } = self;
        let event = &instance.label.name.en;
        let text = format!("{} {event}{whose}: {original} → {forced}", settings.troll_message);
        single_spaced(&text)
    }
}

impl ActionHandler for DiceInvert {
    fn kind(&self) -> &'static str {
        "dice_invert"
    }

    fn needs(&self) -> Needs {
        Needs { vtt_connection: true, dice_roll: true, ..Needs::default() }
    }

    fn validate_config(&self, config: &HandlerConfig) -> Result<(), Vec<FieldError>> {
        settings(config).map(|_| ())
    }

    fn plan(
        &self,
        config: &HandlerConfig,
        context: ActionContext<'_>,
    ) -> Result<Vec<PlannedCommand>, PlanError> {
        let settings = settings(config).map_err(unusable)?;
        let inversion = Inversion::of(context.instance)?;
        let roll = inversion.roll;
        let mut steps = Vec::new();
        if settings.deletes_original {
            let payload = json!({ "messageId": roll.message_id });
            steps.push(optional(CommandKind::DeleteMessage, payload));
        }
        let mut payload = json!({
            "formula": inversion.formula,
            "forcedResult": inversion.forced,
            "flavor": escape_html(&inversion.message(&settings, context.instance)),
        });
        if let Some(actor_id) = &roll.actor_id {
            payload["speaker"] = json!({ "actorId": actor_id });
        }
        steps.push(required(CommandKind::RollDice, payload));
        Ok(steps)
    }

    fn report(
        &self,
        config: &HandlerConfig,
        instance: &Instance,
        _: &[VttCommand],
    ) -> ExecutionReport {
        let (Ok(settings), Ok(inversion)) = (settings(config), Inversion::of(instance)) else {
            // The event was changed after the roll went out: the table acted all the same.
            return ExecutionReport::default();
        };
        ExecutionReport {
            message: Some(inversion.message(&settings, instance)),
            original_value: Some(inversion.original),
            inverted_value: Some(i64::from(inversion.forced)),
            ..ExecutionReport::default()
        }
    }
}
