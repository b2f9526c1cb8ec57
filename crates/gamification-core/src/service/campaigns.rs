//! Games: made, changed, given up.

use super::changes::Changes;
use super::{Conflict, Gamification, Served, ServiceError};
use crate::access::Actor;
use crate::campaign::{Campaign, Policies, SessionState, VETO_SECONDS_MAX, VttAwayPolicy};
use crate::ids::{CampaignId, CharacterId, UserId};
use crate::instance::CancelReason;
use crate::ports::{Lock, UnitOfWork};
use crate::validation::{FieldError, limits};
use serde_json::json;

/// A campaign that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCampaign {
    /// What people call it, 3–45 characters.
    pub name: String,
    /// The VTT's id of the game system.
    pub game_system: Option<String>,
}

/// What is to change of a campaign; what is `None` stays, an inner `None` clears.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CampaignChanges {
    /// What people call it, 3–45 characters.
    pub name: Option<String>,
    /// The VTT's id of the game system.
    pub game_system: Option<Option<String>>,
    /// The actor that rolls for the GM; one of the campaign's.
    pub gm_character_id: Option<Option<CharacterId>>,
    /// What happens while the VTT is away.
    pub vtt_away: Option<VttAwayPolicy>,
    /// Whether rolls that players cannot see count.
    pub hidden_rolls_count: Option<bool>,
    /// The veto window, in seconds, 0 to [`VETO_SECONDS_MAX`]; goals that are open keep theirs.
    pub veto_seconds: Option<u32>,
}

impl Gamification {
    /// Makes a campaign. Whether the person may make one is the caller's to know.
    ///
    /// # Errors
    /// When a field is wrong or there is no such person.
    pub async fn create_campaign(
        &self,
        actor: &Actor,
        owner: UserId,
        new: NewCampaign,
    ) -> Served<Campaign> {
        self.retrying(|| Box::pin(self.try_create_campaign(actor, owner, &new))).await
    }

    async fn try_create_campaign(
        &self,
        actor: &Actor,
        owner: UserId,
        new: &NewCampaign,
    ) -> Served<Campaign> {
        let mut campaign = Campaign {
            id: self.next_id(),
            owner_id: owner,
            name: String::new(),
            game_system: None,
            gm_character_id: None,
            session: SessionState::Never,
            policies: Policies::default(),
            is_panicked: false,
            is_deleting: false,
            created_at: self.now(),
        };
        name_campaign(&mut campaign, Some(&new.name), Some(&new.game_system))?;
        let mut uow = self.ports.store.begin().await?;
        self.person(uow.as_mut(), owner).await?;
        uow.campaigns().insert(&campaign).await?;
        let details = json!({ "name": campaign.name, "ownerId": owner });
        self.note_down(uow.as_mut(), Some(campaign.id), actor, "campaign.created", details).await?;
        self.finish(uow, Changes::default()).await?;
        Ok(campaign)
    }

    /// Changes a campaign's name, system or policies.
    ///
    /// # Errors
    /// When a field is wrong, or the campaign is not there or being deleted.
    pub async fn change_campaign(
        &self,
        actor: &Actor,
        id: CampaignId,
        wish: CampaignChanges,
    ) -> Served<Campaign> {
        self.retrying(|| Box::pin(self.try_change_campaign(actor, id, &wish))).await
    }

