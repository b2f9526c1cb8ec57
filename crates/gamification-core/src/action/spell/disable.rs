//! A spell is sealed.

use super::super::effect::{Look, report};
use super::super::step::unusable;
use super::super::{ActionContext, ActionHandler, Needs, PlanError, Surroundings};
use super::{NEEDS, SpellEffect, plan, pre_flight};
use crate::event::HandlerConfig;
use crate::instance::{EffectType, ExecutionReport, Instance, TargetKind};
use crate::validation::limits::SEAL_SECONDS;
use crate::validation::{FieldError, Fields};
use crate::vtt::{PlannedCommand, VttCommand};
use serde_json::{Map, json};

/// How long a spell is sealed when the event does not say, in seconds.
const DURATION_SECONDS_DEFAULT: u32 = 600;

/// `spell_disable`: seals a random spell of the streamer's character, but no cantrip, until time is
/// over; the client restores it.
///
/// Configuration: `durationSeconds` (600, see [`SEAL_SECONDS`]), `highlightColor`, `message` (said
/// before the two results).
#[derive(Debug, Clone, Copy, Default)]
pub struct SpellDisable;

fn effect(config: &HandlerConfig) -> Result<SpellEffect<'_>, Vec<FieldError>> {
    let mut fields = Fields::of(config);
    let duration = fields.integer("durationSeconds", SEAL_SECONDS);
    let duration = duration.unwrap_or(DURATION_SECONDS_DEFAULT);
    let look = Look::read(&mut fields);
    fields.finish(SpellEffect {
        kind: EffectType::Disable,
        own: Map::from_iter([("durationSeconds".to_owned(), json!(duration))]),
        becomes: format!("sealed for {}", in_words(duration)),
        look,
    })
}

/// A duration in its largest whole unit.
fn in_words(seconds: u32) -> String {
    let (count, unit) = match seconds {
        s if s.is_multiple_of(3600) => (s / 3600, "hour"),
        s if s.is_multiple_of(60) => (s / 60, "minute"),
        s => (s, "second"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

impl ActionHandler for SpellDisable {
    fn kind(&self) -> &'static str {
        "spell_disable"
    }

    fn needs(&self) -> Needs {
        NEEDS
    }

    fn validate_config(&self, config: &HandlerConfig) -> Result<(), Vec<FieldError>> {
        effect(config).map(|_| ())
    }

    fn pre_flight(&self, _: &HandlerConfig, surroundings: Surroundings<'_>) -> Vec<String> {
        pre_flight(EffectType::Disable, surroundings)
    }

    fn plan(
        &self,
        config: &HandlerConfig,
        context: ActionContext<'_>,
    ) -> Result<Vec<PlannedCommand>, PlanError> {
        plan(&effect(config).map_err(unusable)?, context)
    }

    fn report(&self, _: &HandlerConfig, _: &Instance, steps: &[VttCommand]) -> ExecutionReport {
        report(TargetKind::Spell, steps)
    }
}
