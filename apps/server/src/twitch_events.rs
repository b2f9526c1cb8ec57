//! What Twitch tells, whatever it came by: the webhook, a websocket, a conduit.

use crate::ingest::Ingest;
use crate::metrics::Metrics;
use crate::problem::Problem;
use async_trait::async_trait;
use gamification_core::ids::TwitchUserId;
use gamification_core::login::LoginLoss;
use gamification_core::service::{Gamification, Served};
use gamification_twitch::envelope::{Notification, Revocation};
use gamification_twitch::{EventSubSink, SinkBusy};
use std::sync::Arc;
use tokio_util::task::TaskTracker;

/// Hands what Twitch tells to the use cases. Cheap to clone.
#[derive(Clone)]
pub struct TwitchEvents {
    core: Arc<Gamification>,
    ingest: Ingest,
    metrics: Arc<Metrics>,
    /// Where work goes on that Twitch does not wait for.
    tasks: TaskTracker,
}

impl TwitchEvents {
    /// Clicks go through `ingest`, everything else to the core at once.
    #[must_use]
    pub const fn new(
        core: Arc<Gamification>,
        ingest: Ingest,
        metrics: Arc<Metrics>,
        tasks: TaskTracker,
    ) -> Self {
        Self { core, ingest, metrics, tasks }
    }

    /// Takes one notification; what it says about points is committed when this returns.
    ///
    /// # Errors
    /// 503 when the store does not answer: Twitch sends it again, where it does that.
    pub async fn take(&self, notification: Notification) -> Result<(), Problem> {
        match notification {
            Notification::RedemptionAdded { redemption, .. } => {
                let id = redemption.id.clone();
                let outcome = self.ingest.submit(*redemption).await?;
                tracing::debug!(redemption = %id, ?outcome, "click");
            }
            Notification::RedemptionUpdated { redemption, status, .. } => {
                self.core.redemption_updated(&redemption, status).await?;
            }
            Notification::RewardChanged { channel, .. }
            | Notification::RewardRemoved { channel, .. } => {
                self.look_at_rewards(channel);
            }
            Notification::PollChanged { channel, poll } => {
                let opened = self.core.poll_changed(&channel, &poll).await?;
                for goal in opened {
                    tracing::info!(%channel, instance = %goal.id, "a poll opened a goal");
                }
            }
            Notification::AuthorizationRevoked { channel } => self.lose_login(&channel).await?,
            Notification::StreamChanged { channel, is_live } => {
                tracing::debug!(%channel, is_live, "a stream began or ended");
            }
            Notification::ShardDisabled { conduit_id, shard_id } => {
                tracing::warn!(conduit_id, shard_id, "Twitch disabled a shard");
            }
            Notification::Other { subscription_type } => {
                tracing::debug!(subscription_type, "a notification was ignored");
            }
        }
        Ok(())
    }

    /// Takes the end of a subscription. The link makes a new one where it may.
    ///
    /// # Errors
    /// 503 when the store does not answer.
    pub async fn subscription_ended(&self, revocation: &Revocation) -> Result<(), Problem> {
        tracing::warn!(
            subscription = revocation.subscription_id,
            kind = revocation.subscription_type,
            reason = revocation.reason,
            channel = revocation.channel.as_ref().map(|id| id.as_str()),
            "Twitch ended a subscription"
        );
        match &revocation.channel {
            Some(channel) if revocation.reason == "authorization_revoked" => {
                self.lose_login(channel).await
            }
            _ => Ok(()),
        }
    }

    async fn lose_login(&self, channel: &TwitchUserId) -> Result<(), Problem> {
        self.core.lose_login(channel, None, LoginLoss::Revoked).await?;
        Ok(())
    }

    /// Our own changes are told as well, so the event only says when to look.
    fn look_at_rewards(&self, channel: TwitchUserId) {
        let core = Arc::clone(&self.core);
        self.tasks.spawn(async move {
            note(core.inspect_rewards_of(&channel).await, &channel, "rewards were not looked at");
        });
    }
}

#[async_trait]
impl EventSubSink for TwitchEvents {
    async fn channels(&self) -> Vec<TwitchUserId> {
        match self.core.ports().queries.channels_with_rewards().await {
            Ok(people) => people.into_iter().map(|person| person.twitch_id).collect(),
            Err(error) => {
                tracing::warn!(%error, "the channels with rewards cannot be read");
                Vec::new()
            }
        }
    }

    async fn deliver(&self, notification: Notification) -> Result<(), SinkBusy> {
        self.take(notification).await.map_err(|problem| {
            tracing::warn!(%problem, "an event was not taken: the poll will find what it told");
            SinkBusy
        })
    }

    async fn reconnected(&self, channel: &TwitchUserId) {
        let missed = self.core.find_missed_redemptions_of(channel).await;
        if let Ok(missed) = &missed {
            self.metrics.count_missed(*missed);
        }
        note(missed, channel, "what was missed was not asked for");
    }

    async fn revoked(&self, revocation: Revocation) {
        if let Err(problem) = self.subscription_ended(&revocation).await {
            tracing::warn!(%problem, "a revocation was not stored");
        }
    }
}

fn note<T>(outcome: Served<T>, channel: &TwitchUserId, what: &'static str) {
    if let Err(error) = outcome {
        tracing::warn!(%channel, %error, what);
    }
}
