//! Rolls of unusual shape, and rolls that are never critical.

use crate::event::{d, dice, number, of_type, parenthetical, plus, pool, roll, sum, with_option};
use crate::expected::{Verdict, assert_rolls, failure, success};
use gamification_core::criticality::Severity::Major;
use serde_json::json;

const NAT20: Verdict = success(Major, "nat20", "Natural 20").by(20, 20);
const NAT1: Verdict = failure(Major, "nat1", "Natural 1").by(20, 1);

#[test]
fn dice_inside_parentheses_and_pools_are_found_and_dropped_rolls_are_not() {
    let kept = |shown| (true, vec![d("1d20", shown), plus(), number(2)]);
    let dropped = |shown| (false, vec![d("1d20", shown), plus(), number(5)]);
    let in_pool = |rolls| roll("dnd5e", vec![pool("kh", rolls)]);
    let inner = pool("kl", vec![(false, vec![d("1d20", "20")]), (true, vec![d("1d20", "1")])]);
    let deep = pool("kh", vec![(true, vec![parenthetical(vec![inner])]), dropped("20")]);
    let lost = pool("kh", vec![(true, vec![d("1d20", "20")]), dropped("1")]);
    let lost = pool("kh", vec![(false, vec![lost]), kept("12")]);
    let function = json!({ "type": "function", "class": "FunctionTerm",
        "expression": "floor(7 / 2)", "value": 3 });
    assert_rolls(vec![
        ("parentheses", roll("dnd5e", vec![parenthetical(vec![d("1d20", "20")])]), Some(NAT20)),
        ("the kept roll", in_pool(vec![dropped("1"), kept("20")]), Some(NAT20)),
        ("a dropped 1", in_pool(vec![dropped("1"), kept("12")]), None),
        ("a dropped 20", in_pool(vec![dropped("20"), kept("12")]), None),
        ("a pool in parentheses in a pool", roll("dnd5e", vec![deep]), Some(NAT1)),
        ("a 20 kept in a pool that was dropped", roll("dnd5e", vec![lost]), None),
        ("a function", roll("dnd5e", vec![d("1d20", "20"), plus(), function]), Some(NAT20)),
        ("no dice", roll("dnd5e", vec![number(20)]), None),
    ]);
}

#[test]
fn damage_is_never_critical_whatever_its_dice_show() {
    let systems = [
        ("generic", vec![d("1d20", "20")]),
        ("dnd5e", vec![dice("DamageDie", "2d6", 6, "1 6"), d("1d20", "1")]),
        ("pf2e", vec![d("2d12", "12 12"), d("1d20", "20")]),
        ("CoC7", vec![d("1d100", "1")]),
        ("swade", vec![d("2d6x", "6! 6! 1 1")]),
        ("cyberpunk-red-core", vec![d("1d10", "10")]),
        ("alienrpg", vec![dice("AlienRPGBaseDie", "2db", 6, "6 6")]),
        ("forbidden-lands", vec![dice("GearDie", "2dg", 6, "1 1")]),
        ("blades-in-the-dark", vec![d("2d6", "1 1")]),
        ("wod5e", vec![dice("VampireHungerDie", "2dgcs>5", 10, "10 10")]),
        ("shadowrun5e", vec![d("2d6", "1 1")]),
        ("fate-core-official", vec![dice("FateDie", "4df", 3, "1 1 1 1")]),
    ];
    for (system, terms) in systems {
        for roll_type in ["damage", "Damage", "damage-roll"] {
            let damage = of_type(sum(system, terms.clone()), roll_type);
            let damage = with_option(damage, "degreeOfSuccess", 3);
            assert_rolls(vec![(roll_type, damage, None)]);
        }
    }
}

#[test]
fn damage_dice_beside_an_attack_do_not_decide_it() {
    let attack = |d20, damage| sum("dnd5e", vec![d("1d20", d20), d("2d6", damage)]);
    assert_rolls(vec![
        ("all ones", attack("12", "1 1"), None),
        ("all sixes", attack("12", "6 6"), None),
        ("ones beside a 20", attack("20", "1 1"), Some(NAT20)),
    ]);
}
