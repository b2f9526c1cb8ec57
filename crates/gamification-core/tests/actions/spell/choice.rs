//! Which spell is chosen.

use super::{KINDS, at, payload};
use crate::any::any_spell;
use crate::rolls::goal;
use crate::table::{hero, spell};
use crate::{NONE, plan, plan_at, pre_flight};
use gamification_core::action::Surroundings;
use gamification_core::campaign::{Character, Spell};
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

fn refusal(kind: &str, hero: &Character) -> String {
    let error = plan_at(at(hero), kind, &json!({}), &goal(None), 1).unwrap_err();
    assert_eq!(pre_flight(kind, at(hero)), [error.0.as_str()], "told before, in the same words");
    error.0
}

/// How often each spell was chosen with many seeds, by its id.
fn choices(kind: &str, hero: &Character, seeds: u64) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for seed in 0..seeds {
        let chosen = payload(kind, &json!({}), hero, seed);
        *counts.entry(chosen["spellId"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    counts
}

#[test]
fn the_same_seed_chooses_the_same_spell_and_another_one_may_not() {
    let hero = hero(&(0..9).map(spell).collect::<Vec<_>>());
    for kind in KINDS {
        for seed in 0..50 {
            let [first, again] = [(), ()].map(|()| payload(kind, &json!({}), &hero, seed));
            assert_eq!(first, again);
        }
        assert!(choices(kind, &hero, 50).len() > 3, "{kind}");
    }
}

#[test]
fn higher_spells_are_chosen_more_often_and_cantrips_are_never_sealed() {
    const SEEDS: u64 = 11_000;
    // Tickets: 1, 2, 10, and 2 for the one without a level; beyond level 9 it is as at level 9.
    let without_level = Spell { level: None, id: "none".to_owned(), ..spell(1) };
    let hero = hero(&[spell(0), spell(1), spell(9), without_level, spell(30)]);
    let near = |counted: u64, tickets: u64, of: u64| {
        let expected = SEEDS * tickets / of;
        assert!(counted.abs_diff(expected) < SEEDS / 50, "{counted} instead of {expected}");
    };
    let strengthened = choices("spell_buff", &hero, SEEDS);
    for (id, tickets) in
        [("spell-0", 1), ("spell-1", 2), ("spell-9", 10), ("none", 2), ("spell-30", 10)]
    {
        near(strengthened[id], tickets, 25);
    }
    let sealed = choices("spell_disable", &hero, SEEDS);
    assert_eq!(sealed.get("spell-0"), None);
    near(sealed["spell-9"], 10, 24);
    near(sealed["none"], 2, 24);
}

#[test]
fn unprepared_spells_are_chosen_only_when_no_prepared_one_can_be() {
    let unprepared = Spell { prepared: Some(false), ..spell(9) };
    let untold = Spell { prepared: None, ..spell(1) };
    let hero_with = |spells: &[Spell]| hero(spells);
    let chosen = choices("spell_disable", &hero_with(&[unprepared.clone(), untold.clone()]), 50);
    assert_eq!(chosen.into_keys().collect::<Vec<_>>(), ["spell-1"]);
    let sealed = Spell { active_effect: Some("disable".to_owned()), ..untold };
    let left = hero_with(&[unprepared, sealed]);
    let payload = payload("spell_disable", &json!({}), &left, 1);
    let said = "Elda: Spell 9, not prepared → sealed for 10 minutes";
    assert_eq!(payload["effect"]["message"], json!(said));
    // A cantrip needs no preparation.
    let cantrip = Spell { prepared: Some(false), ..spell(0) };
    let with_cantrip = hero_with(&[cantrip, Spell { prepared: Some(false), ..spell(2) }]);
    let chosen = choices("spell_buff", &with_cantrip, 20);
    assert_eq!(chosen.into_keys().collect::<Vec<_>>(), ["spell-0"]);
}

#[test]
fn without_a_spell_to_choose_the_reason_is_told_in_plain_words() {
    let affected = |level| Spell { active_effect: Some("buff".to_owned()), ..spell(level) };
    assert_eq!(refusal("spell_buff", &hero(&[])), "Elda has no spells");
    let cantrips = hero(&[spell(0), spell(0)]);
    let only_cantrips = "Elda has only cantrips, which cannot be sealed";
    assert_eq!(refusal("spell_disable", &cantrips), only_cantrips);
    let all_affected = "every spell of Elda that could be chosen is under an effect";
    assert_eq!(refusal("spell_disable", &hero(&[spell(0), affected(1)])), all_affected);
    assert_eq!(refusal("spell_debuff", &hero(&[affected(0), affected(1)])), all_affected);
    let nameless = Character { name: " <> ".to_owned(), ..hero(&[]) };
    assert_eq!(refusal("spell_buff", &nameless), "the character has no spells");
    for kind in KINDS {
        let error = plan(kind, &json!({}), &goal(None)).unwrap_err();
        assert_eq!(error.0, "the streamer has no character whose spells could be chosen");
        assert_eq!(pre_flight(kind, Surroundings::default()), NONE, "the needs say so");
        assert_eq!(pre_flight(kind, at(&hero(&[spell(1)]))), NONE);
    }
}

proptest! {
    #[test]
    fn no_spell_is_ever_chosen_that_may_not_be(
        spells in prop::collection::vec(any_spell(), 0..12),
        name in ".{0,80}",
        seed: u64,
    ) {
        let hero = Character { name, ..hero(&spells) };
        for kind in KINDS {
            let may_be = |spell: &&Spell| {
                let is_cantrip = spell.level == Some(0);
                !spell.id.is_empty()
                    && spell.active_effect.is_none()
                    && !(kind == "spell_disable" && is_cantrip)
            };
            let planned = plan_at(at(&hero), kind, &json!({}), &goal(None), seed);
            prop_assert_eq!(planned.is_ok(), spells.iter().any(|spell| may_be(&spell)));
            prop_assert_eq!(planned.is_ok(), pre_flight(kind, at(&hero)).is_empty());
            let Ok(steps) = planned else { continue };
            let chosen = steps[0].payload["spellId"].as_str().unwrap();
            prop_assert!(spells.iter().filter(may_be).any(|spell| spell.id == chosen));
            for name in ["characterName", "spellName"] {
                let name = steps[0].payload[name].as_str().unwrap();
                prop_assert!(!name.contains(['<', '>', '"']) && name.chars().count() <= 60);
            }
        }
    }
}
