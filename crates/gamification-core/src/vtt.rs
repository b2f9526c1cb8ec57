//! The paired worlds, the rolls seen at their tables and the effects intended for them.

use crate::criticality::{Critical, CriticalKind};
use crate::dice::RollInput;
use crate::ids::{
    CampaignId, CommandId, ConnectionId, CredentialId, InstanceId, PairingId, RollId, SocketId,
    StreamerId, UserId, VttActorId, VttMessageId, VttWorldId,
};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
    /// When the lease ends unless it is renewed.
    pub until: Timestamp,
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

/// One roll seen at the table. Unique per (connection, message, index in the message).
#[derive(Debug, Clone, PartialEq)]
pub struct DiceRoll {
    /// Our key.
    pub id: RollId,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// Where it was seen.
    pub connection_id: ConnectionId,
    /// The chat message that holds it.
    pub message_id: VttMessageId,
    /// Which roll of that message, from 0.
    pub index: u32,
    /// Who rolled, as the VTT knows it.
    pub actor_id: Option<VttActorId>,
    /// The character's name at the table.
    pub character_name: String,
    /// The dice.
    pub input: RollInput,
    /// The total that the table shows.
    pub result: i64,
    /// What the core made of it.
    pub critical: Option<Critical>,
    /// Whether players cannot see it.
    pub is_hidden: bool,
    /// Who it counts for.
    pub attribution: Attribution,
    /// When it arrived.
    pub rolled_at: Timestamp,
}

/// Who a roll counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Attribution {
    /// This streamer.
    Streamer {
        /// Whose roll it is.
        streamer_id: StreamerId,
    },
    /// Nobody: not critical, or its character is unknown and nobody was named in time.
    Nobody,
    /// A critical of an unknown character: the GM may say whose it is.
    Pending,
}

/// For how long after a roll its late attribution still acts, in seconds.
pub const LATE_ATTRIBUTION_SECONDS: u32 = 600;

/// The roll that a goal was opened by or consumed with: what its action needs of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GoalRoll {
    /// Our key of the roll.
    pub roll_id: RollId,
    /// The chat message that shows it.
    pub message_id: VttMessageId,
    /// The actor that rolled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_id: Option<VttActorId>,
    /// The character's name at the table.
    pub character_name: String,
    /// The dice.
    pub input: RollInput,
    /// The total that the table shows.
    pub result: i64,
    /// What made it critical.
    pub critical: Critical,
}

/// What the published events say of a roll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RollSummary {
    /// The character's name at the table.
    pub character_name: String,
    /// What was rolled.
    pub formula: String,
    /// The total.
    pub result: i64,
    /// Success or failure.
    pub critical_type: CriticalKind,
}

impl From<&GoalRoll> for RollSummary {
    fn from(roll: &GoalRoll) -> Self {
        Self {
            character_name: roll.character_name.clone(),
            formula: roll.input.formula.clone(),
            result: roll.result,
            critical_type: roll.critical.kind,
        }
    }
}

/// What the table is asked to do; the payload is the wire's (5-vtt-protocol, commands).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedCommand {
    /// What kind of command.
    pub kind: CommandKind,
    /// Its payload without `requestId` and `timestamp`.
    pub payload: Value,
    /// Whether the whole execution fails when this step does.
    pub is_required: bool,
}

/// The commands of the wire that this service sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommandKind {
    /// A chat message.
    ChatMessage,
    /// Takes a chat message away.
    DeleteMessage,
    /// Rolls dice, optionally forcing one.
    RollDice,
    /// Changes an actor.
    ModifyActor,
    /// Puts loot on the scene.
    TreasureDrop,
    /// A named hook.
    Custom,
}

