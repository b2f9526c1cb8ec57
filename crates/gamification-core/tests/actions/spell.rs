mod choice;

use crate::rolls::goal;
use crate::table::{hero, spell};
use crate::{NONE, assert_wrong_at, plan_at, report, sent, wrong_fields};
use gamification_core::action::Surroundings;
use gamification_core::campaign::{Character, Spell};
use gamification_core::event::LocalizedText;
use gamification_core::instance::{EffectTarget, EffectType, ExecutionReport, TargetKind};
use gamification_core::vtt::CommandKind;
use serde_json::{Value, json};

const KINDS: [&str; 3] = ["spell_disable", "spell_buff", "spell_debuff"];

fn at(hero: &Character) -> Surroundings<'_> {
    Surroundings { character: Some(hero), combat: None }
}

/// The payload of the only step.
fn payload(kind: &str, config: &Value, hero: &Character, seed: u64) -> Value {
    let mut steps = plan_at(at(hero), kind, config, &goal(None), seed).expect("a plan");
    assert_eq!(steps.len(), 1, "the table says the effect in its chat itself");
    let step = steps.remove(0);
    assert_eq!((step.kind, step.is_required), (CommandKind::ApplySpellEffect, true));
    step.payload
}

#[test]
fn each_effect_on_a_spell_is_asked_for_as_the_wire_has_it() {
    let cases = [
        (
            "spell_disable",
            json!({}),
            json!({ "type": "disable", "durationSeconds": 600 }),
            "sealed for 10 minutes",
        ),
        (
            "spell_buff",
            json!({}),
            json!({ "type": "buff", "buffType": "advantage" }),
            "advantage on its next use",
        ),
        (
            "spell_buff",
            json!({ "buffType": "bonus" }),
            json!({ "type": "buff", "buffType": "bonus", "bonusValue": 2 }),
            "+2 on its next use",
        ),
        (
            "spell_debuff",
            json!({ "penaltyValue": 5 }),
            json!({ "type": "debuff", "debuffType": "disadvantage" }),
            "disadvantage on its next use",
        ),
        (
            "spell_debuff",
            json!({ "debuffType": "penalty", "penaltyValue": 5 }),
            json!({ "type": "debuff", "debuffType": "penalty", "penaltyValue": 5 }),
            "−5 on its next use",
        ),
    ];
    let hero = hero(&[spell(3)]);
    for (kind, config, mut effect, becomes) in cases {
        effect["message"] = json!(format!("Elda: Spell 3, ready → {becomes}"));
        effect["triggeredBy"] = json!("Invert the dice");
        let expected = json!({
            "actorId": "actor-1",
            "characterName": "Elda",
            "spellId": "spell-3",
            "spellName": "Spell 3",
            "effect": effect,
        });
        assert_eq!(payload(kind, &config, &hero, 1), expected, "{kind} {config}");
    }
}

#[test]
fn colour_words_and_picture_go_with_the_effect() {
    let with_picture = Spell { img: Some("icons/fire.webp".to_owned()), ..spell(1) };
    let config = json!({ "highlightColor": "#8b5CF6", "message": " Don't <b>  cast!" });
    let hero = hero(&[with_picture]);
    for kind in KINDS {
        let payload = payload(kind, &config, &hero, 1);
        assert_eq!(payload["spellImg"], json!("icons/fire.webp"));
        assert_eq!(payload["effect"]["highlightColor"], json!("#8b5CF6"));
        let said = payload["effect"]["message"].as_str().unwrap();
        assert!(said.starts_with("Don't <b> cast! Elda: Spell 1, ready → "), "a text: {said}");
    }
}

#[test]
fn a_seal_is_told_in_the_largest_whole_unit() {
    let cases = [
        (30, "30 seconds"),
        (60, "1 minute"),
        (90, "90 seconds"),
        (3_600, "1 hour"),
        (5_400, "90 minutes"),
        (86_400, "24 hours"),
    ];
    for (seconds, words) in cases {
        let config = json!({ "durationSeconds": seconds });
        let payload = payload("spell_disable", &config, &hero(&[spell(1)]), 1);
        assert_eq!(payload["effect"]["durationSeconds"], json!(seconds));
        let expected = format!("Elda: Spell 1, ready → sealed for {words}");
        assert_eq!(payload["effect"]["message"], json!(expected));
    }
}

