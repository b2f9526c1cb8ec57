//! Systems whose dice show symbols.

use crate::event::{d, dice, number, sum, with_symbols};
use crate::expected::{assert_rolls, failure, success};
use gamification_core::criticality::Severity::{Extreme, Major};
use serde_json::{Value, json};

/// Two ability, one proficiency, one challenge and one difficulty die, their numbers being no more
/// than the faces' places.
fn narrative(system: &str, symbols: &[(&str, u32)]) -> Value {
    let difficulty = if system == "starwarsffg" { "1di" } else { "1dd" };
    let terms = vec![
        dice("AbilityDie", "2da", 8, "3 5"),
        dice("ProficiencyDie", "1dp", 12, "12"),
        dice("ChallengeDie", "1dc", 12, "1"),
        dice("DifficultyDie", difficulty, 8, "2"),
    ];
    with_symbols(sum(system, terms), symbols)
}

#[test]
fn narrative_dice_show_triumph_and_despair() {
    for system in ["starwarsffg", "genesys"] {
        let roll = |symbols: &[(&str, u32)]| narrative(system, symbols);
        let triumph = |severity, label| Some(success(severity, "triumph", label));
        let despair = |severity, label| Some(failure(severity, "despair", label));
        assert_rolls(vec![
            ("a triumph", roll(&[("triumph", 1), ("success", 2)]), triumph(Major, "Triumph")),
            ("two triumphs", roll(&[("triumph", 2)]), triumph(Extreme, "Multiple Triumphs")),
            ("a despair", roll(&[("despair", 1), ("success", 3)]), despair(Major, "Despair")),
            ("two despairs", roll(&[("Despair", 2)]), despair(Extreme, "Multiple Despairs")),
            (
                "both",
                roll(&[("triumph", 1), ("despair", 2)]),
                triumph(Extreme, "Triumph and Despair"),
            ),
            ("neither", roll(&[("success", 4), ("advantage", 2), ("triumph", 0)]), None),
            ("no symbols at all", roll(&[]), None),
        ]);
    }
}

#[test]
fn symbols_of_the_faces_count_when_the_system_summed_none_and_only_those_that_are_kept() {
    let face = |symbol: &str, active: bool| {
        json!({ "value": 12, "active": active, "discarded": !active,
            "symbols": [{ "type": symbol, "count": 1 }] })
    };
    let mut die = dice("ProficiencyDie", "2dp", 12, "");
    die["results"] = json!([face("triumph", true), face("triumph", false)]);
    let triumph = Some(success(Major, "triumph", "Triumph"));
    assert_rolls(vec![("one is dropped", sum("genesys", vec![die]), triumph)]);
}

#[test]
fn fate_looks_at_its_four_dice_and_not_at_the_skill() {
    let check =
        |shown: &str| sum("fate-core-official", vec![dice("FateDie", "4df", 3, shown), number(4)]);
    let best = Some(success(Major, "fate_best", "Best Result"));
    let worst = Some(failure(Major, "fate_worst", "Worst Result"));
    assert_rolls(vec![
        ("four plus", check("1 1 1 1"), best),
        ("four minus", check("-1 -1 -1 -1"), worst),
        ("three plus", check("1 1 1 0"), None),
        ("nothing", check("0 0 0 0"), None),
        ("three minus", check("-1 -1 -1 0"), None),
        ("a d4 is no fate die", sum("fate-core-official", vec![d("1d4", "4")]), None),
    ]);
}
