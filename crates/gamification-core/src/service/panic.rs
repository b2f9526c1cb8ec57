//! Panic: nothing opens, counts, arms, is consumed or sent until the GM resumes (2-domain §3.6).
//! Clocks run on, and so do expiry, refunds and confirmations of what was sent.

use super::changes::Changes;
use super::{Gamification, Served, ServiceError};
use crate::access::Actor;
use crate::announcement::{Announcement, AnnouncementKind, Visibility};
use crate::campaign::Campaign;
use crate::ids::{CampaignId, ConnectionId};
use crate::ports::Lock;
use serde_json::json;

impl Gamification {
    /// Stops everything in the campaign at once, or lets it go on. Saying it twice is the same as
    /// once.
    ///
    /// # Errors
    /// When there is no such campaign, or it is being deleted.
    pub async fn set_panic(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        is_panicked: bool,
    ) -> Served<Campaign> {
        self.retrying(|| Box::pin(self.try_set_panic(actor, campaign, is_panicked))).await
    }

    /// The panic key at a table. Whoever holds a game master's socket may stop everything.
    ///
    /// # Errors
    /// When the world belongs to no campaign.
    pub async fn table_panic(
        &self,
        connection: ConnectionId,
        is_panicked: bool,
    ) -> Served<Campaign> {
        let world = self.ports.queries.connection(connection).await?;
        let world = world.ok_or(ServiceError::NotFound("connection"))?;
        let campaign = world.campaign_id.ok_or(ServiceError::NotFound("campaign"))?;
        let actor = Actor::User { user_id: world.owner_id };
        self.set_panic(&actor, campaign, is_panicked).await
    }

    async fn try_set_panic(
        &self,
        actor: &Actor,
        id: CampaignId,
        is_panicked: bool,
    ) -> Served<Campaign> {
        let mut uow = self.ports.store.begin().await?;
        let mut campaign = self.living_campaign(uow.as_mut(), id, Lock::Exclusive).await?;
        if campaign.is_panicked == is_panicked {
            return Ok(campaign);
        }
        campaign.is_panicked = is_panicked;
        uow.campaigns().update(&campaign).await?;
        let action = if is_panicked { "panic.started" } else { "panic.ended" };
        self.note_down(uow.as_mut(), Some(id), actor, action, json!({})).await?;
        let mut changes = Changes::default();
        let payload = json!({ "isActive": is_panicked });
        let kind = AnnouncementKind::Panic;
        changes.tell(id, Announcement::about_campaign(kind, Visibility::Everyone, payload));
        changes.wake_workers();
        self.finish(uow, changes).await?;
        Ok(campaign)
    }
}
