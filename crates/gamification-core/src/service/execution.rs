//! The execution tracker: commands are stored, handed over, confirmed; the goal ends when every
//! required step has happened, or cannot happen any more.

use super::changes::Changes;
use super::commands::Owner;
use super::roll::IncomingRoll;
use super::{Gamification, Served, ServiceError};
use crate::event::Event;
use crate::ids::{ConnectionId, InstanceId, SocketId};
use crate::instance::{FailureReason, Instance, InstanceState};
use crate::ports::UnitOfWork;
use crate::vtt::{CommandKind, CommandResult, CommandStatus, VttCommand};
use serde_json::{Value, json};

/// What a client with a memory answers when it cannot tell whether a command had its effect.
const OUTCOME_UNKNOWN: &str = "outcome_unknown";

/// For how long after it was handed over a forced roll is recognised when it comes back, in
/// seconds.
const ECHO_SECONDS: u32 = 30;

impl Gamification {
    /// Takes a client's answer to a command. Answers to a command that is decided already, or from
    /// another socket than the one that acts, change nothing.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when that world has no such command.
    pub async fn command_result(
        &self,
        connection: ConnectionId,
        socket: &SocketId,
        result: CommandResult,
    ) -> Served<()> {
        self.retrying(|| Box::pin(self.try_command_result(connection, socket, &result))).await
    }

    async fn try_command_result(
        &self,
        connection: ConnectionId,
        socket: &SocketId,
        result: &CommandResult,
    ) -> Served<()> {
        let mut uow = self.ports.store.begin().await?;
        let command = uow.commands().get(result.command_id).await?;
        let command = command.filter(|command| command.connection_id == connection);
        let command = command.ok_or(ServiceError::NotFound("command"))?;
        let Some(owner) = self.lock_owner(uow.as_mut(), &command).await? else {
            return Err(ServiceError::NotFound("command"));
        };
        let Some(mut command) = uow.commands().get(result.command_id).await? else {
            return Err(ServiceError::NotFound("command"));
        };
        let is_late = match &owner {
            Owner::Goal(goal) => !matches!(goal.state, InstanceState::Executing { .. }),
            Owner::Gm => false,
        };
        if is_late || !command.status.is_open() || command.socket.as_ref() != Some(socket) {
            if command.result.is_none() {
                command.result = Some(told_result(&result.outcome));
                uow.commands().update(&command).await?;
                uow.commit().await?;
            }
            return Ok(());
        }
        command.status = match &result.outcome {
            Ok(_) => CommandStatus::Confirmed,
            Err(error) if error == OUTCOME_UNKNOWN => CommandStatus::Unknown,
            Err(_) => CommandStatus::Failed,
        };
        command.result = Some(told_result(&result.outcome));
        uow.commands().update(&command).await?;
        let mut changes = Changes::default();
        self.evaluate_owner(uow.as_mut(), owner, &mut changes).await?;
        Ok(self.finish(uow, changes).await?)
    }

    async fn evaluate_owner(
        &self,
        uow: &mut dyn UnitOfWork,
        owner: Owner,
        changes: &mut Changes,
    ) -> Served<()> {
        if let Owner::Goal(goal) = owner {
            self.evaluate_execution(uow, *goal, changes).await?;
        }
        Ok(())
    }

    /// A socket is gone. What was handed to it less than three seconds ago, by a client that
    /// confirms nothing, may or may not have happened: it is never sent again.
    ///
    /// # Errors
    /// When the store fails; the worker step finds the same out later.
    pub async fn socket_lost(&self, connection: ConnectionId, socket: &SocketId) -> Served<()> {
        let mut uow = self.ports.store.begin().await?;
        let open = uow.commands().open(COMMANDS_MAX).await?;
        drop(uow);
        let doubtful = open.into_iter().filter(|command| {
            command.connection_id == connection
                && command.socket.as_ref() == Some(socket)
                && command.assume_at.is_some_and(|at| at > self.now())
        });
        for command in doubtful {
            self.decide_silence(&command, CommandStatus::Unknown).await?;
        }
        Ok(())
    }

