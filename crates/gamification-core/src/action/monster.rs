//! Effects on a monster of the combat: which monster, and what is asked of the table.

use super::chance::weighted;
use super::effect::{Look, name_or, picture, plain_name, report};
use super::step::{required, unusable};
use super::{ActionContext, ActionHandler, Needs, PlanError, Surroundings};
use crate::campaign::CharacterKind;
use crate::event::HandlerConfig;
use crate::instance::{EffectType, ExecutionReport, Instance, TargetKind};
use crate::validation::limits::EFFECT_HIT_POINTS;
use crate::validation::{FieldError, Fields};
use crate::vtt::{Combat, Combatant, CommandKind, PlannedCommand, VttCommand};
use serde_json::{Map, Value, json};

/// What an effect does to an armour class when the event does not say.
const ARMOUR_DEFAULT: u32 = 2;
/// The hit points that an effect gives or takes when the event does not say.
const HIT_POINTS_DEFAULT: u32 = 10;
/// Armour class; 0 leaves it alone.
const ARMOUR: std::ops::RangeInclusive<u32> = 0..=20;

/// An effect on a random monster of the combat.
///
/// Configuration: two parts, each of which may be 0, but not both; `highlightColor`, `message` (said
/// before the two results). The published module only shows the armour class, and leaves the
/// system's own unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MonsterAction {
    /// `monster_buff`: a better armour class (`acBonus`: 2, 0 to 20) and temporary hit points
    /// (`tempHp`: 10, 0 to 1000).
    Buff,
    /// `monster_debuff`: a worse armour class (`acPenalty`: 2, 0 to 20) and fewer hit points at best,
    /// but no fewer than one (`maxHpReduction`: 10, 0 to 1000).
    Debuff,
}

/// A change that is asked of the table.
struct MonsterEffect<'a> {
    armour: u32,
    hit_points: u32,
    /// Both parts under the names that the wire's `effect` and the configuration have for them.
    own: Map<String, Value>,
    look: Look<'a>,
}

impl MonsterAction {
    const fn effect_type(self) -> EffectType {
        match self {
            Self::Buff => EffectType::Buff,
            Self::Debuff => EffectType::Debuff,
        }
    }

    fn effect(self, config: &HandlerConfig) -> Result<MonsterEffect<'_>, Vec<FieldError>> {
        let (armour_field, hit_points_field) = match self {
            Self::Buff => ("acBonus", "tempHp"),
            Self::Debuff => ("acPenalty", "maxHpReduction"),
        };
        let mut fields = Fields::of(config);
        let armour = fields.integer(armour_field, ARMOUR).unwrap_or(ARMOUR_DEFAULT);
        let hit_points = fields.integer(hit_points_field, EFFECT_HIT_POINTS);
        let hit_points = hit_points.unwrap_or(HIT_POINTS_DEFAULT);
        if armour == 0 && hit_points == 0 {
            fields.refuse(hit_points_field, format!("must not be 0 when {armour_field} is"));
        }
        let look = Look::read(&mut fields);
        let own = Map::from_iter([
            (armour_field.to_owned(), json!(armour)),
            (hit_points_field.to_owned(), json!(hit_points)),
        ]);
        fields.finish(MonsterEffect { armour, hit_points, own, look })
    }

    /// Both results in words, without the parts that stay as they are.
    fn results(self, effect: &MonsterEffect<'_>, monster: &Combatant) -> String {
        let sign = match self {
            Self::Buff => '+',
            Self::Debuff => '−',
        };
        let armour = (effect.armour != 0).then(|| format!("AC {sign}{}", effect.armour));
        let hit_points = (effect.hit_points != 0).then(|| match self {
            Self::Buff => temporary_hit_points(effect.hit_points, monster),
            Self::Debuff => maximum_hit_points(effect.hit_points, monster),
        });
        [armour, hit_points].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

fn temporary_hit_points(given: u32, monster: &Combatant) -> String {
    let before = monster.hit_points.and_then(|points| points.temp);
    before.map_or_else(
        || format!("+{given} temporary hit points"),
        |before| format!("temporary hit points {before} → {}", before.saturating_add(given.into())),
    )
}

fn maximum_hit_points(taken: u32, monster: &Combatant) -> String {
    let before = monster.hit_points.and_then(|points| points.max);
    before.map_or_else(
        || format!("−{taken} maximum hit points"),
        |before| {
            let after = before.saturating_sub(taken.into()).max(before.min(1));
            format!("maximum hit points {before} → {after}")
        },
    )
}

impl ActionHandler for MonsterAction {
    fn kind(&self) -> &'static str {
        match self {
            Self::Buff => "monster_buff",
            Self::Debuff => "monster_debuff",
        }
    }

    fn needs(&self) -> Needs {
        Needs {
            vtt_connection: true,
            dice_roll: false,
            character: false,
            combat: true,
            client_feature: None,
        }
    }

    fn validate_config(&self, config: &HandlerConfig) -> Result<(), Vec<FieldError>> {
        self.effect(config).map(|_| ())
    }

    /// That no combat runs is said by the needs.
    fn pre_flight(&self, _: &HandlerConfig, surroundings: Surroundings<'_>) -> Vec<String> {
        surroundings.combat.and_then(|combat| candidates(combat).err()).into_iter().collect()
    }

    /// Asks for the effect on a monster that chance chooses, each being as likely.
    ///
    /// `combatantId` is an addition to the protocol: the published module puts the effect on the
    /// actor, which several combatants may share.
    fn plan(
        &self,
        config: &HandlerConfig,
        context: ActionContext<'_>,
    ) -> Result<Vec<PlannedCommand>, PlanError> {
        let effect = self.effect(config).map_err(unusable)?;
        let combat = context.surroundings.combat;
        let combat = combat.ok_or_else(|| PlanError("no combat runs at the table".to_owned()))?;
        let monsters = candidates(combat).map_err(PlanError)?;
        let monster = weighted(&monsters, |_| 1, context.random);
        let monster = monster.ok_or_else(|| PlanError("no monster could be chosen".to_owned()))?;
        let name = name_or(&monster.name, "A monster");
        let results = format!("{name}: {}", self.results(&effect, monster));
        let kind = self.effect_type();
        let mut payload = json!({
            "actorId": monster.actor_id,
            "combatantId": monster.id,
            "monsterName": plain_name(&monster.name),
            "effect": effect.look.effect(kind, effect.own, &results, context.instance),
        });
        if let Some(image) = picture(monster.image.as_deref()) {
            payload["monsterImg"] = image.into();
        }
        Ok(vec![required(CommandKind::ApplyMonsterEffect, payload)])
    }

    fn report(&self, _: &HandlerConfig, _: &Instance, steps: &[VttCommand]) -> ExecutionReport {
        report(TargetKind::Monster, steps)
    }
}

/// Who may be chosen now: monsters; and where none of them is left, or the game system knows none,
/// the game master's other creatures.
fn candidates(combat: &Combat) -> Result<Vec<&Combatant>, String> {
    let combatants = &combat.combatants;
    if combatants.iter().all(|combatant| combatant.kind == CharacterKind::Pc) {
        return Err("there is no monster in the combat".to_owned());
    }
    let eligible: Vec<_> = combatants.iter().filter(|c| c.is_eligible()).collect();
    if eligible.is_empty() {
        return Err("each monster is hidden, defeated or under an effect".to_owned());
    }
    let (monsters, others): (Vec<_>, Vec<_>) =
        eligible.into_iter().partition(|c| c.kind == CharacterKind::Monster);
    Ok(if monsters.is_empty() { others } else { monsters })
}
