//! The published client at the table: it confirms nothing and remembers nothing.

use crate::support::{THREE, armed, executing_group, settlements, stored, write};
use gamification_core::dice::{RollInput, RollReport};
use gamification_core::instance::{ExecutionStatus, FailureReason, Instance, InstanceState};
use gamification_core::ports::Queries;
use gamification_core::redemption::Settlement;
use gamification_core::service::IncomingRoll;
use gamification_core::vtt::{CommandStatus, VttCommand};
use gamification_testkit::World;

/// The world with the published client as its only one.
async fn plain_world() -> World {
    let world = World::new().await;
    world.disconnect_table().await;
    world.connect_table("plain-1", false).await;
    world.work_until_idle().await;
    world
}

async fn steps(world: &World, goal: &Instance) -> Vec<VttCommand> {
    world.store.commands(goal.id).await.unwrap()
}

/// An inversion that was handed to the table.
async fn inversion_sent(world: &World) -> Instance {
    let goal = armed(world, 0).await;
    world.crit(0, 20).await;
    world.work_until_idle().await;
    assert_eq!(world.table.sent().len(), 2);
    stored(world, goal.id).await
}

/// The forced roll as it comes back: with our flavour, formula and value, white space aside.
async fn echo(world: &World, goal: &Instance) -> IncomingRoll {
    let steps = steps(world, goal).await;
    let payload = &steps[1].command.payload;
    let mut roll = world.roll(0, payload["forcedResult"].as_i64().unwrap());
    roll.flavor = payload["flavor"].as_str().unwrap().to_owned();
    let formula = payload["formula"].as_str().unwrap();
    with_formula(roll, formula.chars().flat_map(|c| [c, ' ']).collect())
}

fn with_formula(roll: IncomingRoll, formula: String) -> IncomingRoll {
    let report = RollReport { formula, ..RollReport::clone(&roll.input) };
    IncomingRoll { input: RollInput::checked(report).unwrap(), ..roll }
}

