//! Systems of the Year Zero engine: sixes are good, ones on some dice are not.

use crate::event::{d, dice, sum};
use crate::expected::{assert_rolls, failure, success};
use gamification_core::criticality::Severity::{Major, Minor};
use serde_json::Value;

/// A pool: each entry is a class, its letter, and what its d6 showed.
fn pool(system: &str, parts: &[(&str, &str, &str)]) -> Value {
    let terms = parts.iter().map(|(class, letter, shown)| {
        let count = shown.split_whitespace().count();
        dice(class, &format!("{count}d{letter}"), 6, shown)
    });
    sum(system, terms.collect())
}

#[test]
fn alien_counts_sixes_and_panics_at_ones_on_stress_dice() {
    let alien = |base, stress| {
        let parts = [("AlienRPGBaseDie", "b", base), ("AlienRPGStressDie", "s", stress)];
        pool("alienrpg", &parts)
    };
    let one = Some(success(Minor, "year_zero_success", "Success"));
    let many = Some(success(Major, "year_zero_success", "Multiple Successes"));
    let panic = Some(failure(Major, "panic", "Panic"));
    assert_rolls(vec![
        ("a six", alien("6 2 3", "4"), one),
        ("a six on a stress die", alien("2 3", "6"), one),
        ("two sixes", alien("6 2", "6"), many),
        ("a six beside a facehugger", alien("6 2", "1"), one),
        ("a facehugger", alien("2 3", "1 4"), panic),
        ("ones on base dice", alien("1 1", "3"), None),
        ("nothing", alien("2 3", "4"), None),
        ("pushed dice", alien("1- 3- 6 2", "1- 4"), one),
    ]);
}

#[test]
fn forbidden_lands_and_vaesen_count_sixes_and_banes() {
    let one = Some(success(Minor, "yz_triumph", "Success"));
    let many = Some(success(Major, "yz_triumph", "Multiple Successes"));
    let bane = Some(failure(Minor, "yz_bane", "Bane"));
    let banes = Some(failure(Major, "yz_bane", "Double Bane"));
    for system in ["forbidden-lands", "vaesen"] {
        let pool = |base, skill, gear| {
            let parts = [("BaseDie", "b", base), ("SkillDie", "s", skill), ("GearDie", "g", gear)];
            pool(system, &parts)
        };
        assert_rolls(vec![
            ("a six", pool("2 6", "3", "4"), one),
            ("a six on gear", pool("2 1", "3", "6"), one),
            ("sixes on several dice", pool("6 2", "6", "1"), many),
            ("a one on a base die", pool("1 4", "3", "5"), bane),
            ("a one on gear", pool("2 4", "3", "1"), bane),
            ("ones on base and gear", pool("1 4", "3", "1"), banes),
            ("ones on skill dice", pool("2 4", "1 1", "5"), None),
            ("nothing", pool("2 4", "3", "5"), None),
            ("a push that left a bane", pool("2- 1 4- 4", "3- 5", "2- 3"), bane),
        ]);
        assert_rolls(vec![
            ("plain d6", sum(system, vec![d("3d6", "6 1 2")]), one),
            ("ones on plain d6", sum(system, vec![d("3d6", "1 1 2")]), None),
        ]);
    }
}
