//! Systems in which one d20 or d10 decides.

use crate::event::{d, dice, number, plus, roll, sum, with_option, with_outcome};
use crate::expected::{Verdict, assert_rolls, failure, success};
use gamification_core::criticality::Severity::Major;
use serde_json::json;

const NAT20: Verdict = success(Major, "nat20", "Natural 20").by(20, 20);
const NAT1: Verdict = failure(Major, "nat1", "Natural 1").by(20, 1);

#[test]
fn a_system_that_nobody_knows_takes_the_one_d20_of_a_roll() {
    for system in ["", "generic", "tormenta20", "my-homebrew"] {
        assert_rolls(vec![
            ("a 20", sum(system, vec![d("1d20", "20"), number(4)]), Some(NAT20)),
            ("a 1", sum(system, vec![d("1d20", "1"), number(4)]), Some(NAT1)),
            ("a 19", sum(system, vec![d("1d20", "19")]), None),
            ("advantage", sum(system, vec![d("2d20kh", "3- 20")]), Some(NAT20)),
            ("a dropped 1", sum(system, vec![d("2d20kh", "1- 11")]), None),
            ("a dropped 20", sum(system, vec![d("2d20kl", "20- 11")]), None),
            ("a rerolled 1", sum(system, vec![d("1d20r1", "1r 20")]), Some(NAT20)),
            ("two d20", sum(system, vec![d("2d20", "20 20")]), None),
            ("a pool", sum(system, vec![d("6d6", "6 6 6 1 1 1")]), None),
            ("a d100", sum(system, vec![d("1d100", "100")]), None),
            ("a bonus die of ones", sum(system, vec![d("1d20", "12"), d("1d4", "1")]), None),
        ]);
    }
}

#[test]
fn dnd5e_counts_the_kept_d20_against_the_thresholds_of_the_roll() {
    let check = |written: &str, shown: &str| {
        roll("dnd5e", vec![dice("D20Die", written, 20, shown), plus(), number(7)])
    };
    let champion = |shown| with_option(check("1d20", shown), "criticalSuccess", 19);
    let cursed = |shown| with_option(check("1d20", shown), "criticalFailure", 3);
    let natural_19 = success(Major, "nat20", "Natural 19").by(20, 19);
    let natural_3 = failure(Major, "nat1", "Natural 3").by(20, 3);
    let unset = with_option(check("1d20", "20"), "criticalSuccess", json!(null));
    assert_rolls(vec![
        ("a 20", check("1d20", "20"), Some(NAT20)),
        ("a 1", check("1d20", "1"), Some(NAT1)),
        ("a 12", check("1d20", "12"), None),
        ("thresholds that are null", unset, Some(NAT20)),
        ("advantage, the 20 kept", check("2d20kh", "20 4-"), Some(NAT20)),
        ("advantage, the 1 dropped", check("2d20kh", "1- 17"), None),
        ("advantage, twice a 1", check("2d20kh", "1- 1"), Some(NAT1)),
        ("disadvantage, the 20 dropped", check("2d20kl", "20- 9"), None),
        ("disadvantage, the 1 kept", check("2d20kl", "18- 1"), Some(NAT1)),
        ("elven accuracy", check("3d20kh", "20 1- 20-"), Some(NAT20)),
        ("halfling luck", check("1d20r1=1", "1r 14"), None),
        ("a champion's 19", champion("19"), Some(natural_19)),
        ("a champion's 18", champion("18"), None),
        ("a curse", cursed("3"), Some(natural_3)),
        ("guidance of 1", sum("dnd5e", vec![d("1d20", "9"), d("1d4", "1")]), None),
    ]);
}

#[test]
fn pf2e_believes_the_degree_and_without_one_the_d20_of_a_check() {
    let check = |shown| sum("pf2e", vec![d("1d20", shown), number(17)]);
    let degree = |shown, degree: i64| with_option(check(shown), "degreeOfSuccess", degree);
    let third = success(Major, "degree_3", "Critical Success");
    let lowest = failure(Major, "degree_0", "Critical Failure");
    let fortune = sum("pf2e", vec![d("2d20kh", "16 4-"), number(17)]);
    let outcome = |shown, outcome| with_outcome(check(shown), outcome);
    assert_rolls(vec![
        ("ten above the class", degree("16", 3), Some(third.by(20, 16))),
        ("a 20 that only succeeds", degree("20", 2), None),
        ("a 1 that only fails", degree("1", 1), None),
        ("ten below the class", degree("5", 0), Some(lowest.by(20, 5))),
        ("fortune", with_option(fortune, "degreeOfSuccess", 3), Some(third.by(20, 16))),
        ("the outcome of a message", outcome("14", "criticalSuccess"), Some(third.by(20, 14))),
        ("the same for a failure", outcome("2", "criticalFailure"), Some(lowest.by(20, 2))),
        ("an outcome between", outcome("20", "success"), None),
        ("a 20 without a degree", check("20"), Some(NAT20)),
        ("a 1 without a degree", check("1"), Some(NAT1)),
        ("a 10 without a degree", check("10"), None),
        ("a flat d6 without a degree", sum("pf2e", vec![d("1d6", "1")]), None),
        ("a degree that is none", with_option(check("12"), "degreeOfSuccess", 7), None),
    ]);
}

#[test]
fn cyberpunk_red_looks_at_the_first_d10_and_not_at_what_explodes_from_it() {
    let check =
        |written: &str, shown: &str| sum("cyberpunk-red-core", vec![d(written, shown), number(12)]);
    let critical = success(Major, "red_critical", "Critical Success").by(10, 10);
    let fumble = failure(Major, "red_fumble", "Critical Failure").by(10, 1);
    assert_rolls(vec![
        ("a 10 and its second die", check("1d10red", "10! 7"), Some(critical)),
        ("a 10 and then a 1", check("1d10red", "10! 1"), Some(critical)),
        ("twice a 10", check("1d10red", "10! 10"), Some(critical)),
        ("a 1 and its second die", check("1d10red", "1 6"), Some(fumble)),
        ("a 1 and then a 10", check("1d10red", "1 10"), Some(fumble)),
        ("a 10 that is rolled on in a roll of its own", check("1d10", "10"), Some(critical)),
        ("a 9", check("1d10red", "9"), None),
        ("a 2", check("1d10red", "2"), None),
        ("a d6 of 1", check("1d6", "1"), None),
    ]);
}
