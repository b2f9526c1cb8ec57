//! Rolls as Foundry would report them.

use serde_json::{Value, json};

/// Longest formula that is rolled, in bytes.
const FORMULA_BYTES_MAX: usize = 100;
/// Most faces of a die, and largest number in a formula.
const NUMBER_MAX: u32 = 1_000;

/// Why a formula cannot be rolled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RollError {
    /// Something else than a sum of dice and numbers, too much of it, or no die at all.
    #[error("must be a sum of dice and numbers such as 1d20 + 5, of at most 100 characters")]
    Formula,
    /// The first die does not have that face.
    #[error("must be a face of the first die, 1 to {0}")]
    Face(u32),
}

/// A roll of dice and numbers, as the body of `dice:roll`, in the chat message `message`, by the
/// actor `actor` of that name. The first die shows `value`.
///
/// # Errors
/// [`RollError`].
pub fn formula_roll(
    message: &str,
    who: (&str, &str),
    system: &str,
    formula: &str,
    value: i64,
) -> Result<Value, RollError> {
    let faces = first_faces(formula).ok_or(RollError::Formula)?;
    if !(1..=i64::from(faces)).contains(&value) {
        return Err(RollError::Face(faces));
    }
    Ok(roll_by(message, who, system, &json!({ "formula": formula, "forcedResult": value })))
}

/// The faces of the first die of a formula that can be rolled.
fn first_faces(formula: &str) -> Option<u32> {
    let mut first = None;
    if formula.len() > FORMULA_BYTES_MAX || !formula.is_ascii() {
        return None;
    }
    for (position, word) in words(formula).iter().enumerate() {
        let is_sign = word == "+" || word == "-";
        // Numbers and dice stand between signs.
        if is_sign != (position % 2 == 1) {
            return None;
        }
        match dice(word) {
            Some((_, faces)) if (2..=NUMBER_MAX).contains(&faces) => {
                first.get_or_insert(faces);
            }
            Some(_) => return None,
            None if is_sign => {}
            None => {
                word.parse::<u32>().ok().filter(|number| *number <= NUMBER_MAX)?;
            }
        }
    }
    first.filter(|_| !formula.trim_end().ends_with(['+', '-']))
}

/// A roll of one die plus a number, as the body of `dice:roll`: `1d<faces> + <bonus>` showing
/// `value`, in the chat message `message`, by the actor `actor` of that name.
#[must_use]
pub fn roll_message(
    message: &str,
    who: (&str, &str),
    system: &str,
    (faces, value): (u32, i64),
    bonus: i64,
) -> Value {
    let formula = format!("1d{faces} {} {}", if bonus < 0 { '-' } else { '+' }, bonus.abs());
    roll_by(message, who, system, &json!({ "formula": formula, "forcedResult": value }))
}

fn roll_by(message: &str, (actor, name): (&str, &str), system: &str, forced: &Value) -> Value {
    let mut roll = perform_roll(forced, message, system);
    roll["characterId"] = json!(actor);
    roll["characterName"] = json!(name);
    roll["metadata"]["foundryActorId"] = json!(actor);
    roll
}

