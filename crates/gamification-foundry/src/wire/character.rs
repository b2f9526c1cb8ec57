use super::reader::{WireError, cut, inner, list, object, text, whole};
use super::roll::{checked_id, checked_name};
use gamification_core::campaign::{CharacterDetails, CharacterKind, HitPoints, Spell};
use gamification_core::ids::{CommandId, VttActorId};
use gamification_core::service::{CharacterReport, EffectEnd, EffectEndReason};
use serde_json::{Map, Value};
use uuid::Uuid;

/// The id of the published module, under which it keeps flags.
const PUBLISHED_MODULE: &str = "tumulte-integration";
/// Most spells of a character that are kept.
const SPELLS_MAX: usize = 500;
/// Longest text of a spell or address of a picture that is kept, in bytes.
const TEXT_BYTES_MAX: usize = 512;

/// Reads `character:update`. A character can exceed 1 MB; only what actions need is kept: its
/// picture, hit points and spells.
///
/// # Errors
/// When the character has no id.
pub fn parse_character(event: &Value) -> Result<CharacterReport, WireError> {
    let event = object(event)?;
    let actor = text(event, "characterId").ok_or(WireError::Missing("characterId"))?;
    let kind = match text(event, "characterType") {
        Some("pc") => CharacterKind::Pc,
        Some("monster") => CharacterKind::Monster,
        _ => CharacterKind::Npc,
    };
    let spells = list(event, "spells").iter().filter_map(Value::as_object);
    Ok(CharacterReport {
        actor_id: checked_id(actor, "characterId")?.into(),
        name: checked_name(text(event, "name").unwrap_or("Unknown")),
        kind,
        details: CharacterDetails {
            avatar_url: short(event, "avatarUrl"),
            hit_points: inner(event, "stats").and_then(stats_hit_points),
            spells: spells.filter_map(spell).take(SPELLS_MAX).collect(),
        },
    })
}

/// Reads `actor:delete`.
///
/// # Errors
/// When the actor has no id.
pub fn parse_actor_deletion(event: &Value) -> Result<VttActorId, WireError> {
    let actor = text(object(event)?, "actorId").ok_or(WireError::Missing("actorId"))?;
    Ok(checked_id(actor, "actorId")?.into())
}

/// Reads `spell:effect:expired` and `spell:effect:consumed`. The published module does not say
/// whose spell was consumed, but names the command that brought the effect.
///
/// # Errors
/// When the spell has no id.
pub fn parse_effect_end(event: &Value, reason: EffectEndReason) -> Result<EffectEnd, WireError> {
    let event = object(event)?;
    let spell = text(event, "spellId").ok_or(WireError::Missing("spellId"))?;
    let actor = text(event, "actorId").or_else(|| text(event, "characterId"));
    let actor = actor.map(|actor| checked_id(actor, "actorId")).transpose()?;
    let command = text(event, "requestId").and_then(|id| Uuid::parse_str(id).ok());
    Ok(EffectEnd {
        actor_id: actor.map(VttActorId::from),
        spell_id: checked_id(spell, "spellId")?.to_owned(),
        command_id: command.map(CommandId),
        reason,
    })
}

/// Whether a `character:update` says that an effect of ours lasts on a monster: the published
/// module keeps it in the actor's flags, and tells it nowhere else. `None` when it tells no flags.
#[must_use]
pub fn parse_monster_effect(event: &Value) -> Option<bool> {
    let flags = inner(inner(event.as_object()?, "vttData")?, "flags")?;
    let effect = inner(flags, PUBLISHED_MODULE).and_then(|flags| inner(flags, "monsterEffect"));
    Some(effect.is_some())
}

/// Hit points, whatever the system calls them.
fn stats_hit_points(stats: &Map<String, Value>) -> Option<HitPoints> {
    ["hp", "wounds", "health"].into_iter().find_map(|name| inner(stats, name)).map(hit_points)
}

/// Hit points, however the system names them.
pub(super) fn hit_points(stats: &Map<String, Value>) -> HitPoints {
    let number = |key: &str| stats.get(key).and_then(Value::as_f64).map(|points| points as i64);
    HitPoints {
        current: number("current").or_else(|| number("value")),
        max: number("max"),
        temp: number("temp"),
    }
}

/// What a spell action needs; a spell without an id cannot be addressed.
fn spell(spell: &Map<String, Value>) -> Option<Spell> {
    Some(Spell {
        id: short(spell, "id")?,
        name: short(spell, "name").unwrap_or_default(),
        img: short(spell, "img"),
        level: spell.get("level").and_then(level),
        school: short(spell, "school"),
        prepared: spell.get("prepared").and_then(truth),
        active_effect: spell.get("activeEffect").and_then(effect),
    })
}

/// A level as a number, or as a text: systems write both, and some call level 0 by its name.
fn level(value: &Value) -> Option<u8> {
    match value {
        Value::String(word) if word.eq_ignore_ascii_case("cantrip") => Some(0),
        Value::String(digits) => digits.trim().parse().ok(),
        number => whole(number).and_then(|level| u8::try_from(level).ok()),
    }
}

/// Prepared or not; dnd5e counts it: 0 is not, 1 is, 2 is always.
fn truth(value: &Value) -> Option<bool> {
    value.as_bool().or_else(|| whole(value).map(|number| number != 0))
}

/// The kind of a lasting effect, whether it stands alone or in an object.
fn effect(value: &Value) -> Option<String> {
    let kind = value.as_str().or_else(|| value.as_object().and_then(|effect| text(effect, "type")));
    match kind.filter(|kind| !kind.is_empty())? {
        // The published module's own word for what it was asked for as `disable`.
        "disabled" => Some("disable".to_owned()),
        kind => Some(cut(kind, TEXT_BYTES_MAX).to_owned()),
    }
}

fn short(from: &Map<String, Value>, key: &str) -> Option<String> {
    text(from, key).map(|text| cut(text, TEXT_BYTES_MAX).to_owned())
}