    /// Decides what silence means for a command that was handed to a client that confirms nothing.
    pub(super) async fn decide_silence(
        &self,
        command: &VttCommand,
        status: CommandStatus,
    ) -> Served<()> {
        self.retrying(|| {
            Box::pin(async {
                let mut uow = self.ports.store.begin().await?;
                let Some(owner) = self.lock_owner(uow.as_mut(), command).await? else {
                    return Ok(());
                };
                let current = uow.commands().get(command.id).await?;
                let Some(mut current) = current
                    .filter(|c| c.status == CommandStatus::Sent && c.socket == command.socket)
                else {
                    return Ok(());
                };
                current.status = status;
                uow.commands().update(&current).await?;
                let mut changes = Changes::default();
                self.evaluate_owner(uow.as_mut(), owner, &mut changes).await?;
                Ok(self.finish(uow, changes).await?)
            })
        })
        .await
    }

    /// Recognises a roll that we had forced, and confirms its command if the client does not do so
    /// itself. Such a roll is never a trigger.
    pub(super) async fn confirm_own_roll(
        &self,
        uow: &mut dyn UnitOfWork,
        roll: &IncomingRoll,
        changes: &mut Changes,
    ) -> Served<bool> {
        let since = self.now().minus_seconds(ECHO_SECONDS);
        let kind = CommandKind::RollDice;
        let recent = uow.commands().sent_since(roll.connection_id, kind, since).await?;
        let Some(own) = recent.into_iter().find(|command| is_echo(command, roll)) else {
            return match roll.command_id {
                Some(id) => Ok(uow.commands().get(id).await?.is_some()),
                None => Ok(false),
            };
        };
        if own.is_repeatable {
            return Ok(true);
        }
        let Some(owner) = self.lock_owner(uow, &own).await? else {
            return Ok(true);
        };
        let Some(mut own) = uow.commands().get(own.id).await? else {
            return Ok(true);
        };
        if own.status == CommandStatus::Sent {
            own.status = CommandStatus::Confirmed;
            own.result = Some(json!({ "total": roll.result }));
            uow.commands().update(&own).await?;
            self.evaluate_owner(uow, owner, changes).await?;
        }
        Ok(true)
    }

    /// Ends the execution of a goal if its steps allow it.
    pub(super) async fn evaluate_execution(
        &self,
        uow: &mut dyn UnitOfWork,
        goal: Instance,
        changes: &mut Changes,
    ) -> Served<Instance> {
        if !matches!(goal.state, InstanceState::Executing { .. }) {
            return Ok(goal);
        }
        let steps = uow.commands().of_instance(goal.id).await?;
        let event = self.event_of(uow, &goal).await?;
        if let Some(message) = failure_of(&steps) {
            let failed = goal.fail(FailureReason::Table, message, self.now())?;
            return self.save_transition(uow, &event, failed, changes).await;
        }
        if !has_happened(&steps) || steps.iter().any(|step| step.status.is_open()) {
            return Ok(goal);
        }
        self.execute_with(uow, &event, goal, &steps, changes).await
    }

    async fn execute_with(
        &self,
        uow: &mut dyn UnitOfWork,
        event: &Event,
        goal: Instance,
        steps: &[VttCommand],
        changes: &mut Changes,
    ) -> Served<Instance> {
        let mut report = match self.actions.get(&event.action.kind) {
            Ok(handler) => handler.report(&event.action.config, &goal, steps),
            Err(_) => crate::instance::ExecutionReport::default(),
        };
        let missed = steps.iter().filter(|s| !is_required(s) && !s.status.has_happened());
        for step in missed {
            let failure = format!("{}: {}", step.command.kind.wire_name(), error_of(step));
            if !report.partial_failures.contains(&failure) {
                report.partial_failures.push(failure);
            }
        }
        let executed = goal.executed(report, self.now())?;
        self.save_transition(uow, event, executed, changes).await
    }

