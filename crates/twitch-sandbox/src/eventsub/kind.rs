//! The subscription types that this Twitch has.

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EventKind {
    /// A viewer redeemed.
    RedemptionAdd,
    /// A redemption was fulfilled or cancelled.
    RedemptionUpdate,
    /// A reward was changed, by its client or by hand.
    RewardUpdate,
    /// A reward was deleted, by its client or by hand.
    RewardRemove,
    /// A stream began.
    StreamOnline,
    /// A stream ended.
    StreamOffline,
    /// Somebody voted.
    PollProgress,
    /// A poll ended.
    PollEnd,
    /// A user took back what was granted to a client.
    AuthorizationRevoke,
    /// A shard of a conduit can no longer be reached.
    ShardDisabled,
}

/// The fields that a condition must and may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ConditionShape {
    pub(crate) required: &'static str,
    pub(crate) optional: Option<&'static str>,
}

impl EventKind {
    const ALL: [Self; 10] = [
        Self::RedemptionAdd,
        Self::RedemptionUpdate,
        Self::RewardUpdate,
        Self::RewardRemove,
        Self::StreamOnline,
        Self::StreamOffline,
        Self::PollProgress,
        Self::PollEnd,
        Self::AuthorizationRevoke,
        Self::ShardDisabled,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::RedemptionAdd => "channel.channel_points_custom_reward_redemption.add",
            Self::RedemptionUpdate => "channel.channel_points_custom_reward_redemption.update",
            Self::RewardUpdate => "channel.channel_points_custom_reward.update",
            Self::RewardRemove => "channel.channel_points_custom_reward.remove",
            Self::StreamOnline => "stream.online",
            Self::StreamOffline => "stream.offline",
            Self::PollProgress => "channel.poll.progress",
            Self::PollEnd => "channel.poll.end",
            Self::AuthorizationRevoke => "user.authorization.revoke",
            Self::ShardDisabled => "conduit.shard.disabled",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The broadcaster must have granted one of these; none when there is nothing to grant.
    pub(crate) fn scopes(self) -> &'static [&'static str] {
        match self {
            Self::RedemptionAdd
            | Self::RedemptionUpdate
            | Self::RewardUpdate
            | Self::RewardRemove => &["channel:read:redemptions", "channel:manage:redemptions"],
            Self::PollProgress | Self::PollEnd => &["channel:read:polls", "channel:manage:polls"],
            Self::StreamOnline
            | Self::StreamOffline
            | Self::AuthorizationRevoke
            | Self::ShardDisabled => &[],
        }
    }

    /// Whether it is told about a channel, and not about a client.
    pub(crate) fn is_of_channel(self) -> bool {
        !matches!(self, Self::AuthorizationRevoke | Self::ShardDisabled)
    }

    pub(crate) fn condition(self) -> ConditionShape {
        let (required, optional) = match self {
            Self::RedemptionAdd
            | Self::RedemptionUpdate
            | Self::RewardUpdate
            | Self::RewardRemove => ("broadcaster_user_id", Some("reward_id")),
            Self::StreamOnline | Self::StreamOffline | Self::PollProgress | Self::PollEnd => {
                ("broadcaster_user_id", None)
            }
            Self::AuthorizationRevoke => ("client_id", None),
            Self::ShardDisabled => ("client_id", Some("conduit_id")),
        };
        ConditionShape { required, optional }
    }
}
