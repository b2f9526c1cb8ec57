//! A monster grows stronger.

use super::super::effect::{Look, report};
use super::super::step::unusable;
use super::super::{ActionContext, ActionHandler, Needs, PlanError, Surroundings};
use super::{Change, MonsterEffect, NEEDS, change, in_words, plan, pre_flight};
use crate::event::HandlerConfig;
use crate::instance::{EffectType, ExecutionReport, Instance, TargetKind};
use crate::validation::{FieldError, Fields};
use crate::vtt::{Combatant, PlannedCommand, VttCommand};
use serde_json::{Map, json};

/// `monster_buff`: gives a random monster of the combat a better armour class and temporary hit
/// points.
///
/// Configuration: `acBonus` (2, 0 to 20), `tempHp` (10, 0 to 1000), `highlightColor`, `message` (said
/// before the two results). The published module only shows the armour class, and leaves the
/// system's own unchanged.
#[derive(Debug, Clone, Copy, Default)]
pub struct MonsterBuff;

fn effect(config: &HandlerConfig) -> Result<(MonsterEffect<'_>, Change), Vec<FieldError>> {
    let mut fields = Fields::of(config);
    let change = change(&mut fields, "acBonus", "tempHp");
    let look = Look::read(&mut fields);
    let own = Map::from_iter([
        ("acBonus".to_owned(), json!(change.armour)),
        ("tempHp".to_owned(), json!(change.hit_points)),
    ]);
    fields.finish((MonsterEffect { kind: EffectType::Buff, own, look }, change))
}

fn results(monster: &Combatant, change: Change) -> String {
    let given = change.hit_points;
    let before = monster.hit_points.and_then(|points| points.temp);
    let hit_points = before.map_or_else(
        || format!("+{given} temporary hit points"),
        |before| format!("temporary hit points {before} → {}", before.saturating_add(given.into())),
    );
    in_words(change, format!("AC +{}", change.armour), hit_points)
}

impl ActionHandler for MonsterBuff {
    fn kind(&self) -> &'static str {
        "monster_buff"
    }

    fn needs(&self) -> Needs {
        NEEDS
    }

    fn validate_config(&self, config: &HandlerConfig) -> Result<(), Vec<FieldError>> {
        effect(config).map(|_| ())
    }

    fn pre_flight(&self, _: &HandlerConfig, surroundings: Surroundings<'_>) -> Vec<String> {
        pre_flight(surroundings)
    }

    fn plan(
        &self,
        config: &HandlerConfig,
        context: ActionContext<'_>,
    ) -> Result<Vec<PlannedCommand>, PlanError> {
        let (effect, change) = effect(config).map_err(unusable)?;
        plan(effect, |monster| results(monster, change), context)
    }

    fn report(&self, _: &HandlerConfig, _: &Instance, steps: &[VttCommand]) -> ExecutionReport {
        report(TargetKind::Monster, steps)
    }
}
