//! Making Twitch send the redemptions of a channel here.

use crate::config::EventSubConfig;
use crate::helix::{CallFailure, Helix};
use crate::logins::Caller;
use crate::turns::Turns;
use gamification_core::ids::TwitchUserId;
use http::StatusCode;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use twitch_api::eventsub::channel::{
    ChannelPointsCustomRewardRedemptionAddV1, ChannelPointsCustomRewardRedemptionUpdateV1,
};
use twitch_api::eventsub::{EventSubscription, Transport};
use twitch_api::helix::eventsub::{
    CreateEventSubSubscriptionBody, CreateEventSubSubscriptionRequest,
};

/// Webhook subscriptions, two per channel, for all of its rewards.
pub(crate) struct Subscriptions {
    helix: Arc<Helix>,
    config: Option<EventSubConfig>,
    turns: Turns,
    /// Channels that were subscribed by this process. It forgets with the process: the first call
    /// after a restart asks Twitch again, which then says 409.
    subscribed: Mutex<HashSet<TwitchUserId>>,
}

impl Subscriptions {
    pub(crate) fn new(helix: Arc<Helix>, config: Option<EventSubConfig>) -> Self {
        Self { helix, config, turns: Turns::default(), subscribed: Mutex::default() }
    }

    /// Subscribes to new and to settled redemptions, unless that is done. The channel is logged in
    /// first: Twitch asks for its consent.
    pub(crate) async fn ensure(&self, channel: &TwitchUserId) -> Result<(), CallFailure> {
        let Some(config) = &self.config else { return Ok(()) };
        let _turn = self.turns.turn(channel).await;
        if self.is_subscribed(channel) {
            return Ok(());
        }
        self.helix.log_in(Caller::Channel(channel)).await?;
        let id = channel.as_str();
        let added = ChannelPointsCustomRewardRedemptionAddV1::broadcaster_user_id(id);
        let updated = ChannelPointsCustomRewardRedemptionUpdateV1::broadcaster_user_id(id);
        self.subscribe(config, added).await?;
        self.subscribe(config, updated).await?;
        tracing::info!(channel = id, "redemptions are delivered here");
        let mut subscribed = self.subscribed.lock().unwrap_or_else(PoisonError::into_inner);
        subscribed.insert(channel.clone());
        Ok(())
    }

    fn is_subscribed(&self, channel: &TwitchUserId) -> bool {
        self.subscribed.lock().unwrap_or_else(PoisonError::into_inner).contains(channel)
    }

    async fn subscribe<E>(&self, config: &EventSubConfig, event: E) -> Result<(), CallFailure>
    where
        E: EventSubscription + Clone + Sync + Send,
    {
        let transport = Transport::webhook(&config.callback_url, config.secret.clone());
        let request = CreateEventSubSubscriptionRequest::<E>::new();
        let body = CreateEventSubSubscriptionBody::new(event, transport);
        match self.helix.post(Caller::Application, &request, &body).await {
            Ok(_) => Ok(()),
            Err(CallFailure::Refused { status: StatusCode::CONFLICT, .. }) => Ok(()),
            // The channel's consent is missing, which a login gives.
            Err(CallFailure::Refused { status: StatusCode::FORBIDDEN, .. }) => {
                Err(CallFailure::LoginNeeded)
            }
            Err(failure) => Err(failure),
        }
    }
}
