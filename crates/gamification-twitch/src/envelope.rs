//! What a verified EventSub message says. No I/O.
//!
//! Only the fields that matter here are read, by hand: one that is missing or of the wrong type is
//! named in the error, and everything that Twitch may add (fields, types, statuses) is let pass.

mod fields;

pub(crate) use fields::Fields;
use gamification_core::ids::{RedemptionId, TwitchRewardId, TwitchUserId};
use gamification_core::redemption::{IncomingRedemption, RedemptionSource, TwitchRedemptionStatus};
use gamification_core::service::PollState;

/// The subscription type of new redemptions.
pub const REDEMPTION_ADD: &str = "channel.channel_points_custom_reward_redemption.add";
/// The subscription type of settled redemptions.
pub const REDEMPTION_UPDATE: &str = "channel.channel_points_custom_reward_redemption.update";
/// The subscription type of changed rewards.
pub const REWARD_UPDATE: &str = "channel.channel_points_custom_reward.update";
/// The subscription type of deleted rewards.
pub const REWARD_REMOVE: &str = "channel.channel_points_custom_reward.remove";
/// The subscription type of streams that begin.
pub const STREAM_ONLINE: &str = "stream.online";
/// The subscription type of streams that end.
pub const STREAM_OFFLINE: &str = "stream.offline";
/// The subscription type of votes in a poll.
pub const POLL_PROGRESS: &str = "channel.poll.progress";
/// The subscription type of polls that end.
pub const POLL_END: &str = "channel.poll.end";
/// The subscription type of people who take back what they granted us.
pub const AUTHORIZATION_REVOKE: &str = "user.authorization.revoke";
/// The subscription type of conduit shards that Twitch gave up.
pub const SHARD_DISABLED: &str = "conduit.shard.disabled";

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
    /// A reward was changed, ours or any other of the channel, by us or by hand.
    RewardChanged {
        /// The channel.
        channel: TwitchUserId,
        /// The reward.
        reward: TwitchRewardId,
    },
    /// A reward was deleted, ours or any other of the channel, by us or by hand.
    RewardRemoved {
        /// The channel.
        channel: TwitchUserId,
        /// The reward.
        reward: TwitchRewardId,
    },
    /// A stream began or ended.
    StreamChanged {
        /// The channel.
        channel: TwitchUserId,
        /// Whether it streams now.
        is_live: bool,
    },
    /// A poll has new votes, or has ended.
    PollChanged {
        /// The channel.
        channel: TwitchUserId,
        /// How it stands; a poll that ended may be told of several times.
        poll: PollState,
    },
    /// Somebody took back what they granted us: their tokens are dead.
    AuthorizationRevoked {
        /// The person, whose channel it is.
        channel: TwitchUserId,
    },
    /// Twitch has given up a shard of a conduit: it has to be bound again.
    ShardDisabled {
        /// The conduit.
        conduit_id: String,
        /// The shard.
        shard_id: String,
    },
    /// A type or a status that is not known here: to be answered with a 2xx and ignored.
    Other {
        /// What Twitch calls it.
        subscription_type: String,
    },
}