    /// Ends a goal whose time is over. An execution whose required steps have all happened is
    /// executed even when a lesser step was never confirmed.
    pub(super) async fn end_overdue(
        &self,
        uow: &mut dyn UnitOfWork,
        event: &Event,
        goal: Instance,
        changes: &mut Changes,
    ) -> Served<Instance> {
        if matches!(goal.state, InstanceState::Executing { .. }) {
            uow.commands().close(goal.id, CommandStatus::Expired).await?;
            let steps = uow.commands().of_instance(goal.id).await?;
            if has_happened(&steps) {
                return self.execute_with(uow, event, goal, &steps, changes).await;
            }
        }
        let ended = goal.expire(self.now())?;
        self.save_transition(uow, event, ended, changes).await
    }

    /// Takes the confirmation of a whole execution, for clients that confirm over HTTP.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] unless the goal of that world's campaign is being executed.
    pub async fn confirm_execution(
        &self,
        connection: ConnectionId,
        instance: InstanceId,
        success: bool,
        message: Option<String>,
    ) -> Served<Instance> {
        let not_pending = ServiceError::NotFound("pending execution");
        let pending = self.pending_execution(instance).await?;
        let pending = pending.ok_or_else(|| not_pending.clone())?;
        let world = self.ports.queries.connection_of(pending.campaign_id).await?;
        if world.is_none_or(|world| world.id != connection || world.is_revoked()) {
            return Err(not_pending);
        }
        self.retrying(|| Box::pin(self.try_confirm(instance, success, message.clone()))).await
    }

    async fn try_confirm(
        &self,
        instance: InstanceId,
        success: bool,
        message: Option<String>,
    ) -> Served<Instance> {
        let mut uow = self.ports.store.begin().await?;
        let goal = uow.instances().lock(instance).await?;
        let goal = goal.filter(|goal| matches!(goal.state, InstanceState::Executing { .. }));
        let goal = goal.ok_or(ServiceError::NotFound("pending execution"))?;
        let event = self.event_of(uow.as_mut(), &goal).await?;
        let mut changes = Changes::default();
        let ended = if success {
            uow.commands().close(goal.id, CommandStatus::Confirmed).await?;
            let steps = uow.commands().of_instance(goal.id).await?;
            self.execute_with(uow.as_mut(), &event, goal, &steps, &mut changes).await?
        } else {
            let message = message.unwrap_or_else(|| "the table reported a failure".to_owned());
            let failed = goal.fail(FailureReason::Table, message, self.now())?;
            self.save_transition(uow.as_mut(), &event, failed, &mut changes).await?
        };
        self.finish(uow, changes).await?;
        Ok(ended)
    }
}

/// How many open commands one step looks at.
pub(super) const COMMANDS_MAX: u32 = 500;

const fn is_required(step: &VttCommand) -> bool {
    step.command.is_required
}

/// Whether there are required steps and all of them have happened.
fn has_happened(steps: &[VttCommand]) -> bool {
    let mut required = steps.iter().filter(|step| is_required(step)).peekable();
    required.peek().is_some() && required.all(|step| step.status.has_happened())
}

/// What the table said against a required step, if it did.
fn failure_of(steps: &[VttCommand]) -> Option<String> {
    let mut failed = steps.iter().filter(|step| step.status == CommandStatus::Failed);
    failed.find(|step| is_required(step)).map(error_of)
}

fn error_of(step: &VttCommand) -> String {
    let told = step.result.as_ref().and_then(|result| result.get("error")).and_then(Value::as_str);
    told.unwrap_or("not confirmed").to_owned()
}

fn told_result(outcome: &Result<Value, String>) -> Value {
    match outcome {
        Ok(value) => json!({ "ok": true, "result": value }),
        Err(error) => json!({ "ok": false, "error": error }),
    }
}

/// Whether a roll is the one that a command forced: by its id where the client says it, else by
/// flavour, formula (white space ignored) and forced value.
fn is_echo(command: &VttCommand, roll: &IncomingRoll) -> bool {
    if roll.command_id == Some(command.id) {
        return true;
    }
    let payload = &command.command.payload;
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    let text = |key: &str| payload.get(key).and_then(Value::as_str).unwrap_or_default();
    let forced = payload.get("forcedResult").and_then(Value::as_i64);
    let first = roll.input.dice().first().and_then(|die| die.results.first()).map(|r| r.value);
    squeezed(text("formula")) == squeezed(&roll.input.formula)
        && text("flavor") == roll.flavor
        && forced.is_some()
        && forced == first
}
