//! Systems in which one die decides.

use gamification_core::criticality::CriticalKind::{Failure, Success};
use gamification_core::criticality::Severity::{Extreme, Major};
use gamification_core::dice::{Outcome, PoolRoll, RollOptions, RollReport, RollTerm};

use crate::rolls::{assert_roll, assert_rolls, classified, dice, exploding, report, with_dropped};

#[test]
fn an_unknown_system_takes_the_natural_20_or_1_of_its_one_d20() {
    let nat20 = Some((Success, Major, "nat20", Some(20)));
    let nat1 = Some((Failure, Major, "nat1", Some(1)));
    for system in ["generic", "", "some-homebrew"] {
        assert_rolls(
            system,
            vec![
                (vec![dice(20, &[20])], nat20),
                (vec![dice(20, &[1])], nat1),
                (vec![dice(20, &[19])], None),
                (vec![dice(20, &[2])], None),
                (vec![dice(20, &[20]), dice(4, &[1])], nat20),
                (vec![dice(4, &[4]), dice(20, &[1])], nat1),
                // Only the die that counts.
                (vec![with_dropped("kh", 20, 20, 3)], nat20),
                (vec![with_dropped("kh", 20, 13, 1)], None),
                (vec![with_dropped("kl", 20, 1, 20)], nat1),
                (vec![with_dropped("kl", 20, 13, 20)], None),
                // An exploded 20 is a 20, and the extra die is not a natural 1.
                (vec![exploding("Die", 20, &[20, 1])], nat20),
                // Not a check on one d20.
                (vec![dice(20, &[20]), dice(20, &[5])], None),
                (vec![dice(20, &[20, 5])], None),
                (vec![dice(6, &[6, 1])], None),
                (vec![dice(10, &[1]), dice(12, &[12])], None),
                (vec![], None),
            ],
        );
    }
}

#[test]
fn a_dropped_roll_of_a_pool_does_not_count() {
    let roll = |value, active| PoolRoll { terms: vec![dice(20, &[value]).into()], active };
    let pool = |rolls| RollReport {
        terms: vec![RollTerm::Pool { rolls, modifiers: "kh".to_owned() }],
        ..report("generic", vec![])
    };
    assert_roll(
        pool(vec![roll(3, false), roll(20, true)]),
        Some((Success, Major, "nat20", Some(20))),
    );
    assert_roll(pool(vec![roll(1, false), roll(12, true)]), None);
}

#[test]
fn a_damage_roll_is_never_a_critical() {
    for system in ["generic", "dnd5e", "pf2e", "swade", "alienrpg", "CoC7"] {
        for roll_type in ["damage", "Damage", "damage-roll"] {
            let mut roll = report(system, vec![dice(20, &[20]), dice(6, &[6, 6]), dice(100, &[1])]);
            roll.degree_of_success = Some(3);
            roll.roll_type = Some(roll_type.to_owned());
            assert_roll(roll, None);
        }
    }
    let mut attack = report("dnd5e", vec![dice(20, &[20])]);
    attack.roll_type = Some("attack".to_owned());
    assert_roll(attack, Some((Success, Major, "nat20", Some(20))));
}

#[test]
fn dnd5e_compares_its_d20_with_the_thresholds_of_the_roll() {
    let roll = |value, critical_success, critical_failure| RollReport {
        options: RollOptions { critical_success, critical_failure },
        ..report("dnd5e", vec![dice(20, &[value]), dice(4, &[2])])
    };
    let success = |value| Some((Success, Major, "nat20", Some(value)));
    let failure = |value| Some((Failure, Major, "nat1", Some(value)));
    for (value, at_least, at_most, expected) in [
        (20, None, None, success(20)),
        (19, None, None, None),
        (1, None, None, failure(1)),
        (2, None, None, None),
        (19, Some(19), None, success(19)),
        (18, Some(19), None, None),
        (2, None, Some(2), failure(2)),
        (3, None, Some(2), None),
        (20, Some(21), None, None),
        (1, None, Some(0), None),
    ] {
        assert_roll(roll(value, at_least, at_most), expected);
    }
    assert_eq!(classified(roll(19, Some(19), None)).unwrap().label, "Natural 19");
}

