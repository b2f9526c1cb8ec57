//! What must happen outside after a commit, and is nobody else's row: chat notices.

use crate::ids::{CampaignId, OutboxId, StreamerId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// An effect that waits in the outbox. Each happens at most once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OutboxEffect {
    /// A line in the chat of the streamer's channel.
    ChatNotice {
        /// What to say, at most 500 characters, in the channel's language.
        text: String,
    },
}

/// How far an effect has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutboxStatus {
    /// It has not been tried, or certainly did not happen.
    Waiting,
    /// Somebody is at it. When that somebody dies, nobody knows whether it happened.
    Taken,
    /// It happened.
    Done,
    /// It did not happen, or nobody knows, and it is not tried again.
    Failed,
}

/// A row of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Its key.
    pub id: OutboxId,
    /// The campaign that it comes from.
    pub campaign_id: CampaignId,
    /// On whose channel it happens.
    pub streamer_id: StreamerId,
    /// What.
    pub effect: OutboxEffect,
    /// When it was decided.
    pub created_at: Timestamp,
    /// How far it has got.
    pub status: OutboxStatus,
    /// How often it was tried.
    pub attempts: u32,
    /// Not before then.
    pub next_attempt_at: Timestamp,
    /// What went wrong last.
    pub last_error: Option<String>,
}
