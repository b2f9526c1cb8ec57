//! Secret addresses of overlays, and what overlays tell of themselves.

use super::changes::Changes;
use super::{Gamification, Served, ServiceError};
use crate::access::{Actor, OverlaySecret, OverlaySighting, OverlayToken};
use crate::ids::{CampaignId, OverlayId, StreamerId};
use crate::ports::{Lock, UnitOfWork};
use serde_json::json;

impl Gamification {
    /// Makes a secret address of a streamer's overlay.
    ///
    /// # Errors
    /// When the streamer is no active member of the campaign.
    pub async fn create_overlay(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        streamer: StreamerId,
        secret: OverlaySecret,
    ) -> Served<OverlayToken> {
        self.retrying(|| Box::pin(self.try_create_overlay(actor, campaign, streamer, &secret)))
            .await
    }

    async fn try_create_overlay(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        streamer: StreamerId,
        secret: &OverlaySecret,
    ) -> Served<OverlayToken> {
        let mut uow = self.ports.store.begin().await?;
        self.living_campaign(uow.as_mut(), campaign, Lock::Shared).await?;
        self.active_member(uow.as_mut(), campaign, streamer).await?;
        let overlay = OverlayToken {
            id: self.next_id(),
            campaign_id: campaign,
            streamer_id: streamer,
            hash: secret.hash.clone(),
            sealed_token: Some(secret.sealed_token.clone()),
            created_at: self.now(),
            revoked_at: None,
            sighting: None,
        };
        self.save_overlay(uow, actor, "overlay.created", overlay).await
    }

    /// Replaces the token of an overlay: the old address stops working.
    ///
    /// # Errors
    /// When there is no such overlay or it was deleted.
    pub async fn rotate_overlay(
        &self,
        actor: &Actor,
        id: OverlayId,
        secret: OverlaySecret,
    ) -> Served<OverlayToken> {
        self.retrying(|| Box::pin(self.try_rotate_overlay(actor, id, &secret))).await
    }

    async fn try_rotate_overlay(
        &self,
        actor: &Actor,
        id: OverlayId,
        secret: &OverlaySecret,
    ) -> Served<OverlayToken> {
        let mut uow = self.ports.store.begin().await?;
        let mut overlay = self.living_overlay(uow.as_mut(), id).await?;
        overlay.hash.clone_from(&secret.hash);
        overlay.sealed_token = Some(secret.sealed_token.clone());
        overlay.created_at = self.now();
        overlay.sighting = None;
        self.save_overlay(uow, actor, "overlay.rotated", overlay).await
    }

    /// Takes the address of an overlay back.
    ///
    /// # Errors
    /// When there is no such overlay or it was deleted before.
    pub async fn delete_overlay(&self, actor: &Actor, id: OverlayId) -> Served<()> {
        self.retrying(|| Box::pin(self.try_delete_overlay(actor, id))).await
    }

    async fn try_delete_overlay(&self, actor: &Actor, id: OverlayId) -> Served<()> {
        let mut uow = self.ports.store.begin().await?;
        let mut overlay = self.living_overlay(uow.as_mut(), id).await?;
        overlay.revoked_at = Some(self.now());
        self.save_overlay(uow, actor, "overlay.deleted", overlay).await.map(|_| ())
    }

    async fn living_overlay(
        &self,
        uow: &mut dyn UnitOfWork,
        id: OverlayId,
    ) -> Served<OverlayToken> {
        let overlay = uow.access().overlay(id).await?;
        let overlay = overlay.filter(|overlay| overlay.revoked_at.is_none());
        overlay.ok_or(ServiceError::NotFound("overlay"))
    }

    async fn save_overlay(
        &self,
        mut uow: Box<dyn UnitOfWork>,
        actor: &Actor,
        action: &str,
        overlay: OverlayToken,
    ) -> Served<OverlayToken> {
        uow.access().save_overlay(&overlay).await?;
        let details = json!({ "overlayId": overlay.id, "streamerId": overlay.streamer_id });
        let campaign = Some(overlay.campaign_id);
        self.note_down(uow.as_mut(), campaign, actor, action, details).await?;
        self.finish(uow, Changes::default()).await?;
        Ok(overlay)
    }

    /// Keeps what overlays told of themselves, all in one transaction; of how many. What is told of
    /// an address that was replaced or taken back since, or is known to be newer, changes nothing.
    ///
    /// # Errors
    /// When the store cannot.
    pub async fn record_sightings(&self, sightings: &[OverlaySighting]) -> Served<u64> {
        if sightings.is_empty() {
            return Ok(0);
        }
        self.retrying(|| Box::pin(self.try_record_sightings(sightings))).await
    }

    async fn try_record_sightings(&self, sightings: &[OverlaySighting]) -> Served<u64> {
        let mut uow = self.ports.store.begin().await?;
        let changed = uow.access().note_sightings(sightings).await?;
        self.finish(uow, Changes::default()).await?;
        Ok(changed)
    }
}
