//! Between the core's rewards and redemptions and those of Helix.

use gamification_core::cost::Cost;
use gamification_core::event::Colour;
use gamification_core::ports::TwitchReward;
use gamification_core::redemption::{
    Direction, IncomingRedemption, RedemptionSource, TwitchRedemptionStatus,
};
use gamification_core::reward::RewardSpec;
use gamification_core::time::Timestamp;
use twitch_api::helix::points::{
    CreateCustomRewardBody, CustomReward, CustomRewardRedemption, CustomRewardRedemptionStatus,
    UpdateCustomRewardBody,
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

/// Everything about a reward that is ours to say. Whether it is enabled is not: a streamer who
/// hides it on Twitch means it. The queue is: without it, redemptions could not be refunded.
pub(super) fn change(spec: &RewardSpec, is_paused: bool) -> UpdateCustomRewardBody<'_> {
    let mut body = pause(is_paused);
    body.title = Some(spec.title.as_str().into());
    body.prompt = Some(spec.prompt.as_str().into());
    body.cost = Some(points(spec.cost));
    body.background_color = Some(spec.colour.0.as_str().into());
    body.should_redemptions_skip_request_queue = Some(false);
    body
}

/// Pausing or resuming, and nothing else.
pub(super) fn pause(is_paused: bool) -> UpdateCustomRewardBody<'static> {
    let mut body = UpdateCustomRewardBody::default();
    body.is_paused = Some(is_paused);
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

pub(super) fn reward(reward: CustomReward) -> TwitchReward {
    TwitchReward {
        id: reward.id.as_str().into(),
        spec: RewardSpec {
            title: reward.title,
            cost: cost(reward.cost),
            prompt: reward.prompt,
            colour: Colour(reward.background_color),
        },
        is_paused: reward.is_paused,
    }
}

/// A redemption of Helix's list; `None`, and a line in the log, for one without a readable moment.
pub(super) fn polled(redemption: CustomRewardRedemption) -> Option<IncomingRedemption> {
    let Ok(redeemed_at) = Timestamp::parse(redemption.redeemed_at.as_str()) else {
        tracing::warn!(redemption = redemption.id.as_str(), "a redemption has no readable moment");
        return None;
    };
    Some(IncomingRedemption {
        id: redemption.id.as_str().into(),
        reward_id: redemption.reward.id.as_str().into(),
        viewer_id: redemption.user_id.as_str().into(),
        viewer_name: redemption.user_name.as_str().to_owned(),
        cost: cost(redemption.reward.cost),
        status: match redemption.status {
            CustomRewardRedemptionStatus::Fulfilled => TwitchRedemptionStatus::Fulfilled,
            CustomRewardRedemptionStatus::Canceled => TwitchRedemptionStatus::Canceled,
            _ => TwitchRedemptionStatus::Unfulfilled,
        },
        redeemed_at,
        source: RedemptionSource::Poll,
    })
}

/// What Twitch calls the end of a redemption.
pub(super) const fn status(direction: Direction) -> CustomRewardRedemptionStatus {
    match direction {
        Direction::Fulfil => CustomRewardRedemptionStatus::Fulfilled,
        Direction::Refund => CustomRewardRedemptionStatus::Canceled,
    }
}
