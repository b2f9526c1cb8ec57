//! `dice:roll` events, built from little.

use serde_json::{Value, json};

/// Dice of a class: `dice("WildDie", "1dw6x", 6, "6! 2")` is a wild die that showed a 6, exploded,
/// and then a 2. After a number, `!` is a die that exploded, `-` one that was dropped, `r` one that
/// was rolled again.
pub(crate) fn dice(class: &str, written: &str, faces: u32, shown: &str) -> Value {
    let results: Vec<Value> = shown.split_whitespace().map(result).collect();
    let (count, rest) = written.split_once('d').unwrap();
    let letter: String = rest.chars().take_while(char::is_ascii_alphabetic).take(1).collect();
    let modifiers = rest[letter.len()..].trim_start_matches(|c: char| c.is_ascii_digit());
    let modifiers: Vec<&str> =
        Some(modifiers).filter(|text| !text.is_empty()).into_iter().collect();
    json!({
        "type": "die",
        "class": class,
        "faces": faces,
        "count": count.parse::<u32>().unwrap(),
        "results": results,
        "modifiers": modifiers,
        "expression": written,
        "denomination": if letter.is_empty() { "d" } else { letter.as_str() },
    })
}

fn result(shown: &str) -> Value {
    let value = shown.trim_end_matches(['!', '-', 'r']);
    let is = |mark| shown[value.len()..].contains(mark);
    json!({
        "value": value.parse::<i64>().unwrap(),
        "active": !is('-') && !is('r'),
        "rerolled": is('r'),
        "exploded": is('!'),
        "discarded": is('-'),
    })
}

/// Plain dice: `d("2d20kh", "7- 20")`.
pub(crate) fn d(written: &str, shown: &str) -> Value {
    let faces = written.split_once('d').unwrap().1;
    let digits: String = faces.chars().take_while(char::is_ascii_digit).collect();
    dice("Die", written, digits.parse().unwrap(), shown)
}

/// The same with the text that the system attaches to the die.
pub(crate) fn flavoured(mut die: Value, flavor: &str) -> Value {
    die["options"] = json!({ "flavor": flavor });
    die
}

pub(crate) fn plus() -> Value {
    json!({ "type": "operator", "class": "OperatorTerm", "operator": "+" })
}

pub(crate) fn number(value: i64) -> Value {
    json!({ "type": "number", "class": "NumericTerm", "value": value })
}

pub(crate) fn parenthetical(terms: Vec<Value>) -> Value {
    json!({ "type": "parenthetical", "class": "ParentheticalTerm", "rolls": [terms] })
}

/// A pool of rolls of which those with `true` were kept.
pub(crate) fn pool(modifiers: &str, rolls: Vec<(bool, Vec<Value>)>) -> Value {
    let results = rolls.iter().map(|(active, _)| json!({ "value": 0, "active": active }));
    let results: Vec<Value> = results.collect();
    let rolls: Vec<Vec<Value>> = rolls.into_iter().map(|(_, terms)| terms).collect();
    json!({
        "type": "pool",
        "class": "PoolTerm",
        "modifiers": [modifiers],
        "rolls": rolls,
        "results": results,
    })
}

/// A roll of that system. The sender claims a critical of the wrong kind whatever fell.
pub(crate) fn roll(system: &str, terms: Vec<Value>) -> Value {
    json!({
        "characterId": "actor-1",
        "characterName": "Hero 1",
        "rollId": "Rk4Vt8WqZx2Lm6Yb",
        "rollFormula": "as rolled",
        "result": 12,
        "diceResults": [],
        "isCritical": true,
        "criticalType": "failure",
        "severity": "extreme",
        "criticalLabel": "Total Disaster",
        "criticalCategory": "raw_min",
        "isHidden": false,
        "rollType": "skill",
        "terms": terms,
        "systemData": { "isPool": false, "raw": { "options": {} } },
        "modifiers": [],
        "metadata": {
            "foundryMessageId": "Rk4Vt8WqZx2Lm6Yb",
            "foundryActorId": "actor-1",
            "flavor": "Check",
            "system": system,
            "systemId": system,
        },
        "worldId": "world",
        "campaignId": "world",
    })
}

/// The terms with plus signs between them, as a roll of that system.
pub(crate) fn sum(system: &str, dice: Vec<Value>) -> Value {
    let mut terms = Vec::new();
    for term in dice {
        if !terms.is_empty() {
            terms.push(plus());
        }
        terms.push(term);
    }
    roll(system, terms)
}

/// The same roll with an option of its system.
pub(crate) fn with_option(mut roll: Value, name: &str, value: impl Into<Value>) -> Value {
    roll["systemData"]["raw"]["options"][name] = value.into();
    roll
}

/// The same roll with its system's verdict.
pub(crate) fn with_outcome(mut roll: Value, outcome: &str) -> Value {
    roll["systemData"]["outcome"] = outcome.into();
    roll
}

/// The same roll with the symbols that its system counted.
pub(crate) fn with_symbols(mut roll: Value, symbols: &[(&str, u32)]) -> Value {
    let counted = symbols.iter().map(|(name, count)| json!({ "type": name, "count": count }));
    roll["systemData"]["symbols"] = counted.collect();
    roll
}

/// The same roll as one of another type.
pub(crate) fn of_type(mut roll: Value, roll_type: &str) -> Value {
    roll["rollType"] = roll_type.into();
    roll
}
