//! Twitch: rewards, redemptions, audiences. Every call is idempotent or safe to repeat.

use crate::cost::Cost;
use crate::event::Colour;
use crate::ids::{RedemptionId, TwitchRewardId, TwitchUserId};
use crate::redemption::{Direction, IncomingRedemption, SettleOutcome, TwitchRedemptionStatus};
use crate::reward::RewardSpec;
use async_trait::async_trait;

/// Why Twitch did not change a reward.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RewardError {
    /// Another reward of the channel has that title.
    #[error("another reward of the channel has that title")]
    DuplicateTitle,
    /// The channel has 50 rewards, disabled ones included.
    #[error("the channel has no free place for another reward (Twitch allows 50)")]
    TooManyRewards,
    /// The channel has no Channel Points.
    #[error("the channel is neither affiliate nor partner, so it has no Channel Points")]
    NotEligible,
    /// The reward belongs to another application.
    #[error("the reward belongs to another application")]
    NotOurs,
    /// The reward does not exist (any more).
    #[error("the reward does not exist on Twitch")]
    Missing,
    /// The channel's login is dead.
    #[error("the channel has to log in with Twitch again")]
    LoginNeeded,
    /// Twitch refused for a reason of its own.
    #[error("Twitch refused: {0}")]
    Refused(String),
    /// Not now; it may or may not have happened.
    #[error("Twitch could not be reached: {reason}")]
    Unavailable {
        /// How long to wait, in seconds.
        after_seconds: Option<u32>,
        /// What went wrong.
        reason: String,
    },
}

/// A reward of ours as Twitch has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwitchReward {
    /// Twitch's key.
    pub id: TwitchRewardId,
    /// What viewers see.
    pub spec: RewardSpec,
    /// Whether redemptions are refused.
    pub is_paused: bool,
    /// Whether viewers see it.
    pub is_enabled: bool,
    /// Whether redemptions are fulfilled at once: then they can never be given back.
    pub skips_queue: bool,
    /// Whether Twitch itself limits redemptions, per stream or viewer or by a cooldown. Ours never
    /// have such limits: Twitch counts pending redemptions in them.
    pub has_limits: bool,
}

/// What is to be changed about a reward; only what is named is sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RewardChange {
    /// The new title.
    pub title: Option<String>,
    /// The new price.
    pub cost: Option<Cost>,
    /// The new prompt.
    pub prompt: Option<String>,
    /// The new background.
    pub colour: Option<Colour>,
    /// Pauses or resumes it.
    pub is_paused: Option<bool>,
}

impl RewardChange {
    /// Everything that is ours to say: for a reward of which nobody knows what Twitch holds.
    #[must_use]
    pub fn whole(spec: &RewardSpec, is_paused: bool) -> Self {
        Self {
            title: Some(spec.title.clone()),
            cost: Some(spec.cost),
            prompt: Some(spec.prompt.clone()),
            colour: Some(spec.colour.clone()),
            is_paused: Some(is_paused),
        }
    }

    /// Pausing or resuming, and nothing else.
    #[must_use]
    pub fn pause(is_paused: bool) -> Self {
        Self { is_paused: Some(is_paused), ..Self::default() }
    }

    /// What has to be said so that a reward that is like `from` becomes like `to`.
    #[must_use]
    pub fn between(from: (&RewardSpec, bool), to: (&RewardSpec, bool)) -> Self {
        let ((old, was_paused), (new, is_paused)) = (from, to);
        Self {
            title: (old.title != new.title).then(|| new.title.clone()),
            cost: (old.cost != new.cost).then_some(new.cost),
            prompt: (old.prompt != new.prompt).then(|| new.prompt.clone()),
            colour: (old.colour != new.colour).then(|| new.colour.clone()),
            is_paused: (was_paused != is_paused).then_some(is_paused),
        }
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Custom rewards and their redemptions on one channel, with that channel's token.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait TwitchRewards: Send + Sync {
    /// Makes a reward whose redemptions go through the request queue, and makes sure that its
    /// redemptions are delivered here.
    ///
    /// # Errors
    /// As told. After [`RewardError::Unavailable`] it may exist: look with [`list`](Self::list).
    async fn create(
        &self,
        channel: &TwitchUserId,
        spec: &RewardSpec,
        is_paused: bool,
    ) -> Result<TwitchRewardId, RewardError>;
    /// Changes what viewers see and whether redemptions are refused. An empty change is no call.
    ///
    /// # Errors
    /// As told.
    async fn update(
        &self,
        channel: &TwitchUserId,
        reward: &TwitchRewardId,
        change: &RewardChange,
    ) -> Result<(), RewardError>;
    /// Deletes it; a reward that is gone already is no error. Twitch then fulfils whatever is
    /// pending: the caller has settled everything before.
    ///
    /// # Errors
    /// As told; success is proof (204 or 404).
    async fn delete(
        &self,
        channel: &TwitchUserId,
        reward: &TwitchRewardId,
    ) -> Result<(), RewardError>;
    /// The rewards of our client id on the channel.
    ///
    /// # Errors
    /// As told.
    async fn list(&self, channel: &TwitchUserId) -> Result<Vec<TwitchReward>, RewardError>;
    /// Redemptions of a reward that Twitch holds unfulfilled, oldest first, at most `limit`.
    ///
    /// # Errors
    /// As told.
    async fn unfulfilled(
        &self,
        channel: &TwitchUserId,
        reward: &TwitchRewardId,
        limit: u32,
    ) -> Result<Vec<IncomingRedemption>, RewardError>;
    /// What Twitch holds of these redemptions of one reward, at most 50; those that it does not know
    /// (any more) are left out, which proves nothing about them.
    ///
    /// # Errors
    /// As told.
    async fn look_up(
        &self,
        channel: &TwitchUserId,
        reward: &TwitchRewardId,
        redemptions: &[RedemptionId],
    ) -> Result<Vec<(RedemptionId, TwitchRedemptionStatus)>, RewardError>;
    /// Settles redemptions of one reward; an outcome for each, in the order asked. After any doubt
    /// it has read back what Twitch holds.
    async fn settle(
        &self,
        channel: &TwitchUserId,
        reward: &TwitchRewardId,
        redemptions: &[RedemptionId],
        direction: Direction,
    ) -> Vec<(RedemptionId, SettleOutcome)>;
}

/// How many people watch.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Audience: Send + Sync {
    /// The live viewer count of each channel, in the order asked, at most 60 s old; `None` when the
    /// channel is offline or Twitch cannot tell.
    async fn viewers(&self, channels: &[TwitchUserId]) -> Vec<Option<u32>>;
}
