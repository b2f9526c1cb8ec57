use super::Stored;
use crate::announcement::Announcement;
use crate::ids::{CampaignId, EventId, InstanceId, StreamerId};
use crate::instance::{Cooldown, GoalScope, Instance};
use crate::time::Timestamp;
use async_trait::async_trait;

/// Goals.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait InstanceRepository: Send {
    /// Inserts a new goal. `false`, and nothing written, when one is open already in its scope: the
    /// database guarantees at most one.
    async fn insert(&mut self, instance: &Instance) -> Stored<bool>;
    /// The goal with that key, locked exclusively.
    async fn lock(&mut self, id: InstanceId) -> Stored<Option<Instance>>;
    /// The open goal of that scope, locked exclusively.
    async fn lock_open(
        &mut self,
        campaign: CampaignId,
        event: EventId,
        scope: GoalScope,
    ) -> Stored<Option<Instance>>;
    /// Every open goal of the campaign, locked exclusively in the order of their keys; of one event
    /// when it is named.
    async fn lock_all_open(
        &mut self,
        campaign: CampaignId,
        event: Option<EventId>,
    ) -> Stored<Vec<Instance>>;
    /// Replaces the goal with that key.
    async fn update(&mut self, instance: &Instance) -> Stored<()>;
    /// Open goals whose deadline has passed, the most overdue first, without locking them.
    async fn overdue(&mut self, now: Timestamp, limit: u32) -> Stored<Vec<InstanceId>>;
    /// The cooldown that holds in that scope, if any.
    async fn cooldown(
        &mut self,
        campaign: CampaignId,
        event: EventId,
        scope: GoalScope,
        now: Timestamp,
    ) -> Stored<Option<Cooldown>>;
    /// Remembers that a trigger fired for an event with that key (a poll's id). `false`, and
    /// nothing written, when it did before.
    async fn claim_trigger(
        &mut self,
        campaign: CampaignId,
        event: EventId,
        once_key: &str,
        now: Timestamp,
    ) -> Stored<bool>;
    /// Ends the cooldowns in that scope that wait for a goal of that event; how many there were.
    async fn release_waiting_cooldowns(
        &mut self,
        campaign: CampaignId,
        waited_for: EventId,
        scope: Option<GoalScope>,
    ) -> Stored<u64>;
    /// Ends the cooldowns of the campaign; of one event, of one streamer's goals, where named.
    async fn clear_cooldowns(
        &mut self,
        campaign: CampaignId,
        event: Option<EventId>,
        streamer: Option<StreamerId>,
    ) -> Stored<u64>;
}

/// What became true, in the order of the commits.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait EventLog: Send {
    /// Appends facts of one campaign; they get consecutive sequence numbers, the last of which is
    /// answered. Two transactions on one campaign append one after the other. Called last.
    async fn append(
        &mut self,
        campaign: CampaignId,
        facts: &[Announcement],
        now: Timestamp,
    ) -> Stored<i64>;
    /// Forgets facts that are older than `before`, but keeps the newest `keep` of each campaign;
    /// how many were forgotten.
    async fn prune(&mut self, before: Timestamp, keep: u32) -> Stored<u64>;
}
