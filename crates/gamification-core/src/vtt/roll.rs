//! The rolls seen at the tables.

use crate::criticality::{Critical, CriticalKind};
use crate::dice::RollInput;
use crate::ids::{CampaignId, ConnectionId, RollId, StreamerId, VttActorId, VttMessageId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

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
