//! Characters as their table tells of them: gone, or free of an effect.

use crate::support::{change_campaign, gm, told, write};
use gamification_core::announcement::Visibility;
use gamification_core::campaign::{Character, CharacterKind, Spell};
use gamification_core::ids::{CommandId, VttActorId};
use gamification_core::ports::Queries;
use gamification_core::service::{EffectEnd, EffectEndReason};
use gamification_core::vtt::VttCommand;
use gamification_testkit::{World, fixtures};
use serde_json::{Value, json};

fn sealed(id: &str) -> Spell {
    let (id, effect) = (id.to_owned(), Some("disable".to_owned()));
    Spell { name: format!("Spell {id}"), id, active_effect: effect, ..Spell::default() }
}

/// The hero number `n` with a sealed spell.
async fn bearer(world: &World, n: u32, kind: CharacterKind, spell: &str) -> Character {
    let mut character = fixtures::character(n, &world.campaign, None);
    character.kind = kind;
    character.details.spells = vec![sealed("other"), sealed(spell)];
    write(world, async |uow| uow.campaigns().save_character(&character).await.unwrap()).await;
    character
}

async fn effects(world: &World, character: &Character) -> Vec<bool> {
    let characters = world.store.characters(world.campaign.id).await.unwrap();
    let found = characters.iter().find(|found| found.id == character.id).unwrap();
    found.details.spells.iter().map(|spell| spell.active_effect.is_some()).collect()
}

fn end(actor: Option<&str>, command_id: Option<CommandId>) -> EffectEnd {
    EffectEnd {
        actor_id: actor.map(VttActorId::from),
        spell_id: "s1".to_owned(),
        command_id,
        reason: EffectEndReason::Consumed,
    }
}

async fn ends(world: &World, end: &EffectEnd) {
    world.game.spell_effect_ended(world.connection.id, end).await.unwrap();
}

#[tokio::test]
async fn a_deleted_actor_takes_its_character_and_the_gms_choice_along() {
    let world = World::new().await;
    let characters = world.store.characters(world.campaign.id).await.unwrap();
    let [first, second] = &characters[..] else { panic!("{characters:?}") };
    change_campaign(&world, |campaign| campaign.gm_character_id = Some(first.id)).await;
    let (game, connection) = (&world.game, world.connection.id);
    assert!(game.actor_deleted(connection, &first.vtt_actor_id).await.unwrap());
    assert!(!game.actor_deleted(connection, &first.vtt_actor_id).await.unwrap(), "told twice");
    assert!(!game.actor_deleted(connection, &"nobody".into()).await.unwrap());
    let left = world.store.characters(world.campaign.id).await.unwrap();
    assert_eq!(left, std::slice::from_ref(second));
    let campaign = world.store.campaign(world.campaign.id).await.unwrap().unwrap();
    assert_eq!(campaign.gm_character_id, None);
}

#[tokio::test]
async fn an_effect_that_ended_is_taken_off_its_spell_and_told_once() {
    let world = World::new().await;
    let hero = bearer(&world, 1, CharacterKind::Pc, "s1").await;
    for _ in 0..2 {
        ends(&world, &end(Some("actor-1"), None)).await;
    }
    ends(&world, &end(Some("nobody"), None)).await;
    assert_eq!(effects(&world, &hero).await, [true, false]);
    let facts = world.store.events_after(world.campaign.id, 0, 1_000).await.unwrap();
    let told: Vec<_> = facts
        .iter()
        .map(|fact| &fact.announcement)
        .filter(|fact| fact.kind.wire_name() == "vtt:effect_ended")
        .collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].visibility, Visibility::Everyone);
    let expected = json!({ "characterId": hero.id, "characterName": "Hero 1", "spellId": "s1",
        "spellName": "Spell s1", "effect": "disable", "reason": "consumed" });
    assert_eq!(told[0].payload, expected);
}

#[tokio::test]
async fn of_the_gms_characters_only_the_gm_is_told() {
    let world = World::new().await;
    bearer(&world, 1, CharacterKind::Monster, "s1").await;
    ends(&world, &end(Some("actor-1"), None)).await;
    let facts = world.store.events_after(world.campaign.id, 0, 1_000).await.unwrap();
    assert_eq!(facts.last().unwrap().announcement.visibility, Visibility::GmOnly);
}

/// The published module does not say whose spell was used.
#[tokio::test]
async fn the_command_tells_whose_effect_it_was_where_the_client_does_not() {
    let world = World::new().await;
    let hero = bearer(&world, 1, CharacterKind::Pc, "s1").await;
    let copy = bearer(&world, 2, CharacterKind::Pc, "s1").await;
    let goal = fixtures::goal(1, &world.campaign, &world.invert, &world.streamers[0]);
    let mut command = fixtures::command(1, &goal, world.connection.id, 0);
    command.instance_id = None;
    command.command.payload = json!({ "actorId": "actor-2", "spellId": "s1" });
    let commands: [VttCommand; 1] = [command.clone()];
    write(&world, async |uow| uow.commands().insert(&commands).await.unwrap()).await;
    ends(&world, &end(None, Some(command.id))).await;
    assert_eq!(effects(&world, &hero).await, [true, true]);
    assert_eq!(effects(&world, &copy).await, [true, false]);
    ends(&world, &end(None, None)).await;
    assert_eq!(effects(&world, &hero).await, [true, false], "whoever it may be");
    assert_eq!(told(&world).await.iter().filter(|name| **name == "vtt:effect_ended").count(), 2);
}

/// Whose spells are still sealed after the GM had everything taken away and the table answered.
async fn sealed_after_cleanup(answer: Result<Value, String>) -> Vec<bool> {
    let world = World::new().await;
    let hero = bearer(&world, 1, CharacterKind::Pc, "s1").await;
    world.game.clean_up_table(&gm(), world.campaign.id, false).await.unwrap();
    world.work_until_idle().await;
    assert_eq!(world.answer_commands(answer).await, 1);
    effects(&world, &hero).await
}

#[tokio::test]
async fn what_the_gm_has_taken_away_seals_no_spell_any_more() {
    assert_eq!(sealed_after_cleanup(Ok(Value::Null)).await, [false, false]);
    assert_eq!(sealed_after_cleanup(Err("not now".to_owned())).await, [true, true]);
}
