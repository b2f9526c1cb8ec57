//! Whose rolls a character's are, and what ends for characters.

use super::changes::Changes;
use super::seat::lock_seat;
use super::{Gamification, Served, ServiceError};
use crate::access::Actor;
use crate::announcement::Announcement;
use crate::campaign::{Character, Spell};
use crate::ids::{CampaignId, CharacterId, CommandId, ConnectionId, StreamerId, VttActorId};
use crate::ports::{Lock, UnitOfWork};
use crate::vtt::{CommandKind, VttCommand};
use serde_json::{Value, json};

/// An effect of ours on a spell that is over, as a table tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectEnd {
    /// Whose spell; some clients do not say.
    pub actor_id: Option<VttActorId>,
    /// The VTT's key of the spell.
    pub spell_id: String,
    /// The command that brought the effect, if the client says so.
    pub command_id: Option<CommandId>,
    /// How it ended.
    pub reason: EffectEndReason,
}

/// How an effect on a spell ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EffectEndReason {
    /// Its time was over.
    Expired,
    /// The spell was used.
    Consumed,
}

impl EffectEndReason {
    const fn word(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Consumed => "consumed",
        }
    }
}

impl Gamification {
    /// Says which streamer a character's rolls belong to; `None` takes it back. Goals that are
    /// running and rolls that were seen stay as they are.
    ///
    /// # Errors
    /// When there is no such character, or the streamer does not take part in its campaign.
    pub async fn assign_character(
        &self,
        actor: &Actor,
        character: CharacterId,
        streamer: Option<StreamerId>,
    ) -> Served<Character> {
        self.retrying(|| Box::pin(self.try_assign(actor, character, streamer))).await
    }

    async fn try_assign(
        &self,
        actor: &Actor,
        id: CharacterId,
        streamer: Option<StreamerId>,
    ) -> Served<Character> {
        let mut uow = self.ports.store.begin().await?;
        let campaign = self.character(uow.as_mut(), id).await?.campaign_id;
        self.living_campaign(uow.as_mut(), campaign, Lock::Exclusive).await?;
        if let Some(streamer) = streamer {
            self.active_member(uow.as_mut(), campaign, streamer).await?;
        }
        let mut character = self.character(uow.as_mut(), id).await?;
        character.assigned_streamer_id = streamer;
        uow.campaigns().save_character(&character).await?;
        let details = json!({ "characterId": id, "streamerId": streamer });
        self.note_down(uow.as_mut(), Some(campaign), actor, "character.assigned", details).await?;
        self.finish(uow, Changes::default()).await?;
        Ok(character)
    }

    async fn character(&self, uow: &mut dyn UnitOfWork, id: CharacterId) -> Served<Character> {
        let character = uow.campaigns().character(id).await?;
        character.ok_or(ServiceError::NotFound("character"))
    }

    /// An actor is gone from its table: so is its character, and it rolls for the GM no longer.
    /// Goals that are running and rolls that were seen stay. `false` when it was not known.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is no such connection or its campaign is gone.
    pub async fn actor_deleted(
        &self,
        connection: ConnectionId,
        actor: &VttActorId,
    ) -> Served<bool> {
        self.retrying(|| Box::pin(self.try_delete_character(connection, actor))).await
    }

    async fn try_delete_character(
        &self,
        connection: ConnectionId,
        actor: &VttActorId,
    ) -> Served<bool> {
        let mut uow = self.ports.store.begin().await?;
        let mut campaign = lock_seat(uow.as_mut(), connection, Lock::Exclusive).await?.campaign;
        let found = uow.campaigns().character_of_actor(campaign.id, actor).await?;
        let Some(character) = found else { return Ok(false) };
        if campaign.gm_character_id == Some(character.id) {
            campaign.gm_character_id = None;
            uow.campaigns().update(&campaign).await?;
        }
        uow.campaigns().delete_character(character.id).await?;
        uow.commit().await?;
        Ok(true)
    }

