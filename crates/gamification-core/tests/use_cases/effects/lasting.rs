//! What is under an effect of ours is not chosen again.

use super::{answered, failure, filled, offered, payload, with_combat, with_spells};
use crate::support::{stored, write};
use crate::table::{goblin, spell};
use gamification_core::ids::CommandId;
use gamification_core::instance::{FailureReason, InstanceState};
use gamification_core::ports::Queries;
use gamification_core::service::{EffectEnd, EffectEndReason};
use gamification_core::vtt::{Combatant, CommandKind, CommandStatus, PlannedCommand, VttCommand};
use gamification_testkit::{World, fixtures};
use serde_json::{Value, json};

/// Whether the goal that is filled that long after the first one finds a spell to choose; there is
/// one spell, which the first one has met.
async fn finds_it_again(
    world: &World,
    action: &str,
    seconds: u32,
    answer: Result<Value, String>,
) -> bool {
    let (first, second) = (offered(world, 1, action).await, offered(world, 2, action).await);
    with_spells(world, &[spell(3)]).await;
    let goal = filled(world, &first, 0).await;
    answered(world, &goal, answer).await;
    for step in [20].repeat(seconds as usize / 20).into_iter().chain([seconds % 20]) {
        world.advance(step).await;
    }
    world.work_until_idle().await;
    let goal = filled(world, &second, 0).await;
    matches!(stored(world, goal.id).await.state, InstanceState::Executing { .. })
}

#[tokio::test]
async fn a_spell_is_not_chosen_again_while_our_effect_lasts_though_the_table_told_nothing() {
    let done = || Ok(Value::Null);
    let cases = [
        ("spell_disable", 0, done(), false),
        ("spell_disable", 599, done(), false),
        ("spell_disable", 600, done(), true),
        ("spell_buff", 359, done(), false),
        ("spell_buff", 360, done(), true),
        ("spell_disable", 0, Err("not now".to_owned()), true),
    ];
    for (action, seconds, answer, is_found) in cases {
        let world = World::new().await;
        let found = finds_it_again(&world, action, seconds, answer).await;
        assert_eq!(found, is_found, "{action} after {seconds} s");
    }
}

#[tokio::test]
async fn a_spell_whose_effect_was_used_up_is_chosen_again_at_once() {
    let world = World::new().await;
    let first = offered(&world, 1, "spell_buff").await;
    let second = offered(&world, 2, "spell_debuff").await;
    with_spells(&world, &[spell(3)]).await;
    let goal = filled(&world, &first, 0).await;
    answered(&world, &goal, Ok(Value::Null)).await;
    let command = world.store.commands(goal.id).await.unwrap().remove(0);
    let used_up = EffectEnd {
        actor_id: None,
        spell_id: spell(3).id,
        command_id: Some(command.id),
        reason: EffectEndReason::Consumed,
    };
    for _ in 0..2 {
        world.game.spell_effect_ended(world.connection.id, &used_up).await.unwrap();
    }
    let goal = filled(&world, &second, 0).await;
    assert!(matches!(stored(&world, goal.id).await.state, InstanceState::Executing { .. }));
}

#[tokio::test]
async fn goals_that_are_executed_at_once_do_not_choose_the_same_monster() {
    let world = World::new().await;
    let strong = offered(&world, 1, "monster_buff").await;
    let weak = offered(&world, 2, "monster_debuff").await;
    let orc = |n| Combatant { actor_id: Some(format!("orc-{n}").into()), ..goblin(n) };
    with_combat(&world, &[orc(1), orc(2)]).await;
    let first = filled(&world, &strong, 0).await;
    let second = filled(&world, &weak, 1).await;
    let [first, second] = [payload(&world, &first).await, payload(&world, &second).await];
    assert_ne!(first["combatantId"], second["combatantId"]);
    let third = filled(&world, &strong, 1).await;
    let failed = failure(stored(&world, third.id).await.state);
    let none_left = "each monster is hidden, defeated or under an effect".to_owned();
    assert_eq!(failed, (FailureReason::Unplannable, none_left));
}

