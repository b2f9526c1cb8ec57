//! Our module at the table: it remembers command ids, so a command may be sent again.

use crate::support::{executing, executing_group, play_out, settlements, stored, told};
use gamification_core::instance::{ExecutionStatus, FailureReason, Instance, InstanceState};
use gamification_core::ports::Queries;
use gamification_core::redemption::Settlement;
use gamification_core::service::{IncomingRoll, ServiceError};
use gamification_core::vtt::{CommandResult, CommandStatus, VttCommand};
use gamification_testkit::{World, fixtures};
use serde_json::{Value, json};

async fn steps(world: &World, goal: &Instance) -> Vec<VttCommand> {
    world.store.commands(goal.id).await.unwrap()
}

async fn statuses(world: &World, goal: &Instance) -> Vec<CommandStatus> {
    steps(world, goal).await.into_iter().map(|step| step.status).collect()
}

async fn answer(
    world: &World,
    socket: &str,
    command: &VttCommand,
    outcome: Result<Value, String>,
) -> Result<(), ServiceError> {
    let result = CommandResult { command_id: command.id, outcome };
    world.game.command_result(world.connection.id, &socket.into(), result).await
}

#[tokio::test]
async fn steps_are_sent_in_order_once_and_a_confirmed_goal_is_fulfilled() {
    let world = World::new().await;
    let goal = executing(&world, 0).await;
    world.work_until_idle().await;
    let sent: Vec<_> = world.table.sent().into_iter().map(|sent| sent.command.step).collect();
    assert_eq!(sent, [0, 1]);
    play_out(&world).await;
    let ended = stored(&world, goal.id).await;
    let InstanceState::Executed { report, .. } = ended.state else { panic!("{ended:?}") };
    assert_eq!((report.original_value, report.inverted_value), (Some(20), Some(1)));
    assert_eq!(report.partial_failures, Vec::<String>::new());
    assert_eq!(settlements(&world).await, [Settlement::Fulfilled; 3]);
    assert!(told(&world).await.contains(&"gamification:action_executed"));
    world.assert_balanced().await;
}

#[tokio::test]
async fn an_unanswered_command_is_sent_again_and_acted_on_once() {
    let world = World::new().await;
    executing_group(&world).await;
    world.work_until_idle().await;
    world.advance(9).await;
    world.work_until_idle().await;
    assert_eq!(world.table.sent().len(), 1, "not yet");
    world.advance(1).await;
    world.work_until_idle().await;
    let sent = world.table.sent();
    assert_eq!((sent.len(), sent[0].command.id), (2, sent[1].command.id));
    assert_eq!(world.table.performed_count(sent[0].command.id), 1);
}

