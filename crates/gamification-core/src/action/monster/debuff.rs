//! A monster grows weaker.

use super::super::effect::{Look, report};
use super::super::step::unusable;
use super::super::{ActionContext, ActionHandler, Needs, PlanError, Surroundings};
use super::{Change, MonsterEffect, NEEDS, change, in_words, plan, pre_flight};
use crate::event::HandlerConfig;
use crate::instance::{EffectType, ExecutionReport, Instance, TargetKind};
use crate::validation::{FieldError, Fields};
use crate::vtt::{Combatant, PlannedCommand, VttCommand};
use serde_json::{Map, json};

/// `monster_debuff`: gives a random monster of the combat a worse armour class and fewer hit points
/// at best, but no fewer than one.
///
/// Configuration: `acPenalty` (2, 0 to 20), `maxHpReduction` (10, 0 to 1000), `highlightColor`,
/// `message` (said before the two results). The published module only shows the armour class, and
/// leaves the system's own unchanged.
#[derive(Debug, Clone, Copy, Default)]
pub struct MonsterDebuff;

fn effect(config: &HandlerConfig) -> Result<(MonsterEffect<'_>, Change), Vec<FieldError>> {
    let mut fields = Fields::of(config);
    let change = change(&mut fields, "acPenalty", "maxHpReduction");
    let look = Look::read(&mut fields);
    let own = Map::from_iter([
        ("acPenalty".to_owned(), json!(change.armour)),
        ("maxHpReduction".to_owned(), json!(change.hit_points)),
    ]);
    fields.finish((MonsterEffect { kind: EffectType::Debuff, own, look }, change))
}

fn results(monster: &Combatant, change: Change) -> String {
    let taken = change.hit_points;
    let before = monster.hit_points.and_then(|points| points.max);
    let hit_points = before.map_or_else(
        || format!("−{taken} maximum hit points"),
        |before| {
            let after = before.saturating_sub(taken.into()).max(before.min(1));
            format!("maximum hit points {before} → {after}")
        },
    );
    in_words(change, format!("AC −{}", change.armour), hit_points)
}

impl ActionHandler for MonsterDebuff {
    fn kind(&self) -> &'static str {
        "monster_debuff"
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
