//! Effects on spells and monsters, from the clicks to what becomes of the points.

mod lasting;

use crate::support::{THREE, settlements, stored, write};
use crate::table::{combat, goblin, hero, spell};
use gamification_core::campaign::{Character, Spell};
use gamification_core::event::{Event, HandlerSpec, LocalizedText};
use gamification_core::instance::{
    EffectType, ExecutionReport, FailureReason, Instance, InstanceState, TargetKind,
};
use gamification_core::ports::{Lock, Queries};
use gamification_core::redemption::Settlement;
use gamification_core::service::Contribution;
use gamification_core::vtt::{Combat, Combatant};
use gamification_testkit::{World, fixtures};
use serde_json::{Map, Value, json};

/// An individual event with that action, offered on both channels.
async fn offered(world: &World, n: u32, action: &str) -> Event {
    let event = Event {
        id: fixtures::id(2_010 + n),
        slug: format!("effect-{n}"),
        name: LocalizedText::plain(format!("Effect {n}")),
        trigger: HandlerSpec { kind: "manual".to_owned(), config: Map::new() },
        action: HandlerSpec { kind: action.to_owned(), config: Map::new() },
        ..fixtures::invert_event()
    };
    write(world, async |uow| {
        uow.catalogue().insert(&event).await.unwrap();
        let config = fixtures::campaign_config(&world.campaign, event.id);
        uow.configs().save_campaign_config(&config).await.unwrap();
        for streamer in [0, 1] {
            let streamer = world.streamer(streamer);
            let offer = fixtures::streamer_config(&world.campaign, streamer, event.id);
            uow.configs().save_streamer_config(&offer).await.unwrap();
        }
    })
    .await;
    world.work_until_idle().await;
    event
}

/// The first streamer's character has these spells.
async fn with_spells(world: &World, spells: &[Spell]) {
    let streamer = Some(world.streamer(0));
    let hero = Character { assigned_streamer_id: streamer, ..hero(spells) };
    write(world, async |uow| uow.campaigns().save_character(&hero).await.unwrap()).await;
}

/// These fight at the table.
async fn with_combat(world: &World, combatants: &[Combatant]) {
    use gamification_core::ports::Clock;
    let (id, started_at) = (world.connection.id, world.clock.now());
    let combat = Combat { started_at, ..combat(combatants) };
    write(world, async |uow| {
        let connection = uow.vtt().connection(id, Lock::Exclusive).await.unwrap();
        let mut connection = connection.unwrap();
        connection.is_in_combat = true;
        uow.vtt().save_connection(&connection).await.unwrap();
        uow.vtt().save_combat(id, &combat).await.unwrap();
    })
    .await;
    // No reward is changed twice within two seconds.
    world.advance(2).await;
    world.work_until_idle().await;
}

/// The goal of that channel after all its clicks.
async fn filled(world: &World, event: &Event, streamer: usize) -> Instance {
    let mut goal = None;
    for viewer in THREE {
        let outcome = world.click_on(event, streamer, viewer).await;
        let Contribution::Counted(counted_for) = outcome else { panic!("{outcome:?}") };
        goal = Some(counted_for);
    }
    stored(world, goal.unwrap()).await
}

/// The payload of the goal's only step.
async fn payload(world: &World, goal: &Instance) -> Value {
    let steps = world.store.commands(goal.id).await.unwrap();
    assert_eq!(steps.len(), 1);
    steps[0].command.payload.clone()
}

/// Lets the table answer, and tells what came of the goal.
async fn answered(world: &World, goal: &Instance, answer: Result<Value, String>) -> InstanceState {
    world.work_until_idle().await;
    world.answer_commands(answer).await;
    world.work_until_idle().await;
    stored(world, goal.id).await.state
}

fn report(state: InstanceState) -> ExecutionReport {
    let InstanceState::Executed { report, .. } = state else { panic!("{state:?}") };
    *report
}

fn failure(state: InstanceState) -> (FailureReason, String) {
    let InstanceState::Failed { reason, message, .. } = state else { panic!("{state:?}") };
    (reason, message)
}

#[tokio::test]
async fn clicks_seal_a_spell_and_the_points_are_spent_when_the_table_says_so() {
    let world = World::new().await;
    let event = offered(&world, 1, "spell_disable").await;
    with_spells(&world, &[spell(0), spell(3)]).await;
    let goal = filled(&world, &event, 0).await;
    let asked = payload(&world, &goal).await;
    assert_eq!((&asked["actorId"], &asked["spellId"]), (&json!("actor-1"), &json!("spell-3")));
    assert_eq!(asked["effect"]["triggeredBy"], json!("Effect 1"));
    let told = report(answered(&world, &goal, Ok(Value::Null)).await);
    let said = "Elda: Spell 3, ready → sealed for 10 minutes";
    assert_eq!(told.message.as_deref(), Some(said));
    assert_eq!((told.effect_type, told.duration_seconds), (Some(EffectType::Disable), Some(600)));
    assert_eq!(told.target.unwrap().kind, TargetKind::Spell);
    assert_eq!(settlements(&world).await, [Settlement::Fulfilled; 3]);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_spell_that_is_gone_when_the_table_acts_gives_the_points_back() {
    let world = World::new().await;
    let event = offered(&world, 1, "spell_buff").await;
    with_spells(&world, &[spell(3)]).await;
    let goal = filled(&world, &event, 0).await;
    with_spells(&world, &[]).await;
    let failed = failure(answered(&world, &goal, Err("no such spell".to_owned())).await);
    assert_eq!(failed, (FailureReason::Table, "no such spell".to_owned()));
    assert_eq!(settlements(&world).await, [Settlement::Refunded; 3]);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_goal_without_a_spell_to_choose_gives_the_points_back_at_once() {
    let world = World::new().await;
    let event = offered(&world, 1, "spell_debuff").await;
    let goal = filled(&world, &event, 0).await;
    let failed = failure(stored(&world, goal.id).await.state);
    assert_eq!(failed, (FailureReason::Unplannable, "Hero 1 has no spells".to_owned()));
    world.work_until_idle().await;
    assert_eq!(settlements(&world).await, [Settlement::Refunded; 3]);
    assert_eq!(world.table.sent(), []);
    world.assert_balanced().await;
}

#[tokio::test]
async fn clicks_weaken_a_monster_and_the_points_are_spent_when_the_table_says_so() {
    let world = World::new().await;
    let event = offered(&world, 1, "monster_debuff").await;
    with_combat(&world, &[Combatant { is_defeated: true, ..goblin(1) }, goblin(2)]).await;
    let goal = filled(&world, &event, 0).await;
    assert_eq!(payload(&world, &goal).await["combatantId"], json!("goblin-2"));
    let told = report(answered(&world, &goal, Ok(Value::Null)).await);
    let said = "Goblin 2: AC −2, maximum hit points 7 → 1";
    assert_eq!(told.message.as_deref(), Some(said));
    assert_eq!(told.target.unwrap().name, "Goblin 2");
    assert_eq!(settlements(&world).await, [Settlement::Fulfilled; 3]);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_monster_that_is_gone_when_the_table_acts_gives_the_points_back() {
    let world = World::new().await;
    let event = offered(&world, 1, "monster_buff").await;
    with_combat(&world, &[goblin(1)]).await;
    let goal = filled(&world, &event, 0).await;
    with_combat(&world, &[]).await;
    let failed = failure(answered(&world, &goal, Err("no such actor".to_owned())).await);
    assert_eq!(failed, (FailureReason::Table, "no such actor".to_owned()));
    assert_eq!(settlements(&world).await, [Settlement::Refunded; 3]);
    world.assert_balanced().await;
}
