//! A spell grows weaker.

use super::super::effect::{Look, report};
use super::super::step::unusable;
use super::super::{ActionContext, ActionHandler, Needs, PlanError, Surroundings};
use super::{NEEDS, SpellEffect, next_use, plan, pre_flight};
use crate::event::HandlerConfig;
use crate::instance::{EffectType, ExecutionReport, Instance, TargetKind};
use crate::validation::limits::EFFECT_POINTS;
use crate::validation::{FieldError, Fields};
use crate::vtt::{PlannedCommand, VttCommand};
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};

const PENALTY_VALUE_DEFAULT: u32 = 2;

/// `spell_debuff`: the next use of a random spell of the streamer's character has disadvantage or a
/// penalty.
///
/// Configuration: `debuffType` (`disadvantage`, or `penalty`), `penaltyValue` (2, see
/// [`EFFECT_POINTS`]; told with a penalty only), `highlightColor`, `message` (said before the two
/// results).
#[derive(Debug, Clone, Copy, Default)]
pub struct SpellDebuff;

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum DebuffType {
    #[default]
    Disadvantage,
    Penalty,
}

fn effect(config: &HandlerConfig) -> Result<SpellEffect<'_>, Vec<FieldError>> {
    let mut fields = Fields::of(config);
    let kind = fields.word::<DebuffType>("debuffType").unwrap_or_default();
    let points = fields.integer("penaltyValue", EFFECT_POINTS).unwrap_or(PENALTY_VALUE_DEFAULT);
    let look = Look::read(&mut fields);
    let mut own = Map::from_iter([("debuffType".to_owned(), json!(kind))]);
    let becomes = match kind {
        DebuffType::Disadvantage => next_use("disadvantage"),
        DebuffType::Penalty => {
            own.insert("penaltyValue".to_owned(), json!(points));
            next_use(&format!("−{points}"))
        }
    };
    fields.finish(SpellEffect { kind: EffectType::Debuff, own, becomes, look })
}

impl ActionHandler for SpellDebuff {
    fn kind(&self) -> &'static str {
        "spell_debuff"
    }

    fn needs(&self) -> Needs {
        NEEDS
    }

    fn validate_config(&self, config: &HandlerConfig) -> Result<(), Vec<FieldError>> {
        effect(config).map(|_| ())
    }

    fn pre_flight(&self, _: &HandlerConfig, surroundings: Surroundings<'_>) -> Vec<String> {
        pre_flight(EffectType::Debuff, surroundings)
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
