//! Handing commands to the table. `sent` is committed just before the emit, so a client without a
//! memory gets each command at most once, whatever happens in between.

use super::{Gamification, Served};
use crate::ids::{ConnectionId, InstanceId, SocketId};
use crate::instance::Instance;
use crate::ports::{Lock, SendOutcome, UnitOfWork};
use crate::vtt::{ActingSocket, CommandKind, CommandStatus, VttCommand};
use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry};

/// How many open commands one step looks at.
pub(super) const COMMANDS_MAX: u32 = 500;

/// Silence of that many seconds on a live socket means that a client which confirms nothing has got
/// the command.
const ASSUME_SECONDS: u32 = 3;

/// A command to a client with a memory is sent again after that many seconds without an answer.
const RESEND_SECONDS: u32 = 10;

/// What a command belongs to, locked.
pub(super) enum Owner {
    /// The goal whose execution it is part of.
    Goal(Box<Instance>),
    /// Nobody but the GM who asked for it.
    Gm,
}

/// Whether a command has to wait for that step of its goal: nothing shall be said about an effect
/// that did not happen, or of which nobody can tell.
fn stands_before(step: &VttCommand, command: &VttCommand) -> bool {
    step.step < command.step && step.command.is_required && !step.status.has_happened()
}

impl Gamification {
    /// Hands over what is to be handed over, and decides what silence means. One step; how many
    /// commands moved.
    ///
    /// # Errors
    /// When the store fails; the next step goes on.
    pub async fn drive_commands(&self) -> Served<u64> {
        let open = self.ports.queries.open_commands(COMMANDS_MAX).await?;
        let mut clients: BTreeMap<ConnectionId, Option<ActingSocket>> = BTreeMap::new();
        let mut blocked: BTreeSet<InstanceId> = BTreeSet::new();
        let mut moved = 0;
        for command in open {
            let waits = command.instance_id.is_some_and(|goal| blocked.contains(&goal));
            if command.command.is_required {
                blocked.extend(command.instance_id);
            }
            if command.status == CommandStatus::Sent && command.assume_at.is_some() {
                moved += u64::from(self.assume(&command).await?);
                continue;
            }
            if command.instance_id.is_none() && command.deadline <= self.now() {
                moved += u64::from(self.give_up_command(&command).await?);
                continue;
            }
            let connection = command.connection_id;
            let client = match clients.entry(connection) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(self.ports.vtt.acting_client(connection).await),
            };
            let Some(client) = client else { continue };
            if waits || !self.is_sendable(&command, client) {
                continue;
            }
            if self.hand_over(&command, client).await? {
                moved += 1;
            } else {
                blocked.extend(command.instance_id);
            }
        }
        Ok(moved)
    }

    /// Whether that client may be handed the command now. Commands that it does not know wait for a
    /// client that does, until their deadline.
    fn is_sendable(&self, command: &VttCommand, client: &ActingSocket) -> bool {
        if !client.understands(command.command.kind) {
            return false;
        }
        match command.status {
            CommandStatus::Pending => true,
            CommandStatus::Sent => {
                let is_silent = command
                    .sent_at
                    .is_some_and(|sent| sent.plus_seconds(RESEND_SECONDS) <= self.now());
                let moved_on = command.socket.as_ref() != Some(&client.socket);
                command.is_repeatable && client.remembers_commands && (is_silent || moved_on)
            }
            _ => false,
        }
    }

    /// Takes silence for an answer, three seconds after a command was handed to a live socket.
    async fn assume(&self, command: &VttCommand) -> Served<bool> {
        let (Some(at), Some(socket)) = (command.assume_at, &command.socket) else {
            return Ok(false);
        };
        if at > self.now() {
            return Ok(false);
        }
        let is_live = self.ports.vtt.is_live(command.connection_id, socket).await;
        if !is_live && self.is_held_elsewhere(command, socket).await? {
            return Ok(false);
        }
        let status = if is_live { CommandStatus::Assumed } else { CommandStatus::Unknown };
        self.decide_silence(command, status).await?;
        Ok(true)
    }

    /// Ends a command that a GM asked for and nobody answered; those of goals end with them.
    async fn give_up_command(&self, command: &VttCommand) -> Served<bool> {
        self.retrying(|| {
            Box::pin(async {
                let mut uow = self.ports.store.begin().await?;
                self.lock_owner(uow.as_mut(), command).await?;
                let current = uow.commands().get(command.id).await?;
                let Some(mut current) = current.filter(|c| c.status.is_open()) else {
                    return Ok(false);
                };
                current.status = CommandStatus::Expired;
                uow.commands().update(&current).await?;
                uow.commit().await?;
                Ok(true)
            })
        })
        .await
    }

    /// Whether another node may hold the socket: then it is for that node to say what its silence
    /// means. A client is forgotten when its socket is lost, or when its node has not renewed it.
    async fn is_held_elsewhere(&self, command: &VttCommand, socket: &SocketId) -> Served<bool> {
        let clients = self.ports.queries.clients(command.connection_id, self.now()).await?;
        Ok(clients.iter().any(|client| client.socket == *socket))
    }

    /// Commits that the command is sent, then sends it. `false` when it was not.
    async fn hand_over(&self, command: &VttCommand, client: &ActingSocket) -> Served<bool> {
        let Some(sent) = self.retrying(|| Box::pin(self.mark_sent(command, client))).await? else {
            return Ok(false);
        };
        if self.ports.vtt.send(&sent, &client.socket).await == SendOutcome::Sent {
            return Ok(true);
        }
        self.retrying(|| Box::pin(self.take_back(command, &sent))).await?;
        Ok(false)
    }

    async fn mark_sent(
        &self,
        command: &VttCommand,
        client: &ActingSocket,
    ) -> Served<Option<VttCommand>> {
        let now = self.now();
        let mut uow = self.ports.store.begin().await?;
        if !self.may_be_sent(uow.as_mut(), command).await? {
            return Ok(None);
        }
        let current = uow.commands().get(command.id).await?;
        let Some(mut current) = current.filter(|c| c == command && c.deadline > now) else {
            return Ok(None);
        };
        let echoes = current.command.kind == CommandKind::RollDice;
        current.status = CommandStatus::Sent;
        current.attempts += 1;
        current.sent_at = Some(now);
        current.socket = Some(client.socket.clone());
        current.is_repeatable = client.remembers_commands;
        current.assume_at =
            (!client.remembers_commands && !echoes).then(|| now.plus_seconds(ASSUME_SECONDS));
        uow.commands().update(&current).await?;
        uow.commit().await?;
        Ok(Some(current))
    }

    /// Locks what the command belongs to. A step of an execution is sent while its goal is being
    /// executed and nothing is stopped; what a GM asks for directly is sent in a panic too, since it
    /// is how the GM cleans up.
    async fn may_be_sent(&self, uow: &mut dyn UnitOfWork, command: &VttCommand) -> Served<bool> {
        let Some(campaign) = uow.campaigns().get(command.campaign_id, Lock::Shared).await? else {
            return Ok(false);
        };
        Ok(match self.lock_owner(uow, command).await? {
            None => false,
            Some(Owner::Gm) => true,
            Some(Owner::Goal(goal)) => {
                let steps = uow.commands().of_instance(goal.id).await?;
                !campaign.is_panicked
                    && goal.may_be_sent(self.now())
                    && steps.iter().all(|step| !stands_before(step, command))
            }
        })
    }

    /// Locks what a command belongs to; `None` when that is gone.
    pub(super) async fn lock_owner(
        &self,
        uow: &mut dyn UnitOfWork,
        command: &VttCommand,
    ) -> Served<Option<Owner>> {
        let Some(goal) = command.instance_id else {
            if uow.campaigns().get(command.campaign_id, Lock::Shared).await?.is_none() {
                return Ok(None);
            }
            let connection = uow.vtt().connection(command.connection_id, Lock::Exclusive).await?;
            return Ok(connection.map(|_| Owner::Gm));
        };
        Ok(uow.instances().lock(goal).await?.map(|goal| Owner::Goal(Box::new(goal))))
    }

    /// This time the command was certainly not written to any socket: all is as before. Whether a
    /// client with a memory has got it earlier must not be forgotten, or one without would get it
    /// again.
    async fn take_back(&self, before: &VttCommand, sent: &VttCommand) -> Served<()> {
        let mut uow = self.ports.store.begin().await?;
        self.lock_owner(uow.as_mut(), sent).await?;
        if uow.commands().get(sent.id).await?.as_ref() == Some(sent) {
            let again = VttCommand { attempts: sent.attempts, ..before.clone() };
            uow.commands().update(&again).await?;
            uow.commit().await?;
        }
        Ok(())
    }
}