impl Notification {
    /// The channel it is about, for what is about one.
    #[must_use]
    pub const fn channel(&self) -> Option<&TwitchUserId> {
        match self {
            Self::RedemptionAdded { channel, .. }
            | Self::RedemptionUpdated { channel, .. }
            | Self::RewardChanged { channel, .. }
            | Self::RewardRemoved { channel, .. }
            | Self::StreamChanged { channel, .. }
            | Self::PollChanged { channel, .. }
            | Self::AuthorizationRevoked { channel } => Some(channel),
            Self::ShardDisabled { .. } | Self::Other { .. } => None,
        }
    }
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
/// When the body is no JSON, or a field of a redemption is missing or ill-typed.
pub fn parse_notification(
    body: &[u8],
    source: RedemptionSource,
) -> Result<Notification, EnvelopeError> {
    notification(&Fields::read(body)?, source)
}

/// Reads an event of what a notification has below `subscription` and `event`.
pub(crate) fn notification(
    fields: &Fields,
    source: RedemptionSource,
) -> Result<Notification, EnvelopeError> {
    let subscription_type = fields.text("subscription.type")?;
    let other = || Notification::Other { subscription_type: subscription_type.to_owned() };
    Ok(match subscription_type {
        REDEMPTION_ADD => added(fields, source)?.unwrap_or_else(other),
        REDEMPTION_UPDATE => updated(fields)?.unwrap_or_else(other),
        // Nothing here is about points, and all of it is found out in other ways as well: when
        // Twitch writes it differently one day, it must not end the subscription by being refused.
        _ => match told(fields, subscription_type) {
            Ok(told) => told.unwrap_or_else(other),
            Err(error) => {
                tracing::warn!(subscription_type, %error, "an event cannot be read");
                other()
            }
        },
    })
}

/// What an event tells that is not about a redemption; `None` for types that are not known here.
fn told(fields: &Fields, subscription_type: &str) -> Result<Option<Notification>, EnvelopeError> {
    let channel = || fields.text("event.broadcaster_user_id").map(TwitchUserId::from);
    let reward = || fields.text("event.id").map(TwitchRewardId::from);
    Ok(Some(match subscription_type {
        REWARD_UPDATE => Notification::RewardChanged { channel: channel()?, reward: reward()? },
        REWARD_REMOVE => Notification::RewardRemoved { channel: channel()?, reward: reward()? },
        STREAM_ONLINE => Notification::StreamChanged { channel: channel()?, is_live: true },
        STREAM_OFFLINE => Notification::StreamChanged { channel: channel()?, is_live: false },
        POLL_PROGRESS => poll(fields, false)?,
        POLL_END => poll(fields, true)?,
        AUTHORIZATION_REVOKE => {
            Notification::AuthorizationRevoked { channel: fields.text("event.user_id")?.into() }
        }
        SHARD_DISABLED => Notification::ShardDisabled {
            conduit_id: fields.text("event.conduit_id")?.to_owned(),
            shard_id: fields.text("event.shard_id")?.to_owned(),
        },
        _ => return Ok(None),
    }))
}

/// `None` when its status is not known.
fn added(fields: &Fields, source: RedemptionSource) -> Result<Option<Notification>, EnvelopeError> {
    let Some(status) = status(fields.text("event.status")?) else { return Ok(None) };
    let channel = fields.text("event.broadcaster_user_id")?.into();
    let redemption = Box::new(redemption(fields, status, source)?);
    Ok(Some(Notification::RedemptionAdded { channel, redemption }))
}

/// `None` when its status is not known.
fn updated(fields: &Fields) -> Result<Option<Notification>, EnvelopeError> {
    let Some(status) = status(fields.text("event.status")?) else { return Ok(None) };
    Ok(Some(Notification::RedemptionUpdated {
        channel: fields.text("event.broadcaster_user_id")?.into(),
        reward: fields.text("event.reward.id")?.into(),
        redemption: fields.text("event.id")?.into(),
        status,
    }))
}

fn poll(fields: &Fields, has_ended: bool) -> Result<Notification, EnvelopeError> {
    let poll = PollState {
        poll_id: fields.text("event.id")?.to_owned(),
        choices: fields.choices("event.choices")?,
        has_ended,
    };
    let channel = fields.text("event.broadcaster_user_id")?.into();
    Ok(Notification::PollChanged { channel, poll })
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
/// `text/plain`. The challenge of a conduit's shard has another object beside it, and is the same.
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
    revocation(&Fields::read(body)?)
}

/// Reads a revocation of what it has below `subscription`.
pub(crate) fn revocation(fields: &Fields) -> Result<Revocation, EnvelopeError> {
    let channel = fields.text("subscription.condition.broadcaster_user_id").ok();
    Ok(Revocation {
        subscription_id: fields.text("subscription.id")?.to_owned(),
        subscription_type: fields.text("subscription.type")?.to_owned(),
        reason: fields.text("subscription.status")?.to_owned(),
        channel: channel.map(Into::into),
    })
}
