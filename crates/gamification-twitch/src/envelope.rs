//! What a verified EventSub message says. No I/O.
//!
//! Only the fields that matter here are read, by hand: one that is missing or of the wrong type is
//! named in the error, and everything that Twitch may add (fields, types, statuses) is let pass.

mod fields;

use fields::Fields;
use gamification_core::ids::{RedemptionId, TwitchRewardId, TwitchUserId};
use gamification_core::redemption::{IncomingRedemption, RedemptionSource, TwitchRedemptionStatus};

/// The subscription type of new redemptions.
pub const REDEMPTION_ADD: &str = "channel.channel_points_custom_reward_redemption.add";
/// The subscription type of settled redemptions.
pub const REDEMPTION_UPDATE: &str = "channel.channel_points_custom_reward_redemption.update";

/// Why a message of a known type cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Not JSON, not UTF-8, or nested too deeply.
    #[error("the body is not JSON")]
    NotJson,
    /// A field is absent or null.
    #[error("`{field}` is missing")]
    Missing {
        /// Where it should be, from the top, with dots.
        field: &'static str,
    },
    /// A field is there but cannot be used.
    #[error("`{field}` is not {expected}")]
    IllTyped {
        /// Where it is, from the top, with dots.
        field: &'static str,
        /// What it should be.
        expected: &'static str,
    },
}

/// What happened on a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notification {
    /// A viewer redeemed a reward, ours or any other of the channel.
    RedemptionAdded {
        /// The channel.
        channel: TwitchUserId,
        /// The click. A price above what the core allows is cut to that: such a reward is not
        /// ours, or its streamer has raised the price, and the click still has to be answered.
        redemption: Box<IncomingRedemption>,
    },
    /// A redemption was settled, by us or by somebody else.
    RedemptionUpdated {
        /// The channel.
        channel: TwitchUserId,
        /// The reward.
        reward: TwitchRewardId,
        /// The redemption.
        redemption: RedemptionId,
        /// Its state now.
        status: TwitchRedemptionStatus,
    },
    /// A type or a status that is not known here: to be answered with a 2xx and ignored.
    Other {
        /// What Twitch calls it.
        subscription_type: String,
    },
}

/// Twitch has ended a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// Which one.
    pub subscription_id: String,
    /// What it was for.
    pub subscription_type: String,
    /// Why, in Twitch's words: `authorization_revoked`, `user_removed`,
    /// `notification_failures_exceeded`, `version_removed`.
    pub reason: String,
    /// The channel, for types that have one.
    pub channel: Option<TwitchUserId>,
}

/// Reads an event; the body of a notification, however it was transported.
///
/// # Errors
/// When the body is no JSON, or a field of a known type is missing or ill-typed.
pub fn parse_notification(
    body: &[u8],
    source: RedemptionSource,
) -> Result<Notification, EnvelopeError> {
    let fields = Fields::read(body)?;
    let subscription_type = fields.text("subscription.type")?;
    let is_added = match subscription_type {
        REDEMPTION_ADD => true,
        REDEMPTION_UPDATE => false,
        _ => return Ok(Notification::Other { subscription_type: subscription_type.to_owned() }),
    };
    let Some(status) = status(fields.text("event.status")?) else {
        return Ok(Notification::Other { subscription_type: subscription_type.to_owned() });
    };
    let channel = fields.text("event.broadcaster_user_id")?.into();
    if is_added {
        let redemption = Box::new(redemption(&fields, status, source)?);
        return Ok(Notification::RedemptionAdded { channel, redemption });
    }
    Ok(Notification::RedemptionUpdated {
        channel,
        reward: fields.text("event.reward.id")?.into(),
        redemption: fields.text("event.id")?.into(),
        status,
    })
}

fn redemption(
    fields: &Fields,
    status: TwitchRedemptionStatus,
    source: RedemptionSource,
) -> Result<IncomingRedemption, EnvelopeError> {
    Ok(IncomingRedemption {
        id: fields.text("event.id")?.into(),
        reward_id: fields.text("event.reward.id")?.into(),
        viewer_id: fields.text("event.user_id")?.into(),
        viewer_name: fields.text("event.user_name")?.to_owned(),
        cost: fields.cost("event.reward.cost")?,
        status,
        redeemed_at: fields.moment("event.redeemed_at")?,
        source,
    })
}

/// EventSub writes statuses small, Helix large, and some people with two L.
fn status(text: &str) -> Option<TwitchRedemptionStatus> {
    match text.to_ascii_lowercase().as_str() {
        "unfulfilled" => Some(TwitchRedemptionStatus::Unfulfilled),
        "fulfilled" => Some(TwitchRedemptionStatus::Fulfilled),
        "canceled" | "cancelled" => Some(TwitchRedemptionStatus::Canceled),
        _ => None,
    }
}

/// The text that proves this address wants the messages: the answer is a 200 with exactly this as
/// `text/plain`.
///
/// # Errors
/// When there is none.
pub fn challenge(body: &[u8]) -> Result<String, EnvelopeError> {
    Ok(Fields::read(body)?.text("challenge")?.to_owned())
}

/// Reads which subscription ended, and why.
///
/// # Errors
/// When its id, type or status is missing.
pub fn parse_revocation(body: &[u8]) -> Result<Revocation, EnvelopeError> {
    let fields = Fields::read(body)?;
    let channel = fields.text("subscription.condition.broadcaster_user_id").ok();
    Ok(Revocation {
        subscription_id: fields.text("subscription.id")?.to_owned(),
        subscription_type: fields.text("subscription.type")?.to_owned(),
        reason: fields.text("subscription.status")?.to_owned(),
        channel: channel.map(Into::into),
    })
}