#[test]
fn dnd5e_advantage_and_disadvantage_count_the_kept_die() {
    assert_rolls(
        "dnd5e",
        vec![
            (vec![with_dropped("kh", 20, 20, 4)], Some((Success, Major, "nat20", Some(20)))),
            (vec![with_dropped("kl", 20, 1, 20)], Some((Failure, Major, "nat1", Some(1)))),
            (vec![with_dropped("kl", 20, 12, 20)], None),
            (vec![with_dropped("kh", 20, 12, 1)], None),
            (vec![dice(6, &[1, 6])], None),
        ],
    );
}

#[test]
fn pf2e_believes_the_degree_of_success() {
    let roll = |value, degree| RollReport {
        degree_of_success: degree,
        ..report("pf2e", vec![dice(20, &[value])])
    };
    let degree_3 = |value| Some((Success, Major, "degree_3", Some(value)));
    for (value, degree, expected) in [
        (20, Some(3), degree_3(20)),
        (15, Some(3), degree_3(15)),
        (1, Some(0), Some((Failure, Major, "degree_0", Some(1)))),
        (4, Some(0), Some((Failure, Major, "degree_0", Some(4)))),
        (20, Some(2), None), // the 20 only made a failure a success
        (1, Some(1), None),
        (20, None, Some((Success, Major, "nat20", Some(20)))),
        (1, None, Some((Failure, Major, "nat1", Some(1)))),
        (12, None, None),
    ] {
        assert_roll(roll(value, degree), expected);
    }
    // Without a degree and without a d20 it is no check.
    assert_roll(report("pf2e", vec![dice(8, &[1, 8])]), None);
}

#[test]
fn pf2e_reads_an_outcome_as_a_degree() {
    let roll =
        |outcome| RollReport { outcome: Some(outcome), ..report("pf2e", vec![dice(20, &[20])]) };
    assert_roll(roll(Outcome::CriticalSuccess), Some((Success, Major, "degree_3", Some(20))));
    assert_roll(roll(Outcome::CriticalFailure), Some((Failure, Major, "degree_0", Some(20))));
    assert_roll(roll(Outcome::Success), None);
}

#[test]
fn call_of_cthulhu_rolls_under() {
    assert_rolls(
        "CoC7",
        vec![
            (vec![dice(100, &[1])], Some((Success, Extreme, "coc_critical", Some(1)))),
            (vec![dice(100, &[100])], Some((Failure, Extreme, "coc_fumble", Some(100)))),
            (vec![dice(100, &[2])], None),
            (vec![dice(100, &[99])], None),
            (vec![dice(100, &[40]), dice(100, &[60])], None),
            (vec![dice(20, &[20])], None),
        ],
    );
    assert!(classified(report("coc7", vec![dice(100, &[1])])).unwrap().roll_under);
}

#[test]
fn warhammer_doubles_go_the_way_of_the_outcome() {
    let roll =
        |value, outcome| RollReport { outcome, ..report("wfrp4e", vec![dice(100, &[value])]) };
    let (success, failure) = (Some(Outcome::Success), Some(Outcome::Failure));
    for (value, outcome, expected) in [
        (11, success, Some((Success, Major, "doubles_success", Some(11)))),
        (33, Some(Outcome::CriticalSuccess), Some((Success, Major, "doubles_success", Some(33)))),
        (88, failure, Some((Failure, Major, "doubles_failure", Some(88)))),
        (100, failure, Some((Failure, Major, "doubles_failure", Some(100)))),
        (12, success, None),
        (1, success, None),
        (98, failure, None),
        (44, None, None),
    ] {
        assert_roll(roll(value, outcome), expected);
    }
    assert!(classified(roll(22, success)).unwrap().roll_under);
}
