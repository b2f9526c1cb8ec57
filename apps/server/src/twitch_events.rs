//! What Twitch tells, whatever it came by: the webhook, a websocket, a conduit.

use crate::ingest::Ingest;
use crate::metrics::Metrics;
use crate::problem::Problem;
use async_trait::async_trait;
use gamification_core::ids::TwitchUserId;
use gamification_core::login::{LoginLoss, LoginStatus};
use gamification_core::ports::StoreError;
use gamification_core::service::{Gamification, Served};
use gamification_core::time::Timestamp;
use gamification_twitch::envelope::{Notification, Revocation};
use gamification_twitch::scopes::REWARDS;
use gamification_twitch::{EventSubSink, SinkBusy};
use std::collections::BTreeSet;
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

    /// Takes one notification, which Twitch sent then; what it says about points is committed when
    /// this returns.
    ///
    /// # Errors
    /// 503 when the store does not answer: Twitch sends it again, where it does that.
    pub async fn take(
        &self,
        notification: Notification,
        sent_at: Timestamp,
    ) -> Result<(), Problem> {
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
            Notification::AuthorizationRevoked { channel } => {
                self.lose_login(&channel, sent_at).await?;
            }
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

    /// Takes the end of a subscription, which Twitch told then. The link makes a new one where it
    /// may.
    ///
    /// # Errors
    /// 503 when the store does not answer.
    pub async fn subscription_ended(
        &self,
        revocation: &Revocation,
        sent_at: Timestamp,
    ) -> Result<(), Problem> {
        tracing::warn!(
            subscription = revocation.subscription_id,
            kind = revocation.subscription_type,
            reason = revocation.reason,
            channel = revocation.channel.as_ref().map(|id| id.as_str()),
            "Twitch ended a subscription"
        );
        match &revocation.channel {
            Some(channel) if revocation.reason == "authorization_revoked" => {
                self.lose_login(channel, sent_at).await
            }
            _ => Ok(()),
        }
    }

    /// Twitch tells late, and again when it was not answered: what it said before the person logged
    /// in again is about a login that is over. Should our clocks differ by more than that took,
    /// the next call with the login finds it dead.
    async fn lose_login(&self, channel: &TwitchUserId, sent_at: Timestamp) -> Result<(), Problem> {
        let Some(login) = self.core.login_of(channel).await? else { return Ok(()) };
        if sent_at < login.logged_in_at {
            tracing::info!(%channel, "a revocation of an earlier login was ignored");
            return Ok(());
        }
        self.core.lose_login(channel, Some(login.generation), LoginLoss::Revoked).await?;
        Ok(())
    }

    fn now(&self) -> Timestamp {
        self.core.ports().clock.now()
    }

    /// Channels with rewards, and those of everybody who lets us have some: that a login was taken
    /// back is told at once only where we listen.
    async fn listened_to(&self) -> Result<Vec<TwitchUserId>, StoreError> {
        let queries = &self.core.ports().queries;
        let people = queries.channels_with_rewards().await?.into_iter();
        let mut channels: BTreeSet<_> = people.map(|person| person.twitch_id).collect();
        for login in queries.all_logins().await? {
            let lets_us = login.scopes.iter().any(|scope| scope == REWARDS);
            if lets_us && login.status() == LoginStatus::Connected {
                channels.insert(login.twitch_id);
            }
        }
        Ok(channels.into_iter().collect())
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
    async fn channels(&self) -> Result<Vec<TwitchUserId>, SinkBusy> {
        self.listened_to().await.map_err(|error| {
            tracing::warn!(%error, "the channels to listen to cannot be read");
            SinkBusy
        })
    }

    async fn deliver(&self, notification: Notification) -> Result<(), SinkBusy> {
        self.take(notification, self.now()).await.map_err(|problem| {
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
        if let Err(problem) = self.subscription_ended(&revocation, self.now()).await {
            tracing::warn!(%problem, "a revocation was not stored");
        }
    }
}

fn note<T>(outcome: Served<T>, channel: &TwitchUserId, what: &'static str) {
    if let Err(error) = outcome {
        tracing::warn!(%channel, %error, what);
    }
}