    /// An effect of ours on a spell is over: the spell is as any other again. Told when it changed
    /// something; what is not known is passed by, because every browser of a world says it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is no such connection or its campaign is gone.
    pub async fn spell_effect_ended(
        &self,
        connection: ConnectionId,
        end: &EffectEnd,
    ) -> Served<()> {
        self.retrying(|| Box::pin(self.try_end_effect(connection, end))).await
    }

    async fn try_end_effect(&self, connection: ConnectionId, end: &EffectEnd) -> Served<()> {
        let mut uow = self.ports.store.begin().await?;
        let campaign = lock_seat(uow.as_mut(), connection, Lock::Shared).await?.campaign.id;
        if let Some(command) = end.command_id {
            self.note_end(uow.as_mut(), campaign, command).await?;
        }
        let mut changes = Changes::default();
        for mut character in self.bearers(uow.as_mut(), campaign, end).await? {
            let spells = &mut character.details.spells;
            let Some(place) = spells.iter().position(|spell| spell.id == end.spell_id) else {
                continue;
            };
            let free = Spell { active_effect: None, ..spells[place].clone() };
            let affected = std::mem::replace(&mut spells[place], free);
            if affected.active_effect.is_some() {
                uow.campaigns().save_character(&character).await?;
                let reason = end.reason.word();
                changes.tell(campaign, Announcement::effect_ended(&character, &affected, reason));
            }
        }
        Ok(self.finish(uow, changes).await?)
    }

    /// Notes that what a command brought has ended, so that it does not count as lasting any more.
    async fn note_end(
        &self,
        uow: &mut dyn UnitOfWork,
        campaign: CampaignId,
        command: CommandId,
    ) -> Served<()> {
        let Some(command) = uow.commands().get(command).await? else { return Ok(()) };
        if command.campaign_id != campaign {
            return Ok(());
        }
        self.lock_owner(uow, &command).await?;
        let current = uow.commands().get(command.id).await?;
        if let Some(mut current) = current.filter(|current| !current.has_ended()) {
            current.note_end();
            uow.commands().update(&current).await?;
        }
        Ok(())
    }

    /// What was taken away at the table does not count any more. The published module does not tell
    /// of it before its next word on the character.
    pub(super) async fn note_removal(
        &self,
        uow: &mut dyn UnitOfWork,
        removal: &VttCommand,
    ) -> Served<()> {
        let payload = &removal.command.payload;
        let named = |key: &str| payload.get(key).and_then(Value::as_str);
        let (actor, spell) = match removal.command.kind {
            CommandKind::RemoveSpellEffect => (named("actorId"), named("spellId")),
            CommandKind::CleanupAllEffects => (None, None),
            _ => return Ok(()),
        };
        for before in uow.campaigns().characters(removal.campaign_id).await? {
            let mut after = before.clone();
            let is_meant = actor.is_none_or(|actor| actor == after.vtt_actor_id.as_str());
            for one in after.details.spells.iter_mut().filter(|_| is_meant) {
                if spell.is_none_or(|spell| spell == one.id) {
                    one.active_effect = None;
                }
            }
            if after != before {
                uow.campaigns().save_character(&after).await?;
            }
        }
        Ok(())
    }

    /// Whose spell it may be. The published module does not say whose spell was used, but names the
    /// command; without that, everybody's of whom that spell is: two actors that were copied from
    /// each other share its key, and the table's next word on them tells the rest.
    async fn bearers(
        &self,
        uow: &mut dyn UnitOfWork,
        campaign: CampaignId,
        end: &EffectEnd,
    ) -> Served<Vec<Character>> {
        let mut actor = end.actor_id.clone();
        if let (None, Some(command)) = (&actor, end.command_id) {
            let command = uow.commands().get(command).await?;
            let command = command.filter(|command| command.campaign_id == campaign);
            let told = command.and_then(|command| {
                command.command.payload.get("actorId").and_then(Value::as_str).map(Into::into)
            });
            actor = told;
        }
        Ok(match actor {
            Some(actor) => {
                let found = uow.campaigns().character_of_actor(campaign, &actor).await?;
                found.into_iter().collect()
            }
            None => uow.campaigns().characters(campaign).await?,
        })
    }
}
