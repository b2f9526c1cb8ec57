//! The cache of goals that wait for the table.

use crate::ids::{CampaignId, EventId, InstanceId, StreamerId};
use crate::time::Timestamp;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// A port beside the store that cannot be reached. Work goes on without it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unavailable: {0}")]
pub struct PortUnavailable(pub String);

/// What is kept of a goal while its effect is awaited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PendingExecution {
    /// The goal.
    pub instance_id: InstanceId,
    /// Its campaign.
    pub campaign_id: CampaignId,
    /// Its event.
    pub event_id: EventId,
    /// Its channel; none for a group goal.
    pub streamer_id: Option<StreamerId>,
    /// The type of its action.
    pub action_type: String,
    /// The event's name, for what is shown.
    pub event_name: String,
    /// When it was completed.
    pub completed_at: Timestamp,
}

/// A cache of what waits for the table, kept for 24 hours. The database is the truth: an entry that
/// is lost costs a look-up, never a command.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait PendingExecutions: Send + Sync {
    /// Remembers it, replacing what was known of that goal.
    ///
    /// # Errors
    /// When the cache cannot be reached.
    async fn put(&self, pending: &PendingExecution) -> Result<(), PortUnavailable>;
    /// What is known of that goal; `None` says nothing about the database.
    ///
    /// # Errors
    /// When the cache cannot be reached.
    async fn get(&self, instance: InstanceId) -> Result<Option<PendingExecution>, PortUnavailable>;
    /// Forgets it; forgetting what is not there is no error.
    ///
    /// # Errors
    /// When the cache cannot be reached.
    async fn remove(&self, instance: InstanceId) -> Result<(), PortUnavailable>;
}
