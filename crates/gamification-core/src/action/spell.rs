//! Effects on a spell of the streamer's character: which spell, and what is asked of the table.

mod buff;
mod debuff;
mod disable;

use super::chance::weighted;
use super::effect::{Look, name_or, picture, plain_name, report};
use super::step::{required, unusable};
use super::{ActionContext, ActionHandler, Needs, PlanError, Surroundings};
use crate::campaign::{Character, Spell};
use crate::event::HandlerConfig;
use crate::instance::{EffectType, ExecutionReport, Instance, TargetKind};
use crate::validation::FieldError;
use crate::vtt::{CommandKind, PlannedCommand, VttCommand};
use serde_json::{Map, Value, json};

/// Above this level, spells are not chosen any more often; some systems count much further.
const WEIGHED_LEVEL_MAX: u8 = 9;

/// An effect on a random spell of the streamer's character.
///
/// Configuration of each: `highlightColor`, `message` (said before the two results).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpellAction {
    /// `spell_disable`: the spell, which is never a cantrip, is sealed until time is over; the client
    /// restores it.
    ///
    /// Configuration: `durationSeconds` (600, see
    /// [`SEAL_SECONDS`](crate::validation::limits::SEAL_SECONDS)).
    Disable,
    /// `spell_buff`: the next use of the spell has advantage or a bonus.
    ///
    /// Configuration: `buffType` (`advantage`, or `bonus`), `bonusValue` (2, see
    /// [`EFFECT_POINTS`](crate::validation::limits::EFFECT_POINTS); told with a bonus only).
    Buff,
    /// `spell_debuff`: the next use of the spell has disadvantage or a penalty.
    ///
    /// Configuration: `debuffType` (`disadvantage`, or `penalty`), `penaltyValue` (2, see
    /// [`EFFECT_POINTS`](crate::validation::limits::EFFECT_POINTS); told with a penalty only).
    Debuff,
}

impl SpellAction {
    fn effect(self, config: &HandlerConfig) -> Result<SpellEffect<'_>, Vec<FieldError>> {
        match self {
            Self::Disable => disable::effect(config),
            Self::Buff => buff::effect(config),
            Self::Debuff => debuff::effect(config),
        }
    }
}

impl ActionHandler for SpellAction {
    fn kind(&self) -> &'static str {
        match self {
            Self::Disable => "spell_disable",
            Self::Buff => "spell_buff",
            Self::Debuff => "spell_debuff",
        }
    }

    fn needs(&self) -> Needs {
        Needs {
            vtt_connection: true,
            dice_roll: false,
            character: true,
            combat: false,
            client_feature: None,
        }
    }

    fn validate_config(&self, config: &HandlerConfig) -> Result<(), Vec<FieldError>> {
        self.effect(config).map(|_| ())
    }

    /// That there is no character is said by the needs.
    fn pre_flight(&self, _: &HandlerConfig, surroundings: Surroundings<'_>) -> Vec<String> {
        let character = surroundings.character;
        let refusal = |character| candidates(*self, character).err();
        character.and_then(refusal).into_iter().collect()
    }

    fn plan(
        &self,
        config: &HandlerConfig,
        context: ActionContext<'_>,
    ) -> Result<Vec<PlannedCommand>, PlanError> {
        plan(*self, &self.effect(config).map_err(unusable)?, context)
    }

    fn report(&self, _: &HandlerConfig, _: &Instance, steps: &[VttCommand]) -> ExecutionReport {
        report(TargetKind::Spell, steps)
    }
}

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
fn is_in_reach(action: SpellAction, spell: &Spell) -> bool {
    !spell.id.is_empty() && (action != SpellAction::Disable || spell.level != Some(0))
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
fn candidates(action: SpellAction, character: &Character) -> Result<Vec<&Spell>, String> {
    let name = name_or(&character.name, "the character");
    let spells = &character.details.spells;
    if spells.is_empty() {
        return Err(format!("{name} has no spells"));
    }
    let in_reach: Vec<_> = spells.iter().filter(|spell| is_in_reach(action, spell)).collect();
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

/// Asks for the effect on a spell that chance chooses. `characterName` and `spellImg` are an
/// addition to the protocol, for the report.
fn plan(
    action: SpellAction,
    effect: &SpellEffect<'_>,
    context: ActionContext<'_>,
) -> Result<Vec<PlannedCommand>, PlanError> {
    let character = context.surroundings.character;
    let character = character.ok_or_else(|| {
        PlanError("the streamer has no character whose spells could be chosen".to_owned())
    })?;
    let spells = candidates(action, character).map_err(PlanError)?;
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
