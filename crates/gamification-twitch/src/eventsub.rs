//! Events of Twitch: what is subscribed to, and by which way it comes here.
//!
//! [`EventSubLink`] compares what Twitch has with what is wanted, at its start, when nudged and
//! every minute, and makes and deletes subscriptions until there is exactly one of each kind for
//! each channel. With websockets it also holds the connections and hands on what they say. Nothing
//! of another installation under the same client id is touched, as far as Twitch lets them be told
//! apart: by the address of their webhooks, and by their conduits. Two installations that use
//! websockets for the same channel cannot be; of two that use a conduit by websocket, one gives way.

mod address;
mod api;
mod application;
mod board;
mod channels;
mod conduit;
mod courier;
mod frame;
mod kinds;
mod link;
mod pauses;
mod plan;
mod reconcile;
mod session;
mod settings;
mod socket;

pub use board::SubscriptionState;
pub use settings::{ConduitShards, EventSubConfig};

use crate::envelope::{Notification, Revocation};
use crate::helix::{CallFailure, Helix};
use api::Api;
use async_trait::async_trait;
use gamification_core::ids::TwitchUserId;
use gamification_core::ports::{Clock, RewardError};
use link::Shared;
use std::sync::Arc;
use std::time::Duration;

/// The longest that [`EventSubLink::ensure`] takes.
const ENSURED_WITHIN: Duration = Duration::from_secs(5);

/// An event cannot be taken now: the store does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("events cannot be taken now")]
pub struct SinkBusy;

/// Where events go, and whose are wanted.
#[async_trait]
pub trait EventSubSink: Send + Sync {
    /// The channels whose events are wanted now.
    ///
    /// # Errors
    /// When that cannot be told now: those that were named last are wanted still.
    async fn channels(&self) -> Result<Vec<TwitchUserId>, SinkBusy>;
    /// Takes an event that came by websocket; those of webhooks come by HTTP. The same event may
    /// come twice, and out of order.
    ///
    /// # Errors
    /// When it should be told again: that goes on for half a minute, then
    /// [`reconnected`](Self::reconnected) is called instead.
    async fn deliver(&self, notification: Notification) -> Result<(), SinkBusy>;
    /// Events of the channel are delivered, and some before may have been missed: Twitch does not
    /// send them again, so this is the moment to ask for what is pending.
    async fn reconnected(&self, channel: &TwitchUserId);
    /// Twitch has ended a subscription and said so by websocket.
    async fn revoked(&self, revocation: Revocation);
}

/// The subscriptions of this installation, and its connections.
pub struct EventSubLink {
    config: EventSubConfig,
    shared: Arc<Shared>,
}

impl EventSubLink {
    pub(crate) fn new(
        helix: Arc<Helix>,
        config: EventSubConfig,
        client_id: String,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let shared = Arc::new(Shared::new(Api::new(helix), client_id, clock));
        Self { config, shared }
    }

    /// Keeps everything subscribed until `stop` is there. To be run once. What was subscribed to by
    /// webhook or conduit stays so: Twitch goes on trying to deliver for a while, which spans a
    /// restart.
    pub async fn run(&self, sink: Arc<dyn EventSubSink>, stop: impl Future<Output = ()> + Send) {
        let link = Arc::clone(&self.shared);
        tokio::select! {
            () = stop => {}
            () = serve(link, sink, self.config.clone()) => {}
        }
    }

    /// Wants the channel from now on, whatever the sink says for the next ten minutes, and waits
    /// until its redemptions are delivered here: before there is a reward, so that none is missed.
    ///
    /// That takes 5 s at most. When it takes longer the answer is `Ok` all the same, with a warning
    /// in the log: subscribing goes on, and until it succeeds polling finds what was redeemed. A
    /// streamer is not kept from making a reward because Twitch is slow to challenge a webhook.
    ///
    /// # Errors
    /// [`RewardError::LoginNeeded`] at once when the channel's login is dead or does not cover it,
    /// [`RewardError::Unavailable`] when the login cannot be read.
    pub async fn ensure(&self, channel: &TwitchUserId) -> Result<(), RewardError> {
        if self.config == EventSubConfig::Off {
            return Ok(());
        }
        let ensured = async {
            self.shared.api.log_in(channel).await.map_err(unavailable)?;
            self.shared.ask_for(channel);
            if !self.shared.board.is_live(channel) {
                self.shared.board.give_another_chance(channel);
                self.shared.nudge();
            }
            let is_live = self.shared.board.settled(channel).await;
            if is_live { Ok(()) } else { Err(RewardError::LoginNeeded) }
        };
        let Ok(ensured) = tokio::time::timeout(ENSURED_WITHIN, ensured).await else {
            tracing::warn!(%channel, "redemptions are not delivered yet: only polling finds them");
            return Ok(());
        };
        ensured
    }

    /// Every subscription of ours as Twitch last told, by channel and type; and those that it would
    /// not make.
    #[must_use]
    pub fn subscriptions(&self) -> Vec<SubscriptionState> {
        self.shared.board.subscriptions()
    }

    /// Compares with Twitch now, because something has changed: who is wanted, a login, or a shard
    /// that was disabled.
    pub fn nudge(&self) {
        self.shared.nudge();
    }

    /// Twitch has said by webhook that a subscription has ended: that is shown at once, and mended
    /// where it may be.
    pub fn ended(&self, revocation: &Revocation) {
        self.shared.board.end(&revocation.subscription_id, &revocation.reason);
        self.shared.nudge();
    }
}

async fn serve(link: Arc<Shared>, sink: Arc<dyn EventSubSink>, config: EventSubConfig) {
    match config {
        EventSubConfig::Off => std::future::pending().await,
        EventSubConfig::Webhook { callback_url, secret } => {
            application::webhook(link, sink, callback_url, secret).await;
        }
        EventSubConfig::Websocket { url } => channels::run(link, sink, url).await,
        EventSubConfig::Conduit { shards } => application::conduit(link, sink, shards).await,
    }
}

fn unavailable(failure: CallFailure) -> RewardError {
    match failure {
        CallFailure::LoginNeeded => RewardError::LoginNeeded,
        CallFailure::RateLimited { after_seconds } => {
            RewardError::Unavailable { after_seconds, reason: failure.to_string() }
        }
        other => RewardError::Unavailable { after_seconds: None, reason: other.to_string() },
    }
}
