use super::reader::{WireError, flag, inner, list, object, text, whole};
use gamification_core::dice::{
    DieResult, DieTerm, MAX_DEPTH, MAX_DICE, Operator, PoolRoll, RollError, RollTerm, SymbolCount,
};
use serde_json::{Map, Number, Value};

/// The terms of a roll.
pub(super) fn parse_terms(terms: Option<&Value>) -> Result<Vec<RollTerm>, WireError> {
    let terms = terms.filter(|terms| !terms.is_null()).ok_or(WireError::Missing("terms"))?;
    let terms = terms.as_array().ok_or(WireError::WrongType("terms", "a list"))?;
    if terms.is_empty() {
        return Err(WireError::Missing("terms"));
    }
    parse_list(terms, 0)
}

fn parse_list(terms: &[Value], depth: usize) -> Result<Vec<RollTerm>, WireError> {
    if depth > MAX_DEPTH {
        return Err(RollError::TooDeep.into());
    }
    terms.iter().map(|term| parse_term(object(term)?, depth)).collect()
}

fn parse_term(term: &Map<String, Value>, depth: usize) -> Result<RollTerm, WireError> {
    match text(term, "type").unwrap_or_default() {
        "die" => parse_die(term).map(RollTerm::Die),
        "operator" => Ok(parse_operator(term)),
        "number" => parse_number(term),
        "parenthetical" => {
            let mut terms = Vec::new();
            for group in groups(term) {
                terms.extend(parse_list(group?, depth + 1)?);
            }
            Ok(RollTerm::Parenthetical { terms })
        }
        "pool" => parse_pool(term, depth),
        _ => {
            Ok(RollTerm::Other { expression: text(term, "expression").unwrap_or_default().into() })
        }
    }
}

fn parse_operator(term: &Map<String, Value>) -> RollTerm {
    let sign = text(term, "operator").unwrap_or_default();
    match Operator::parse(sign) {
        Some(operator) => RollTerm::Operator { operator },
        None => RollTerm::Other { expression: sign.to_owned() },
    }
}

fn parse_number(term: &Map<String, Value>) -> Result<RollTerm, WireError> {
    let number: Option<&Number> = term.get("value").and_then(Value::as_number);
    let value = number.ok_or(WireError::NotAWholeNumber("the value of a number term"))?;
    Ok(RollTerm::Number { value: value.clone() })
}

fn parse_pool(term: &Map<String, Value>, depth: usize) -> Result<RollTerm, WireError> {
    let results = list(term, "results");
    let mut rolls = Vec::new();
    for (position, group) in groups(term).enumerate() {
        let kept = results.get(position).and_then(|result| result.get("active"));
        rolls.push(PoolRoll {
            terms: parse_list(group?, depth + 1)?,
            active: kept.and_then(Value::as_bool).unwrap_or(true),
        });
    }
    Ok(RollTerm::Pool { rolls, modifiers: modifiers(term) })
}

/// The lists of terms inside a pool or parentheses.
fn groups(term: &Map<String, Value>) -> impl Iterator<Item = Result<&[Value], WireError>> {
    list(term, "rolls").iter().map(|group| {
        group.as_array().map(Vec::as_slice).ok_or(WireError::WrongType("rolls", "a list of lists"))
    })
}

fn parse_die(term: &Map<String, Value>) -> Result<DieTerm, WireError> {
    let results = list(term, "results");
    if results.len() > MAX_DICE {
        return Err(RollError::TooManyDice(results.len()).into());
    }
    let results = results.iter().map(parse_result).collect::<Result<Vec<_>, _>>()?;
    let class = text(term, "class").unwrap_or_default();
    let flavor = text(term, "flavor")
        .or_else(|| inner(term, "options").and_then(|options| text(options, "flavor")));
    Ok(DieTerm {
        count: optional_u32(term, "count")?
            .unwrap_or_else(|| u32::try_from(results.len()).unwrap_or(u32::MAX)),
        faces: optional_u32(term, "faces")?.unwrap_or(0),
        denomination: text(term, "denomination").map(str::to_owned),
        modifiers: modifiers(term),
        class: class.to_owned(),
        flavor: flavor.map(str::to_owned),
        kind: DieTerm::kind_from_names(class, flavor),
        results,
    })
}

fn parse_result(result: &Value) -> Result<DieResult, WireError> {
    let result = object(result)?;
    let value = result.get("value").and_then(Value::as_f64);
    let value = value.ok_or(WireError::NotAWholeNumber("the value of a die"))?;
    let mut die = DieResult::from_number(value)?;
    // A client that says nothing of it means a die that counts.
    die.active = result.get("active").and_then(Value::as_bool).unwrap_or(true);
    die.exploded = flag(result, "exploded");
    die.rerolled = flag(result, "rerolled");
    die.discarded = flag(result, "discarded");
    die.symbols = parse_symbols(list(result, "symbols"));
    Ok(die)
}

/// Symbols of narrative dice, `[{type, count}]`; what has no name is passed by.
pub(super) fn parse_symbols(symbols: &[Value]) -> Vec<SymbolCount> {
    symbols
        .iter()
        .filter_map(Value::as_object)
        .filter_map(|symbol| {
            let name = text(symbol, "type").or_else(|| text(symbol, "name"))?.to_owned();
            let count = symbol.get("count").and_then(whole).unwrap_or(1);
            Some(SymbolCount { name, count: u32::try_from(count).unwrap_or(0) })
        })
        .collect()
}

/// What follows the faces or braces: a list of texts, or one text.
fn modifiers(term: &Map<String, Value>) -> String {
    match term.get("modifiers") {
        Some(Value::String(modifiers)) => modifiers.clone(),
        Some(Value::Array(modifiers)) => modifiers.iter().filter_map(Value::as_str).collect(),
        _ => String::new(),
    }
}

fn optional_u32(term: &Map<String, Value>, key: &'static str) -> Result<Option<u32>, WireError> {
    match term.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => whole(value)
            .and_then(|value| u32::try_from(value).ok())
            .map(Some)
            .ok_or(WireError::NotAWholeNumber(key)),
    }
}
