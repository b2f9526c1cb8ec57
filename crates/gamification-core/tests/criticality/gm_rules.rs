//! The GM's own rules.

use gamification_core::criticality::{CriticalityRule, classify};
use gamification_core::dice::{DieResult, DieTerm, RollInput, RollReport, RollTerm, SymbolCount};
use serde_json::{Value, json};

pub fn rule(changes: Value) -> CriticalityRule {
    try_rule(changes).unwrap()
}

/// A rule that any one die showing 7 or more matches, with changes.
fn try_rule(changes: Value) -> Result<CriticalityRule, serde_json::Error> {
    let mut json = json!({
        "field": "any_die", "op": ">=", "value": 7, "kind": "success", "severity": "minor",
        "label": "House rule",
    });
    for (name, value) in changes.as_object().unwrap() {
        json[name] = value.clone();
    }
    serde_json::from_value(json)
}

pub fn roll(system: &str, dice: &[(u32, &[i64])]) -> RollInput {
    let terms = dice
        .iter()
        .map(|(faces, values)| {
            let results = values.iter().map(|&value| DieResult::kept(value)).collect();
            DieTerm::plain(u32::try_from(values.len()).unwrap(), *faces, results).into()
        })
        .collect();
    RollInput::checked(RollReport { terms, system: system.to_owned(), ..RollReport::default() })
        .unwrap()
}

fn label(roll: &RollInput, rules: &[CriticalityRule]) -> Option<String> {
    classify(roll, rules).map(|critical| critical.label)
}

#[test]
fn a_gm_rule_comes_before_the_systems_table() {
    let house = rule(json!({"formula": "1d20", "field": "max_die", "op": ">=", "value": 18}));
    let rules = [house];
    assert_eq!(label(&roll("dnd5e", &[(20, &[20])]), &rules).as_deref(), Some("House rule"));
    assert_eq!(label(&roll("dnd5e", &[(20, &[18])]), &rules).as_deref(), Some("House rule"));
    assert_eq!(label(&roll("dnd5e", &[(20, &[1])]), &rules).as_deref(), Some("Natural 1"));
    assert_eq!(label(&roll("dnd5e", &[(20, &[17])]), &rules), None);
}

#[test]
fn the_systems_explicit_outcome_comes_before_gm_rules() {
    let rules = [rule(json!({"value": 1}))];
    let with_degree = |degree| {
        let report = RollReport {
            degree_of_success: Some(degree),
            ..RollReport::from(roll("pf2e", &[(20, &[20])]))
        };
        label(&RollInput::checked(report).unwrap(), &rules)
    };
    assert_eq!(with_degree(3).as_deref(), Some("Critical Success"));
    assert_eq!(with_degree(2).as_deref(), Some("House rule"));
}

#[test]
fn higher_priorities_win_and_equal_ones_keep_their_order() {
    let named = |label: &str, priority: i32| rule(json!({"label": label, "priority": priority}));
    let rules = [named("low", -1), named("first", 5), named("second", 5), named("zero", 0)];
    assert_eq!(label(&roll("x", &[(8, &[8])]), &rules).as_deref(), Some("first"));
    assert_eq!(label(&roll("x", &[(8, &[8])]), &[named("a", 1), named("b", 2)]).unwrap(), "b");
}

#[test]
fn a_gm_rule_never_makes_a_damage_roll_critical() {
    let mut report = RollReport::from(roll("dnd5e", &[(8, &[8])]));
    report.roll_type = Some("damage".to_owned());
    assert_eq!(classify(&RollInput::checked(report).unwrap(), &[rule(json!({}))]), None);
}

#[test]
fn a_formula_is_a_whole_die_expression() {
    let rules = [rule(json!({"formula": "1d20", "op": ">=", "value": 1}))];
    assert!(label(&roll("x", &[(20, &[7])]), &rules).is_some());
    assert!(label(&roll("x", &[(200, &[7])]), &rules).is_none());
    assert!(label(&roll("x", &[(20, &[7; 11])]), &rules).is_none());
    assert!(label(&roll("x", &[(4, &[2]), (20, &[7])]), &rules).is_some());
    for formula in ["1d20 + 5", "d", "twenty"] {
        assert!(try_rule(json!({ "formula": formula })).is_err(), "{formula}");
    }
}