/// Whether a second goal finds somebody among two goblins of one actor, of which the first goal has
/// met one.
async fn sibling_is_left(world: &World) -> bool {
    let first = offered(world, 1, "monster_buff").await;
    let second = offered(world, 2, "monster_buff").await;
    with_combat(world, &[goblin(1), goblin(2)]).await;
    let met = filled(world, &first, 0).await;
    world.work_until_idle().await;
    world.answer_commands(Ok(Value::Null)).await;
    let goal = filled(world, &second, 0).await;
    if !matches!(stored(world, goal.id).await.state, InstanceState::Executing { .. }) {
        return false;
    }
    let [met, goal] = [payload(world, &met).await, payload(world, &goal).await];
    assert_ne!(met["combatantId"], goal["combatantId"]);
    true
}

#[tokio::test]
async fn only_a_client_that_knows_no_combatants_affects_all_who_share_an_actor() {
    let ours = World::new().await;
    assert!(sibling_is_left(&ours).await);
    let published = World::new().await;
    published.disconnect_table().await;
    published.connect_table("plain-1", false).await;
    assert!(!sibling_is_left(&published).await);
}

/// A command that a game master gave and the table has carried out.
async fn carried_out(world: &World, kind: CommandKind, payload: Value, undoes: Option<CommandId>) {
    use gamification_core::ports::Clock;
    let goal = fixtures::goal(1, &world.campaign, &world.invert, &world.streamers[0]);
    let command = VttCommand {
        instance_id: None,
        command: PlannedCommand { kind, payload, is_required: true },
        status: CommandStatus::Confirmed,
        sent_at: Some(world.clock.now()),
        undoes,
        ..fixtures::command(9, &goal, world.connection.id, 0)
    };
    write(world, async |uow| uow.commands().insert(&[command]).await.unwrap()).await;
}

#[tokio::test]
async fn a_monster_can_be_chosen_again_once_its_effect_was_taken_away() {
    let cases = [
        (CommandKind::RemoveMonsterEffect, json!({ "actorId": "goblin" }), true),
        (CommandKind::RemoveMonsterEffect, json!({ "actorId": "orc" }), false),
        (CommandKind::RemoveSpellEffect, json!({ "actorId": "goblin" }), false),
        (CommandKind::CleanupAllEffects, json!({}), true),
    ];
    for (kind, payload, is_free) in cases {
        let world = World::new().await;
        let first = offered(&world, 1, "monster_buff").await;
        let second = offered(&world, 2, "monster_buff").await;
        with_combat(&world, &[goblin(1)]).await;
        let goal = filled(&world, &first, 0).await;
        answered(&world, &goal, Ok(Value::Null)).await;
        world.advance(1).await;
        carried_out(&world, kind, payload, None).await;
        let goal = filled(&world, &second, 0).await;
        let state = stored(&world, goal.id).await.state;
        assert_eq!(matches!(state, InstanceState::Executing { .. }), is_free, "{kind:?}");
    }
}

#[tokio::test]
async fn a_spell_can_be_chosen_again_once_its_effect_was_undone() {
    let world = World::new().await;
    let first = offered(&world, 1, "spell_disable").await;
    let second = offered(&world, 2, "spell_disable").await;
    with_spells(&world, &[spell(3)]).await;
    let goal = filled(&world, &first, 0).await;
    answered(&world, &goal, Ok(Value::Null)).await;
    let sealed = world.store.commands(goal.id).await.unwrap()[0].id;
    carried_out(&world, CommandKind::Undo, json!({ "requestId": sealed }), Some(sealed)).await;
    let goal = filled(&world, &second, 0).await;
    let state = stored(&world, goal.id).await.state;
    assert!(matches!(state, InstanceState::Executing { .. }), "{state:?}");
}
