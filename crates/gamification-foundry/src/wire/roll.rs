use super::reader::{WireError, cut, flag, inner, list, object, text, whole};
use super::terms::{parse_symbols, parse_terms};
use gamification_core::dice::{MAX_TEXT_BYTES, Outcome, RollInput, RollOptions, RollReport};
use gamification_core::ids::{CommandId, VttActorId, VttMessageId};
use serde_json::{Map, Value};
use uuid::Uuid;

/// Longest id that a VTT gives, in bytes; Foundry's have 16.
const MAX_ID_BYTES: usize = 128;
/// Longest name of a character that is kept, in bytes.
const MAX_NAME_BYTES: usize = 256;

/// A roll as its client reports it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportedRoll {
    /// The chat message that holds it.
    pub message_id: VttMessageId,
    /// Which roll of that message; `None` when the client does not say.
    pub index: Option<u32>,
    /// Who rolled, if the client knows.
    pub actor_id: Option<VttActorId>,
    /// The character's name; `Unknown` when there is none.
    pub character_name: String,
    /// The dice, within the limits of the rules.
    pub input: RollInput,
    /// The total that the table shows; fractions are cut off.
    pub result: i64,
    /// Whether players cannot see it: hidden, whispered or blind.
    pub is_hidden: bool,
    /// The text beside the roll.
    pub flavor: String,
    /// The command that made it, when our module says so.
    pub command_id: Option<CommandId>,
}

/// Reads `dice:roll`. The sender's own verdict (`isCritical` and the like) is not even looked at.
///
/// # Errors
/// When the message id, the total or the terms are missing, when a number is none, or when there
/// are more dice than the rules take.
pub fn parse_roll(event: &Value) -> Result<ReportedRoll, WireError> {
    let event = object(event)?;
    let none = Map::new();
    let metadata = inner(event, "metadata").unwrap_or(&none);
    let message_id = text(event, "rollId").or_else(|| text(metadata, "foundryMessageId"));
    let message_id = message_id.ok_or(WireError::Missing("rollId"))?;
    let (total, result) = parse_total(event)?;
    let flavor = text(metadata, "flavor").or_else(|| text(event, "flavor")).unwrap_or_default();
    let is_hidden =
        flag(event, "isHidden") || flag(event, "blind") || !list(event, "whisper").is_empty();
    Ok(ReportedRoll {
        message_id: checked_id(message_id, "rollId")?.into(),
        index: parse_index(event)?,
        actor_id: parse_actor(event, metadata)?,
        character_name: cut(text(event, "characterName").unwrap_or("Unknown"), MAX_NAME_BYTES)
            .to_owned(),
        input: RollInput::checked(parse_report(event, metadata, total)?)?,
        result,
        is_hidden,
        flavor: cut(flavor, MAX_TEXT_BYTES).to_owned(),
        command_id: inner(event, "flags")
            .and_then(|flags| text(flags, "requestId"))
            .and_then(|id| Uuid::parse_str(id).ok())
            .map(CommandId),
    })
}

fn parse_report(
    event: &Map<String, Value>,
    metadata: &Map<String, Value>,
    total: Option<i64>,
) -> Result<RollReport, WireError> {
    let none = Map::new();
    let system_data = inner(event, "systemData").unwrap_or(&none);
    let raw = inner(system_data, "raw").unwrap_or(&none);
    let options = inner(raw, "options").unwrap_or(&none);
    let in_any = |key: &str| [system_data, raw, options].into_iter().find_map(|o| o.get(key));
    let degree = in_any("degreeOfSuccess").and_then(whole);
    Ok(RollReport {
        terms: parse_terms(event.get("terms"))?,
        system: text(metadata, "systemId")
            .or_else(|| text(metadata, "system"))
            .unwrap_or_default()
            .to_owned(),
        total,
        formula: text(event, "rollFormula").unwrap_or_default().to_owned(),
        roll_type: text(event, "rollType").map(str::to_owned),
        options: RollOptions {
            critical_success: options.get("criticalSuccess").and_then(whole),
            critical_failure: options.get("criticalFailure").and_then(whole),
        },
        degree_of_success: degree.and_then(|d| u8::try_from(d).ok()).filter(|d| *d <= 3),
        outcome: in_any("outcome").and_then(Value::as_str).and_then(parse_outcome),
        symbols: parse_symbols(list(system_data, "symbols")),
    })
}

/// The verdict of the game system, however it writes it: `criticalSuccess`, `critical-success`.
fn parse_outcome(word: &str) -> Option<Outcome> {
    let letters = word.chars().filter(char::is_ascii_alphabetic);
    match letters.collect::<String>().to_ascii_lowercase().as_str() {
        "criticalsuccess" => Some(Outcome::CriticalSuccess),
        "success" => Some(Outcome::Success),
        "failure" => Some(Outcome::Failure),
        "criticalfailure" => Some(Outcome::CriticalFailure),
        _ => None,
    }
}

/// The total as the rules use it, and as the table shows it. Halving makes totals with fractions.
fn parse_total(event: &Map<String, Value>) -> Result<(Option<i64>, i64), WireError> {
    let result = event.get("result").ok_or(WireError::Missing("result"))?;
    let total = whole(result);
    let shown = total.or_else(|| {
        let number = result.as_f64()?.trunc();
        whole(&serde_json::json!(number))
    });
    Ok((total, shown.ok_or(WireError::NotAWholeNumber("result"))?))
}

fn parse_index(event: &Map<String, Value>) -> Result<Option<u32>, WireError> {
    match event.get("rollIndex") {
        None | Some(Value::Null) => Ok(None),
        Some(index) => whole(index)
            .and_then(|index| u32::try_from(index).ok())
            .map(Some)
            .ok_or(WireError::NotAWholeNumber("rollIndex")),
    }
}

fn parse_actor(
    event: &Map<String, Value>,
    metadata: &Map<String, Value>,
) -> Result<Option<VttActorId>, WireError> {
    let known = |id: &&str| *id != "unknown";
    let actor = text(event, "characterId")
        .filter(known)
        .or_else(|| text(metadata, "foundryActorId").filter(known));
    actor.map(|id| checked_id(id, "characterId").map(VttActorId::from)).transpose()
}

pub(super) fn checked_id<'a>(id: &'a str, field: &'static str) -> Result<&'a str, WireError> {
    if id.len() > MAX_ID_BYTES {
        return Err(WireError::WrongType(field, "an id of at most 128 bytes"));
    }
    Ok(id)
}

pub(super) fn checked_name(name: &str) -> String {
    cut(name, MAX_NAME_BYTES).to_owned()
}
