//! What the core refuses in bodies, said in the document too (2-domain §7). The core's constants
//! stay the only ones; a field has the same limits wherever it has the same name.

use gamification_core::cost::Cost;
use gamification_core::objective::Coefficient;
use gamification_core::validation::limits;
use serde::Serialize;
use serde_json::{Value, json};
use std::ops::RangeInclusive;

/// Adds its limits to a field of a request body.
pub(super) fn add(field: &str, property: &mut Value) {
    // A field of another type has the same name by chance.
    match (field, property["type"].as_str()) {
        ("name", Some("string")) => characters(property, &limits::NAME_CHARS),
        ("description", Some("string")) => characters(property, &limits::DESCRIPTION_CHARS),
        ("slug", Some("string")) => {
            let (min, max) = limits::SLUG_CHARS.into_inner();
            property["pattern"] = json!(format!("^[a-z0-9-]{{{min},{max}}}$"));
        }
        ("rewardColor", Some("string")) => property["pattern"] = json!("^#[0-9A-Fa-f]{6}$"),
        ("login" | "code", Some("string")) => property["minLength"] = json!(1),
        ("label", Some("string")) => characters(property, &limits::RULE_LABEL_CHARS),
        ("symbol", Some("string")) => characters(property, &limits::RULE_NAME_CHARS),
        ("category", Some("string")) => {
            let (min, max) = limits::RULE_NAME_CHARS.into_inner();
            property["pattern"] = json!(format!("^[a-z0-9_-]{{{min},{max}}}$"));
        }
        ("priority", Some("integer")) => numbers(property, &limits::RULE_PRIORITY),
        ("face" | "value", Some("integer")) => numbers(property, &limits::RULE_VALUE),
        ("cost" | "costOverride", Some("integer")) => numbers(property, &(Cost::MIN..=Cost::MAX)),
        ("objectiveCoefficient", Some("number")) => {
            property["minimum"] = json!(f64::from(Coefficient::MIN_HUNDREDTHS) / 100.0);
            property["maximum"] = json!(f64::from(Coefficient::MAX_HUNDREDTHS) / 100.0);
        }
        ("minimumObjective", Some("integer")) => numbers(property, &limits::MINIMUM_OBJECTIVE),
        ("duration", Some("integer")) => numbers(property, &limits::DURATION_SECONDS),
        ("cooldown", Some("integer")) => numbers(property, &limits::COOLDOWN_SECONDS),
        ("armedTtlSeconds", Some("integer")) => numbers(property, &limits::ARMED_TTL_SECONDS),
        ("maxContributionsPerViewer", Some("integer")) => {
            numbers(property, &limits::CONTRIBUTIONS_PER_VIEWER);
        }
        _ => {}
    }
}

fn numbers<T: Serialize>(property: &mut Value, range: &RangeInclusive<T>) {
    property["minimum"] = json!(range.start());
    property["maximum"] = json!(range.end());
}

fn characters(property: &mut Value, range: &RangeInclusive<usize>) {
    property["minLength"] = json!(range.start());
    property["maxLength"] = json!(range.end());
}
