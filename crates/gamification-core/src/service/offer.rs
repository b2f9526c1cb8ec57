//! Offering an event on a channel, and saying at once what came of it on Twitch.

use super::{Gamification, OptIn, Served, ServiceError};
use crate::access::Actor;
use crate::event::StreamerConfig;
use crate::ids::{CampaignId, EventId, StreamerId};
use crate::ports::RewardError;
use crate::reward::{Reward, RewardStatus};

/// What viewers see of an opt-in right now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferState {
    /// The reward is on Twitch as it should be, redeemable or paused.
    OnTwitch,
    /// Twitch has not answered yet; the reconciler goes on.
    Pending,
    /// Stored, but the streamer has to authorise rewards first.
    AuthorisationNeeded,
    /// Switched off.
    Off,
}

/// An opt-in with what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The opt-in as it is stored.
    pub config: StreamerConfig,
    /// The reward that viewers see, if there is one.
    pub reward: Option<Reward>,
    /// Where it stands.
    pub state: OfferState,
}

impl Gamification {
    /// Switches an event on or off on a channel or changes its price there, and takes one step
    /// towards it on Twitch.
    ///
    /// # Errors
    /// As [`opt_in`](Self::opt_in); [`ServiceError::Twitch`] when Twitch refused a reward that was
    /// to be switched on: the switch is off again, with the reason.
    pub async fn offer_event(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        streamer: StreamerId,
        event: EventId,
        wish: OptIn,
    ) -> Served<Offer> {
        let config = self.opt_in(actor, campaign, streamer, event, wish).await?;
        match self.reconcile_reward_of(campaign, streamer, event).await {
            Ok(reward) => self.offer(config, reward).await,
            Err(ServiceError::Twitch(RewardError::Unavailable { .. })) => {
                let mut uow = self.ports.store.begin().await?;
                let reward = uow.rewards().live(campaign, streamer, event).await?;
                Ok(Offer { config, reward, state: OfferState::Pending })
            }
            Err(ServiceError::Twitch(refusal)) if config.is_enabled => {
                self.switch_off_refused(&config, &refusal).await?;
                Err(refusal.into())
            }
            Err(error) => Err(error),
        }
    }

    async fn offer(&self, config: StreamerConfig, reward: Option<Reward>) -> Served<Offer> {
        let queries = &self.ports.queries;
        let member = queries.membership(config.campaign_id, config.streamer_id).await?;
        let is_authorised = member.is_some_and(|member| member.is_authorised(self.now()));
        let state = match &reward {
            _ if !config.is_enabled => OfferState::Off,
            _ if !is_authorised => OfferState::AuthorisationNeeded,
            Some(reward) if reward.twitch_id.is_some() => OfferState::OnTwitch,
            _ => OfferState::Pending,
        };
        Ok(Offer { config, reward, state })
    }

    /// Twitch will not have the reward: the channel must not seem to offer it, and the row of a
    /// reward that was never made goes.
    async fn switch_off_refused(
        &self,
        config: &StreamerConfig,
        refusal: &RewardError,
    ) -> Served<()> {
        let mut uow = self.ports.store.begin().await?;
        let (campaign, streamer, event) = (config.campaign_id, config.streamer_id, config.event_id);
        let off = StreamerConfig {
            is_enabled: false,
            switched_off_reason: Some(refusal.to_string()),
            ..config.clone()
        };
        uow.configs().save_streamer_config(&off).await?;
        let live = uow.rewards().live(campaign, streamer, event).await?;
        if let Some(unmade) = live.filter(|reward| reward.twitch_id.is_none()) {
            // An earlier try that was not answered may have made it: then it is looked for.
            let was_doubtful = unmade.failed_attempts > 1;
            let status = if was_doubtful { RewardStatus::Deleting } else { RewardStatus::Deleted };
            let retired_at = Some(self.now());
            uow.rewards().update(&Reward { status, retired_at, ..unmade }).await?;
        }
        Ok(uow.commit().await?)
    }
}
