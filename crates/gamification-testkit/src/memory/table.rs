use super::unit::{MemoryUnit, insert_new, replace};
use async_trait::async_trait;
use gamification_core::ids::{CommandId, ConnectionId, InstanceId, RollId};
use gamification_core::ports::{CommandRepository, RollFilter, RollRepository, StoreError};
use gamification_core::time::Timestamp;
use gamification_core::vtt::{Attribution, CommandKind, CommandStatus, DiceRoll, VttCommand};

type Stored<T> = Result<T, StoreError>;

/// Whether a list with that filter has the roll.
pub(super) fn is_listed(roll: &DiceRoll, filter: &RollFilter) -> bool {
    let is_pending = roll.attribution == Attribution::Pending;
    filter.pending.is_none_or(|pending| is_pending == pending)
        && !(filter.only_public && roll.is_hidden)
}

fn takes_back(command: &VttCommand, undone: CommandId) -> bool {
    let is_over = matches!(command.status, CommandStatus::Failed | CommandStatus::Expired);
    command.undoes == Some(undone) && !is_over
}

#[async_trait]
impl CommandRepository for MemoryUnit {
    async fn insert(&mut self, commands: &[VttCommand]) -> Stored<()> {
        let table = &mut self.write()?.commands;
        commands.iter().try_for_each(|command| {
            let is_taken_back = |undone| table.values().any(|other| takes_back(other, undone));
            if command.undoes.is_some_and(is_taken_back) {
                return Err(StoreError::Contention("it is being taken back already".to_owned()));
            }
            insert_new(table, command.id, command)
        })
    }

    async fn get(&mut self, id: CommandId) -> Stored<Option<VttCommand>> {
        Ok(self.read()?.commands.get(&id).cloned())
    }

    async fn of_instance(&mut self, instance: InstanceId) -> Stored<Vec<VttCommand>> {
        Ok(self.read()?.commands_of(instance))
    }

    async fn update(&mut self, command: &VttCommand) -> Stored<()> {
        replace(&mut self.write()?.commands, &command.id, command)
    }

    async fn sent_since(
        &mut self,
        connection: ConnectionId,
        kind: CommandKind,
        since: Timestamp,
    ) -> Stored<Vec<VttCommand>> {
        let commands = &self.read()?.commands;
        Ok(commands
            .values()
            .filter(|c| c.connection_id == connection && c.command.kind == kind)
            .filter(|c| c.sent_at.is_some_and(|at| at >= since))
            .cloned()
            .collect())
    }

    async fn waiting(
        &mut self,
        connection: ConnectionId,
        kind: CommandKind,
    ) -> Stored<Vec<VttCommand>> {
        let is_waiting = |c: &&VttCommand| {
            c.connection_id == connection
                && c.command.kind == kind
                && c.status == CommandStatus::Pending
        };
        Ok(self.read()?.commands.values().filter(is_waiting).cloned().collect())
    }

    async fn undo_of(&mut self, id: CommandId) -> Stored<Option<VttCommand>> {
        Ok(self.read()?.commands.values().find(|c| takes_back(c, id)).cloned())
    }

    async fn close(&mut self, instance: InstanceId, status: CommandStatus) -> Stored<u64> {
        let mut closed = 0;
        for command in self.write()?.commands.values_mut() {
            if command.instance_id == Some(instance) && command.status.is_open() {
                command.status = status;
                closed += 1;
            }
        }
        Ok(closed)
    }
}

#[async_trait]
impl RollRepository for MemoryUnit {
    async fn insert(&mut self, roll: &DiceRoll) -> Stored<bool> {
        let rolls = &mut self.write()?.rolls;
        let place = |r: &DiceRoll| (r.connection_id, r.message_id.clone(), r.index);
        if rolls.values().any(|seen| place(seen) == place(roll)) {
            return Ok(false);
        }
        insert_new(rolls, roll.id, roll)?;
        Ok(true)
    }

    async fn lock(&mut self, id: RollId) -> Stored<Option<DiceRoll>> {
        Ok(self.read()?.rolls.get(&id).cloned())
    }

    async fn update(&mut self, roll: &DiceRoll) -> Stored<()> {
        replace(&mut self.write()?.rolls, &roll.id, roll)
    }
}
