//! What is told of a combat, and to whom: who is hidden is nobody's business but the GM's.

use gamification_core::announcement::{DomainEvent, Visibility};
use gamification_core::campaign::CharacterKind;
use gamification_core::ports::Queries;
use gamification_core::vtt::{CombatNews, CombatReport, Combatant, ReportedCombatant};
use gamification_testkit::{World, fixtures};
use serde_json::json;

async fn say(world: &World, report: CombatReport) {
    world.game.combat_reported(world.connection.id, &report).await.unwrap();
}

async fn facts(world: &World) -> Vec<DomainEvent> {
    let mut facts = world.store.events_after(world.campaign.id, 0, 1_000).await.unwrap();
    facts.retain(|fact| fact.announcement.kind.wire_name().starts_with("combat:"));
    facts
}

fn hidden(n: u32) -> Combatant {
    let mut assassin = fixtures::combatant(n, CharacterKind::Monster);
    assassin.is_visible = false;
    assassin.is_shown = false;
    assassin.name = "The assassin".to_owned();
    assassin.image = Some("assassin.webp".to_owned());
    assassin
}

#[tokio::test]
async fn everybody_is_told_who_is_seen_and_of_no_monsters_hit_points() {
    let world = World::new().await;
    let [hero, ogre] = [CharacterKind::Pc, CharacterKind::Monster];
    let combatants = [hidden(3), fixtures::combatant(1, hero), fixtures::combatant(2, ogre)];
    say(&world, fixtures::combat_sync(1, 1, 1, &combatants)).await;
    let facts = facts(&world).await;
    assert_eq!(facts.len(), 1);
    let fact = &facts[0].announcement;
    assert_eq!(fact.visibility, Visibility::Everyone);
    let text = fact.payload.to_string();
    assert!(!text.contains("assassin") && !text.contains("combatant-3"), "{text}");
    assert_eq!((&fact.payload["round"], &fact.payload["turn"]), (&json!(1), &json!(0)));
    let [hero, ogre] = [&fact.payload["combatants"][0], &fact.payload["combatants"][1]];
    assert_eq!((&hero["kind"], &hero["hitPoints"]["current"]), (&json!("pc"), &json!(12)));
    assert_eq!((&ogre["kind"], ogre.get("hitPoints")), (&json!("monster"), None));
}

#[tokio::test]
async fn the_turn_of_somebody_hidden_is_told_as_nobodys() {
    let world = World::new().await;
    let combatants = [fixtures::combatant(1, CharacterKind::Pc), hidden(2)];
    say(&world, fixtures::combat_sync(1, 1, 0, &combatants)).await;
    say(&world, fixtures::combat_sync(1, 1, 1, &combatants)).await;
    let facts = facts(&world).await;
    let told: Vec<_> = facts
        .iter()
        .map(|fact| (fact.announcement.kind.wire_name(), &fact.announcement.payload["turn"]))
        .collect();
    assert_eq!(told, [("combat:start", &json!(0)), ("combat:turn", &json!(null))]);
}

#[tokio::test]
async fn what_only_the_game_master_may_see_is_told_to_the_game_master() {
    let world = World::new().await;
    let hero = fixtures::combatant(1, CharacterKind::Pc);
    say(&world, fixtures::combat_sync(1, 1, 0, std::slice::from_ref(&hero))).await;
    let reported = ReportedCombatant { combatant: hidden(2), is_affected: None };
    for _ in 0..2 {
        say(&world, fixtures::combat_report(1, CombatNews::Joined(reported.clone()))).await;
    }
    let facts = facts(&world).await;
    assert_eq!(facts.len(), 2, "{facts:?}");
    let unseen = &facts[1].announcement;
    assert_eq!(unseen.kind.wire_name(), "combat:sync");
    assert_eq!(unseen.visibility, Visibility::GmOnly);
    assert_eq!(unseen.payload, json!({ "combatId": "combat-1" }));
}

#[tokio::test]
async fn each_change_is_told_as_what_it_is_with_the_whole_view() {
    let world = World::new().await;
    let combatants = fixtures::combat(1).combatants;
    say(&world, fixtures::combat_sync(1, 1, 0, &combatants)).await;
    say(&world, fixtures::combat_sync(1, 1, 1, &combatants)).await;
    say(&world, fixtures::combat_sync(1, 2, 0, &combatants)).await;
    let fallen = CombatNews::Defeated { combatant: "combatant-2".into(), is_defeated: true };
    say(&world, fixtures::combat_report(1, fallen)).await;
    let left = CombatNews::Left("combatant-2".into());
    say(&world, fixtures::combat_report(1, left)).await;
    say(&world, fixtures::combat_report(1, CombatNews::Ends)).await;
    world.advance(5).await;
    world.work_until_idle().await;
    let facts = facts(&world).await;
    let told: Vec<_> = facts.iter().map(|fact| fact.announcement.kind.wire_name()).collect();
    let expected = ["combat:start", "combat:turn", "combat:turn", "combat:defeated", "combat:sync"];
    assert_eq!(told, [&expected[..], &["combat:end"]].concat());
    let defeated = &facts[3].announcement.payload;
    assert_eq!(defeated["combatantIds"], json!(["combatant-2"]));
    assert_eq!(defeated["combatants"][1]["isDefeated"], true);
    assert_eq!(facts[4].announcement.payload["combatants"].as_array().unwrap().len(), 1);
    assert_eq!(facts[5].announcement.payload, json!({ "combatId": "combat-1" }));
}