impl CommandKind {
    /// The name on the wire, without `command:`.
    #[must_use]
    pub const fn wire_name(self) -> &'static str {
        match self {
            Self::ChatMessage => "chat_message",
            Self::DeleteMessage => "delete_message",
            Self::RollDice => "roll_dice",
            Self::ModifyActor => "modify_actor",
            Self::TreasureDrop => "treasure_drop",
            Self::Custom => "custom",
        }
    }

    /// Whether only a client that says so in `hello` understands it.
    #[must_use]
    pub const fn needs_our_module(self) -> bool {
        matches!(self, Self::TreasureDrop | Self::Custom)
    }
}

/// How far a command has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommandStatus {
    /// Stored, not handed over.
    Pending,
    /// Handed to a socket.
    Sent,
    /// The client said that it happened, or its result was seen at the table.
    Confirmed,
    /// Handed to a live socket of a client that confirms nothing, and no disconnect followed.
    Assumed,
    /// The client said that it did not happen.
    Failed,
    /// Handed over, but the socket was lost too soon to tell. Never sent again.
    Unknown,
    /// The deadline passed.
    Expired,
}

impl CommandStatus {
    /// Whether it counts as having happened.
    #[must_use]
    pub const fn has_happened(self) -> bool {
        matches!(self, Self::Confirmed | Self::Assumed)
    }

    /// Whether an answer can still change it.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Sent)
    }
}

/// One intended effect, stored before it is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct VttCommand {
    /// Our key and the `requestId` on the wire.
    pub id: CommandId,
    /// The goal that it belongs to.
    pub instance_id: InstanceId,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The world that is to act.
    pub connection_id: ConnectionId,
    /// Its place in the execution, from 0; steps are sent in this order.
    pub step: u32,
    /// What is asked.
    pub command: PlannedCommand,
    /// How far it has got.
    pub status: CommandStatus,
    /// How often it was handed over.
    pub attempts: u32,
    /// When it was last handed over.
    pub sent_at: Option<Timestamp>,
    /// To which socket.
    pub socket: Option<SocketId>,
    /// Whether the client that it was handed to remembers command ids, so that it may be sent
    /// again.
    pub is_repeatable: bool,
    /// When silence turns into [`CommandStatus::Assumed`]; only for clients that confirm nothing.
    pub assume_at: Option<Timestamp>,
    /// After this nothing is sent.
    pub deadline: Timestamp,
    /// What the client answered.
    pub result: Option<Value>,
}

/// What the table did with a command.
#[derive(Debug, Clone, PartialEq)]
pub struct CommandResult {
    /// Which command.
    pub command_id: CommandId,
    /// Whether it happened.
    pub outcome: Result<Value, String>,
}

/// A world's request to be paired, until its code is claimed or runs out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairing {
    /// Our key; the secrets that the world receives are derived from it.
    pub id: PairingId,
    /// The code without its dash, upper case.
    pub code: String,
    /// The world that asked.
    pub world_id: VttWorldId,
    /// Its name.
    pub world_name: String,
    /// The game system's id.
    pub game_system: String,
    /// The version of the client.
    pub module_version: String,
    /// The address that asked.
    pub requested_from: String,
    /// When the code stops working.
    pub expires_at: Timestamp,
    /// The connection that the claim made; `None` until a GM claims the code.
    pub connection_id: Option<ConnectionId>,
    /// Set when the first socket used the credentials: they are not shown again.
    pub completed_at: Option<Timestamp>,
}

/// A handed-out pair of tokens of a connection; hashes only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VttCredential {
    /// Our key.
    pub id: CredentialId,
    /// Which connection it opens.
    pub connection_id: ConnectionId,
    /// Hash of the session token, checked at the handshake.
    pub session_hash: String,
    /// When the session token ends.
    pub session_expires_at: Timestamp,
    /// Hash of the refresh token.
    pub refresh_hash: String,
    /// When the refresh token ends.
    pub refresh_expires_at: Timestamp,
    /// When a newer pair took its place; the refresh token works for two minutes more.
    pub replaced_at: Option<Timestamp>,
    /// Set when the family was revoked.
    pub revoked_at: Option<Timestamp>,
}