#[tokio::test]
async fn three_seconds_on_a_live_socket_are_taken_for_an_answer() {
    let world = plain_world().await;
    let goal = executing_group(&world).await;
    world.work_until_idle().await;
    world.advance(2).await;
    world.work_until_idle().await;
    assert_eq!(stored(&world, goal.id).await, goal);
    world.advance(1).await;
    world.work_until_idle().await;
    let ended = stored(&world, goal.id).await;
    assert_eq!(ended.execution_status(), Some(ExecutionStatus::Executed));
    assert_eq!(steps(&world, &goal).await[0].status, CommandStatus::Assumed);
    assert_eq!(settlements(&world).await, [Settlement::Fulfilled; 6]);
    assert_eq!(world.table.sent().len(), 1);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_disconnect_within_three_seconds_leaves_it_unknown_and_points_go_back_at_the_deadline() {
    let world = plain_world().await;
    let goal = executing_group(&world).await;
    world.work_until_idle().await;
    world.advance(2).await;
    world.disconnect_table().await;
    assert_eq!(steps(&world, &goal).await[0].status, CommandStatus::Unknown);
    world.connect_table("plain-2", false).await;
    world.advance(60).await;
    world.work_until_idle().await;
    assert_eq!(world.table.sent().len(), 1, "never sent again");
    assert_eq!(stored(&world, goal.id).await, goal);
    world.advance(58).await;
    world.work_until_idle().await;
    let failed = stored(&world, goal.id).await;
    assert!(matches!(failed.state, InstanceState::Failed { reason: FailureReason::Deadline, .. }));
    assert_eq!(settlements(&world).await, [Settlement::Refunded; 6]);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_disconnect_that_nobody_noticed_leaves_it_unknown_too() {
    let world = plain_world().await;
    let goal = executing_group(&world).await;
    world.work_until_idle().await;
    world.table.disconnect(world.connection.id);
    world.table.connect(world.connection.id, "plain-2", false);
    world.advance(3).await;
    world.work_until_idle().await;
    assert_eq!(steps(&world, &goal).await[0].status, CommandStatus::Unknown);
    assert_eq!(world.table.sent().len(), 1);
}

#[tokio::test]
async fn a_disconnect_after_three_seconds_changes_nothing() {
    let world = plain_world().await;
    let goal = executing_group(&world).await;
    world.work_until_idle().await;
    world.advance(3).await;
    world.work_until_idle().await;
    world.disconnect_table().await;
    let ended = stored(&world, goal.id).await;
    assert_eq!(ended.execution_status(), Some(ExecutionStatus::Executed));
}

#[tokio::test]
async fn a_client_with_a_memory_does_not_get_what_the_published_one_got() {
    let world = plain_world().await;
    executing_group(&world).await;
    world.work_until_idle().await;
    world.disconnect_table().await;
    world.connect_table("socket-2", true).await;
    world.advance(30).await;
    world.work_until_idle().await;
    assert_eq!(world.table.sent().len(), 1);
}

#[tokio::test]
async fn the_published_client_does_not_get_what_one_with_a_memory_got() {
    let world = World::new().await;
    executing_group(&world).await;
    world.work_until_idle().await;
    assert_eq!(world.table.sent().len(), 1);
    // Its socket is gone when it is to get the command again, and then another client acts.
    world.advance(10).await;
    world.table.refuse_next_sends(1);
    world.work().await;
    world.disconnect_table().await;
    world.connect_table("plain-1", false).await;
    world.advance(30).await;
    world.work_until_idle().await;
    assert_eq!(world.table.sent().len(), 1);
}

#[tokio::test]
async fn the_forced_roll_that_comes_back_confirms_its_command_and_is_no_trigger() {
    let world = plain_world().await;
    let goal = inversion_sent(&world).await;
    let roll = echo(&world, &goal).await;
    let receipt = world.game.record_roll(roll.clone()).await.unwrap();
    assert!(receipt.is_own && receipt.roll_id.is_none() && !receipt.pending_attribution);
    assert_eq!(steps(&world, &goal).await[1].status, CommandStatus::Confirmed);
    world.advance(3).await;
    world.work_until_idle().await;
    let ended = stored(&world, goal.id).await;
    assert_eq!(ended.execution_status(), Some(ExecutionStatus::Executed));
    assert_eq!(settlements(&world).await, [Settlement::Fulfilled; 3]);
    let again = world.game.record_roll(roll).await.unwrap();
    assert!(again.is_own);
    assert_eq!(world.goal(0).await, None);
    world.assert_balanced().await;
}

#[tokio::test]
async fn two_forced_rolls_that_look_the_same_confirm_each_their_own_command() {
    let world = plain_world().await;
    let mut goals = Vec::new();
    for streamer in [0, 1] {
        goals.push(armed(&world, streamer).await);
        world.crit(streamer, 20).await;
        world.work_until_idle().await;
        world.advance(1).await;
    }
    let first = echo(&world, &goals[0]).await;
    let mut second = echo(&world, &goals[1]).await;
    assert_ne!(first.message_id, second.message_id);
    second.flavor.clone_from(&first.flavor);
    second.input.clone_from(&first.input);
    let mut look_alike = steps(&world, &goals[1]).await.remove(1);
    look_alike.command.payload = steps(&world, &goals[0]).await.remove(1).command.payload;
    write(&world, async |uow| uow.commands().update(&look_alike).await.unwrap()).await;
    let mut confirmed = Vec::new();
    // Two browsers report each message.
    for roll in [&first, &first, &second, &second] {
        assert!(world.game.record_roll(roll.clone()).await.unwrap().is_own);
        let mut statuses = Vec::new();
        for goal in &goals {
            statuses.push(steps(&world, goal).await[1].status);
        }
        confirmed.push(statuses);
    }
    let (yes, no) = (CommandStatus::Confirmed, CommandStatus::Sent);
    assert_eq!(confirmed, [[yes, no], [yes, no], [yes, yes], [yes, yes]]);
    world.advance(3).await;
    world.work_until_idle().await;
    assert_eq!(settlements(&world).await, [Settlement::Fulfilled; 6]);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_roll_that_only_resembles_the_forced_one_confirms_nothing() {
    let world = plain_world().await;
    let goal = inversion_sent(&world).await;
    let echo = echo(&world, &goal).await;
    let mut other_value = world.roll(0, 2);
    other_value.flavor.clone_from(&echo.flavor);
    let other_flavor = IncomingRoll { flavor: "Attack".to_owned(), ..echo.clone() };
    let other_formula = with_formula(echo, "1d20 + 1".to_owned());
    for roll in [other_value, other_flavor, other_formula] {
        let receipt = world.game.record_roll(roll).await.unwrap();
        assert!(!receipt.is_own);
    }
    assert_eq!(steps(&world, &goal).await[1].status, CommandStatus::Sent);
}

#[tokio::test]
async fn a_forced_roll_that_never_comes_back_refunds_everybody_at_the_deadline() {
    let world = plain_world().await;
    let goal = inversion_sent(&world).await;
    world.advance(3).await;
    world.work_until_idle().await;
    let statuses: Vec<_> = steps(&world, &goal).await.iter().map(|step| step.status).collect();
    assert_eq!(statuses, [CommandStatus::Assumed, CommandStatus::Sent]);
    world.advance(117).await;
    world.work_until_idle().await;
    let failed = stored(&world, goal.id).await;
    assert!(matches!(failed.state, InstanceState::Failed { reason: FailureReason::Deadline, .. }));
    assert_eq!(settlements(&world).await, [Settlement::Refunded; THREE.len()]);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_forced_roll_that_comes_back_on_a_new_socket_still_confirms() {
    let world = plain_world().await;
    let goal = inversion_sent(&world).await;
    world.advance(10).await;
    world.disconnect_table().await;
    world.connect_table("plain-2", false).await;
    let roll = echo(&world, &goal).await;
    assert!(world.game.record_roll(roll).await.unwrap().is_own);
    assert_eq!(steps(&world, &goal).await[1].status, CommandStatus::Confirmed);
}
