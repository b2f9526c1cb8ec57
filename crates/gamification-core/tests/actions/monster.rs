use crate::any::any_combatant;
use crate::rolls::goal;
use crate::table::{combat, goblin};
use crate::{NONE, assert_wrong_at, plan, plan_at, pre_flight, report, sent, wrong_fields};
use gamification_core::action::Surroundings;
use gamification_core::campaign::{CharacterKind, HitPoints};
use gamification_core::instance::{EffectTarget, EffectType, ExecutionReport, TargetKind};
use gamification_core::vtt::{Combat, Combatant, CommandKind};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const KINDS: [&str; 2] = ["monster_buff", "monster_debuff"];

const fn at(combat: &Combat) -> Surroundings<'_> {
    Surroundings { character: None, combat: Some(combat) }
}

/// The payload of the only step.
fn payload(kind: &str, config: &Value, combat: &Combat, seed: u64) -> Value {
    let mut steps = plan_at(at(combat), kind, config, &goal(None), seed).expect("a plan");
    assert_eq!(steps.len(), 1, "the table says the effect in its chat itself");
    let step = steps.remove(0);
    assert_eq!((step.kind, step.is_required), (CommandKind::ApplyMonsterEffect, true));
    step.payload
}

fn refusal(kind: &str, combat: &Combat) -> String {
    let error = plan_at(at(combat), kind, &json!({}), &goal(None), 1).unwrap_err();
    assert_eq!(pre_flight(kind, at(combat)), [error.0.as_str()], "told before, in the same words");
    error.0
}

