use super::reader::{WireError, cut, inner, list, object, text, whole};
use super::roll::{checked_id, checked_name};
use gamification_core::campaign::{CharacterDetails, CharacterKind, HitPoints, Spell};
use gamification_core::service::CharacterReport;
use serde_json::{Map, Value};

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
            hit_points: inner(event, "stats").and_then(|stats| inner(stats, "hp")).map(hit_points),
            spells: spells.filter_map(spell).take(SPELLS_MAX).collect(),
        },
    })
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
    kind.filter(|kind| !kind.is_empty()).map(|kind| cut(kind, TEXT_BYTES_MAX).to_owned())
}

fn short(from: &Map<String, Value>, key: &str) -> Option<String> {
    text(from, key).map(|text| cut(text, TEXT_BYTES_MAX).to_owned())
}
