//! Who and what is around a goal at its table, as far as its action asks for it.

use super::{Gamification, Served};
use crate::action::{Needs, Surroundings};
use crate::campaign::Character;
use crate::ids::{CampaignId, CharacterId, StreamerId};
use crate::ports::{Lock, UnitOfWork};
use crate::vtt::{Combat, VttConnection};

/// What an action finds at the table.
#[derive(Default)]
pub(super) struct Found {
    character: Option<Character>,
    combat: Option<Combat>,
}

impl Found {
    pub(super) const fn as_surroundings(&self) -> Surroundings<'_> {
        Surroundings { character: self.character.as_ref(), combat: self.combat.as_ref() }
    }
}

impl Gamification {
    /// What an action with those needs finds. Nothing is read that it does not need.
    pub(super) async fn surroundings(
        &self,
        uow: &mut dyn UnitOfWork,
        needs: Needs,
        campaign: CampaignId,
        streamer: Option<StreamerId>,
        connection: Option<&VttConnection>,
    ) -> Served<Found> {
        let mut found = Found::default();
        if needs.character {
            let gm_character = uow.campaigns().get(campaign, Lock::None).await?;
            let gm_character = gm_character.and_then(|campaign| campaign.gm_character_id);
            let characters = uow.campaigns().characters(campaign).await?;
            found.character = target(&characters, streamer, gm_character).cloned();
        }
        if let (true, Some(connection)) = (needs.combat, connection) {
            found.combat = uow.vtt().combat(connection.id).await?;
        }
        Ok(found)
    }
}

/// The character that an action is about: the streamer's assigned one (the first by name, where
/// there are several), else the GM's active one.
fn target(
    characters: &[Character],
    streamer: Option<StreamerId>,
    gm_character: Option<CharacterId>,
) -> Option<&Character> {
    let is_assigned = |c: &&Character| streamer.is_some() && c.assigned_streamer_id == streamer;
    let is_gms = |c: &&Character| Some(c.id) == gm_character;
    characters.iter().find(is_assigned).or_else(|| characters.iter().find(is_gms))
}
