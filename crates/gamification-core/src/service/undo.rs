//! What a GM asks the table for directly: taking an effect back, cleaning up, telling characters
//! anew. These commands belong to no goal, and nothing of the ledger hangs on them.

use super::{Conflict, Gamification, Served, ServiceError};
use crate::access::Actor;
use crate::ids::{CampaignId, CommandId, ConnectionId, VttActorId};
use crate::instance::EXECUTION_DEADLINE_SECONDS;
use crate::ports::{Lock, UnitOfWork, Wakeup};
use crate::vtt::{CommandKind, CommandStatus, PlannedCommand, VttCommand, VttConnection};
use serde_json::{Value, json};

/// How much of one kind may wait for a table that does not answer.
const WAITING_MAX: usize = 20;

impl Gamification {
    /// Takes an effect back. Our module does it with the exact inverse that it kept; at the
    /// published one, effects on spells and monsters can be removed. Redemptions stay as they are.
    ///
    /// # Errors
    /// [`Conflict::NotUndoable`] with the reason; [`Conflict::UndoneAlready`].
    pub async fn undo_command(&self, actor: &Actor, id: CommandId) -> Served<VttCommand> {
        self.retrying(|| Box::pin(self.try_undo(actor, id))).await
    }

    async fn try_undo(&self, actor: &Actor, id: CommandId) -> Served<VttCommand> {
        let mut uow = self.ports.store.begin().await?;
        let done = uow.commands().get(id).await?.ok_or(ServiceError::NotFound("command"))?;
        self.living_campaign(uow.as_mut(), done.campaign_id, Lock::Shared).await?;
        let world = self.world_of(uow.as_mut(), done.campaign_id).await?;
        if world.id != done.connection_id {
            let reason = "it was done at another world than the one that is paired now";
            return Err(Conflict::NotUndoable(reason).into());
        }
        if uow.commands().undo_of(id).await?.is_some() {
            return Err(Conflict::UndoneAlready.into());
        }
        let inverse = inverse_of(&done, &world)?;
        let undo = self.direct_command(&world, done.campaign_id, inverse, Some(id));
        uow.commands().insert(std::slice::from_ref(&undo)).await?;
        let details = json!({ "commandId": id, "undoId": undo.id });
        let campaign = Some(done.campaign_id);
        self.note_down(uow.as_mut(), campaign, actor, "command.undone", details).await?;
        uow.commit().await?;
        self.ports.broadcaster.wake(Wakeup::Work);
        Ok(undo)
    }

    /// Takes every effect of ours at the table away, and our chat messages too when asked for. What
    /// waits for the table already is not asked for twice.
    ///
    /// # Errors
    /// When no table is paired with the campaign.
    pub async fn clean_up_table(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        cleans_chat: bool,
    ) -> Served<VttCommand> {
        let payload = json!({ "cleanChat": cleans_chat });
        let action = (CommandKind::CleanupAllEffects, "table.cleaned");
        self.ask_table(actor, campaign, action, payload).await
    }

    /// Has the table tell its characters anew, or one of them.
    ///
    /// # Errors
    /// When no table is paired with the campaign.
    pub async fn request_table_sync(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        character: Option<VttActorId>,
    ) -> Served<VttCommand> {
        let payload = match character {
            Some(actor_id) => json!({ "actorId": actor_id }),
            None => json!({}),
        };
        let action = (CommandKind::RequestSync, "table.synchronised");
        self.ask_table(actor, campaign, action, payload).await
    }

    async fn ask_table(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        (kind, action): (CommandKind, &str),
        payload: Value,
    ) -> Served<VttCommand> {
        self.retrying(|| {
            Box::pin(async {
                let mut uow = self.ports.store.begin().await?;
                self.living_campaign(uow.as_mut(), campaign, Lock::Shared).await?;
                let world = self.world_of(uow.as_mut(), campaign).await?;
                let waiting = uow.commands().waiting(world.id, kind).await?;
                if let Some(same) = waiting.iter().find(|c| c.command.payload == payload) {
                    return Ok(same.clone());
                }
                if waiting.len() >= WAITING_MAX {
                    return Err(Conflict::TooMuchAsked.into());
                }
                let planned = PlannedCommand { kind, payload: payload.clone(), is_required: true };
                let command = self.direct_command(&world, campaign, planned, None);
                uow.commands().insert(std::slice::from_ref(&command)).await?;
                let details = json!({ "commandId": command.id, "payload": payload });
                self.note_down(uow.as_mut(), Some(campaign), actor, action, details).await?;
                uow.commit().await?;
                self.ports.broadcaster.wake(Wakeup::Work);
                Ok(command)
            })
        })
        .await
    }

    /// The world that is paired with the campaign, locked, so that the order of locks is that of
    /// the hand-over.
    async fn world_of(
        &self,
        uow: &mut dyn UnitOfWork,
        campaign: CampaignId,
    ) -> Served<VttConnection> {
        let world = uow.vtt().connection_of(campaign).await?.filter(|world| !world.is_revoked());
        let world = world.ok_or(Conflict::NoTable)?;
        let locked: Option<VttConnection> = uow.vtt().connection(world.id, Lock::Exclusive).await?;
        Ok(locked.filter(|world| !world.is_revoked()).ok_or(Conflict::NoTable)?)
    }

    fn direct_command(
        &self,
        world: &VttConnection,
        campaign: CampaignId,
        command: PlannedCommand,
        undoes: Option<CommandId>,
    ) -> VttCommand {
        let deadline = self.now().plus_seconds(EXECUTION_DEADLINE_SECONDS);
        let connection: ConnectionId = world.id;
        VttCommand {
            undoes,
            ..VttCommand::new(self.next_id(), campaign, connection, command, deadline)
        }
    }
}

/// What takes an effect back.
fn inverse_of(done: &VttCommand, world: &VttConnection) -> Result<PlannedCommand, Conflict> {
    let kind = done.command.kind;
    if !kind.has_inverse() {
        return Err(Conflict::NotUndoable("nothing takes a command of this kind back"));
    }
    if !may_have_happened(done) {
        return Err(Conflict::NotUndoable("it did not happen at the table"));
    }
    let planned = |kind, payload| PlannedCommand { kind, payload, is_required: true };
    let is_ours = match &world.acting {
        Some(acting) => acting.understands(CommandKind::Undo),
        None => done.is_repeatable,
    };
    if is_ours && done.is_repeatable {
        return Ok(planned(CommandKind::Undo, json!({ "undoes": done.id })));
    }
    if is_ours {
        let reason = "another module did it: let the game master take it back at the table";
        return Err(Conflict::NotUndoable(reason));
    }
    let part = |keys: &[&str]| {
        let payload = &done.command.payload;
        let known =
            keys.iter().filter_map(|key| Some(((*key).to_owned(), payload.get(key)?.clone())));
        Value::Object(known.collect())
    };
    match kind {
        CommandKind::ApplySpellEffect => {
            Ok(planned(CommandKind::RemoveSpellEffect, part(&["actorId", "spellId"])))
        }
        CommandKind::ApplyMonsterEffect => {
            Ok(planned(CommandKind::RemoveMonsterEffect, part(&["actorId", "combatantId"])))
        }
        _ => Err(Conflict::NotUndoable("only our Foundry module can take this back")),
    }
}

/// Whether there may be something to take back: what was confirmed or assumed, also too late, and
/// what nobody can tell of.
fn may_have_happened(command: &VttCommand) -> bool {
    command.status.has_happened()
        || command.status == CommandStatus::Unknown
        || command.was_confirmed_late()
}