#[tokio::test]
async fn a_reconnected_client_gets_the_command_again_at_once_until_the_deadline() {
    let world = World::new().await;
    let goal = executing_group(&world).await;
    world.work_until_idle().await;
    world.disconnect_table().await;
    world.work_until_idle().await;
    world.connect_table("socket-2", true).await;
    world.work_until_idle().await;
    let sent = world.table.sent();
    let sockets: Vec<_> = sent.iter().map(|sent| sent.socket.as_str()).collect();
    assert_eq!(sockets, ["socket-1", "socket-2"]);
    assert_eq!(world.table.performed_count(sent[0].command.id), 1);
    world.advance(120).await;
    world.work_until_idle().await;
    assert_eq!(world.table.sent().len(), 2, "nothing is sent after the deadline");
    let failed = stored(&world, goal.id).await;
    assert!(matches!(failed.state, InstanceState::Failed { reason: FailureReason::Deadline, .. }));
    assert_eq!(settlements(&world).await, [Settlement::Refunded; 6]);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_command_that_found_no_socket_waits_and_is_sent_later() {
    let world = World::new().await;
    let goal = executing(&world, 0).await;
    world.table.refuse_next_sends(1);
    world.work().await;
    assert_eq!(world.table.sent(), []);
    assert_eq!(statuses(&world, &goal).await, [CommandStatus::Pending; 2], "nor any later step");
    play_out(&world).await;
    let ended = stored(&world, goal.id).await;
    assert_eq!(ended.execution_status(), Some(ExecutionStatus::Executed));
}

#[tokio::test]
async fn a_result_that_comes_twice_counts_once() {
    let world = World::new().await;
    let goal = executing_group(&world).await;
    world.work_until_idle().await;
    let command = &steps(&world, &goal).await[0];
    answer(&world, "socket-1", command, Ok(json!({ "first": true }))).await.unwrap();
    let ended = stored(&world, goal.id).await;
    let facts = told(&world).await;
    answer(&world, "socket-1", command, Err("second thoughts".to_owned())).await.unwrap();
    assert_eq!(stored(&world, goal.id).await, ended);
    assert_eq!(told(&world).await, facts);
    let kept = steps(&world, &goal).await[0].result.clone().unwrap();
    assert_eq!(kept, json!({ "ok": true, "result": { "first": true } }));
    world.work_until_idle().await;
    assert_eq!(settlements(&world).await, [Settlement::Fulfilled; 6]);
}

#[tokio::test]
async fn a_result_after_the_deadline_is_recorded_and_changes_no_direction() {
    let world = World::new().await;
    let goal = executing_group(&world).await;
    world.work_until_idle().await;
    world.advance(120).await;
    world.work_until_idle().await;
    let command = &steps(&world, &goal).await[0];
    assert_eq!(command.status, CommandStatus::Expired);
    answer(&world, "socket-1", command, Ok(Value::Null)).await.unwrap();
    let late = &steps(&world, &goal).await[0];
    assert_eq!(late.status, CommandStatus::Expired);
    assert_eq!(late.result, Some(json!({ "ok": true, "result": null })), "for the GM to see");
    world.work_until_idle().await;
    assert_eq!(settlements(&world).await, [Settlement::Refunded; 6]);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_result_between_deadline_and_sweep_still_counts() {
    let world = World::new().await;
    let goal = executing_group(&world).await;
    world.work_until_idle().await;
    world.advance(121).await;
    let command = &steps(&world, &goal).await[0];
    answer(&world, "socket-1", command, Ok(Value::Null)).await.unwrap();
    let ended = stored(&world, goal.id).await;
    assert_eq!(ended.execution_status(), Some(ExecutionStatus::Executed), "who is first, wins");
}

#[tokio::test]
async fn a_result_of_another_socket_or_of_another_world_changes_nothing() {
    let world = World::new().await;
    let goal = executing_group(&world).await;
    world.work_until_idle().await;
    let command = &steps(&world, &goal).await[0];
    answer(&world, "socket-9", command, Ok(Value::Null)).await.unwrap();
    assert_eq!(stored(&world, goal.id).await, goal);
    assert_eq!(statuses(&world, &goal).await, [CommandStatus::Sent]);
    let result = CommandResult { command_id: command.id, outcome: Ok(Value::Null) };
    let other = fixtures::id(6_002);
    let refused = world.game.command_result(other, &"socket-1".into(), result).await;
    assert_eq!(refused, Err(ServiceError::NotFound("command")));
    let unknown = VttCommand { id: fixtures::id(1), ..command.clone() };
    let refused = answer(&world, "socket-1", &unknown, Ok(Value::Null)).await;
    assert_eq!(refused, Err(ServiceError::NotFound("command")));
    assert_eq!(stored(&world, goal.id).await, goal);
    answer(&world, "socket-1", command, Ok(Value::Null)).await.unwrap();
    let ended = stored(&world, goal.id).await;
    assert_eq!(ended.execution_status(), Some(ExecutionStatus::Executed));
}

#[tokio::test]
async fn a_required_step_that_failed_refunds_everybody_and_ends_the_cooldown() {
    let world = World::new().await;
    let goal = executing(&world, 0).await;
    world.work_until_idle().await;
    let steps = steps(&world, &goal).await;
    answer(&world, "socket-1", &steps[1], Err("no such actor".to_owned())).await.unwrap();
    let failed = stored(&world, goal.id).await;
    let InstanceState::Failed { reason, message, .. } = failed.state else { panic!("{failed:?}") };
    assert_eq!((reason, message.as_str()), (FailureReason::Table, "no such actor"));
    assert_eq!(failed.cooldown, None);
    world.work_until_idle().await;
    assert_eq!(settlements(&world).await, [Settlement::Refunded; 3]);
    assert!(told(&world).await.contains(&"gamification:contributions_refunded"));
    world.advance(2).await;
    world.work_until_idle().await;
    assert!(world.redeem(&world.invert, 0, "dan").await.is_ok(), "it can begin anew at once");
    world.assert_balanced().await;
}

#[tokio::test]
async fn an_optional_step_that_failed_is_told_and_the_goal_is_fulfilled() {
    let world = World::new().await;
    let goal = executing(&world, 0).await;
    world.work_until_idle().await;
    let steps = steps(&world, &goal).await;
    answer(&world, "socket-1", &steps[0], Err("the message is gone".to_owned())).await.unwrap();
    assert_eq!(stored(&world, goal.id).await, goal);
    answer(&world, "socket-1", &steps[1], Ok(Value::Null)).await.unwrap();
    let ended = stored(&world, goal.id).await;
    let InstanceState::Executed { report, .. } = ended.state else { panic!("{ended:?}") };
    assert_eq!(report.partial_failures, ["delete_message: the message is gone"]);
    world.work_until_idle().await;
    assert_eq!(settlements(&world).await, [Settlement::Fulfilled; 3]);
}

#[tokio::test]
async fn an_optional_step_without_an_answer_does_not_spoil_what_happened() {
    let world = World::new().await;
    let goal = executing(&world, 0).await;
    world.work_until_idle().await;
    let steps = steps(&world, &goal).await;
    answer(&world, "socket-1", &steps[1], Ok(Value::Null)).await.unwrap();
    assert_eq!(stored(&world, goal.id).await, goal, "the other step may still be answered");
    world.advance(120).await;
    world.work_until_idle().await;
    let ended = stored(&world, goal.id).await;
    let InstanceState::Executed { report, .. } = ended.state else { panic!("{ended:?}") };
    assert_eq!(report.partial_failures, ["delete_message: not confirmed"]);
    assert_eq!(settlements(&world).await, [Settlement::Fulfilled; 3]);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_client_that_cannot_tell_what_happened_is_not_asked_again_and_points_go_back() {
    let world = World::new().await;
    let goal = executing_group(&world).await;
    world.work_until_idle().await;
    let command = &steps(&world, &goal).await[0];
    answer(&world, "socket-1", command, Err("outcome_unknown".to_owned())).await.unwrap();
    assert_eq!(statuses(&world, &goal).await, [CommandStatus::Unknown]);
    world.advance(60).await;
    world.work_until_idle().await;
    assert_eq!(world.table.sent().len(), 1);
    world.advance(60).await;
    world.work_until_idle().await;
    assert_eq!(settlements(&world).await, [Settlement::Refunded; 6]);
    world.assert_balanced().await;
}

#[tokio::test]
async fn the_forced_roll_that_comes_back_is_no_trigger_and_no_confirmation_of_its_own() {
    let world = World::new().await;
    let goal = executing(&world, 0).await;
    world.work_until_idle().await;
    let command_id = Some(steps(&world, &goal).await[1].id);
    let echo = IncomingRoll { command_id, ..world.roll(0, 1) };
    let receipt = world.game.record_roll(echo.clone()).await.unwrap();
    assert!(receipt.is_own && receipt.roll_id.is_none());
    assert_eq!(stored(&world, goal.id).await, goal, "the client answers for itself");
    play_out(&world).await;
    world.advance(400).await;
    let receipt = world.game.record_roll(echo).await.unwrap();
    assert!(receipt.is_own, "however late");
    assert_eq!(world.goal(0).await, None);
}
