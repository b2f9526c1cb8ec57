use crate::rolls::{goal, one_die, pool};
use crate::{evaluate, objection, wrong_fields};
use gamification_core::criticality::CriticalKind::{Failure, Success};
use gamification_core::criticality::{CriticalKind, Severity};
use gamification_core::trigger::{Evaluation, TriggerInput};
use gamification_core::vtt::GoalRoll;
use serde_json::{Value, json};

fn on_roll(config: &Value, roll: &GoalRoll) -> Option<String> {
    objection(evaluate("dice_critical", config, TriggerInput::Critical(roll)))
}

fn with(kind: CriticalKind, mut filter: Value) -> Value {
    filter["enabled"] = true.into();
    match kind {
        Success => json!({ "criticalSuccess": filter }),
        Failure => json!({ "criticalFailure": filter }),
    }
}

#[test]
fn a_critical_fires_only_for_enabled_kinds() {
    let cases = [
        (json!({}), true, true),
        (json!({ "criticalSuccess": null }), true, true),
        (json!({ "criticalSuccess": { "enabled": true } }), true, false),
        (json!({ "criticalFailure": { "enabled": true } }), false, true),
        (
            json!({
                "criticalSuccess": { "enabled": false },
                "criticalFailure": { "enabled": true },
            }),
            false,
            true,
        ),
    ];
    for (config, success, failure) in cases {
        let fires = |roll: GoalRoll| on_roll(&config, &roll).is_none();
        assert_eq!(fires(one_die(20, 20, Success)), success, "{config}");
        assert_eq!(fires(one_die(20, 1, Failure)), failure, "{config}");
    }
}

#[test]
fn the_deciding_die_is_compared_with_the_threshold_and_the_reason_says_how_it_missed() {
    let cases = [
        (Success, 20, 19, Some("19 < 20")),
        (Success, 20, 20, None),
        (Success, 19, 20, None),
        (Failure, 1, 2, Some("2 > 1")),
        (Failure, 2, 2, None),
        (Failure, 2, 1, None),
    ];
    for (kind, threshold, value, expected) in cases {
        let config = with(kind, json!({ "threshold": threshold }));
        let reason = on_roll(&config, &one_die(20, value, kind));
        assert_eq!(reason.as_deref(), expected, "{kind:?} {threshold} {value}");
    }
}

#[test]
fn without_a_deciding_die_the_total_is_compared() {
    let config = with(Success, json!({ "threshold": 18 }));
    assert_eq!(on_roll(&config, &pool(&[6, 6], Success)).as_deref(), Some("17 < 18"));
    assert_eq!(on_roll(&config, &pool(&[6, 6, 1], Success)), None);
}

#[test]
fn where_low_numbers_are_good_thresholds_turn_round() {
    let roll = |value, kind| {
        let mut roll = one_die(100, value, kind);
        roll.critical.roll_under = true;
        roll
    };
    let success = with(Success, json!({ "threshold": 5 }));
    assert_eq!(on_roll(&success, &roll(5, Success)), None);
    assert_eq!(on_roll(&success, &roll(6, Success)).as_deref(), Some("6 > 5"));
    let failure = with(Failure, json!({ "threshold": 96 }));
    assert_eq!(on_roll(&failure, &roll(96, Failure)), None);
    assert_eq!(on_roll(&failure, &roll(95, Failure)).as_deref(), Some("95 < 96"));
}

#[test]
fn die_severity_and_category_filter() {
    let natural_20 = one_die(20, 20, Success);
    let cases = [
        (json!({ "diceType": "d20" }), None),
        (json!({ "diceType": "D20" }), None),
        (json!({ "diceType": "d100" }), Some("no d100 decided it")),
        (json!({ "severityFilter": [] }), None),
        (json!({ "severityFilter": ["minor", "major"] }), None),
        (json!({ "severityFilter": ["extreme"] }), Some("the severity major is filtered out")),
        (json!({ "categoryFilter": ["nat20", "ace"] }), None),
        (json!({ "categoryFilter": ["ace"] }), Some("the category nat20 is filtered out")),
    ];
    for (filter, expected) in cases {
        let reason = on_roll(&with(Success, filter.clone()), &natural_20);
        assert_eq!(reason.as_deref(), expected, "{filter}");
    }
    let d6 = with(Success, json!({ "diceType": "d6" }));
    assert_eq!(on_roll(&d6, &pool(&[6, 6], Success)), None, "any die of a pool will do");
    let mut extreme = natural_20;
    extreme.critical.severity = Severity::Extreme;
    let filter = with(Success, json!({ "severityFilter": ["extreme"] }));
    assert_eq!(on_roll(&filter, &extreme), None);
}

#[test]
fn only_a_roll_fires_dice_critical() {
    let silent = evaluate("dice_critical", &json!({}), TriggerInput::Data(&json!({ "value": 20 })));
    assert_eq!(objection(silent).unwrap(), "only a critical roll at the table opens it");
}

#[test]
fn dice_critical_names_each_wrong_field() {
    let cases = [
        (json!({ "criticalSuccess": {} }), "criticalSuccess.enabled"),
        (json!({ "criticalSuccess": { "enabled": false } }), "criticalSuccess.enabled"),
        (json!({ "criticalSuccess": { "enabled": "yes" } }), "criticalSuccess.enabled"),
        (json!({ "criticalSuccess": true }), "criticalSuccess"),
        (json!({ "criticalsuccess": { "enabled": true } }), "criticalsuccess"),
        (with(Success, json!({ "threshold": "20" })), "criticalSuccess.threshold"),
        (with(Success, json!({ "threshold": 19.5 })), "criticalSuccess.threshold"),
        (with(Success, json!({ "threshold": 1_000_000_001 })), "criticalSuccess.threshold"),
        (with(Failure, json!({ "diceType": "20" })), "criticalFailure.diceType"),
        (with(Failure, json!({ "diceType": "d1" })), "criticalFailure.diceType"),
        (with(Failure, json!({ "diceType": "d+20" })), "criticalFailure.diceType"),
        (with(Failure, json!({ "severityFilter": "major" })), "criticalFailure.severityFilter"),
        (with(Failure, json!({ "severityFilter": ["mild"] })), "criticalFailure.severityFilter.0"),
        (with(Failure, json!({ "categoryFilter": ["a", 1] })), "criticalFailure.categoryFilter.1"),
        (
            with(Failure, json!({ "categoryFilter": vec!["a"; 33] })),
            "criticalFailure.categoryFilter",
        ),
        (with(Failure, json!({ "severity": "major" })), "criticalFailure.severity"),
    ];
    for (config, field) in cases {
        assert_eq!(wrong_fields("dice_critical", &config), [field], "{config}");
        let reason = on_roll(&config, &one_die(20, 20, Success)).expect("a bad event is silent");
        assert!(reason.starts_with(field), "{reason}");
    }
    let complete = json!({ "threshold": 20, "diceType": "d20", "severityFilter": ["major"],
        "categoryFilter": ["nat20"] });
    assert_eq!(wrong_fields("dice_critical", &with(Success, complete)), [] as [&str; 0]);
}

#[test]
fn a_goal_keeps_the_roll_that_fired_so_the_evaluation_has_no_data() {
    let kept = goal(Some(one_die(20, 20, Success)));
    let roll = kept.trigger.dice_roll.as_ref().unwrap();
    let fired = evaluate("dice_critical", &json!({}), TriggerInput::Critical(roll));
    assert_eq!(fired, Evaluation::Fires { data: Value::Null, once_key: None });
}
