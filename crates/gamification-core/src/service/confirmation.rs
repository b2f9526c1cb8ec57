//! What the tables say of commands, and what their silence means.

use super::changes::Changes;
use super::commands::{COMMANDS_MAX, Owner};
use super::roll::IncomingRoll;
use super::{Gamification, Served, ServiceError};
use crate::announcement::{Announcement, AnnouncementKind, Visibility};
use crate::ids::{ConnectionId, SocketId};
use crate::instance::InstanceState;
use crate::ports::{Lock, UnitOfWork};
use crate::vtt::{CommandKind, CommandResult, CommandStatus, VttCommand};
use serde_json::{Value, json};

/// What a client with a memory answers when it cannot tell whether a command had its effect.
const OUTCOME_UNKNOWN: &str = "outcome_unknown";

/// For how long after it was handed over a forced roll is recognised when it comes back, in
/// seconds.
const ECHO_SECONDS: u32 = 30;

impl Gamification {
    /// Takes a client's answer to a command. An answer to a command that is decided already, or from
    /// a socket that has no say, is recorded and changes nothing.
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
        let is_heard = self.is_heard(uow.as_mut(), &command, socket).await?;
        if !is_heard || !is_awaited(&owner, &command, &result.outcome) {
            return self.note_late_result(uow, &owner, command, result).await;
        }
        command.status = match &result.outcome {
            Ok(_) => CommandStatus::Confirmed,
            Err(error) if error == OUTCOME_UNKNOWN => CommandStatus::Unknown,
            Err(_) => CommandStatus::Failed,
        };
        command.result = Some(told_result(&result.outcome));
        uow.commands().update(&command).await?;
        let mut changes = Changes::default();
        self.evaluate_owner(uow.as_mut(), owner, &command, &mut changes).await?;
        Ok(self.finish(uow, changes).await?)
    }

    /// Whether a socket may decide about a command: the one that it was handed to, and the one that
    /// acts for the world now. Results of an earlier epoch are recorded, not acted on.
    async fn is_heard(
        &self,
        uow: &mut dyn UnitOfWork,
        command: &VttCommand,
        socket: &SocketId,
    ) -> Served<bool> {
        if command.socket.as_ref() == Some(socket) {
            return Ok(true);
        }
        let world = uow.vtt().connection(command.connection_id, Lock::None).await?;
        let acting = world.and_then(|world| world.acting);
        Ok(acting.is_some_and(|acting| acting.socket == *socket))
    }

    /// Keeps an answer that decides nothing. That an effect happened although everybody was refunded
    /// is told to the GM, who can take it back.
    async fn note_late_result(
        &self,
        mut uow: Box<dyn UnitOfWork>,
        owner: &Owner,
        mut command: VttCommand,
        result: &CommandResult,
    ) -> Served<()> {
        let told = told_result(&result.outcome);
        let was_late = command.was_confirmed_late();
        if was_late || command.result.as_ref() == Some(&told) || command.status.has_happened() {
            return Ok(());
        }
        command.result = Some(told);
        uow.commands().update(&command).await?;
        let mut changes = Changes::default();
        if let (Owner::Goal(goal), true) = (owner, command.was_confirmed_late()) {
            let more = json!({ "commandId": command.id, "kind": command.command.kind });
            let fact = Announcement {
                visibility: Visibility::GmOnly,
                ..Announcement::about(AnnouncementKind::LateConfirmation, goal, more)
            };
            changes.tell(command.campaign_id, fact);
        }
        Ok(self.finish(uow, changes).await?)
    }

    /// Does what follows from a command that was decided.
    async fn evaluate_owner(
        &self,
        uow: &mut dyn UnitOfWork,
        owner: Owner,
        command: &VttCommand,
        changes: &mut Changes,
    ) -> Served<()> {
        match owner {
            Owner::Goal(goal) => {
                self.evaluate_execution(uow, *goal, changes).await?;
            }
            Owner::Gm if command.status.has_happened() => self.note_removal(uow, command).await?,
            Owner::Gm => {}
        }
        Ok(())
    }

    /// A socket is gone. What was handed to it less than three seconds ago, by a client that
    /// confirms nothing, may or may not have happened: it is never sent again.
    ///
    /// # Errors
    /// When the store fails; the worker step finds the same out later.
    pub async fn socket_lost(&self, connection: ConnectionId, socket: &SocketId) -> Served<()> {
        let open = self.ports.queries.open_commands(COMMANDS_MAX).await?;
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
                self.evaluate_owner(uow.as_mut(), owner, &current, &mut changes).await?;
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
        let echoed: Vec<_> = recent.into_iter().filter(|command| is_echo(command, roll)).collect();
        if echoed.is_empty() {
            return match roll.command_id {
                Some(id) => Ok(uow.commands().get(id).await?.is_some()),
                None => Ok(false),
            };
        }
        // Several browsers report the same message, and two inversions may look the same: a message
        // confirms one command, and that is the oldest that waits.
        let is_told = |own: &VttCommand| own.is_repeatable || is_confirmed_by(own, roll);
        let waits = |own: &VttCommand| own.status == CommandStatus::Sent;
        let own = if echoed.iter().any(is_told) { None } else { echoed.into_iter().find(waits) };
        let Some(own) = own else {
            return Ok(true);
        };
        let Some(owner) = self.lock_owner(uow, &own).await? else {
            return Ok(true);
        };
        let Some(mut own) = uow.commands().get(own.id).await? else {
            return Ok(true);
        };
        if own.status == CommandStatus::Sent {
            own.status = CommandStatus::Confirmed;
            own.result = Some(json!({ "total": roll.result, "messageId": roll.message_id }));
            uow.commands().update(&own).await?;
            self.evaluate_owner(uow, owner, &own, changes).await?;
        }
        Ok(true)
    }
}

/// Whether it is this very message that confirmed the command.
fn is_confirmed_by(own: &VttCommand, roll: &IncomingRoll) -> bool {
    let message = own.result.as_ref().and_then(|result| result.get("messageId"));
    message.and_then(Value::as_str) == Some(roll.message_id.as_str())
}

/// Whether an answer can still decide about the command: it is open, or its client could not tell
/// and one that knows says more, before the goal's time is over.
fn is_awaited(owner: &Owner, command: &VttCommand, outcome: &Result<Value, String>) -> bool {
    let is_over = match owner {
        Owner::Goal(goal) => !matches!(goal.state, InstanceState::Executing { .. }),
        Owner::Gm => false,
    };
    let knows_more = command.status == CommandStatus::Unknown
        && command.is_repeatable
        && outcome.as_ref().err().is_none_or(|error| error != OUTCOME_UNKNOWN);
    !is_over && (command.status.is_open() || knows_more)
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
