//! Paired worlds, the clients that are there, and who acts.

use super::CommandKind;
use crate::ids::{CampaignId, ConnectionId, SocketId, UserId, VttWorldId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One paired world. One connection belongs to one campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VttConnection {
    /// Our key.
    pub id: ConnectionId,
    /// Who paired it.
    pub owner_id: UserId,
    /// Whose table it is; none once the campaign is gone.
    pub campaign_id: Option<CampaignId>,
    /// The world's id in the VTT.
    pub world_id: VttWorldId,
    /// The world's name.
    pub world_name: String,
    /// The game system's id.
    pub game_system: String,
    /// The version of the client that paired.
    pub module_version: String,
    /// Set when the credentials were taken back.
    pub revoked_at: Option<Timestamp>,
    /// Hash of the API key of this connection.
    pub api_key_hash: String,
    /// The moment until which the world counts as connected; renewed while a socket is live.
    pub present_until: Option<Timestamp>,
    /// Who acts for the world.
    pub acting: Option<ActingSocket>,
    /// Whether a combat runs at the table.
    pub is_in_combat: bool,
    /// When it was paired.
    pub created_at: Timestamp,
}

impl VttConnection {
    /// Whether the world's credentials still hold.
    #[must_use]
    pub const fn is_revoked(&self) -> bool {
        self.revoked_at.is_some()
    }
}

/// The one socket that acts for a world, as a lease with an epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActingSocket {
    /// Which node of this service holds it.
    pub node: String,
    /// The socket.
    pub socket: SocketId,
    /// Increases with each election; results of older epochs are recorded, not acted on.
    pub epoch: i64,
    /// Whether the client remembers command ids, so that a command may be sent again.
    pub remembers_commands: bool,
    /// What the client can do beyond the published module's commands, as its `hello` said.
    pub features: Vec<String>,
    /// When the lease ends unless it is renewed.
    pub until: Timestamp,
}

impl ActingSocket {
    /// Whether the client can carry out that kind of command.
    #[must_use]
    pub fn understands(&self, kind: CommandKind) -> bool {
        kind.feature().is_none_or(|feature| self.features.iter().any(|has| has == feature))
    }
}

/// Which program a client of a world is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientKind {
    /// It did not introduce itself: the published module, or something else that speaks like it.
    Published,
    /// Our module.
    OurModule,
}

/// One live socket of a world: a GM's browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VttClient {
    /// The socket.
    pub socket: SocketId,
    /// Its world.
    pub connection_id: ConnectionId,
    /// Which node of this service holds it.
    pub node: String,
    /// Which program it is.
    pub kind: ClientKind,
    /// Its version, once it said so.
    pub version: Option<String>,
    /// Whether it runs at the VTT's active GM.
    pub is_active_gm: bool,
    /// When it connected.
    pub connected_at: Timestamp,
    /// Until when it counts as connected; renewed by its node.
    pub seen_until: Timestamp,
}

/// How long a world still counts as present after its last socket was seen, in seconds.
pub const PRESENCE_SECONDS: u32 = 30;

/// Whether a table can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VttPresence {
    /// No world was ever paired with the campaign.
    NotPaired,
    /// A socket was live within the last [`PRESENCE_SECONDS`].
    Present,
    /// Paired, but no socket.
    Away,
}

/// The presence of a campaign's world.
#[must_use]
pub fn presence(connection: Option<&VttConnection>, now: Timestamp) -> VttPresence {
    match connection {
        None => VttPresence::NotPaired,
        Some(c) if !c.is_revoked() && c.present_until.is_some_and(|until| until > now) => {
            VttPresence::Present
        }
        Some(_) => VttPresence::Away,
    }
}
