//! Identifiers. Ours are UUIDv7 newtypes, made by the [`IdGenerator`](crate::ports::IdGenerator);
//! those of Twitch and of the VTT are opaque strings in newtypes of their own, so that a viewer's
//! id can never be handed over where a reward's is asked for.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

macro_rules! text_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The id as its owner wrote it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }
    )+};
}

uuid_id! {
    /// A person known by their Twitch account.
    UserId,
    /// A user whose channel takes part in campaigns; the same value as that person's [`UserId`].
    StreamerId,
    /// One game.
    CampaignId,
    /// An entry of the catalogue of events.
    EventId,
    /// One running or finished goal.
    InstanceId,
    /// One paired VTT world.
    ConnectionId,
    /// An actor of the VTT, as this service knows it.
    CharacterId,
    /// One roll seen at the table.
    RollId,
    /// A game master's own rule of what is critical.
    CriticalityRuleId,
    /// One intended effect at the table; also the `requestId` on the wire.
    CommandId,
    /// Our own key of a reward row, known before Twitch has given the reward an id.
    RewardKey,
    /// One play session of a campaign.
    SessionId,
    /// An API key.
    ApiKeyId,
    /// An overlay's secret address.
    OverlayId,
    /// One request of a world to be paired.
    PairingId,
    /// One handed-out pair of session and refresh token of a connection.
    CredentialId,
    /// A line of the audit.
    AuditId,
    /// A person's signed-in browser.
    LoginSessionId,
    /// An effect that waits in the outbox.
    OutboxId,
}

impl From<UserId> for StreamerId {
    fn from(user: UserId) -> Self {
        Self(user.0)
    }
}

impl From<StreamerId> for UserId {
    fn from(streamer: StreamerId) -> Self {
        Self(streamer.0)
    }
}

text_id! {
    /// A Twitch account's numeric id.
    TwitchUserId,
    /// Twitch's id of a custom reward.
    TwitchRewardId,
    /// Twitch's id of one redemption; the key of the ledger.
    RedemptionId,
    /// The VTT's id of an actor.
    VttActorId,
    /// The VTT's id of a chat message.
    VttMessageId,
    /// The VTT's id of a world. Not a secret and not unique: two people may own equal ids.
    VttWorldId,
    /// The VTT's id of a combat.
    VttCombatId,
    /// The VTT's id of somebody who fights in a combat.
    VttCombatantId,
    /// One live socket of a VTT client, unique across nodes and restarts.
    SocketId,
}
