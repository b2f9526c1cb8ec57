//! Who and what is around a goal at its table, as far as its action asks for it.

mod lasting;

use super::{Gamification, Served};
use crate::action::{Needs, Surroundings};
use crate::campaign::Character;
use crate::ids::{CampaignId, CharacterId, StreamerId};
use crate::ports::{Lock, UnitOfWork};
use crate::vtt::{Combat, CommandKind, VttConnection};
use lasting::{SPELL_EFFECT_SECONDS_MAX, lasting, mark_combatants, mark_spells};

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
    ///
    /// Tables tell their effects late or not at all, so what we have put on a spell or a combatant
    /// ourselves counts as lasting too.
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
        let Some(connection) = connection.map(|connection| connection.id) else {
            return Ok(found);
        };
        if let Some(character) = &mut found.character {
            let since = self.now().minus_seconds(SPELL_EFFECT_SECONDS_MAX);
            let ours = lasting(uow, connection, CommandKind::ApplySpellEffect, since).await?;
            mark_spells(character, &ours, self.now());
        }
        if needs.combat {
            found.combat = uow.vtt().combat(connection).await?;
        }
        if let Some(combat) = &mut found.combat {
            let kind = CommandKind::ApplyMonsterEffect;
            let ours = lasting(uow, connection, kind, combat.started_at).await?;
            mark_combatants(combat, &ours);
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
