//! Whose rolls a character's are.

use super::changes::Changes;
use super::{Gamification, Served, ServiceError};
use crate::access::Actor;
use crate::campaign::Character;
use crate::ids::{CharacterId, StreamerId};
use crate::ports::{Lock, UnitOfWork};
use serde_json::json;

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
}
