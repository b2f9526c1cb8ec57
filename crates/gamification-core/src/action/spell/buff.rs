//! A spell grows stronger.

use super::super::effect::Look;
use super::{SpellEffect, next_use};
use crate::event::HandlerConfig;
use crate::instance::EffectType;
use crate::validation::limits::EFFECT_POINTS;
use crate::validation::{FieldError, Fields};
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};

const BONUS_VALUE_DEFAULT: u32 = 2;

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum BuffType {
    #[default]
    Advantage,
    Bonus,
}

pub(super) fn effect(config: &HandlerConfig) -> Result<SpellEffect<'_>, Vec<FieldError>> {
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
