//! A spell grows stronger.

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

const BONUS_VALUE_DEFAULT: u32 = 2;

/// `spell_buff`: the next use of a random spell of the streamer's character has advantage or a bonus.
///
/// Configuration: `buffType` (`advantage`, or `bonus`), `bonusValue` (2, see [`EFFECT_POINTS`]; told
/// with a bonus only), `highlightColor`, `message` (said before the two results).
#[derive(Debug, Clone, Copy, Default)]
pub struct SpellBuff;

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum BuffType {
    #[default]
    Advantage,
    Bonus,
}

fn effect(config: &HandlerConfig) -> Result<SpellEffect<'_>, Vec<FieldError>> {
    let mut fields = Fields::of(config);
    let kind = fields.word::<BuffType>("buffType").unwrap_or_default();
    let points = fields.integer("bonusValue", EFFECT_POINTS).unwrap_or(BONUS_VALUE_DEFAULT);
    let look = Look::read(&mut fields);
    let mut own = Map::from_iter([("buffType".to_owned(), json!(kind))]);
    let becomes = match kind {
        BuffType::Advantage => next_use("advantage"),
        BuffType::Bonus => {
            own.insert("bonusValue".to_owned(), json!(points));
            next_use(&format!("+{points}"))
        }
    };
    fields.finish(SpellEffect { kind: EffectType::Buff, own, becomes, look })
}

impl ActionHandler for SpellBuff {
    fn kind(&self) -> &'static str {
        "spell_buff"
    }

    fn needs(&self) -> Needs {
        NEEDS
    }

    fn validate_config(&self, config: &HandlerConfig) -> Result<(), Vec<FieldError>> {
        effect(config).map(|_| ())
    }

    fn pre_flight(&self, _: &HandlerConfig, surroundings: Surroundings<'_>) -> Vec<String> {
        pre_flight(EffectType::Buff, surroundings)
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
