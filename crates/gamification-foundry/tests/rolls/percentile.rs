//! Systems that roll a d100 and want it low.

use crate::event::{d, dice, flavoured, sum, with_outcome};
use crate::expected::{Verdict, assert_rolls, failure, success};
use gamification_core::criticality::Severity::{Extreme, Major};
use serde_json::Value;

const CRITICAL: Verdict = success(Extreme, "coc_critical", "Critical").rolling_under();
const FUMBLE: Verdict = failure(Extreme, "coc_fumble", "Fumble").rolling_under();

#[test]
fn call_of_cthulhu_wants_a_1_and_fears_a_100() {
    let check = |written: &str, shown: &str| sum("CoC7", vec![d(written, shown)]);
    assert_rolls(vec![
        ("a 1", check("1d100", "1"), Some(CRITICAL.by(100, 1))),
        ("a 100", check("1d100", "100"), Some(FUMBLE.by(100, 100))),
        ("a 2", check("1d100", "2"), None),
        ("a 99", check("1d100", "99"), None),
        ("a bonus die keeps the 1", check("2d100kl", "1 71-"), Some(CRITICAL.by(100, 1))),
        ("a bonus die drops the 100", check("2d100kl", "100- 34"), None),
        ("a penalty die keeps the 100", check("2d100kh", "100 3-"), Some(FUMBLE.by(100, 100))),
        ("a penalty die drops the 1", check("2d100kh", "1- 60"), None),
        ("a luck roll of 3d6", check("3d6", "1 1 1"), None),
    ]);
}

/// As the system itself rolls: a die of tens, where 10 is 00, further ones for bonus and penalty,
/// and a d10 of units.
fn tens_and_units(tens: &[&str], units: &str) -> Value {
    let mut terms: Vec<Value> =
        tens.iter().map(|shown| dice("CoC7DecaderDie", "1dt", 10, shown)).collect();
    terms.push(d("1d10", units));
    sum("CoC7", terms)
}

#[test]
fn call_of_cthulhu_is_also_read_from_its_two_dice_of_which_none_decides_alone() {
    let coloured = sum(
        "CoC7",
        vec![
            dice("CoC7DecaderDie", "1dt", 10, "10"),
            flavoured(dice("CoC7DecaderDieOther", "1do", 10, "10"), "black"),
            d("1d10", "1"),
        ],
    );
    assert_rolls(vec![
        ("00 and 1 is 1", tens_and_units(&["10"], "1"), Some(CRITICAL)),
        ("00 and 0 is 100", tens_and_units(&["10"], "10"), Some(FUMBLE)),
        ("10 and 1 is 11", tens_and_units(&["1"], "1"), None),
        ("90 and 0 is 90", tens_and_units(&["9"], "10"), None),
        ("00 and 7 is 7", tens_and_units(&["10"], "7"), None),
        ("all tens are 00", tens_and_units(&["10", "10"], "1"), Some(CRITICAL)),
        ("a fumble with all tens", tens_and_units(&["10", "10"], "10"), Some(FUMBLE)),
        // 1 with a bonus die, 41 with a penalty die: the dice do not tell which it was.
        ("tens that differ", tens_and_units(&["10", "4"], "1"), None),
        ("tens that differ at 0", tens_and_units(&["10", "4"], "10"), None),
        ("a die of another colour", coloured, Some(CRITICAL)),
    ]);
}

#[test]
fn warhammer_doubles_go_the_way_of_the_outcome() {
    let test = |shown: &str, outcome| with_outcome(sum("wfrp4e", vec![d("1d100", shown)]), outcome);
    let critical = success(Major, "doubles_success", "Critical Doubles").rolling_under();
    let fumble = failure(Major, "doubles_failure", "Fumbled Doubles").rolling_under();
    assert_rolls(vec![
        ("doubles below the skill", test("33", "success"), Some(critical.by(100, 33))),
        ("doubles above the skill", test("88", "failure"), Some(fumble.by(100, 88))),
        ("00 is a double", test("100", "failure"), Some(fumble.by(100, 100))),
        ("single digits are none", test("5", "success"), None),
        ("a plain success", test("21", "success"), None),
        ("a plain failure", test("98", "failure"), None),
        ("doubles of no test", sum("wfrp4e", vec![d("1d100", "44")]), None),
        ("two d10", with_outcome(sum("wfrp4e", vec![d("2d10", "4 4")]), "success"), None),
    ]);
}
