//! What is subscribed to.

use super::api::Listed;
use crate::envelope;
use gamification_core::ids::TwitchUserId;
use serde_json::{Value, json};

/// A type of events that is used here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    RedemptionAdded,
    RedemptionUpdated,
    RewardChanged,
    RewardRemoved,
    StreamOnline,
    StreamOffline,
    PollProgress,
    PollEnd,
    AuthorizationRevoked,
    ShardDisabled,
}

/// What a channel is not served without. The others may be missing, such as polls where the channel
/// has not granted them.
pub(super) const NEEDED: [Kind; 2] = [Kind::RedemptionAdded, Kind::RedemptionUpdated];

impl Kind {
    /// What is wanted of each channel, the most needed first.
    pub(super) const OF_CHANNELS: [Self; 8] = [
        Self::RedemptionAdded,
        Self::RedemptionUpdated,
        Self::RewardChanged,
        Self::RewardRemoved,
        Self::StreamOnline,
        Self::StreamOffline,
        Self::PollProgress,
        Self::PollEnd,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::RedemptionAdded => envelope::REDEMPTION_ADD,
            Self::RedemptionUpdated => envelope::REDEMPTION_UPDATE,
            Self::RewardChanged => envelope::REWARD_UPDATE,
            Self::RewardRemoved => envelope::REWARD_REMOVE,
            Self::StreamOnline => envelope::STREAM_ONLINE,
            Self::StreamOffline => envelope::STREAM_OFFLINE,
            Self::PollProgress => envelope::POLL_PROGRESS,
            Self::PollEnd => envelope::POLL_END,
            Self::AuthorizationRevoked => envelope::AUTHORIZATION_REVOKE,
            Self::ShardDisabled => envelope::SHARD_DISABLED,
        }
    }

    /// Whether it is one of [`NEEDED`].
    pub(super) fn is_needed(self) -> bool {
        NEEDED.contains(&self)
    }
}

/// Whom events are about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Subject {
    /// A channel.
    Channel(TwitchUserId),
    /// The people who granted something to this client id.
    Client(String),
    /// A conduit of this client id.
    Conduit { client_id: String, conduit_id: String },
}

/// A subscription that should be there once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Wanted {
    pub(super) kind: Kind,
    pub(super) subject: Subject,
}

impl Wanted {
    /// All that is wanted of a channel.
    pub(super) fn of_channel(channel: &TwitchUserId) -> impl Iterator<Item = Self> {
        let subject = Subject::Channel(channel.clone());
        Kind::OF_CHANNELS.into_iter().map(move |kind| Self { kind, subject: subject.clone() })
    }

    pub(super) const fn channel(&self) -> Option<&TwitchUserId> {
        match &self.subject {
            Subject::Channel(channel) => Some(channel),
            Subject::Client(_) | Subject::Conduit { .. } => None,
        }
    }

    pub(super) fn condition(&self) -> Value {
        match &self.subject {
            Subject::Channel(channel) => json!({ "broadcaster_user_id": channel.as_str() }),
            Subject::Client(client_id) => json!({ "client_id": client_id }),
            Subject::Conduit { client_id, conduit_id } => {
                json!({ "client_id": client_id, "conduit_id": conduit_id })
            }
        }
    }

    /// Whether a subscription is for this, and for nothing narrower: Twitch adds empty texts for
    /// what a condition leaves out.
    pub(super) fn is_met_by(&self, listed: &Listed) -> bool {
        let condition = self.condition();
        let is_empty = |value: &Value| value.is_null() || value.as_str() == Some("");
        let named = condition.as_object().into_iter().flatten();
        listed.kind == self.kind.name()
            && named.clone().all(|(name, value)| listed.condition.get(name) == Some(value))
            && listed
                .condition
                .iter()
                .all(|(name, value)| condition.get(name).is_some() || is_empty(value))
    }
}