#[test]
fn every_field_has_hits_and_near_misses() {
    let hit = |changes: Value, dice: &[(u32, &[i64])]| {
        label(&roll("x", dice), &[rule(changes)]).as_deref() == Some("House rule")
    };
    let max = json!({"field": "max_die", "op": "==", "value": 8});
    assert!(hit(max.clone(), &[(8, &[8, 2])]));
    assert!(!hit(max, &[(8, &[7, 2])]));
    let min = json!({"field": "min_die", "op": "<", "value": 2});
    assert!(hit(min.clone(), &[(8, &[8, 1])]));
    assert!(!hit(min, &[(8, &[8, 2])]));
    let total = json!({"formula": "2d6", "field": "total", "op": ">", "value": 11});
    assert!(hit(total.clone(), &[(6, &[6, 6]), (4, &[1])]));
    assert!(!hit(total, &[(6, &[6, 5]), (4, &[4])]));
    let any = json!({"field": "any_die", "op": "!=", "value": 3});
    assert!(hit(any.clone(), &[(6, &[3, 4])]));
    assert!(!hit(any, &[(6, &[3, 3])]));
    let doubles = json!({"field": "doubles", "op": "==", "value": 1});
    assert!(hit(doubles.clone(), &[(6, &[3, 3])]));
    assert!(hit(doubles.clone(), &[(100, &[44])]));
    assert!(!hit(doubles.clone(), &[(100, &[45])]));
    assert!(!hit(doubles, &[(6, &[3, 4])]));
    let sixes = json!({"field": {"count_of": {"face": 6}}, "op": ">=", "value": 2});
    assert!(hit(sixes.clone(), &[(6, &[6, 6, 1])]));
    assert!(!hit(sixes, &[(6, &[6, 5, 1])]));
    let ones = json!({"field": "ones_share", "op": ">", "value": 33});
    assert!(hit(ones.clone(), &[(6, &[1, 5, 5])]));
    assert!(!hit(ones, &[(6, &[1, 5, 5, 5])]));
    let none = json!({"field": {"count_of": {"face": 6}}, "op": "==", "value": 0});
    assert!(!hit(none, &[])); // no dice, nothing to be critical
}

#[test]
fn explosions_symbols_and_the_reported_total_can_be_asked_for() {
    let mut report = RollReport::from(roll("x", &[(6, &[6, 2])]));
    if let RollTerm::Die(die) = &mut report.terms[0] {
        die.results[0].exploded = true;
    }
    report.total = Some(23);
    report.symbols = vec![SymbolCount { name: "Triumph".to_owned(), count: 2 }];
    let input = RollInput::checked(report).unwrap();
    let hit = |changes: Value| label(&input, &[rule(changes)]).is_some();
    assert!(hit(json!({"field": "exploded_count", "op": "==", "value": 1})));
    assert!(!hit(json!({"field": "exploded_count", "op": "==", "value": 2})));
    assert!(hit(json!({"field": {"symbol": {"name": "triumph"}}, "op": ">=", "value": 2})));
    assert!(!hit(json!({"field": {"symbol": {"name": "despair"}}, "op": ">=", "value": 1})));
    assert!(hit(json!({"field": "total", "op": "<=", "value": 23})));
    assert!(!hit(json!({"field": "total", "op": "<=", "value": 22})));
}

#[test]
fn a_rule_names_its_deciding_die_unless_it_is_about_a_pool() {
    let deciding = |changes: Value, dice: &[(u32, &[i64])]| {
        classify(&roll("x", dice), &[rule(changes)]).unwrap().deciding_die.map(|die| die.value)
    };
    assert_eq!(deciding(json!({}), &[(10, &[9])]), Some(9));
    assert_eq!(deciding(json!({}), &[(4, &[2]), (10, &[9])]), Some(9));
    assert_eq!(deciding(json!({}), &[(10, &[9, 2])]), None); // a pool of two
    assert_eq!(deciding(json!({}), &[(10, &[9]), (8, &[8])]), None); // two that match
    let nines = json!({"field": {"count_of": {"face": 9}}, "op": ">=", "value": 1});
    assert_eq!(deciding(nines, &[(10, &[9])]), None);
}

#[test]
fn a_rule_in_a_roll_under_system_says_so() {
    let low = rule(json!({"formula": "1d100", "field": "max_die", "op": "<=", "value": 5}));
    let critical = classify(&roll("CoC7", &[(100, &[4])]), &[low]).unwrap();
    assert!(critical.roll_under);
    assert_eq!(critical.category, "custom");
}

#[test]
fn a_rule_that_makes_no_sense_is_refused() {
    for changes in [
        json!({"label": "  "}),
        json!({"label": "x".repeat(101)}),
        json!({"category": "Has Spaces"}),
        json!({"category": ""}),
        json!({"field": "doubles", "value": 2}),
        json!({"field": "ones_share", "value": 101}),
        json!({"field": {"count_of": {"face": 6}}, "value": -1}),
        json!({"field": {"symbol": {"name": ""}}}),
        json!({"field": {"symbol": {"name": "x"}}, "formula": "1d6"}),
        json!({"value": i64::MAX}),
        json!({"op": "=~"}),
        json!({"unknown": true}),
    ] {
        assert!(try_rule(changes.clone()).is_err(), "{changes}");
    }
    let fine = rule(json!({"label": " Boom ", "category": "big_boom"}));
    assert_eq!(fine.label, "Boom");
    let json = serde_json::to_value(&fine).unwrap();
    assert_eq!(serde_json::from_value::<CriticalityRule>(json).unwrap(), fine);
}
