//! Systems with pools of dice or symbols.

use gamification_core::criticality::CriticalKind::{Failure, Success};
use gamification_core::criticality::Severity::{Extreme, Major, Minor};
use gamification_core::dice::{RollReport, SymbolCount};

use crate::rolls::{assert_roll, assert_rolls, dice, exploding, report, special, with_dropped};

#[test]
fn savage_worlds_counts_its_aces() {
    let ace = |severity| Some((Success, severity, "ace", None));
    let snake_eyes = Some((Failure, Major, "snake_eyes", None));
    assert_rolls(
        "swade",
        vec![
            (vec![exploding("Die", 8, &[8, 3]), special("WildDie", 6, &[2])], ace(Minor)),
            (vec![dice(8, &[1]), exploding("WildDie", 6, &[6, 1])], ace(Minor)),
            (vec![exploding("Die", 8, &[8, 8, 2]), special("WildDie", 6, &[2])], ace(Major)),
            (vec![exploding("Die", 8, &[8, 3]), exploding("WildDie", 6, &[6, 2])], ace(Major)),
            (vec![exploding("Die", 4, &[4, 4, 4, 1])], ace(Extreme)),
            (vec![exploding("Die", 4, &[4, 4, 4, 4, 1])], ace(Extreme)),
            (vec![dice(8, &[1]), special("WildDie", 6, &[1])], snake_eyes),
            (vec![special("WildDie", 6, &[4]), dice(8, &[1])], snake_eyes),
            (vec![dice(8, &[5]), special("WildDie", 6, &[1])], None),
            (vec![dice(8, &[5]), special("WildDie", 6, &[4])], None),
        ],
    );
}

#[test]
fn cyberpunk_red_looks_at_the_first_d10() {
    let critical = Some((Success, Major, "red_critical", Some(10)));
    let fumble = Some((Failure, Major, "red_fumble", Some(1)));
    assert_rolls(
        "cyberpunk-red-core",
        vec![
            (vec![dice(10, &[10])], critical),
            (vec![dice(10, &[10]), dice(10, &[1])], critical),
            (vec![dice(10, &[1, 10])], fumble),
            (vec![dice(6, &[1]), dice(10, &[1])], fumble),
            (vec![dice(10, &[9]), dice(10, &[10])], None),
            (vec![dice(10, &[2])], None),
            (vec![dice(6, &[6, 6])], None),
        ],
    );
}

#[test]
fn alien_counts_sixes_and_fears_ones_on_stress_dice() {
    let base = |values| special("AlienRPGBaseDie", 6, values);
    let stress = |values| special("AlienRPGStressDie", 6, values);
    let success = |severity| Some((Success, severity, "year_zero_success", None));
    assert_rolls(
        "alienrpg",
        vec![
            (vec![base(&[6, 2])], success(Minor)),
            (vec![base(&[2, 3]), stress(&[6, 1])], success(Minor)),
            (vec![base(&[6, 3]), stress(&[6])], success(Major)),
            (vec![base(&[2, 3]), stress(&[1])], Some((Failure, Major, "panic", None))),
            (vec![base(&[1, 3]), stress(&[2])], None),
            (vec![base(&[5, 5])], None),
        ],
    );
}

#[test]
fn forbidden_lands_and_vaesen_count_sixes_and_banes() {
    let base = |values| special("BaseDie", 6, values);
    let gear = |values| special("GearDie", 6, values);
    let skill = |values| special("SkillDie", 6, values);
    let triumph = |severity| Some((Success, severity, "yz_triumph", None));
    let bane = |severity| Some((Failure, severity, "yz_bane", None));
    for system in ["forbidden-lands", "vaesen"] {
        assert_rolls(
            system,
            vec![
                (vec![base(&[6, 1]), skill(&[2])], triumph(Minor)),
                (vec![base(&[6]), skill(&[6]), gear(&[1])], triumph(Major)),
                (vec![base(&[1, 4]), skill(&[2])], bane(Minor)),
                (vec![base(&[4]), gear(&[1])], bane(Minor)),
                (vec![base(&[1]), gear(&[1])], bane(Major)),
                (vec![base(&[4]), skill(&[1, 1])], None),
                (vec![base(&[5, 3])], None),
            ],
        );
    }
}

