//! What the actions on monsters have in common: which monster, and what is asked of the table.

mod buff;
mod debuff;

pub use buff::MonsterBuff;
pub use debuff::MonsterDebuff;

use super::chance::weighted;
use super::effect::{Look, name_or, picture, plain_name};
use super::step::required;
use super::{ActionContext, Needs, PlanError, Surroundings};
use crate::campaign::CharacterKind;
use crate::instance::EffectType;
use crate::validation::Fields;
use crate::validation::limits::EFFECT_HIT_POINTS;
use crate::vtt::{Combat, Combatant, CommandKind, PlannedCommand};
use serde_json::{Map, Value, json};

/// What an effect does to an armour class when the event does not say.
const ARMOUR_DEFAULT: u32 = 2;
/// The hit points that an effect gives or takes when the event does not say.
const HIT_POINTS_DEFAULT: u32 = 10;
/// Armour class; 0 leaves it alone.
const ARMOUR: std::ops::RangeInclusive<u32> = 0..=20;

const NEEDS: Needs = Needs {
    vtt_connection: true,
    dice_roll: false,
    character: false,
    combat: true,
    client_feature: None,
};

/// How much an effect changes.
#[derive(Clone, Copy)]
struct Change {
    armour: u32,
    hit_points: u32,
}

/// Reads a change, under the names that the effect has for its parts. One part may be 0.
fn change(fields: &mut Fields<'_>, armour: &'static str, hit_points: &'static str) -> Change {
    let change = Change {
        armour: fields.integer(armour, ARMOUR).unwrap_or(ARMOUR_DEFAULT),
        hit_points: fields.integer(hit_points, EFFECT_HIT_POINTS).unwrap_or(HIT_POINTS_DEFAULT),
    };
    if change.armour == 0 && change.hit_points == 0 {
        fields.refuse(hit_points, format!("must not be 0 when {armour} is"));
    }
    change
}

/// An effect on a monster that is yet to be chosen.
struct MonsterEffect<'a> {
    kind: EffectType,
    /// The fields of the wire's `effect` that only this one has.
    own: Map<String, Value>,
    look: Look<'a>,
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

/// What stands against it now. That no combat runs is said by the needs.
fn pre_flight(surroundings: Surroundings<'_>) -> Vec<String> {
    surroundings.combat.and_then(|combat| candidates(combat).err()).into_iter().collect()
}

/// Asks for the effect on a monster that chance chooses, each being as likely. `results` says what
/// becomes of it.
///
/// `combatantId` is an addition to the protocol: the published module puts the effect on the actor,
/// which several combatants may share.
fn plan(
    effect: MonsterEffect<'_>,
    results: impl FnOnce(&Combatant) -> String,
    context: ActionContext<'_>,
) -> Result<Vec<PlannedCommand>, PlanError> {
    let combat = context.surroundings.combat;
    let combat = combat.ok_or_else(|| PlanError("no combat runs at the table".to_owned()))?;
    let monsters = candidates(combat).map_err(PlanError)?;
    let monster = weighted(&monsters, |_| 1, context.random);
    let monster = monster.ok_or_else(|| PlanError("no monster could be chosen".to_owned()))?;
    let results = format!("{}: {}", name_or(&monster.name, "A monster"), results(monster));
    let MonsterEffect { kind, own, look } = effect;
    let mut payload = json!({
        "actorId": monster.actor_id,
        "combatantId": monster.id,
        "monsterName": plain_name(&monster.name),
        "effect": look.effect(kind, own, &results, context.instance),
    });
    if let Some(image) = picture(monster.image.as_deref()) {
        payload["monsterImg"] = image.into();
    }
    Ok(vec![required(CommandKind::ApplyMonsterEffect, payload)])
}

/// Both results in words, without the parts that stay as they are.
fn in_words(change: Change, armour: String, hit_points: String) -> String {
    match change {
        Change { armour: 0, .. } => hit_points,
        Change { hit_points: 0, .. } => armour,
        Change { .. } => format!("{armour}, {hit_points}"),
    }
}
