use super::character::hit_points;
use super::reader::{WireError, cut, inner, object, text, whole};
use super::roll::{checked_id, checked_name};
use gamification_core::campaign::CharacterKind;
use gamification_core::ids::{VttActorId, VttCombatId, VttCombatantId};
use gamification_core::vtt::{
    COMBATANTS_MAX, ClientKind, CombatNews, CombatProgress, CombatReport, Combatant,
    ReportedCombatant, TurnOf,
};
use serde_json::{Map, Value};
use std::cmp::Ordering;

/// The events about combats that are understood.
pub const COMBAT_EVENTS: [&str; 8] = [
    "combat:start",
    "combat:sync",
    "combat:turn",
    "combat:round",
    "combat:end",
    "combat:combatant-add",
    "combat:combatant-remove",
    "combat:combatant-defeated",
];

/// Longest address of a picture that is kept, in bytes.
const IMAGE_BYTES_MAX: usize = 512;

type Event = Map<String, Value>;

/// Reads one of [`COMBAT_EVENTS`]. Combatants without a key are left out, and more than
/// [`COMBATANTS_MAX`] are not read.
///
/// The published module tells its lists in the order in which combatants were made, and turns and
/// rounds as they were just before they change; where it says what follows, that is taken.
///
/// # Errors
/// When the combat, or the combatant that it is about, has no key.
pub fn parse_combat(
    name: &str,
    event: &Value,
    client: ClientKind,
) -> Result<CombatReport, WireError> {
    let event = object(event)?;
    let id = text(event, "combatId").ok_or(WireError::Missing("combatId"))?;
    let news = match name {
        "combat:end" => CombatNews::Ends,
        "combat:combatant-add" => CombatNews::Joined(combatant_in(event, client)?),
        "combat:combatant-remove" => CombatNews::Left(combatant_id(event)?),
        "combat:combatant-defeated" => CombatNews::Defeated {
            combatant: combatant_id(event)?,
            is_defeated: is_defeated(event),
        },
        _ => CombatNews::Runs(progress(name, event, client)),
    };
    Ok(CombatReport { combat_id: VttCombatId::from(checked_id(id, "combatId")?), news })
}

/// Whether a `combat:end` may mean no more than that this client shows another scene now. Others
/// may go on to show the combat.
#[must_use]
pub fn is_change_of_scene(event: &Value) -> bool {
    event.get("finalRound").and_then(whole) == Some(0)
}

fn progress(name: &str, event: &Event, client: ClientKind) -> CombatProgress {
    let told = number(event, "round");
    let round = match name {
        // It is told before the first round has its number.
        "combat:start" => Some(told.unwrap_or_default().max(1)),
        // The published module tells the round that is over, and calls the new one the previous.
        "combat:round" => told.max(number(event, "previousRound")),
        _ => told,
    };
    let combatants = event.get("combatants").and_then(Value::as_array).map(|listed| {
        let read = listed.iter().filter_map(Value::as_object);
        let read = read.filter_map(|one| Some((initiative(one), combatant(one, client)?)));
        let mut read: Vec<_> = read.take(COMBATANTS_MAX).collect();
        if client == ClientKind::Published {
            read.sort_by(in_order_of_turns);
        }
        read.into_iter().map(|(_, combatant)| combatant).collect()
    });
    CombatProgress { round, turn: turn(name, event, client), combatants }
}

/// As Foundry orders turns unless a game system does it its own way: who has no initiative comes
/// last, equals in the order of their keys.
fn in_order_of_turns(
    (a, one): &(Option<f64>, ReportedCombatant),
    (b, other): &(Option<f64>, ReportedCombatant),
) -> Ordering {
    let by_initiative = match (a, b) {
        (Some(a), Some(b)) => b.total_cmp(a),
        (a, b) => b.is_some().cmp(&a.is_some()),
    };
    by_initiative.then_with(|| one.combatant.id.cmp(&other.combatant.id))
}

