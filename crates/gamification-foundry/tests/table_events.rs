//! What tables tell of combats and characters, as the published module and ours say it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use gamification_core::campaign::{CharacterKind, HitPoints};
use gamification_core::service::EffectEndReason;
use gamification_core::vtt::ClientKind::{OurModule, Published};
use gamification_core::vtt::{
    ClientKind, CombatNews, CombatProgress, CombatReport, Combatant, ReportedCombatant, TurnOf,
};
use gamification_foundry::wire::{
    COMBAT_EVENTS, is_change_of_scene, parse_actor_deletion, parse_character, parse_combat,
    parse_effect_end, parse_monster_effect,
};
use serde_json::{Value, json};

/// As the published module tells it, to the field.
fn told(id: &str, kind: &str, initiative: impl Into<Value>) -> Value {
    json!({ "id": id, "actorId": format!("actor-{id}"), "name": format!("The {id}"),
        "img": "tokens/x.webp", "initiative": initiative.into(), "isDefeated": false,
        "isNPC": kind != "pc", "characterType": kind, "isVisible": true,
        "hp": { "current": 7, "max": 12, "temp": 0 } })
}

fn event(more: Value) -> Value {
    let mut event = json!({ "worldId": "w", "combatId": "c1", "timestamp": 1_767_297_600_000_i64 });
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    event
}

fn parsed(name: &str, more: Value, client: ClientKind) -> CombatReport {
    parse_combat(name, &event(more), client).unwrap()
}

fn progress(name: &str, more: Value, client: ClientKind) -> CombatProgress {
    match parsed(name, more, client).news {
        CombatNews::Runs(progress) => progress,
        other => panic!("{other:?}"),
    }
}

fn order(progress: &CombatProgress) -> Vec<&str> {
    let combatants = progress.combatants.as_ref().unwrap();
    combatants.iter().map(|reported| reported.combatant.id.as_str()).collect()
}

