//! A spell grows weaker.

use super::super::effect::Look;
use super::{SpellEffect, next_use};
use crate::event::HandlerConfig;
use crate::instance::EffectType;
use crate::validation::limits::EFFECT_POINTS;
use crate::validation::{FieldError, Fields};
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};

const PENALTY_VALUE_DEFAULT: u32 = 2;

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum DebuffType {
    #[default]
    Disadvantage,
    Penalty,
}

pub(super) fn effect(config: &HandlerConfig) -> Result<SpellEffect<'_>, Vec<FieldError>> {
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