    async fn try_change_campaign(
        &self,
        actor: &Actor,
        id: CampaignId,
        wish: &CampaignChanges,
    ) -> Served<Campaign> {
        let mut uow = self.ports.store.begin().await?;
        let mut campaign = self.living_campaign(uow.as_mut(), id, Lock::Exclusive).await?;
        name_campaign(&mut campaign, wish.name.as_ref(), wish.game_system.as_ref())?;
        if let Some(character) = wish.gm_character_id {
            if let Some(character) = character {
                let known = uow.campaigns().character(character).await?;
                if known.is_none_or(|character| character.campaign_id != id) {
                    let reason = "is not a character of this campaign";
                    return Err(ServiceError::invalid("gmCharacterId", reason));
                }
            }
            campaign.gm_character_id = character;
        }
        let policies = &mut campaign.policies;
        policies.vtt_away = wish.vtt_away.unwrap_or(policies.vtt_away);
        policies.hidden_rolls_count =
            wish.hidden_rolls_count.unwrap_or(policies.hidden_rolls_count);
        if let Some(seconds) = wish.veto_seconds {
            if seconds > VETO_SECONDS_MAX {
                let reason = format!("must be 0 to {VETO_SECONDS_MAX} seconds");
                return Err(ServiceError::invalid("policies.vetoSeconds", reason));
            }
            policies.veto_seconds = seconds;
        }
        uow.campaigns().update(&campaign).await?;
        let details = json!({
            "name": campaign.name,
            "gameSystem": campaign.game_system,
            "gmCharacterId": campaign.gm_character_id,
            "policies": campaign.policies,
        });
        self.note_down(uow.as_mut(), Some(id), actor, "campaign.changed", details).await?;
        let mut changes = Changes::default();
        changes.wake_workers();
        self.finish(uow, changes).await?;
        Ok(campaign)
    }

    /// Begins to delete a campaign: goals that were not completed are cancelled and refunded,
    /// nothing new starts. It is gone once everything in it is settled and its rewards are deleted.
    /// Repeating it changes nothing.
    ///
    /// # Errors
    /// When there is no such campaign.
    pub async fn delete_campaign(&self, actor: &Actor, id: CampaignId) -> Served<()> {
        self.retrying(|| Box::pin(self.try_delete_campaign(actor, id))).await
    }

    async fn try_delete_campaign(&self, actor: &Actor, id: CampaignId) -> Served<()> {
        let mut uow = self.ports.store.begin().await?;
        let mut campaign = self.campaign(uow.as_mut(), id, Lock::Exclusive).await?;
        if campaign.is_deleting {
            return Ok(());
        }
        campaign.is_deleting = true;
        uow.campaigns().update(&campaign).await?;
        let mut changes = Changes::default();
        changes.wake_workers();
        let goals = uow.instances().lock_all_open(id, None).await?;
        let reason = CancelReason::CampaignDeleted;
        self.stop_goals(uow.as_mut(), goals, reason, &mut changes).await?;
        let details = json!({ "name": campaign.name });
        self.note_down(uow.as_mut(), Some(id), actor, "campaign.deleted", details).await?;
        Ok(self.finish(uow, changes).await?)
    }

    /// The campaign, locked as told.
    pub(super) async fn campaign(
        &self,
        uow: &mut dyn UnitOfWork,
        id: CampaignId,
        lock: Lock,
    ) -> Served<Campaign> {
        uow.campaigns().get(id, lock).await?.ok_or(ServiceError::NotFound("campaign"))
    }

    /// The campaign, locked as told, unless it is being deleted.
    pub(super) async fn living_campaign(
        &self,
        uow: &mut dyn UnitOfWork,
        id: CampaignId,
        lock: Lock,
    ) -> Served<Campaign> {
        let campaign = self.campaign(uow, id, lock).await?;
        if campaign.is_deleting {
            return Err(Conflict::CampaignDeleting.into());
        }
        Ok(campaign)
    }
}

/// Sets the name and the game system where they are told.
fn name_campaign(
    campaign: &mut Campaign,
    name: Option<&String>,
    game_system: Option<&Option<String>>,
) -> Served<()> {
    let mut errors = Vec::<FieldError>::new();
    match name.map(|name| limits::name("name", name)) {
        Some(Ok(name)) => campaign.name = name,
        Some(Err(error)) => errors.push(error),
        None => {}
    }
    if let Some(system) = game_system {
        let checked = system
            .as_ref()
            .map(|system| limits::check_text("gameSystem", system, &limits::VTT_ID_CHARS));
        errors.extend(checked.and_then(Result::err));
        campaign.game_system.clone_from(system);
    }
    if errors.is_empty() { Ok(()) } else { Err(ServiceError::Invalid(errors)) }
}