fn joined(combatant: Value) -> ReportedCombatant {
    let combatant = json!({ "combatant": combatant });
    match parsed("combat:combatant-add", combatant, Published).news {
        CombatNews::Joined(combatant) => combatant,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_combatant_of_the_published_module_is_read_completely() {
    let expected = Combatant {
        id: "orc".into(),
        actor_id: Some("actor-orc".into()),
        name: "The orc".to_owned(),
        image: Some("tokens/x.webp".to_owned()),
        kind: CharacterKind::Monster,
        is_hostile: true,
        is_shown: false,
        is_defeated: false,
        is_visible: true,
        hit_points: Some(HitPoints { current: Some(7), max: Some(12), temp: Some(0) }),
        is_affected: false,
    };
    let orc = joined(told("orc", "monster", 12));
    assert_eq!(orc, ReportedCombatant { combatant: expected, is_affected: None });
    let bare = joined(json!({ "id": "x", "actorId": null, "name": "", "img": "", "hp": null }));
    let bare = bare.combatant;
    assert_eq!((bare.actor_id, bare.image, bare.hit_points), (None, None, None));
    assert_eq!((bare.name.as_str(), bare.kind), ("Unknown", CharacterKind::Npc));
    assert!(!bare.is_visible && !bare.is_shown, "who is not said to be seen is not shown");
}

/// The published module runs at GMs, who see everybody, and knows no sides: what it says of
/// visibility is no reason to show somebody, and whoever is no player's counts as hostile.
#[test]
fn clients_are_believed_as_far_as_they_know() {
    let combatant = |client, kind: &str| {
        let event = json!({ "combatId": "c", "combatant": told("x", kind, 12) });
        let report = parse_combat("combat:combatant-add", &event, client).unwrap();
        let CombatNews::Joined(joined) = report.news else { panic!("{report:?}") };
        (joined.combatant.is_shown, joined.combatant.is_hostile)
    };
    for (kind, published, ours) in [
        ("pc", (true, false), (true, false)),
        ("npc", (false, true), (true, false)),
        ("monster", (false, true), (true, true)),
    ] {
        assert_eq!(combatant(ClientKind::Published, kind), published, "{kind}");
        assert_eq!(combatant(ClientKind::OurModule, kind), ours, "{kind}");
    }
}

#[test]
fn our_module_says_whether_an_effect_lasts() {
    for (effect, lasts) in [
        (json!(null), false),
        (json!(""), false),
        (json!(false), false),
        (json!("buff"), true),
        (json!({ "type": "debuff" }), true),
        (json!(true), true),
    ] {
        let mut orc = told("orc", "monster", 12);
        orc["activeEffect"] = effect;
        assert_eq!(joined(orc).is_affected, Some(lasts));
    }
}

#[test]
fn the_published_module_tells_a_start_before_the_first_round_has_its_number() {
    for turn in [json!(null), json!(0)] {
        let list = json!({ "round": 0, "turn": turn, "combatants": [told("a", "pc", 3)] });
        let start = progress("combat:start", list, Published);
        assert_eq!(start.round, Some(1));
    }
}

#[test]
fn combatants_of_the_published_module_are_put_in_the_order_of_their_turns() {
    let made = [
        told("late", "pc", Value::Null),
        told("b", "monster", 12),
        told("fast", "pc", 21.5),
        told("a", "monster", 12),
    ];
    let list = json!({ "round": 2, "turn": 1, "combatants": made,
        "currentCombatant": told("a", "monster", 12) });
    let sync = progress("combat:sync", list.clone(), Published);
    assert_eq!(order(&sync), ["fast", "a", "b", "late"]);
    assert_eq!(sync.turn, Some(TurnOf::Combatant("a".into())));
    let ours = progress("combat:sync", list, OurModule);
    assert_eq!(order(&ours), ["late", "b", "fast", "a"], "ours knows the order");
}

#[test]
fn a_prepared_combat_has_no_round_and_nobodys_turn() {
    let list = json!({ "round": 0, "turn": null, "combatants": [], "currentCombatant": null });
    let sync = progress("combat:sync", list, Published);
    assert_eq!((sync.round, sync.turn), (Some(0), Some(TurnOf::Nobody)));
}

#[test]
fn the_published_module_tells_turns_and_rounds_that_are_over() {
    let turn = json!({ "round": 3, "turn": 0, "currentCombatant": told("a", "pc", 20),
        "nextCombatant": told("b", "monster", 12) });
    let over = progress("combat:turn", turn.clone(), Published);
    let next = Some(TurnOf::Combatant("b".into()));
    assert_eq!(over, CombatProgress { round: Some(3), turn: next, combatants: None });
    let ours = progress("combat:turn", turn, OurModule);
    assert_eq!(ours.turn, Some(TurnOf::Combatant("a".into())));
    let round = json!({ "round": 3, "previousRound": 4, "combatants": [told("a", "pc", 20)] });
    let over = progress("combat:round", round, Published);
    assert_eq!((over.round, over.turn.as_ref(), order(&over)), (Some(4), None, vec!["a"]));
    let round = json!({ "round": 4, "previousRound": 3 });
    assert_eq!(progress("combat:round", round, OurModule).round, Some(4));
}

#[test]
fn what_may_be_missing_in_a_sign_of_life_may_be_missing() {
    for name in ["combat:sync", "combat:turn", "combat:round"] {
        assert_eq!(progress(name, json!({}), Published), CombatProgress::default(), "{name}");
    }
}

#[test]
fn one_combatant_leaves_or_falls() {
    let left = json!({ "combatantId": "orc", "name": "The orc" });
    let left = parsed("combat:combatant-remove", left, Published).news;
    assert_eq!(left, CombatNews::Left("orc".into()));
    let orc = told("orc", "monster", 12);
    let defeats = [
        (json!({ "combatant": orc, "defeated": true }), true),
        (json!({ "combatant": orc, "defeated": false }), false),
        (json!({ "combatant": orc }), false),
        (json!({ "combatantId": "orc" }), true),
    ];
    for (event, is_defeated) in defeats {
        let news = parsed("combat:combatant-defeated", event, Published).news;
        assert_eq!(news, CombatNews::Defeated { combatant: "orc".into(), is_defeated });
    }
}

#[test]
fn an_end_without_a_round_may_be_a_change_of_scene() {
    assert_eq!(parsed("combat:end", json!({}), Published).news, CombatNews::Ends);
    for (round, is_change) in [(json!(0), true), (json!(4), false), (json!(null), false)] {
        assert_eq!(is_change_of_scene(&event(json!({ "finalRound": round }))), is_change);
    }
    assert!(!is_change_of_scene(&json!([])));
}

#[test]
fn crowds_and_long_names_are_cut_and_long_keys_are_not_taken() {
    let mut crowd: Vec<_> = (0..300).map(|n| told(&format!("c{n}"), "npc", 300 - n)).collect();
    crowd[0]["id"] = json!("x".repeat(129));
    crowd[1]["name"] = json!("é".repeat(10_000));
    crowd[1]["img"] = json!("y".repeat(10_000));
    crowd[2] = json!("no object");
    crowd[3].as_object_mut().unwrap().remove("id");
    let sync = progress("combat:sync", json!({ "combatants": crowd }), Published);
    let combatants = sync.combatants.unwrap();
    assert_eq!(combatants.len(), 200);
    let first = &combatants[0].combatant;
    assert_eq!((first.id.as_str(), first.name.len()), ("c1", 256));
    assert_eq!(first.image.as_ref().unwrap().len(), 512);
}

#[test]
fn without_its_keys_an_event_is_refused() {
    let combat = json!({ "combatId": "c1" });
    for (name, event, reason) in [
        ("combat:sync", json!(7), "the event must carry one JSON object"),
        ("combat:end", json!({}), "combatId is missing"),
        ("combat:combatant-add", combat.clone(), "combatant is missing"),
        ("combat:combatant-remove", combat.clone(), "combatantId is missing"),
        ("combat:combatant-defeated", combat, "combatantId is missing"),
        ("combat:end", json!({ "combatId": "x".repeat(129) }), "combatId is not an id of at most"),
    ] {
        let refused = parse_combat(name, &event, Published).unwrap_err().to_string();
        assert!(refused.starts_with(reason), "{name}: {refused}");
    }
}

#[test]
fn junk_in_every_field_never_panics() {
    let junk = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1e308),
        json!("x"),
        json!([[]]),
        json!({}),
        json!({ "id": {} }),
        json!([{ "id": "a", "initiative": "x", "hp": 5 }]),
    ];
    let fields = [
        "combatId",
        "round",
        "turn",
        "combatants",
        "combatant",
        "combatantId",
        "currentCombatant",
        "nextCombatant",
        "previousRound",
        "defeated",
        "finalRound",
        "actorId",
        "spellId",
        "requestId",
        "characterId",
        "vttData",
        "stats",
        "spells",
    ];
    for field in fields {
        for value in &junk {
            let event = event(json!({ field: value }));
            for (name, client) in COMBAT_EVENTS.iter().zip([Published, OurModule].iter().cycle()) {
                let _read_or_refused = parse_combat(name, &event, *client);
            }
            let _same = parse_effect_end(&event, EffectEndReason::Expired);
            let _same = (parse_actor_deletion(&event), parse_character(&event));
            let _same = (parse_monster_effect(&event), is_change_of_scene(&event));
        }
    }
}

