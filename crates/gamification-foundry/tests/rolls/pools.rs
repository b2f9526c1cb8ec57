//! Systems whose pools are counted.

use crate::event::{d, dice, flavoured, number, plus, pool, roll, sum};
use crate::expected::{Expected, assert_rolls, failure, success};
use gamification_core::criticality::Severity::{self, Extreme, Major, Minor};
use serde_json::Value;

/// `{1d8x, 1dw6x}kh` as the system rolls a trait; the roll that is `true` was kept.
fn trait_roll(of_trait: (bool, Value), wild: (bool, Value)) -> Value {
    let rolls = vec![(of_trait.0, vec![of_trait.1]), (wild.0, vec![wild.1])];
    roll("swade", vec![pool("kh", rolls), plus(), number(0)])
}

fn wild(shown: &str) -> Value {
    flavoured(dice("WildDie", "1dw6x", 6, shown), "Wild Die")
}

#[test]
fn savage_worlds_counts_the_aces_of_the_kept_die() {
    const fn ace(severity: Severity, label: &'static str) -> Expected {
        Some(success(severity, "ace", label))
    }
    let trait_d8 = |shown| d("1d8x", shown);
    let long = d("1d4x", "4! 4! 4! 4! 1");
    assert_rolls(vec![
        ("an ace", trait_roll((true, trait_d8("8! 3")), (false, wild("5"))), ace(Minor, "Ace")),
        (
            "the wild die aces",
            trait_roll((false, trait_d8("1")), (true, wild("6! 2"))),
            ace(Minor, "Ace"),
        ),
        (
            "two aces",
            trait_roll((true, trait_d8("8! 8! 1")), (false, wild("6! 4"))),
            ace(Major, "Double Ace"),
        ),
        ("many aces", trait_roll((true, long), (false, wild("3"))), ace(Extreme, "Triple Ace")),
        (
            "an extra without a wild die",
            sum("swade", vec![d("1d6x", "6! 6! 6! 2")]),
            ace(Extreme, "Triple Ace"),
        ),
        ("no ace", trait_roll((true, trait_d8("7")), (false, wild("4"))), None),
        (
            "a 1 that the wild die saves",
            trait_roll((false, trait_d8("1")), (true, wild("4"))),
            None,
        ),
        ("a wild 1", trait_roll((true, trait_d8("5")), (false, wild("1"))), None),
    ]);
}

#[test]
fn savage_worlds_fears_two_ones_whichever_of_them_the_pool_keeps() {
    let snake_eyes = Some(failure(Major, "snake_eyes", "Snake Eyes"));
    let one = || d("1d8x", "1");
    assert_rolls(vec![
        ("the wild 1 kept", trait_roll((false, one()), (true, wild("1"))), snake_eyes),
        ("the trait's 1 kept", trait_roll((true, one()), (false, wild("1"))), snake_eyes),
        ("an extra's 1", sum("swade", vec![one()]), snake_eyes),
        ("both counted", sum("swade", vec![one(), wild("4")]), snake_eyes),
        (
            "wild die by its flavour",
            sum("swade", vec![flavoured(d("1d6x", "1"), "Wild Die"), d("1d8x", "6")]),
            None,
        ),
    ]);
}

#[test]
fn blades_in_the_dark_looks_at_its_highest_dice() {
    let action = |written: &str, shown: &str| sum("blades-in-the-dark", vec![d(written, shown)]);
    let critical = Some(success(Major, "blades_critical", "Critical"));
    let bad = Some(failure(Minor, "blades_bad", "Bad Outcome"));
    assert_rolls(vec![
        ("two sixes", action("3d6", "6 2 6"), critical),
        ("three sixes", action("3d6", "6 6 6"), critical),
        ("one six", action("3d6", "6 1 1"), None),
        ("a partial success", action("2d6", "4 1"), None),
        ("a 3", action("2d6", "3 1"), bad),
        ("no dice, the lower of two", action("2d6kl", "6- 6"), None),
        ("no dice and a 1", action("2d6kl", "6- 1"), bad),
    ]);
}

/// A pool of a system with its hunger dice, each class with the letter of that system.
fn night(system: &str, plain: &str, hunger: &str) -> Value {
    let letter = if system == "vtm5e" { "h" } else { "g" };
    let of = |class: &str, letter: &str, shown: &str| {
        let count = shown.split_whitespace().count();
        dice(class, &format!("{count}d{letter}cs>5"), 10, shown)
    };
    sum(system, vec![of("VampireDie", "v", plain), of("VampireHungerDie", letter, hunger)])
}

#[test]
fn the_world_of_darkness_pairs_tens_and_minds_its_hunger() {
    for system in ["vtm5e", "wod5e"] {
        let night = |plain, hunger| night(system, plain, hunger);
        let critical = Some(success(Major, "v5_critical", "Critical Success"));
        let messy = Some(success(Extreme, "v5_critical", "Messy Critical"));
        let total = Some(failure(Major, "v5_bestial", "Total Failure"));
        let bestial = Some(failure(Extreme, "v5_bestial", "Bestial Failure"));
        assert_rolls(vec![
            ("two tens", night("10 10 3", "4"), critical),
            ("a hungry ten of two", night("10 3", "10"), messy),
            ("two hungry tens", night("2", "10 10"), messy),
            ("one ten", night("10 3", "6"), None),
            ("no success and a one", night("1 3", "4"), total),
            ("no success and a hungry one", night("5 3", "1"), bestial),
            ("a hungry one beside a success", night("7", "1"), None),
            ("no success and no one", night("2 3", "4"), None),
        ]);
    }
    let rage = dice("WerewolfRageDie", "2drcs>5", 10, "10 10");
    let critical = Some(success(Major, "v5_critical", "Critical Success"));
    assert_rolls(vec![("rage is no hunger", sum("wod5e", vec![rage]), critical)]);
}

#[test]
fn shadowrun_glitches_when_half_of_the_dice_are_ones() {
    for system in ["shadowrun5e", "shadowrun6", "shadowrun6-eden"] {
        let test = |written: &str, shown: &str| sum(system, vec![d(written, shown)]);
        let glitch = Some(failure(Major, "glitch", "Glitch"));
        let critical = Some(failure(Extreme, "glitch", "Critical Glitch"));
        assert_rolls(vec![
            ("half ones and a hit", test("4d6cs>=5", "1 1 5 3"), glitch),
            ("more than half", test("3d6cs>=5", "1 1 6"), glitch),
            ("half ones without a hit", test("4d6cs>=5", "1 1 4 3"), critical),
            ("fewer", test("5d6cs>=5", "1 1 5 3 4"), None),
            ("all hits", test("4d6cs>=5", "6 6 5 5"), None),
            ("the rule of six adds dice", test("2d6x6cs>=5", "6! 1 1 2"), glitch),
            ("a die that was rolled again", test("2d6r1cs>=5", "1r 3 1r 4"), None),
        ]);
    }
}
