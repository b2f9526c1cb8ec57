//! The built-in triggers: what their configurations may hold and when they fire.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

mod dice_critical;
#[path = "../handlers/fixtures.rs"]
mod fixtures;
#[path = "../handlers/json.rs"]
mod json;
mod poll_vote;
#[path = "../handlers/rolls.rs"]
mod rolls;

use fixtures::{fields, spec};
use gamification_core::criticality::CriticalKind::Success;
use gamification_core::trigger::{Evaluation, RegistryError, TriggerInput, TriggerRegistry};
use proptest::prelude::*;
use rolls::one_die;
use serde_json::{Value, json};
use std::sync::Arc;

fn evaluate(kind: &str, config: &Value, input: TriggerInput<'_>) -> Evaluation {
    TriggerRegistry::with_builtin().evaluate(&spec(kind, config), input)
}

fn wrong_fields(kind: &str, config: &Value) -> Vec<String> {
    let registry = TriggerRegistry::with_builtin();
    fields(registry.get(kind).unwrap().validate_config(&spec(kind, config).config))
}

/// `None` when it fires, else the reason.
fn objection(evaluation: Evaluation) -> Option<String> {
    match evaluation {
        Evaluation::Fires { .. } => None,
        Evaluation::Silent { reason } => Some(reason),
    }
}

#[test]
fn the_registry_has_the_four_triggers_and_takes_no_type_twice() {
    let mut registry = TriggerRegistry::with_builtin();
    let kinds: Vec<_> = registry.kinds().collect();
    assert_eq!(kinds, ["custom", "dice_critical", "manual", "poll_vote"]);
    let again = registry.register(Arc::new(gamification_core::trigger::Manual));
    assert_eq!(again, Err(RegistryError::Duplicate("manual".to_owned())));
    let silent = evaluate("weather", &json!({}), TriggerInput::Data(&json!(1)));
    assert_eq!(objection(silent).unwrap(), "the type weather is not known");
}

#[test]
fn manual_passes_the_data_through_and_has_no_configuration() {
    for data in [json!(null), json!({ "note": [1, 2] })] {
        let fires = Evaluation::Fires { data: data.clone(), once_key: None };
        assert_eq!(evaluate("manual", &json!({}), TriggerInput::Data(&data)), fires);
    }
    let roll = one_die(20, 20, Success);
    assert!(objection(evaluate("manual", &json!({}), TriggerInput::Critical(&roll))).is_some());
    assert_eq!(wrong_fields("manual", &json!({ "delay": 1 })), ["delay"]);
}

#[test]
fn custom_fires_when_there_is_data() {
    let config = json!({ "customRules": { "whatever": ["they", "need"] } });
    assert_eq!(wrong_fields("custom", &config), [] as [&str; 0]);
    for data in [json!(0), json!(false), json!({}), json!({ "hype": 5 })] {
        let fires = Evaluation::Fires { data: data.clone(), once_key: None };
        assert_eq!(evaluate("custom", &config, TriggerInput::Data(&data)), fires);
    }
    let silent = evaluate("custom", &config, TriggerInput::Data(&Value::Null));
    assert_eq!(objection(silent).unwrap(), "there is no data");
    let roll = one_die(20, 20, Success);
    assert!(objection(evaluate("custom", &config, TriggerInput::Critical(&roll))).is_some());
}

#[test]
fn custom_rules_are_small_and_flat_enough() {
    let deep = (0..17).fold(json!(1), |inner, _| json!([inner]));
    assert_eq!(wrong_fields("custom", &json!({ "customRules": deep })), ["customRules"]);
    let large = "x".repeat(16 * 1024);
    assert_eq!(wrong_fields("custom", &json!({ "customRules": large })), ["customRules"]);
    assert_eq!(wrong_fields("custom", &json!({ "script": "alert(1)" })), ["script"]);
}

proptest! {
    #[test]
    fn no_json_makes_a_trigger_panic_and_a_refused_configuration_never_fires_on_rolls_or_polls(
        config in json::any_object(),
        data in json::any_json(),
        value in -5_i64..30,
    ) {
        let registry = TriggerRegistry::with_builtin();
        let roll = one_die(20, value, Success);
        let kinds: Vec<_> = registry.kinds().map(str::to_owned).collect();
        for kind in kinds {
            let handler = registry.get(&kind).unwrap();
            let is_valid = match handler.validate_config(&config) {
                Ok(()) => true,
                Err(errors) => {
                    prop_assert!(!errors.is_empty());
                    false
                }
            };
            for input in [TriggerInput::Critical(&roll), TriggerInput::Data(&data)] {
                let evaluation = handler.evaluate(&config, input);
                prop_assert_eq!(&evaluation, &handler.evaluate(&config, input), "pure");
                if !is_valid && ["dice_critical", "poll_vote"].contains(&kind.as_str()) {
                    prop_assert!(objection(evaluation).is_some());
                }
            }
        }
    }
}