#[test]
fn the_end_of_an_effect_names_the_spell_and_what_else_is_known() {
    let id = "01890a5d-ac96-774b-bcce-b302099a8057";
    let expired = json!({ "actorId": "a1", "spellId": "s1", "spellName": "Light",
        "effectType": "disable", "requestId": id });
    let expired = parse_effect_end(&expired, EffectEndReason::Expired).unwrap();
    assert_eq!((expired.actor_id.unwrap().as_str(), expired.spell_id.as_str()), ("a1", "s1"));
    assert_eq!(expired.command_id.unwrap().to_string(), id);
    let consumed = json!({ "spellId": "s1", "spellName": "Light", "effectType": "buff" });
    let consumed = parse_effect_end(&consumed, EffectEndReason::Consumed).unwrap();
    assert_eq!((consumed.actor_id, consumed.command_id), (None, None));
    let ours = json!({ "characterId": "a2", "spellId": "s1", "requestId": "not ours" });
    let ours = parse_effect_end(&ours, EffectEndReason::Consumed).unwrap();
    assert_eq!((ours.actor_id.unwrap().as_str(), ours.command_id), ("a2", None));
    assert!(parse_effect_end(&json!({ "actorId": "a1" }), EffectEndReason::Expired).is_err());
}

#[test]
fn a_deleted_actor_is_named() {
    assert_eq!(parse_actor_deletion(&json!({ "actorId": "a1" })).unwrap().as_str(), "a1");
    assert!(parse_actor_deletion(&json!({})).is_err());
}

#[test]
fn the_published_module_tells_effects_on_monsters_in_flags() {
    let flags = |flags: Value| json!({ "vttData": { "flags": flags } });
    let lasts = flags(json!({ "tumulte-integration": { "monsterEffect": { "type": "buff" } } }));
    assert_eq!(parse_monster_effect(&lasts), Some(true));
    let halo = flags(json!({ "tumulte-integration": { "monsterHalo": {} }, "core": {} }));
    assert_eq!(parse_monster_effect(&halo), Some(false));
    assert_eq!(parse_monster_effect(&json!({ "vttData": {} })), None);
}

#[test]
fn hit_points_are_found_by_whatever_name_the_system_has_for_them() {
    for (stats, current) in [
        (json!({ "hp": { "current": 7 } }), 7),
        (json!({ "wounds": { "current": 2, "max": 3 } }), 2),
        (json!({ "health": { "value": 5, "max": 6 } }), 5),
    ] {
        let character = json!({ "characterId": "a1", "stats": stats });
        let hit_points = parse_character(&character).unwrap().details.hit_points.unwrap();
        assert_eq!(hit_points.current, Some(current));
    }
}