#[test]
fn the_report_tells_what_was_chosen_and_does_not_choose_again() {
    let mut fire = spell(3);
    fire.img = Some("icons/fire.webp".to_owned());
    let spells = [spell(1), fire, spell(2)];
    let hero = hero(&spells);
    let goal = goal(None);
    for seed in 0..20 {
        let planned = plan_at(at(&hero), "spell_disable", &json!({}), &goal, seed).unwrap();
        let name = planned[0].payload["spellName"].as_str().unwrap().to_owned();
        let image_url = (name == "Spell 3").then(|| "icons/fire.webp".to_owned());
        // The event may have been changed since.
        let told =
            report("spell_disable", &json!({ "durationSeconds": 60 }), &goal, &sent(planned));
        let expected = ExecutionReport {
            message: Some(format!("Elda: {name}, ready → sealed for 10 minutes")),
            target: Some(EffectTarget {
                kind: TargetKind::Spell,
                name,
                character_name: Some("Elda".to_owned()),
                image_url,
            }),
            effect_type: Some(EffectType::Disable),
            duration_seconds: Some(600),
            ..ExecutionReport::default()
        };
        assert_eq!(told, expected);
    }
    let planned = plan_at(at(&hero), "spell_buff", &json!({}), &goal, 1).unwrap();
    let told = report("spell_buff", &json!({}), &goal, &sent(planned));
    assert_eq!((told.effect_type, told.duration_seconds), (Some(EffectType::Buff), None));
    assert_eq!(report("spell_buff", &json!({}), &goal, &[]), ExecutionReport::default());
}

#[test]
fn names_become_short_text_without_markup() {
    let evil = "<img src=x onerror=\"a()\">\n\u{7} Tom & 'Jerry'";
    let named = Spell { name: evil.to_owned(), ..spell(1) };
    let mut hero = hero(&[named]);
    hero.name = "É".repeat(10_000);
    let mut goal = goal(None);
    goal.label.name = LocalizedText::plain("<i>L'événement</i>");
    let planned = plan_at(at(&hero), "spell_buff", &json!({}), &goal, 1).unwrap();
    let payload = &planned[0].payload;
    assert_eq!(payload["spellName"], json!("img src=x onerror=a() Tom & 'Jerry'"));
    assert_eq!(payload["characterName"], json!("É".repeat(60)));
    assert_eq!(payload["effect"]["triggeredBy"], json!("iL'événement/i"));
    let told = report("spell_buff", &json!({}), &goal, &sent(planned)).message.unwrap();
    assert!(
        told.ends_with("É: img src=x onerror=a() Tom & 'Jerry', ready → advantage on its next use")
    );
    let nameless = Spell { name: "\n".to_owned(), ..spell(1) };
    let nameless = Character { name: String::new(), ..self::hero(&[nameless]) };
    let payload = self::payload("spell_debuff", &json!({}), &nameless, 1);
    let said = "The character: a spell, ready → disadvantage on its next use";
    assert_eq!(payload["effect"]["message"], json!(said));
    assert_eq!(payload["spellName"], json!(""));
}

#[test]
fn a_picture_that_could_leave_its_attribute_is_not_passed_on() {
    let refused = ["", "a\"b", "a'b", "<svg>", "a`b", "a\nb", &"x".repeat(513)];
    for address in refused {
        let hero = hero(&[Spell { img: Some(address.to_owned()), ..spell(1) }]);
        assert_eq!(payload("spell_buff", &json!({}), &hero, 1).get("spellImg"), None, "{address}");
    }
}

#[test]
fn the_spell_actions_name_each_wrong_field() {
    let hero = hero(&[spell(1)]);
    for kind in KINDS {
        let cases = vec![
            (json!({ "highlightColor": "red" }), "highlightColor"),
            (json!({ "highlightColor": 16 }), "highlightColor"),
            (json!({ "message": "x".repeat(501) }), "message"),
            (json!({ "message": "a\nb" }), "message"),
            (json!({ "spellId": "x" }), "spellId"),
        ];
        assert_wrong_at(at(&hero), kind, cases);
    }
    let seals = [json!(0), json!(86_401), json!("600"), json!(-1), json!(60.5)];
    let seals = seals.map(|seconds| (json!({ "durationSeconds": seconds }), "durationSeconds"));
    assert_wrong_at(at(&hero), "spell_disable", seals.into());
    for (kind, type_field, value_field) in
        [("spell_buff", "buffType", "bonusValue"), ("spell_debuff", "debuffType", "penaltyValue")]
    {
        let cases = vec![
            (json!({ type_field: "luck" }), type_field),
            (json!({ type_field: 1 }), type_field),
            (json!({ value_field: 0 }), value_field),
            (json!({ value_field: 21 }), value_field),
            (json!({ "durationSeconds": 60 }), "durationSeconds"),
        ];
        assert_wrong_at(at(&hero), kind, cases);
    }
    let longest = json!({ "message": "é".repeat(500), "durationSeconds": null });
    assert_eq!(wrong_fields("spell_disable", &longest), NONE);
}
