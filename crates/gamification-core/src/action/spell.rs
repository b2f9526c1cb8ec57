//! What the actions on spells have in common: which spell, and what is asked of the table.

mod buff;
mod debuff;
mod disable;

pub use buff::SpellBuff;
pub use debuff::SpellDebuff;
pub use disable::SpellDisable;

use super::chance::weighted;
use super::effect::{Look, name_or, picture, plain_name};
use super::step::required;
use super::{ActionContext, Needs, PlanError, Surroundings};
use crate::campaign::{Character, Spell};
use crate::instance::EffectType;
use crate::vtt::{CommandKind, PlannedCommand};
use serde_json::{Map, Value, json};

/// Above this level, spells are not chosen any more often; some systems count much further.
const WEIGHED_LEVEL_MAX: u8 = 9;

const NEEDS: Needs = Needs {
    vtt_connection: true,
    dice_roll: false,
    character: true,
    combat: false,
    client_feature: None,
};

/// An effect on a spell that is yet to be chosen.
struct SpellEffect<'a> {
    kind: EffectType,
    /// The fields of the wire's `effect` that only this one has.
    own: Map<String, Value>,
    /// What the spell will be, in words.
    becomes: String,
    look: Look<'a>,
}

/// Whether the effect may fall on that spell at all. A cantrip is never sealed; a spell without a
/// level is none, since the systems without levels have no cantrips either.
fn is_in_reach(kind: EffectType, spell: &Spell) -> bool {
    !spell.id.is_empty() && (kind != EffectType::Disable || spell.level != Some(0))
}

/// Whether the spell can be cast as far as the table tells. Some systems tell nothing, and cantrips
/// need no preparation.
fn is_ready(spell: &Spell) -> bool {
    spell.level == Some(0) || spell.prepared != Some(false)
}

/// The higher its level, the likelier a spell is chosen: a cantrip has one ticket, level 1 two, and
/// so on up to level 9. Where there is no level, it is like level 1.
fn weight(spell: &Spell) -> u32 {
    1 + u32::from(spell.level.unwrap_or(1).min(WEIGHED_LEVEL_MAX))
}

/// The spells that may be chosen now: in reach and under no effect; those that are not prepared
/// only where none of the prepared ones is left, since some systems call most spells unprepared.
fn candidates(kind: EffectType, character: &Character) -> Result<Vec<&Spell>, String> {
    let name = name_or(&character.name, "the character");
    let spells = &character.details.spells;
    if spells.is_empty() {
        return Err(format!("{name} has no spells"));
    }
    let in_reach: Vec<_> = spells.iter().filter(|spell| is_in_reach(kind, spell)).collect();
    if in_reach.is_empty() {
        return Err(format!("{name} has only cantrips, which cannot be sealed"));
    }
    let free: Vec<_> = in_reach.into_iter().filter(|s| s.active_effect.is_none()).collect();
    if free.is_empty() {
        return Err(format!("every spell of {name} that could be chosen is under an effect"));
    }
    let (ready, unprepared): (Vec<_>, Vec<_>) = free.into_iter().partition(|s| is_ready(s));
    Ok(if ready.is_empty() { unprepared } else { ready })
}

/// What stands against it now. That there is no character is said by the needs.
fn pre_flight(kind: EffectType, surroundings: Surroundings<'_>) -> Vec<String> {
    let character = surroundings.character;
    character.and_then(|character| candidates(kind, character).err()).into_iter().collect()
}

/// Asks for the effect on a spell that chance chooses. `characterName` and `spellImg` are an
/// addition to the protocol, for the report.
fn plan(
    effect: &SpellEffect<'_>,
    context: ActionContext<'_>,
) -> Result<Vec<PlannedCommand>, PlanError> {
    let character = context.surroundings.character;
    let character = character.ok_or_else(|| {
        PlanError("the streamer has no character whose spells could be chosen".to_owned())
    })?;
    let spells = candidates(effect.kind, character).map_err(PlanError)?;
    let spell = weighted(&spells, |spell| weight(spell), context.random);
    let spell = spell.ok_or_else(|| PlanError("no spell could be chosen".to_owned()))?;
    let (whose, which) =
        (name_or(&character.name, "The character"), name_or(&spell.name, "a spell"));
    let was = if is_ready(spell) { "ready" } else { "not prepared" };
    let results = format!("{whose}: {which}, {was} → {}", effect.becomes);
    let SpellEffect { kind, own, look, .. } = effect;
    let mut payload = json!({
        "actorId": character.vtt_actor_id,
        "characterName": plain_name(&character.name),
        "spellId": spell.id,
        "spellName": plain_name(&spell.name),
        "effect": look.effect(*kind, own.clone(), &results, context.instance),
    });
    if let Some(image) = picture(spell.img.as_deref()) {
        payload["spellImg"] = image.into();
    }
    Ok(vec![required(CommandKind::ApplySpellEffect, payload)])
}

/// What the next use of the spell will have, with a number or without.
fn next_use(change: &str) -> String {
    format!("{change} on its next use")
}