/// Rolls what a `roll_dice` command asks for. The first die shows the forced result; the others
/// show their middle, so that the same command gives the same roll.
pub(crate) fn perform_roll(command: &Value, message: &str, system: &str) -> Value {
    let formula = command["formula"].as_str().unwrap_or_default();
    let mut forced = command["forcedResult"].as_i64();
    let mut terms = Vec::new();
    let mut shown = Vec::new();
    let (mut total, mut sign) = (0_i64, 1_i64);
    for word in words(formula) {
        if word == "+" || word == "-" {
            sign = if word == "-" { -1 } else { 1 };
            terms.push(json!({ "type": "operator", "class": "OperatorTerm", "operator": word }));
        } else if let Some((count, faces)) = dice(&word) {
            let values: Vec<i64> = (0..count)
                .map(|_| forced.take().unwrap_or_else(|| i64::from(faces).midpoint(1)))
                .collect();
            total += sign * values.iter().sum::<i64>();
            terms.push(die_term(&word, count, faces, &values));
            shown.extend(values);
        } else if let Ok(number) = word.parse::<i64>() {
            total += sign * number;
            terms.push(json!({ "type": "number", "class": "NumericTerm", "value": number }));
        } else {
            terms.push(json!({ "type": "unknown", "class": "StringTerm", "expression": word }));
        }
    }
    let actor = command["speaker"]["actorId"].as_str();
    json!({
        "characterId": actor.unwrap_or("unknown"),
        "characterName": "Scripted",
        "rollId": message,
        "rollFormula": formula,
        "result": total,
        "diceResults": shown,
        "isCritical": true,
        "isHidden": false,
        "rollType": "generic",
        "terms": terms,
        "systemData": { "isPool": false, "raw": { "options": {} } },
        "metadata": {
            "foundryMessageId": message,
            "foundryActorId": actor,
            "flavor": command["flavor"].as_str().unwrap_or_default(),
            "system": system,
            "systemId": system,
        },
        "worldId": "scripted-world",
        "campaignId": "scripted-world",
    })
}

fn die_term(expression: &str, count: u32, faces: u32, values: &[i64]) -> Value {
    let results: Vec<Value> = values
        .iter()
        .map(|value| {
            json!({ "value": value, "active": true, "rerolled": false, "exploded": false,
                "discarded": false })
        })
        .collect();
    json!({ "type": "die", "class": "Die", "faces": faces, "count": count, "results": results,
        "modifiers": [], "expression": expression, "denomination": "d" })
}

/// Dice, numbers and signs of a sum.
fn words(formula: &str) -> Vec<String> {
    let spaced = formula.replace('+', " + ").replace('-', " - ");
    spaced.split_whitespace().map(str::to_owned).collect()
}

/// Count and faces of `2d6` or `d20`; few enough to be rolled.
fn dice(word: &str) -> Option<(u32, u32)> {
    let (count, faces) = word.split_once('d')?;
    let count = if count.is_empty() { 1 } else { count.parse().ok()? };
    let faces = faces.parse().ok()?;
    (1..=1_000).contains(&count).then_some((count, faces))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_die_is_forced_and_the_total_is_recomputed() {
        let command = json!({ "formula": "1d20 + 2d6 - 3", "forcedResult": 1, "flavor": "f" });
        let roll = perform_roll(&command, "m", "dnd5e");
        assert_eq!(roll["diceResults"], json!([1, 3, 3]));
        assert_eq!(roll["result"], 4);
        assert_eq!(roll["metadata"]["flavor"], "f");
        assert_eq!(roll["terms"].as_array().map(Vec::len), Some(5));
    }

    #[test]
    fn a_plain_roll_shows_what_it_was_told_to() {
        let roll = roll_message("m", ("a", "Elda"), "dnd5e", (20, 20), 5);
        assert_eq!((&roll["result"], &roll["rollFormula"]), (&json!(25), &json!("1d20 + 5")));
        assert_eq!(roll["characterId"], "a");
    }

    #[test]
    fn a_formula_is_rolled_with_the_face_that_was_asked_for() {
        let roll = |formula, value| formula_roll("m", ("a", "Elda"), "dnd5e", formula, value);
        let rolled = roll("2d6 + d4 - 1", 6).unwrap();
        assert_eq!((&rolled["diceResults"], &rolled["result"]), (&json!([6, 3, 2]), &json!(10)));
        for formula in ["", "5", "1d20 +", "1d20 5", "+ 1d20", "2d20kh", "1d1", "1d20 + 1001", "é"]
        {
            assert_eq!(roll(formula, 1), Err(RollError::Formula), "{formula}");
        }
        let long = format!("1d20{}", " + 1d6".repeat(20));
        assert_eq!(roll(&long, 1), Err(RollError::Formula));
        assert_eq!(roll("1d20", 21), Err(RollError::Face(20)));
        assert_eq!(roll("1d20", 0), Err(RollError::Face(20)));
    }
}
