//! Any JSON at all, for properties.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Values of every type, a few levels deep; field names are often those of the handlers.
pub fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-5_i64..30).prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        ".{0,12}".prop_map(Value::from),
        name().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(name(), inner, 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// An object of any JSON.
pub fn any_object() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::btree_map(name(), any_json(), 0..6).prop_map(|map| map.into_iter().collect())
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![4 => prop::sample::select(KNOWN).prop_map(str::to_owned), 1 => ".{0,8}"]
}

/// Names and texts that mean something to a handler.
const KNOWN: &[&str] = &[
    "criticalSuccess",
    "criticalFailure",
    "enabled",
    "threshold",
    "diceType",
    "severityFilter",
    "categoryFilter",
    "customRules",
    "option",
    "percentageMode",
    "pollId",
    "voteCount",
    "totalVotes",
    "trollMessage",
    "deleteOriginal",
    "content",
    "speaker",
    "alias",
    "actorId",
    "updates",
    "system.attributes.hp.value",
    "position",
    "x",
    "y",
    "quantity",
    "message",
    "customActions",
    "name",
    "data",
    "durationSeconds",
    "waitForEventId",
    "highlightColor",
    "#8B5CF6",
    "buffType",
    "advantage",
    "bonus",
    "bonusValue",
    "debuffType",
    "disadvantage",
    "penalty",
    "penaltyValue",
    "acBonus",
    "tempHp",
    "acPenalty",
    "maxHpReduction",
    "d20",
    "major",
];
