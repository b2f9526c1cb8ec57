use super::StoreUnderTest;
use super::support::{Game, begun, committed};
use crate::fixtures::{self, at};
use gamification_core::instance::Instance;
use gamification_core::ports::StoreError;
use gamification_core::vtt::{CommandKind, CommandStatus, VttCommand};
use serde_json::json;

/// Stores a goal that is being executed, and its steps in an order of their own.
async fn execution(game: &Game, n: u32, streamer: usize, steps: &[u32]) -> Instance {
    let goal = fixtures::executing_goal(game.goal(n, streamer));
    game.insert(&goal).await;
    let command = |step: &u32| fixtures::command(10 * n + step, &goal, game.connection.id, *step);
    let commands: Vec<_> = steps.iter().map(command).collect();
    committed!(game.store, |uow| uow.commands().insert(&commands).await.unwrap());
    goal
}

async fn update(game: &Game, command: &VttCommand) {
    committed!(game.store, |uow| uow.commands().update(command).await.unwrap());
}

fn ids(commands: &[VttCommand]) -> Vec<gamification_core::ids::CommandId> {
    commands.iter().map(|command| command.id).collect()
}

pub async fn the_steps_of_an_execution_come_back_in_order(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let goal = execution(&game, 1, 0, &[2, 0, 1]).await;
    execution(&game, 2, 1, &[0]).await;
    let expected: Vec<_> =
        (0..3).map(|n| fixtures::command(10 + n, &goal, game.connection.id, n)).collect();
    let in_transaction =
        committed!(game.store, |uow| uow.commands().of_instance(goal.id).await.unwrap());
    assert_eq!(in_transaction, expected);
    assert_eq!(game.queries.commands(goal.id).await.unwrap(), expected);
    assert_eq!(game.queries.commands(fixtures::id(1)).await.unwrap(), []);
}

pub async fn a_changed_command_comes_back_as_it_was_stored(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let goal = execution(&game, 1, 0, &[0]).await;
    let mut command = fixtures::command(10, &goal, game.connection.id, 0);
    command.command.is_required = false;
    let changed = VttCommand {
        status: CommandStatus::Confirmed,
        attempts: 2,
        sent_at: Some(at(20)),
        socket: Some("socket-1".into()),
        is_repeatable: true,
        assume_at: Some(at(23)),
        result: Some(json!({ "messageId": "m1", "values": [20, 1] })),
        ..command
    };
    update(&game, &changed).await;
    let stored = committed!(game.store, |u| u.commands().get(changed.id).await.unwrap());
    assert_eq!(stored.as_ref(), Some(&changed));
    let unknown = committed!(game.store, |u| u.commands().get(fixtures::id(1)).await.unwrap());
    assert_eq!(unknown, None);
}

pub async fn open_commands_come_oldest_goal_first(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let newer = execution(&game, 2, 1, &[1, 0]).await;
    let older = execution(&game, 1, 0, &[1, 0, 2]).await;
    let of = |goal: &Instance, n, step| fixtures::command(n, goal, game.connection.id, step);
    let done = VttCommand { status: CommandStatus::Confirmed, ..of(&older, 10, 0) };
    let sent = VttCommand { status: CommandStatus::Sent, ..of(&older, 11, 1) };
    update(&game, &done).await;
    update(&game, &sent).await;
    let expected = [sent, of(&older, 12, 2), of(&newer, 20, 0), of(&newer, 21, 1)];
    for limit in [10, 3, 1] {
        let open = game.queries.open_commands(limit).await.unwrap();
        assert_eq!(ids(&open), ids(&expected[..expected.len().min(limit as usize)]));
    }
}

pub async fn commands_that_were_sent_to_a_world_are_found(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let goal = execution(&game, 1, 0, &[0, 1, 2, 3]).await;
    let sent = |step: u32, second: u32, kind: CommandKind, status: CommandStatus| {
        let mut command = fixtures::command(10 + step, &goal, game.connection.id, step);
        command.command.kind = kind;
        VttCommand { sent_at: Some(at(second)), status, ..command }
    };
    let early = sent(0, 10, CommandKind::RollDice, CommandStatus::Confirmed);
    let late = sent(1, 20, CommandKind::RollDice, CommandStatus::Expired);
    let other_kind = sent(2, 20, CommandKind::ChatMessage, CommandStatus::Sent);
    for command in [&early, &late, &other_kind] {
        update(&game, command).await;
    }
    let found = async |connection, since| {
        let mut found = committed!(game.store, |uow| {
            let commands = uow.commands();
            commands.sent_since(connection, CommandKind::RollDice, since).await.unwrap()
        });
        found.sort_by_key(|command| command.step);
        found
    };
    let world = game.connection.id;
    assert_eq!(found(world, at(10)).await, [early, late.clone()]);
    assert_eq!(found(world, at(11)).await, [late]);
    assert_eq!(found(world, at(21)).await, []);
    assert_eq!(found(fixtures::id(1), at(0)).await, []);
}

pub async fn closing_an_execution_leaves_finished_steps_alone(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let goal = execution(&game, 1, 0, &[0, 1, 2]).await;
    let other = execution(&game, 2, 1, &[0]).await;
    let mut done = fixtures::command(10, &goal, game.connection.id, 0);
    done.status = CommandStatus::Confirmed;
    let mut sent = fixtures::command(11, &goal, game.connection.id, 1);
    sent.status = CommandStatus::Sent;
    update(&game, &done).await;
    update(&game, &sent).await;
    let close = async || {
        committed!(game.store, |uow| {
            uow.commands().close(goal.id, CommandStatus::Expired).await.unwrap()
        })
    };
    assert_eq!(close().await, 2);
    assert_eq!(close().await, 0);
    let statuses = async |instance| {
        let commands = game.queries.commands(instance).await.unwrap();
        commands.into_iter().map(|command| command.status).collect::<Vec<_>>()
    };
    let expected = [CommandStatus::Confirmed, CommandStatus::Expired, CommandStatus::Expired];
    assert_eq!(statuses(goal.id).await, expected);
    assert_eq!(statuses(other.id).await, [CommandStatus::Pending]);
}

pub async fn changing_a_command_that_is_not_there_is_contention(under_test: &StoreUnderTest) {
    let game = Game::set_up(under_test).await;
    let goal = execution(&game, 1, 0, &[0]).await;
    let unknown = fixtures::command(99, &goal, game.connection.id, 9);
    let mut uow = begun(&game.store).await;
    let outcome = uow.commands().update(&unknown).await;
    assert!(matches!(outcome, Err(StoreError::Contention(_))), "{outcome:?}");
}
