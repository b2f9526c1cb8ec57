//! Sessions and cooldowns.

use super::changes::Changes;
use super::{Conflict, Gamification, Served, ServiceError};
use crate::access::Actor;
use crate::announcement::{Announcement, AnnouncementKind, Visibility};
use crate::campaign::{Campaign, SessionState};
use crate::ids::{CampaignId, EventId, SessionId, StreamerId};
use crate::instance::CancelReason;
use crate::ports::{Lock, UnitOfWork};
use serde_json::{Value, json};

impl Gamification {
    /// Starts a session: cooldowns end, and viewer limits count from now on.
    ///
    /// # Errors
    /// [`Conflict::SessionRunning`].
    pub async fn start_session(&self, actor: &Actor, campaign: CampaignId) -> Served<Campaign> {
        self.retrying(|| Box::pin(self.try_start_session(actor, campaign))).await
    }

    async fn try_start_session(&self, actor: &Actor, id: CampaignId) -> Served<Campaign> {
        let mut uow = self.ports.store.begin().await?;
        let mut campaign = self.living_campaign(uow.as_mut(), id, Lock::Exclusive).await?;
        if matches!(campaign.session, SessionState::Running { .. }) {
            return Err(Conflict::SessionRunning.into());
        }
        let (session, started_at) = (self.next_id::<SessionId>(), self.now());
        campaign.session = SessionState::Running { id: session, started_at };
        uow.campaigns().update(&campaign).await?;
        uow.instances().clear_cooldowns(id, None, None).await?;
        let payload = json!({ "sessionId": session, "startedAt": started_at });
        let kind = AnnouncementKind::SessionStarted;
        self.tell_session(uow, actor, campaign, kind, payload, Changes::default()).await
    }

    /// Ends the running session: goals that were not completed are cancelled and refunded, rewards
    /// pause, later clicks are refused.
    ///
    /// # Errors
    /// [`Conflict::NoSession`].
    pub async fn end_session(&self, actor: &Actor, campaign: CampaignId) -> Served<Campaign> {
        self.retrying(|| Box::pin(self.try_end_session(actor, campaign))).await
    }

    async fn try_end_session(&self, actor: &Actor, id: CampaignId) -> Served<Campaign> {
        let mut uow = self.ports.store.begin().await?;
        let mut campaign = self.living_campaign(uow.as_mut(), id, Lock::Exclusive).await?;
        let SessionState::Running { id: session, .. } = campaign.session else {
            return Err(Conflict::NoSession.into());
        };
        let ended_at = self.now();
        campaign.session = SessionState::Ended { id: session, ended_at };
        uow.campaigns().update(&campaign).await?;
        let mut changes = Changes::default();
        let goals = uow.instances().lock_all_open(id, None).await?;
        let reason = CancelReason::SessionEnded;
        self.stop_goals(uow.as_mut(), goals, reason, &mut changes).await?;
        let payload = json!({ "sessionId": session, "endedAt": ended_at });
        let kind = AnnouncementKind::SessionEnded;
        self.tell_session(uow, actor, campaign, kind, payload, changes).await
    }

    async fn tell_session(
        &self,
        mut uow: Box<dyn UnitOfWork>,
        actor: &Actor,
        campaign: Campaign,
        kind: AnnouncementKind,
        payload: Value,
        mut changes: Changes,
    ) -> Served<Campaign> {
        let action = match kind {
            AnnouncementKind::SessionStarted => "session.started",
            _ => "session.ended",
        };
        let id = campaign.id;
        self.note_down(uow.as_mut(), Some(id), actor, action, payload.clone()).await?;
        changes.tell(id, Announcement::about_campaign(kind, Visibility::Everyone, payload));
        changes.wake_workers();
        self.finish(uow, changes).await?;
        Ok(campaign)
    }

    /// Ends the cooldowns of an event, of whatever kind, on all channels; how many there were.
    ///
    /// # Errors
    /// When the campaign has no setting of such an event.
    pub async fn release_cooldown(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        event: EventId,
    ) -> Served<u64> {
        self.retrying(|| Box::pin(self.try_release_cooldown(actor, campaign, event))).await
    }

    async fn try_release_cooldown(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        event: EventId,
    ) -> Served<u64> {
        let mut uow = self.ports.store.begin().await?;
        self.campaign(uow.as_mut(), campaign, Lock::Shared).await?;
        let config = uow.configs().campaign_config(campaign, event, Lock::Shared).await?;
        config.ok_or(ServiceError::NotFound("event"))?;
        let ended = uow.instances().clear_cooldowns(campaign, Some(event), None).await?;
        let told = json!({ "eventId": event });
        self.finish_cooldowns(uow, actor, campaign, "cooldown.released", told, ended).await
    }

    /// Ends every cooldown of the campaign, of one streamer's goals when named; how many.
    ///
    /// # Errors
    /// When there is no such campaign, or no such member.
    pub async fn reset_cooldowns(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        streamer: Option<StreamerId>,
    ) -> Served<u64> {
        self.retrying(|| Box::pin(self.try_reset_cooldowns(actor, campaign, streamer))).await
    }

    async fn try_reset_cooldowns(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        streamer: Option<StreamerId>,
    ) -> Served<u64> {
        let mut uow = self.ports.store.begin().await?;
        self.campaign(uow.as_mut(), campaign, Lock::Shared).await?;
        if let Some(streamer) = streamer {
            let member = uow.campaigns().membership(campaign, streamer).await?;
            member.ok_or(ServiceError::NotFound("member"))?;
        }
        let ended = uow.instances().clear_cooldowns(campaign, None, streamer).await?;
        let told = json!({ "streamerId": streamer });
        self.finish_cooldowns(uow, actor, campaign, "cooldowns.reset", told, ended).await
    }

    async fn finish_cooldowns(
        &self,
        mut uow: Box<dyn UnitOfWork>,
        actor: &Actor,
        campaign: CampaignId,
        action: &str,
        told: Value,
        ended: u64,
    ) -> Served<u64> {
        let mut details = told.clone();
        details["ended"] = json!(ended);
        self.note_down(uow.as_mut(), Some(campaign), actor, action, details).await?;
        let mut changes = Changes::default();
        if ended > 0 {
            let kind = AnnouncementKind::CooldownsReleased;
            changes.tell(campaign, Announcement::about_campaign(kind, Visibility::Everyone, told));
        }
        changes.wake_workers();
        self.finish(uow, changes).await?;
        Ok(ended)
    }
}
