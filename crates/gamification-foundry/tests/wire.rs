//! The events of the wire: the fixtures as they are, and input that makes no sense.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use gamification_core::campaign::{CharacterKind, HitPoints, Spell};
use gamification_core::criticality::{CriticalKind, classify};
use gamification_core::dice::{DieKind, RollTerm};
use gamification_foundry::wire::{
    ReportedRoll, parse_character, parse_command_result, parse_hello, parse_pong_version,
    parse_roll,
};
use serde_json::{Value, json};

fn fixture(name: &str) -> Value {
    let path = format!("{}/tests/fixtures/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn parsed(name: &str) -> ReportedRoll {
    parse_roll(&fixture(name)).unwrap()
}

/// The smallest roll that is one.
fn smallest() -> Value {
    json!({
        "rollId": "m1",
        "result": 20,
        "terms": [{ "type": "die", "faces": 20, "results": [{ "value": 20 }] }],
    })
}

fn with(pointer: &str, value: Value) -> Value {
    let mut roll = smallest();
    *roll.pointer_mut(pointer).unwrap() = value;
    roll
}

fn reason(roll: &Value) -> String {
    parse_roll(roll).unwrap_err().to_string()
}

#[test]
fn the_fixtures_mean_what_their_dice_say_and_not_what_their_sender_says() {
    for (name, expected) in [
        ("dnd5e_attack_advantage", Some((CriticalKind::Success, "nat20", Some(20)))),
        ("dnd5e_attack_disadvantage", Some((CriticalKind::Failure, "nat1", Some(1)))),
        ("damage_2d6", None),
        ("pf2e_check_degree", Some((CriticalKind::Success, "degree_3", Some(16)))),
        ("coc7_d100_fumble", Some((CriticalKind::Failure, "coc_fumble", Some(100)))),
    ] {
        let roll = parsed(name);
        let critical = classify(&roll.input, &[]);
        let found = critical.as_ref().map(|critical| {
            (critical.kind, critical.category.as_str(), critical.deciding_die.map(|die| die.value))
        });
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn a_roll_of_the_published_module_is_read_completely() {
    let roll = parsed("dnd5e_attack_advantage");
    assert_eq!(roll.message_id.as_str(), "a7Gd2PqLm0Xc9RtE");
    assert_eq!(roll.actor_id.unwrap().as_str(), "Kq3mVw8ZtRb1XyLc");
    assert_eq!(roll.character_name, "Elda Thornwick");
    assert_eq!((roll.index, roll.result, roll.input.total), (None, 25, Some(25)));
    assert_eq!(roll.input.system, "dnd5e");
    assert_eq!(roll.input.formula, "2d20kh + 5");
    assert_eq!(roll.input.options.critical_success, Some(20));
    assert_eq!(roll.flavor, "Longbow - Attack Roll (Advantage)");
    assert!(!roll.is_hidden);
    assert_eq!(roll.command_id, None);
    let dice = roll.input.dice();
    assert_eq!((dice[0].count, dice[0].faces, dice[0].modifiers.as_str()), (2, 20, "kh"));
    assert!(!dice[0].results[0].active && dice[0].results[1].active);
}

#[test]
fn our_module_says_which_roll_of_its_message_it_is() {
    let roll = parsed("pf2e_check_degree");
    assert_eq!(roll.index, Some(0));
    assert_eq!(roll.input.degree_of_success, Some(3));
}

#[test]
fn what_may_be_missing_may_be_missing() {
    let roll = parse_roll(&smallest()).unwrap();
    assert_eq!(roll.character_name, "Unknown");
    assert_eq!((roll.actor_id, roll.index, roll.command_id), (None, None, None));
    let dice = roll.input.dice();
    assert_eq!((dice[0].count, dice[0].kind), (1, DieKind::Plain));
    assert!(dice[0].results[0].active);
}

#[test]
fn an_unknown_actor_is_nobody_unless_the_metadata_knows_better() {
    let mut roll = smallest();
    roll["characterId"] = json!("unknown");
    assert_eq!(parse_roll(&roll).unwrap().actor_id, None);
    roll["metadata"] = json!({ "foundryActorId": "actor" });
    assert_eq!(parse_roll(&roll).unwrap().actor_id.unwrap().as_str(), "actor");
}

#[test]
fn whispers_and_blind_rolls_are_hidden() {
    for (key, value) in
        [("isHidden", json!(true)), ("blind", json!(true)), ("whisper", json!(["gm"]))]
    {
        let mut roll = smallest();
        roll[key] = value;
        assert!(parse_roll(&roll).unwrap().is_hidden, "{key}");
    }
}

#[test]
fn the_command_that_made_a_roll_is_in_its_flags() {
    let mut roll = smallest();
    roll["flags"] = json!({ "requestId": "01890a5d-ac96-774b-bcce-b302099a8057" });
    let id = parse_roll(&roll).unwrap().command_id.unwrap();
    assert_eq!(id.to_string(), "01890a5d-ac96-774b-bcce-b302099a8057");
    roll["flags"] = json!({ "requestId": "not ours" });
    assert_eq!(parse_roll(&roll).unwrap().command_id, None);
}

#[test]
fn pools_and_parentheses_keep_their_inner_dice() {
    let die = |faces: u32, value: u32| {
        json!([{ "type": "die", "faces": faces,
        "class": "StressDie", "results": [{ "value": value }] }])
    };
    let mut roll = smallest();
    roll["terms"] = json!([
        { "type": "pool", "rolls": [die(8, 5), die(6, 6)], "modifiers": ["kh"],
          "results": [{ "value": 5, "active": false }, { "value": 6, "active": true }] },
        { "type": "operator", "operator": "+" },
        { "type": "parenthetical", "rolls": [die(4, 2)], "expression": "(1d4)" },
        { "type": "number", "value": 2.5 },
        { "type": "function", "expression": "floor(2.5)", "value": null },
    ]);
    let roll = parse_roll(&roll).unwrap();
    let dice: Vec<_> = roll.input.dice().iter().map(|die| die.results[0].active).collect();
    assert_eq!(dice, [false, true, true]);
    assert_eq!(roll.input.dice()[0].kind, DieKind::Stress);
    assert!(
        matches!(&roll.input.terms[4], RollTerm::Other { expression } if expression == "floor(2.5)")
    );
}

#[test]
fn numbers_that_are_none_are_refused_with_a_reason() {
    for none in [Value::Null, json!("NaN"), json!("Infinity"), json!([]), json!(true)] {
        assert_eq!(reason(&with("/result", none.clone())), "result is not a finite whole number");
        let die = with("/terms/0/results/0/value", none.clone());
        assert_eq!(reason(&die), "the value of a die is not a finite whole number");
        let number = with("/terms/0", json!({ "type": "number", "value": none }));
        assert!(reason(&number).starts_with("the value of a number term"));
    }
    assert!(reason(&with("/terms/0/results/0/value", json!(2.5))).contains("2.5"));
    assert!(reason(&with("/terms/0/results/0/value", json!(1e300))).contains("not a value"));
    assert_eq!(reason(&with("/terms/0/faces", json!(-6))), "faces is not a finite whole number");
}

#[test]
fn a_total_with_a_fraction_is_shown_cut_off_and_no_total_for_the_rules() {
    let roll = parse_roll(&with("/result", json!(7.5))).unwrap();
    assert_eq!((roll.result, roll.input.total), (7, None));
}

#[test]
fn what_must_be_there_must_be_there() {
    for (key, expected) in [
        ("rollId", "rollId is missing"),
        ("result", "result is missing"),
        ("terms", "terms is missing"),
    ] {
        let mut roll = smallest();
        roll.as_object_mut().unwrap().remove(key);
        assert_eq!(reason(&roll), expected);
        let mut roll = smallest();
        roll[key] = json!([]);
        assert!(parse_roll(&roll).is_err(), "{key}");
    }
    for roll in [json!(null), json!([]), json!("roll"), json!(7)] {
        assert_eq!(reason(&roll), "the event must carry one JSON object");
    }
}

#[test]
fn a_thousand_dice_are_taken_and_one_more_is_refused() {
    let dice =
        |count: usize| with("/terms/0/results", Value::Array(vec![json!({ "value": 3 }); count]));
    assert_eq!(parse_roll(&dice(1_000)).unwrap().input.dice()[0].results.len(), 1_000);
    assert_eq!(reason(&dice(1_001)), "the roll has 1001 dice, more than 1000");
}

#[test]
fn terms_that_are_nested_without_end_are_refused() {
    let mut term = json!({ "type": "number", "value": 1 });
    for _ in 0..40 {
        term = json!({ "type": "parenthetical", "rolls": [[term]] });
    }
    assert_eq!(reason(&with("/terms/0", term)), "the roll is nested more than 16 deep");
}

#[test]
fn junk_in_every_field_never_panics() {
    let junk =
        [json!(null), json!(true), json!(-1), json!(1e308), json!("x"), json!([[]]), json!({})];
    for name in ["dnd5e_attack_advantage", "pf2e_check_degree"] {
        for key in fixture(name).as_object().unwrap().keys() {
            for value in &junk {
                let mut roll = fixture(name);
                roll[key] = value.clone();
                let _read_or_refused = parse_roll(&roll);
                let _same = parse_character(&roll);
            }
        }
    }
}

#[test]
fn a_character_is_cut_down_to_what_actions_need() {
    let spell = json!({ "id": "s1", "name": "Light", "level": 0, "school": "evo", "prepared": true,
        "activeEffect": { "type": "disabled", "expiresAt": null },
        "description": "x".repeat(9_999) });
    let report = parse_character(&json!({
        "characterId": "a1", "name": "Elda", "characterType": "pc", "avatarUrl": "tokens/elda.webp",
        "stats": { "hp": { "current": 7, "max": 12, "temp": 0 }, "abilities": {} },
        "spells": [spell, { "name": "without an id" }, null],
        "inventory": vec![json!({ "name": "rope" }); 100],
    }))
    .unwrap();
    assert_eq!((report.actor_id.as_str(), report.kind), ("a1", CharacterKind::Pc));
    let details = report.details;
    let hit_points = HitPoints { current: Some(7), max: Some(12), temp: Some(0) };
    assert_eq!(details.hit_points, Some(hit_points));
    let light = Spell {
        id: "s1".to_owned(),
        name: "Light".to_owned(),
        img: None,
        level: Some(0),
        school: Some("evo".to_owned()),
        prepared: Some(true),
        active_effect: Some("disable".to_owned()),
    };
    assert_eq!(details.spells, [light]);
    assert!(parse_character(&json!({ "name": "Elda" })).is_err());
}

#[test]
fn our_module_introduces_itself() {
    let hello = parse_hello(&json!({ "module": "ours", "version": "0.1.0", "core": "13",
        "system": "dnd5e", "features": ["custom", 7], "activeGm": true }))
    .unwrap();
    assert!(hello.is_active_gm);
    assert_eq!(hello.features, ["custom"]);
    assert_eq!(parse_pong_version(&json!({ "moduleVersion": "2.3.1" })).unwrap(), "2.3.1");
    assert_eq!(parse_pong_version(&json!({ "moduleVersion": null })), None);
}

#[test]
fn a_result_names_its_command_and_says_how_it_went() {
    let id = "01890a5d-ac96-774b-bcce-b302099a8057";
    let done = parse_command_result(&json!({ "requestId": id, "ok": true, "result": { "a": 1 } }));
    assert_eq!(done.unwrap().outcome, Ok(json!({ "a": 1 })));
    let failed = parse_command_result(&json!({ "requestId": id, "ok": false, "error": "gone" }));
    assert_eq!(failed.unwrap().outcome, Err("gone".to_owned()));
    let large = json!({ "requestId": id, "ok": true, "result": "x".repeat(20_000) });
    assert_eq!(parse_command_result(&large).unwrap().outcome, Ok(json!({ "isTooLarge": true })));
    for bad in [
        json!({ "ok": true }),
        json!({ "requestId": "1", "ok": true }),
        json!({ "requestId": id }),
        json!({ "requestId": id, "ok": "yes" }),
        json!(null),
    ] {
        assert!(parse_command_result(&bad).is_err(), "{bad}");
    }
}
