//! Commands, their answers, and what is settled in the end.

use super::{Stored, assert_all_or_nothing};
use crate::support::{armed, executing, executing_group, gm, play_out, stored};
use gamification_core::instance::{ExecutionStatus, Instance};
use gamification_core::ports::{Queries, StoreError};
use gamification_core::service::Served;
use gamification_core::vtt::{CommandResult, VttCommand};
use gamification_testkit::World;
use serde_json::{Value, json};

/// A group goal whose only command was handed over.
async fn sent(world: &World) -> VttCommand {
    let goal = executing_group(world).await;
    world.work_until_idle().await;
    world.store.commands(goal.id).await.unwrap().remove(0)
}

async fn answer(world: &World, command: &VttCommand, outcome: Result<Value, String>) -> Served<()> {
    let result = CommandResult { command_id: command.id, outcome };
    world.game.command_result(world.connection.id, &"socket-1".into(), result).await
}

#[tokio::test]
async fn a_confirmed_command() {
    let act =
        async |world: &World, command: &VttCommand| answer(world, command, Ok(json!({}))).await;
    assert_all_or_nothing(7, sent, act).await;
}

#[tokio::test]
async fn a_failed_command() {
    let act = async |world: &World, command: &VttCommand| {
        answer(world, command, Err("no".to_owned())).await
    };
    assert_all_or_nothing(6, sent, act).await;
}

#[tokio::test]
async fn a_confirmation_over_http() {
    let act = async |world: &World, goal: &Instance| {
        let connection = world.connection.id;
        world.game.confirm_execution(connection, goal.id, true, None).await.map(drop)
    };
    assert_all_or_nothing(7, async |world| executing(world, 0).await, act).await;
}

#[tokio::test]
async fn a_sweep_of_an_execution_that_nobody_confirmed() {
    assert_all_or_nothing(
        6,
        async |world| {
            let command = sent(world).await;
            world.advance(120).await;
            command
        },
        async |world, _| world.game.sweep_overdue().await.map(drop),
    )
    .await;
}

#[tokio::test]
async fn a_settlement_that_fails_at_any_write_settles_once_and_in_the_end() {
    for k in 1.. {
        let world = World::new().await;
        let goal = armed(&world, 0).await;
        world.game.cancel_goal(&gm(), goal.id, None).await.unwrap();
        let mut before = Stored::of(&world).await;
        // What was claimed was tried, as far as anybody can know.
        before.redemptions.iter_mut().for_each(|row| row.attempts = u32::from(k > 2));
        world.store.faults().fail_at_write(k, StoreError::Unavailable("gone".to_owned()));
        let outcome = world.game.settle_due().await;
        if world.store.faults().is_armed() {
            assert_eq!(outcome, Ok(3));
            assert!(k > 5, "claimed, written and told");
            return;
        }
        assert!(outcome.is_err(), "write {k}");
        assert_eq!(Stored::of(&world).await, before, "write {k}");
        world.advance(60).await;
        world.work_until_idle().await;
        let ledger = world.ledger().await.total;
        assert_eq!((ledger.refunded.count, ledger.pending.count), (3, 0), "write {k}");
        world.assert_balanced().await;
    }
}

#[tokio::test]
async fn handing_a_command_over_fails_at_any_write_and_it_acts_once() {
    for k in 1.. {
        let world = World::new().await;
        let goal = executing_group(&world).await;
        world.store.faults().fail_at_write(k, StoreError::Unavailable("gone".to_owned()));
        let outcome = world.game.drive_commands().await;
        if world.store.faults().is_armed() {
            assert_eq!(outcome, Ok(1));
            assert!(k > 2, "sent is written and committed");
            return;
        }
        assert!(outcome.is_err(), "write {k}");
        assert_eq!(world.table.sent(), [], "what was not stored is not sent");
        play_out(&world).await;
        let ended = stored(&world, goal.id).await;
        assert_eq!(ended.execution_status(), Some(ExecutionStatus::Executed));
        assert_eq!(world.table.performed_count(world.table.sent()[0].command.id), 1);
    }
}
