//! Several game masters' browsers at one table: the acting one leaves, comes back, or knows more.

use crate::support::{THREE, change_campaign, executing_group, gm, settlements, stored, told};
use gamification_core::instance::{ExecutionStatus, FailureReason, Instance, InstanceState};
use gamification_core::ports::Queries;
use gamification_core::redemption::Settlement;
use gamification_core::service::{Conflict, ServiceError};
use gamification_core::vtt::{CommandKind, CommandResult, CommandStatus, VttCommand};
use gamification_testkit::World;
use serde_json::{Value, json};

async fn step(world: &World, goal: &Instance) -> VttCommand {
    world.store.commands(goal.id).await.unwrap().remove(0)
}

async fn answer(world: &World, socket: &str, command: &VttCommand, outcome: Result<Value, &str>) {
    let outcome = outcome.map_err(str::to_owned);
    let result = CommandResult { command_id: command.id, outcome };
    world.game.command_result(world.connection.id, &socket.into(), result).await.unwrap();
}

/// A group goal whose command went to `socket-1`, which cannot tell what came of it.
async fn unknown(world: &World) -> Instance {
    let goal = executing_group(world).await;
    world.work_until_idle().await;
    answer(world, "socket-1", &step(world, &goal).await, Err("outcome_unknown")).await;
    assert_eq!(step(world, &goal).await.status, CommandStatus::Unknown);
    goal
}