/// How often each combatant was chosen with many seeds, by its id.
fn choices(combat: &Combat, seeds: u64) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for seed in 0..seeds {
        let chosen = payload("monster_buff", &json!({}), combat, seed);
        *counts.entry(chosen["combatantId"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    counts
}

fn said(kind: &str, config: &Value, monster: Combatant) -> Value {
    payload(kind, config, &combat(&[monster]), 1)["effect"]["message"].clone()
}

#[test]
fn each_effect_on_a_monster_is_asked_for_as_the_wire_has_it() {
    let config = json!({ "highlightColor": "#10B981", "message": "Beware!" });
    let with_picture = Combatant { image: Some("tokens/goblin.webp".to_owned()), ..goblin(1) };
    let fight = combat(&[with_picture]);
    let effects = [
        (
            "monster_buff",
            json!({
                "type": "buff",
                "acBonus": 2,
                "tempHp": 10,
                "message": "Beware! Goblin 1: AC +2, temporary hit points 0 → 10",
            }),
        ),
        (
            "monster_debuff",
            json!({
                "type": "debuff",
                "acPenalty": 2,
                "maxHpReduction": 10,
                "message": "Beware! Goblin 1: AC −2, maximum hit points 7 → 1",
            }),
        ),
    ];
    for (kind, mut effect) in effects {
        effect["highlightColor"] = json!("#10B981");
        effect["triggeredBy"] = json!("Invert the dice");
        let expected = json!({
            "actorId": "goblin",
            "combatantId": "goblin-1",
            "monsterName": "Goblin 1",
            "monsterImg": "tokens/goblin.webp",
            "effect": effect,
        });
        assert_eq!(payload(kind, &config, &fight, 1), expected);
    }
}

#[test]
fn both_results_are_told_as_far_as_they_are_known() {
    let unknown = || Combatant { hit_points: None, ..goblin(1) };
    let (buff, debuff) = ("monster_buff", "monster_debuff");
    let plain = json!({});
    assert_eq!(said(buff, &plain, unknown()), json!("Goblin 1: AC +2, +10 temporary hit points"));
    assert_eq!(said(debuff, &plain, unknown()), json!("Goblin 1: AC −2, −10 maximum hit points"));
    let sturdy = HitPoints { current: Some(20), max: Some(59), temp: Some(5) };
    let sturdy = || Combatant { hit_points: Some(sturdy), ..goblin(1) };
    let only_armour = json!({ "acBonus": 20, "tempHp": 0 });
    assert_eq!(said(buff, &only_armour, sturdy()), json!("Goblin 1: AC +20"));
    let only_points = json!({ "acBonus": 0 });
    assert_eq!(said(buff, &only_points, sturdy()), json!("Goblin 1: temporary hit points 5 → 15"));
    let much = json!({ "acPenalty": 0, "maxHpReduction": 1000 });
    assert_eq!(said(debuff, &much, sturdy()), json!("Goblin 1: maximum hit points 59 → 1"));
}

#[test]
fn the_report_tells_who_was_chosen_and_does_not_choose_again() {
    let mut goblins: Vec<_> = (1..=4).map(goblin).collect();
    goblins[2].image = Some("tokens/three.webp".to_owned());
    let (fight, goal) = (combat(&goblins), goal(None));
    for seed in 0..20 {
        let planned = plan_at(at(&fight), "monster_debuff", &json!({}), &goal, seed).unwrap();
        let name = planned[0].payload["monsterName"].as_str().unwrap().to_owned();
        let image_url = (name == "Goblin 3").then(|| "tokens/three.webp".to_owned());
        let told = report("monster_debuff", &json!({ "acPenalty": 9 }), &goal, &sent(planned));
        let expected = ExecutionReport {
            message: Some(format!("{name}: AC −2, maximum hit points 7 → 1")),
            target: Some(EffectTarget {
                kind: TargetKind::Monster,
                name,
                character_name: None,
                image_url,
            }),
            effect_type: Some(EffectType::Debuff),
            ..ExecutionReport::default()
        };
        assert_eq!(told, expected);
    }
    assert_eq!(report("monster_buff", &json!({}), &goal, &[]), ExecutionReport::default());
}

#[test]
fn the_same_seed_chooses_the_same_monster_and_each_is_as_likely() {
    let fight = combat(&[goblin(1), goblin(2), goblin(3), goblin(4)]);
    for seed in 0..50 {
        let [first, again] = [(), ()].map(|()| payload("monster_buff", &json!({}), &fight, seed));
        assert_eq!(first, again);
    }
    let chosen = choices(&fight, 4_000);
    assert_eq!(chosen.len(), 4);
    assert!(chosen.values().all(|count| count.abs_diff(1_000) < 100), "{chosen:?}");
}

#[test]
fn other_creatures_are_chosen_only_when_no_monster_is_left_and_players_never() {
    let of_kind = |n, kind| Combatant { kind, is_hostile: kind != CharacterKind::Pc, ..goblin(n) };
    let (player, bandit) = (of_kind(1, CharacterKind::Pc), of_kind(2, CharacterKind::Npc));
    let with_monster = combat(&[player.clone(), bandit.clone(), goblin(3)]);
    assert_eq!(choices(&with_monster, 20).into_keys().collect::<Vec<_>>(), ["goblin-3"]);
    let defeated = Combatant { is_defeated: true, ..goblin(3) };
    let without = combat(&[player.clone(), bandit, defeated]);
    assert_eq!(choices(&without, 20).into_keys().collect::<Vec<_>>(), ["goblin-2"]);
    let friend = Combatant { is_hostile: false, ..of_kind(4, CharacterKind::Npc) };
    let reason = "each monster is hidden, defeated or under an effect";
    assert_eq!(refusal("monster_buff", &combat(&[player.clone(), friend])), reason);
    assert_eq!(refusal("monster_buff", &combat(&[player])), "there is no monster in the combat");
}

#[test]
fn without_a_monster_to_choose_the_reason_is_told_in_plain_words() {
    let spent = combat(&[
        Combatant { is_visible: false, ..goblin(1) },
        Combatant { is_defeated: true, ..goblin(2) },
        Combatant { is_affected: true, ..goblin(3) },
        Combatant { actor_id: None, ..goblin(4) },
    ]);
    for kind in KINDS {
        assert_eq!(refusal(kind, &combat(&[])), "there is no monster in the combat");
        assert_eq!(refusal(kind, &spent), "each monster is hidden, defeated or under an effect");
        let error = plan(kind, &json!({}), &goal(None)).unwrap_err();
        assert_eq!(error.0, "no combat runs at the table");
        assert_eq!(pre_flight(kind, Surroundings::default()), NONE, "the needs say so");
        assert_eq!(pre_flight(kind, at(&combat(&[goblin(1)]))), NONE);
    }
}

#[test]
fn a_monsters_name_becomes_short_text_without_markup() {
    let evil = Combatant { name: "<b onclick=\"x\">Gob\nlin</b>".to_owned(), ..goblin(1) };
    let payload = payload("monster_buff", &json!({}), &combat(&[evil]), 1);
    assert_eq!(payload["monsterName"], json!("b onclick=xGob lin/b"));
    let long = Combatant { name: "g".repeat(10_000), ..goblin(1) };
    let long = said("monster_buff", &json!({ "tempHp": 0 }), long);
    assert_eq!(long, json!(format!("{}: AC +2", "g".repeat(60))));
    let nameless = Combatant { name: " ".to_owned(), ..goblin(1) };
    assert_eq!(said("monster_buff", &json!({ "tempHp": 0 }), nameless), json!("A monster: AC +2"));
    let quoted = Combatant { image: Some("x\" onerror=\"a()".to_owned()), ..goblin(1) };
    let payload = self::payload("monster_buff", &json!({}), &combat(&[quoted]), 1);
    assert_eq!(payload.get("monsterImg"), None);
}

#[test]
fn the_monster_actions_name_each_wrong_field() {
    let fight = combat(&[goblin(1)]);
    for (kind, armour, points) in
        [("monster_buff", "acBonus", "tempHp"), ("monster_debuff", "acPenalty", "maxHpReduction")]
    {
        let cases = vec![
            (json!({ armour: -1 }), armour),
            (json!({ armour: 21 }), armour),
            (json!({ armour: "2" }), armour),
            (json!({ points: -1 }), points),
            (json!({ points: 1001 }), points),
            (json!({ points: 1.5 }), points),
            (json!({ armour: 0, points: 0 }), points),
            (json!({ "highlightColor": "#12345" }), "highlightColor"),
            (json!({ "message": "x".repeat(501) }), "message"),
            (json!({ "durationSeconds": 60 }), "durationSeconds"),
        ];
        assert_wrong_at(at(&fight), kind, cases);
        let least = json!({ armour: 0, points: 1, "message": "é".repeat(500) });
        assert_eq!(wrong_fields(kind, &least), NONE);
    }
}

proptest! {
    #[test]
    fn no_combatant_is_ever_chosen_that_may_not_be(
        combatants in prop::collection::vec(any_combatant(), 0..12),
        seed: u64,
    ) {
        let fight = combat(&combatants);
        for kind in KINDS {
            let planned = plan_at(at(&fight), kind, &json!({}), &goal(None), seed);
            prop_assert_eq!(planned.is_ok(), combatants.iter().any(Combatant::is_eligible));
            prop_assert_eq!(planned.is_ok(), pre_flight(kind, at(&fight)).is_empty());
            let Ok(steps) = planned else { continue };
            let payload = &steps[0].payload;
            let chosen = combatants.iter().find(|c| {
                json!(c.id) == payload["combatantId"] && json!(c.actor_id) == payload["actorId"]
            });
            let chosen = chosen.unwrap();
            prop_assert!(chosen.kind != CharacterKind::Pc);
            prop_assert!(chosen.is_visible && !chosen.is_defeated && !chosen.is_affected);
            let name = payload["monsterName"].as_str().unwrap();
            prop_assert!(!name.contains(['<', '>', '"']) && name.chars().count() <= 60);
        }
    }
}