#[test]
fn blades_in_the_dark_looks_at_its_highest_die() {
    let bad = Some((Failure, Minor, "blades_bad", None));
    assert_rolls(
        "blades-in-the-dark",
        vec![
            (vec![dice(6, &[6, 6, 1])], Some((Success, Major, "blades_critical", None))),
            (vec![dice(6, &[6, 6])], Some((Success, Major, "blades_critical", None))),
            (vec![dice(6, &[6, 1])], None),
            (vec![dice(6, &[4, 1])], None),
            (vec![dice(6, &[3, 1, 2])], bad),
            (vec![dice(6, &[1])], bad),
            (vec![with_dropped("kl", 6, 2, 6)], bad),
            (vec![dice(20, &[1])], None),
        ],
    );
}

#[test]
fn world_of_darkness_pairs_tens_and_minds_its_hunger() {
    let plain = |values| dice(10, values);
    let hunger = |values| special("VampireHungerDie", 10, values);
    for system in ["vtm5e", "wod5e"] {
        let critical = |severity| Some((Success, severity, "v5_critical", None));
        let bestial = |severity| Some((Failure, severity, "v5_bestial", None));
        assert_rolls(
            system,
            vec![
                (vec![plain(&[10, 10, 2])], critical(Major)),
                (vec![plain(&[10, 2]), hunger(&[10])], critical(Extreme)),
                (vec![plain(&[10, 10]), hunger(&[4])], critical(Major)),
                (vec![plain(&[10, 2]), hunger(&[9])], None),
                (vec![plain(&[1, 5])], bestial(Major)),
                (vec![plain(&[3, 5]), hunger(&[1])], bestial(Extreme)),
                (vec![plain(&[1, 5]), hunger(&[2])], bestial(Major)),
                (vec![plain(&[6, 1]), hunger(&[1])], None),
                (vec![plain(&[2, 5])], None),
            ],
        );
    }
}

#[test]
fn shadowrun_glitches_on_half_ones() {
    let glitch = |severity| Some((Failure, severity, "glitch", None));
    for system in ["shadowrun5e", "shadowrun6"] {
        assert_rolls(
            system,
            vec![
                (vec![dice(6, &[1, 1, 5, 3])], glitch(Major)),
                (vec![dice(6, &[1, 1, 1, 6])], glitch(Major)),
                (vec![dice(6, &[1, 1, 4, 3])], glitch(Extreme)),
                (vec![dice(6, &[1])], glitch(Extreme)),
                (vec![dice(6, &[1, 1, 5, 3, 2])], None),
                (vec![dice(6, &[1, 6, 6, 6])], None),
                (vec![dice(6, &[6, 6, 6, 6])], None),
            ],
        );
    }
}

#[test]
fn narrative_dice_show_triumph_and_despair() {
    let roll = |system: &str, triumphs: u32, despairs: u32| RollReport {
        symbols: [("triumph", triumphs), ("despair", despairs), ("advantage", 4)]
            .map(|(name, count)| SymbolCount { name: name.to_owned(), count })
            .to_vec(),
        ..report(system, vec![dice(12, &[12]), dice(8, &[3])])
    };
    let triumph = |severity| Some((Success, severity, "triumph", None));
    let despair = |severity| Some((Failure, severity, "despair", None));
    for system in ["starwarsffg", "genesys"] {
        for (triumphs, despairs, expected) in [
            (1, 0, triumph(Major)),
            (2, 0, triumph(Extreme)),
            (0, 1, despair(Major)),
            (0, 3, despair(Extreme)),
            (1, 1, triumph(Extreme)),
            (1, 2, triumph(Extreme)),
            (0, 0, None),
        ] {
            assert_roll(roll(system, triumphs, despairs), expected);
        }
    }
}

#[test]
fn fate_looks_at_the_dice_and_not_at_the_modifier() {
    let fate = |values| special("FateDie", 3, values);
    assert_rolls(
        "fate-core-official",
        vec![
            (vec![fate(&[1, 1, 1, 1])], Some((Success, Major, "fate_best", None))),
            (vec![fate(&[-1, -1, -1, -1])], Some((Failure, Major, "fate_worst", None))),
            (vec![fate(&[1, 1, 1, 0])], None),
            (vec![fate(&[-1, -1, -1, 0])], None),
        ],
    );
    let mut modified = report("fate-core-official", vec![fate(&[1, 1, 0, 0])]);
    modified.total = Some(4);
    assert_roll(modified, None);
}