#[tokio::test]
async fn a_browser_that_knows_more_is_believed_before_the_deadline() {
    let world = World::new().await;
    let goal = unknown(&world).await;
    world.connect_table("socket-2", true).await;
    answer(&world, "socket-2", &step(&world, &goal).await, Ok(json!({ "messageId": "m" }))).await;
    assert_eq!(step(&world, &goal).await.status, CommandStatus::Confirmed);
    assert_eq!(stored(&world, goal.id).await.execution_status(), Some(ExecutionStatus::Executed));
    world.work_until_idle().await;
    assert_eq!(settlements(&world).await, [Settlement::Fulfilled; 6]);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_browser_that_neither_acts_nor_was_asked_decides_nothing() {
    let world = World::new().await;
    let goal = executing_group(&world).await;
    world.work_until_idle().await;
    let command = step(&world, &goal).await;
    answer(&world, "a-bystander", &command, Err("I did not do it")).await;
    assert_eq!(step(&world, &goal).await.status, CommandStatus::Sent);
    answer(&world, "socket-1", &command, Ok(Value::Null)).await;
    assert_eq!(step(&world, &goal).await.status, CommandStatus::Confirmed);
}

#[tokio::test]
async fn what_is_known_after_the_refund_is_told_to_the_gm_alone() {
    let world = World::new().await;
    let goal = unknown(&world).await;
    world.advance(120).await;
    world.work_until_idle().await;
    assert_eq!(settlements(&world).await, [Settlement::Refunded; 6]);
    let command = step(&world, &goal).await;
    answer(&world, "socket-1", &command, Ok(json!({ "messageId": "m" }))).await;
    assert!(step(&world, &goal).await.was_confirmed_late());
    assert_eq!(told(&world).await.last(), Some(&"vtt:late_confirmation"));
    let facts = told(&world).await.len();
    answer(&world, "socket-1", &command, Ok(json!({ "messageId": "m" }))).await;
    assert_eq!(told(&world).await.len(), facts, "once");
    assert_eq!(settlements(&world).await, [Settlement::Refunded; 6]);
    let undo = world.game.undo_command(&gm(), command.id).await.unwrap();
    assert_eq!((undo.command.kind, undo.undoes), (CommandKind::Undo, Some(command.id)));
    world.assert_balanced().await;
}

#[tokio::test]
async fn an_undo_that_failed_may_be_tried_again() {
    let world = World::new().await;
    let goal = executing_group(&world).await;
    world.work_until_idle().await;
    let command = step(&world, &goal).await;
    answer(&world, "socket-1", &command, Ok(Value::Null)).await;
    let undo = world.game.undo_command(&gm(), command.id).await.unwrap();
    let again = world.game.undo_command(&gm(), command.id).await.unwrap_err();
    assert_eq!(again, ServiceError::Conflict(Conflict::UndoneAlready));
    world.work_until_idle().await;
    answer(&world, "socket-1", &undo, Err("the message is gone")).await;
    let second = world.game.undo_command(&gm(), command.id).await.unwrap();
    assert_ne!(second.id, undo.id);
    assert_eq!(world.store.undos_of(goal.id).await.unwrap().len(), 2);
}

#[tokio::test]
async fn nothing_is_sent_in_the_veto_window_and_a_veto_refunds() {
    let world = World::new().await;
    change_campaign(&world, |campaign| campaign.policies.veto_seconds = 20).await;
    let goal = executing_group(&world).await;
    world.work_until_idle().await;
    world.advance(19).await;
    world.work_until_idle().await;
    assert_eq!(world.table.sent(), []);
    let vetoed = world.game.cancel_goal(&gm(), goal.id, None).await.unwrap();
    let InstanceState::Failed { reason, .. } = vetoed.state else { panic!("{vetoed:?}") };
    assert_eq!(reason, FailureReason::Vetoed);
    assert_eq!(vetoed.cooldown, None, "a goal that failed brings no pause");
    world.advance(200).await;
    world.work_until_idle().await;
    assert_eq!(world.table.sent(), []);
    assert_eq!(settlements(&world).await, [Settlement::Refunded; 6]);
    world.assert_balanced().await;
}

#[tokio::test]
async fn the_window_lengthens_the_time_that_the_table_has() {
    let world = World::new().await;
    change_campaign(&world, |campaign| campaign.policies.veto_seconds = 20).await;
    let goal = executing_group(&world).await;
    world.advance(139).await;
    world.work_until_idle().await;
    assert_eq!(world.table.sent().len(), 1, "sent after its window, before its deadline");
    assert!(stored(&world, goal.id).await.is_open());
    world.advance(1).await;
    world.work_until_idle().await;
    assert!(!stored(&world, goal.id).await.is_open());
}

#[tokio::test]
async fn cancelling_everything_spares_only_what_was_sent() {
    let world = World::new().await;
    let sent = executing_group(&world).await;
    world.work_until_idle().await;
    assert_eq!(world.table.sent().len(), 1);
    for viewer in &THREE[..2] {
        world.click(0, viewer).await;
    }
    assert_eq!(world.game.cancel_goals(&gm(), world.campaign.id, None).await.unwrap(), 1);
    assert!(stored(&world, sent.id).await.is_open());
}

#[tokio::test]
async fn a_goal_whose_command_found_no_socket_can_still_be_vetoed() {
    let world = World::new().await;
    let goal = executing_group(&world).await;
    world.table.refuse_next_sends(1);
    world.work().await;
    assert_eq!(step(&world, &goal).await.attempts, 1);
    assert_eq!(world.table.sent(), [], "nothing of it was written to anybody");
    let vetoed = world.game.cancel_goal(&gm(), goal.id, None).await.unwrap();
    assert_eq!(vetoed.execution_status(), Some(ExecutionStatus::Failed));
}

#[tokio::test]
async fn a_success_that_nobody_heard_is_told_when_it_turns_out_too_late() {
    let world = World::new().await;
    let goal = executing_group(&world).await;
    world.work_until_idle().await;
    let command = step(&world, &goal).await;
    answer(&world, "a-bystander", &command, Err("I did not do it")).await;
    world.advance(120).await;
    world.work_until_idle().await;
    answer(&world, "socket-1", &command, Ok(json!({ "messageId": "m" }))).await;
    assert!(step(&world, &goal).await.was_confirmed_late());
    assert_eq!(told(&world).await.last(), Some(&"vtt:late_confirmation"));
}

#[tokio::test]
async fn in_a_panic_time_runs_on_and_what_was_sent_is_confirmed() {
    let world = World::new().await;
    let goal = executing_group(&world).await;
    world.work_until_idle().await;
    world.game.set_panic(&gm(), world.campaign.id, true).await.unwrap();
    answer(&world, "socket-1", &step(&world, &goal).await, Ok(Value::Null)).await;
    world.advance(3).await;
    world.work_until_idle().await;
    assert_eq!(settlements(&world).await, [Settlement::Fulfilled; 6]);
    assert!(world.redeem(&world.invert, 0, "ann").await.is_err(), "the reward is paused");
    world.game.table_panic(world.connection.id, false).await.unwrap();
    world.advance(3).await;
    world.work_until_idle().await;
    assert!(world.redeem(&world.invert, 0, "ann").await.is_ok(), "and resumes");
}
