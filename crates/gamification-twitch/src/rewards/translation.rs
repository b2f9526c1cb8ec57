//! Between the core's rewards and redemptions and those of Helix.

use gamification_core::cost::Cost;
use gamification_core::event::Colour;
use gamification_core::ports::{RewardChange, TwitchReward};
use gamification_core::redemption::{
    Direction, IncomingRedemption, RedemptionSource, TwitchRedemptionStatus,
};
use gamification_core::reward::RewardSpec;
use gamification_core::time::Timestamp;
use serde::Deserialize;
use twitch_api::helix::points::{
    CreateCustomRewardBody, CustomRewardRedemptionStatus, UpdateCustomRewardBody,
};

/// A new reward. It has none of Twitch's own limits, which count redemptions that we refund.
pub(super) fn creation(spec: &RewardSpec) -> CreateCustomRewardBody<'_> {
    let mut body = CreateCustomRewardBody::new(spec.title.as_str(), points(spec.cost));
    body.prompt = Some(spec.prompt.as_str().into());
    body.background_color = Some(spec.colour.0.as_str().into());
    body.is_enabled = Some(true);
    body.is_user_input_required = Some(false);
    body.should_redemptions_skip_request_queue = Some(false);
    body
}

/// What is named, and nothing else. Whether a reward is enabled is never ours to say: a streamer
/// who hides it on Twitch means it.
pub(super) fn change(change: &RewardChange) -> UpdateCustomRewardBody<'_> {
    let mut body = UpdateCustomRewardBody::default();
    body.title = change.title.as_deref().map(Into::into);
    body.prompt = change.prompt.as_deref().map(Into::into);
    body.cost = change.cost.map(points);
    body.background_color = change.colour.as_ref().map(|colour| colour.0.as_str().into());
    body.is_paused = change.is_paused;
    body
}

fn points(cost: Cost) -> usize {
    usize::try_from(cost.get()).unwrap_or(usize::MAX)
}

/// A price of Twitch's, cut to what the core allows: a streamer can set a higher one by hand.
fn cost(points: impl TryInto<u32>) -> Cost {
    let points = points.try_into().unwrap_or(u32::MAX).clamp(Cost::MIN, Cost::MAX);
    #[expect(clippy::expect_used, reason = "clamped to the limits of the type in the line above")]
    Cost::new(points).expect("a price within the limits")
}

/// What Helix tells of a reward, as far as it is used. Twitch's mock leaves out what `twitch_api`
/// insists on.
#[derive(Debug, Deserialize)]
pub(super) struct HelixReward {
    id: String,
    title: String,
    #[serde(default)]
    prompt: String,
    cost: u64,
    #[serde(default)]
    background_color: String,
    is_enabled: bool,
    is_paused: bool,
    should_redemptions_skip_request_queue: bool,
    #[serde(default)]
    max_per_stream_setting: Limit,
    #[serde(default)]
    max_per_user_per_stream_setting: Limit,
    #[serde(default)]
    global_cooldown_setting: Limit,
}

/// One of Twitch's own limits.
#[derive(Debug, Default, Deserialize)]
struct Limit {
    is_enabled: bool,
}

impl From<HelixReward> for TwitchReward {
    fn from(reward: HelixReward) -> Self {
        let limits = [
            reward.max_per_stream_setting,
            reward.max_per_user_per_stream_setting,
            reward.global_cooldown_setting,
        ];
        Self {
            id: reward.id.into(),
            spec: RewardSpec {
                title: reward.title,
                cost: cost(reward.cost),
                prompt: reward.prompt,
                colour: Colour(reward.background_color),
            },
            is_paused: reward.is_paused,
            is_enabled: reward.is_enabled,
            skips_queue: reward.should_redemptions_skip_request_queue,
            has_limits: limits.iter().any(|limit| limit.is_enabled),
        }
    }
}

/// What Helix tells of a redemption, as far as it is used.
#[derive(Debug, Deserialize)]
pub(super) struct HelixRedemption {
    pub(super) id: String,
    user_id: String,
    user_name: String,
    reward: Redeemed,
    status: String,
    redeemed_at: String,
}

#[derive(Debug, Deserialize)]
struct Redeemed {
    id: String,
    cost: u64,
}

impl HelixRedemption {
    /// Where it stands; `None`, and a line in the log, for a word that nobody knows.
    pub(super) fn status(&self) -> Option<TwitchRedemptionStatus> {
        match &*self.status {
            "UNFULFILLED" => Some(TwitchRedemptionStatus::Unfulfilled),
            "FULFILLED" => Some(TwitchRedemptionStatus::Fulfilled),
            "CANCELED" | "CANCELLED" => Some(TwitchRedemptionStatus::Canceled),
            status => {
                tracing::warn!(redemption = self.id, status, "a redemption has an unknown status");
                None
            }
        }
    }

    /// A redemption that was found by polling; `None`, and a line in the log, for one without a
    /// readable moment.
    pub(super) fn polled(self) -> Option<IncomingRedemption> {
        let Ok(redeemed_at) = Timestamp::parse(&self.redeemed_at) else {
            tracing::warn!(redemption = self.id, "a redemption has no readable moment");
            return None;
        };
        Some(IncomingRedemption {
            status: self.status()?,
            id: self.id.into(),
            reward_id: self.reward.id.into(),
            viewer_id: self.user_id.into(),
            viewer_name: self.user_name,
            cost: cost(self.reward.cost),
            redeemed_at,
            source: RedemptionSource::Poll,
        })
    }
}

/// What Twitch calls the end of a redemption.
pub(super) const fn status(direction: Direction) -> CustomRewardRedemptionStatus {
    match direction {
        Direction::Fulfil => CustomRewardRedemptionStatus::Fulfilled,
        Direction::Refund => CustomRewardRedemptionStatus::Canceled,
    }
}