fn turn(name: &str, event: &Event, client: ClientKind) -> Option<TurnOf> {
    let named = |key: &str| {
        let id = inner(event, key).and_then(|one| text(one, "id"))?;
        Some(TurnOf::Combatant(checked_id(id, "id").ok()?.into()))
    };
    // The published module tells whose turn was over, and who is next.
    let is_over = client == ClientKind::Published && name == "combat:turn";
    let next = if is_over { named("nextCombatant") } else { None };
    let place = || match event.get("turn") {
        Some(Value::Null) if event.contains_key("currentCombatant") => Some(TurnOf::Nobody),
        _ => number(event, "turn").map(TurnOf::Place),
    };
    next.or_else(|| named("currentCombatant")).or_else(place)
}

fn combatant_in(event: &Event, client: ClientKind) -> Result<ReportedCombatant, WireError> {
    let told = inner(event, "combatant").and_then(|told| combatant(told, client));
    told.ok_or(WireError::Missing("combatant"))
}

/// Who it is about: some events carry the whole combatant, some its key.
fn combatant_id(event: &Event) -> Result<VttCombatantId, WireError> {
    let whole = inner(event, "combatant").and_then(|one| text(one, "id"));
    let id = text(event, "combatantId").or(whole).ok_or(WireError::Missing("combatantId"))?;
    Ok(checked_id(id, "combatantId")?.into())
}

/// Somebody is out of the fight unless the event says otherwise.
fn is_defeated(event: &Event) -> bool {
    let in_combatant = || inner(event, "combatant").and_then(|one| truth(one, "isDefeated"));
    truth(event, "defeated").or_else(in_combatant).unwrap_or(true)
}

/// `None` when it has no key by which it could be told from others.
fn combatant(told: &Event, client: ClientKind) -> Option<ReportedCombatant> {
    let id = checked_id(text(told, "id")?, "id").ok()?;
    let actor = text(told, "actorId").and_then(|id| checked_id(id, "actorId").ok());
    let kind = match (text(told, "characterType"), truth(told, "isNPC")) {
        (Some("pc"), _) | (None, Some(false)) => CharacterKind::Pc,
        (Some("monster"), _) => CharacterKind::Monster,
        _ => CharacterKind::Npc,
    };
    // Many game systems know no monsters, and the published module tells of nobody's side.
    let is_hostile = match client {
        ClientKind::OurModule => kind == CharacterKind::Monster,
        ClientKind::Published => kind != CharacterKind::Pc,
    };
    // Who does not say that somebody can be seen does not show them.
    let is_visible = truth(told, "isVisible").unwrap_or_default();
    Some(ReportedCombatant {
        is_affected: told.get("activeEffect").map(lasts),
        combatant: Combatant {
            id: id.into(),
            actor_id: actor.map(VttActorId::from),
            name: checked_name(text(told, "name").unwrap_or("Unknown")),
            image: text(told, "img").map(|image| cut(image, IMAGE_BYTES_MAX).to_owned()),
            kind,
            is_hostile,
            is_defeated: truth(told, "isDefeated").unwrap_or_default(),
            is_visible,
            is_shown: is_visible && (client == ClientKind::OurModule || kind == CharacterKind::Pc),
            hit_points: inner(told, "hp").map(hit_points),
            is_affected: false,
        },
    })
}

/// Whether an effect lasts: it is told as its name, as an object, or as a flag.
fn lasts(effect: &Value) -> bool {
    match effect {
        Value::Bool(lasts) => *lasts,
        Value::String(kind) => !kind.is_empty(),
        effect => effect.is_object(),
    }
}

fn initiative(told: &Event) -> Option<f64> {
    told.get("initiative").and_then(Value::as_f64)
}

fn truth(from: &Event, key: &str) -> Option<bool> {
    from.get(key).and_then(Value::as_bool)
}

fn number(from: &Event, key: &str) -> Option<u32> {
    from.get(key).and_then(whole).and_then(|number| u32::try_from(number).ok())
}
