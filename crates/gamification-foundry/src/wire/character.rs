use super::reader::{WireError, cut, inner, list, object, text};
use super::roll::{checked_id, checked_name};
use gamification_core::campaign::CharacterKind;
use gamification_core::service::CharacterReport;
use serde_json::{Map, Value, json};

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
    let spells: Vec<Value> = spells.filter_map(spell).take(SPELLS_MAX).collect();
    let hit_points = inner(event, "stats").and_then(|stats| inner(stats, "hp")).map(hit_points);
    Ok(CharacterReport {
        actor_id: checked_id(actor, "characterId")?.into(),
        name: checked_name(text(event, "name").unwrap_or("Unknown")),
        kind,
        details: json!({
            "avatarUrl": text(event, "avatarUrl").map(|url| cut(url, TEXT_BYTES_MAX)),
            "hitPoints": hit_points,
            "spells": spells,
        }),
    })
}

fn hit_points(stats: &Map<String, Value>) -> Value {
    let number = |key: &str| stats.get(key).filter(|value| value.is_number()).cloned();
    json!({
        "current": number("current").or_else(|| number("value")),
        "max": number("max"),
        "temp": number("temp"),
    })
}

/// What a spell action needs; a spell without an id cannot be addressed.
fn spell(spell: &Map<String, Value>) -> Option<Value> {
    let short = |key: &str| text(spell, key).map(|text| cut(text, TEXT_BYTES_MAX));
    let scalar = |key: &str| spell.get(key).filter(|value| value.is_number() || value.is_boolean());
    Some(json!({
        "id": short("id")?,
        "name": short("name"),
        "img": short("img"),
        "level": scalar("level").cloned().or_else(|| short("level").map(Value::from)),
        "school": short("school"),
        "prepared": scalar("prepared"),
        "activeEffect": inner(spell, "activeEffect").and_then(|effect| text(effect, "type")),
    }))
}
