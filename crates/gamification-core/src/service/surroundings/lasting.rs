//! Which of our own effects last at a table.

use super::super::Served;
use crate::campaign::Character;
use crate::ids::{ConnectionId, VttActorId};
use crate::instance::EffectType;
use crate::ports::UnitOfWork;
use crate::time::Timestamp;
use crate::validation::limits::SEAL_SECONDS;
use crate::vtt::{Combat, Combatant, CommandKind, CommandStatus, VttCommand};
use serde::Deserialize;
use serde_json::Value;

/// The longest that an effect of ours on a spell is of any interest, in seconds.
pub(super) const SPELL_EFFECT_SECONDS_MAX: u32 = *SEAL_SECONDS.end();

/// How long an effect on the next use of a spell counts as lasting because of us, in seconds. It
/// ends with that use, whenever that is; until then the table reports it with the character, which
/// takes it up to five minutes.
const REPORT_SECONDS: u32 = 360;

/// The effects of that kind which were asked of that world since then, which may have happened, and
/// which were not taken away since.
///
/// What is waiting to be handed over counts too, or two goals that are executed at once could
/// choose the same target.
pub(super) async fn lasting(
    uow: &mut dyn UnitOfWork,
    connection: ConnectionId,
    kind: CommandKind,
    since: Timestamp,
) -> Served<Vec<VttCommand>> {
    let mut applied = uow.commands().sent_since(connection, kind, since).await?;
    applied.extend(uow.commands().waiting(connection, kind).await?);
    applied.retain(|command| command.status != CommandStatus::Failed && !command.has_ended());
    if applied.is_empty() {
        return Ok(applied);
    }
    let removal = match kind {
        CommandKind::ApplyMonsterEffect => CommandKind::RemoveMonsterEffect,
        _ => CommandKind::RemoveSpellEffect,
    };
    let mut removals = Vec::new();
    for kind in [removal, CommandKind::Undo, CommandKind::CleanupAllEffects] {
        removals.extend(uow.commands().sent_since(connection, kind, since).await?);
    }
    removals.retain(is_on_its_way);
    applied.retain(|command| !removals.iter().any(|removal| takes_away(removal, command)));
    Ok(applied)
}

/// Whether it happened, or was handed to a client that confirms nothing: what goes to the same
/// socket later comes after it.
fn is_on_its_way(removal: &VttCommand) -> bool {
    let is_unheard = removal.status == CommandStatus::Sent && !removal.is_repeatable;
    removal.status.has_happened() || is_unheard
}

fn takes_away(removal: &VttCommand, applied: &VttCommand) -> bool {
    let (Some(removed_at), Some(applied_at)) = (removal.sent_at, applied.sent_at) else {
        return false;
    };
    if removal.undoes == Some(applied.id) {
        return true;
    }
    let is_later = (removed_at, removal.id) > (applied_at, applied.id);
    let (from, on) = (&removal.command.payload, &applied.command.payload);
    let is_same = |key: &str| from.get(key).is_none_or(|id| on.get(key) == Some(id));
    is_later
        && match removal.command.kind {
            CommandKind::CleanupAllEffects => true,
            CommandKind::Undo => false,
            _ => ["actorId", "spellId", "combatantId"].into_iter().all(is_same),
        }
}

/// A payload of `apply_spell_effect`, as far as it matters here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SpellEffect {
    actor_id: VttActorId,
    spell_id: String,
    effect: Effect,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Effect {
    #[serde(rename = "type")]
    kind: EffectType,
    duration_seconds: Option<u32>,
}

/// Marks the character's spells that are under one of these effects.
pub(super) fn mark_spells(character: &mut Character, effects: &[VttCommand], now: Timestamp) {
    for command in effects {
        let Ok(on) = SpellEffect::deserialize(&command.command.payload) else { continue };
        let seconds = on.effect.duration_seconds.unwrap_or(REPORT_SECONDS);
        let is_over = command.sent_at.is_some_and(|sent| sent.plus_seconds(seconds) <= now);
        if is_over || on.actor_id != character.vtt_actor_id {
            continue;
        }
        let spells = character.details.spells.iter_mut();
        for spell in spells.filter(|spell| spell.id == on.spell_id) {
            spell.active_effect.get_or_insert_with(|| on.effect.kind.wire_name().to_owned());
        }
    }
}

/// Marks the combatants that are under one of these effects.
pub(super) fn mark_combatants(combat: &mut Combat, effects: &[VttCommand]) {
    for combatant in &mut combat.combatants {
        combatant.is_affected |= effects.iter().any(|command| falls_on(command, combatant));
    }
}

/// A client without a memory is the published one, which knows no combatants: it puts the effect on
/// the actor, and so on everybody who shares it.
fn falls_on(command: &VttCommand, combatant: &Combatant) -> bool {
    let payload = &command.command.payload;
    let text = |key: &str| payload.get(key).and_then(Value::as_str);
    let actor = combatant.actor_id.as_ref().map(VttActorId::as_str);
    text("combatantId") == Some(combatant.id.as_str())
        || (!command.is_repeatable && actor.is_some() && text("actorId") == actor)
}
