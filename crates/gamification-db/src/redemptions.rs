//! The ledger: redemptions, and the journal that each write appends to.

mod arrival;
mod journal;
mod read;
mod resume;
mod row;
mod settle;

pub(crate) use arrival::known;
pub(crate) use read::{add, get, list, pending_of_reward, tally_of_instance, unsettled_of_reward};
pub(crate) use settle::claimable;

use crate::error::Stored;
use crate::rows;
use crate::unit::Unit;
use async_trait::async_trait;
use gamification_core::ids::{
    CampaignId, EventId, InstanceId, RedemptionId, StreamerId, TwitchUserId,
};
use gamification_core::ledger::Tally;
use gamification_core::ports::{Lock, RedemptionRepository, SettlementUpdate};
use gamification_core::redemption::{Direction, Redemption};
use gamification_core::time::Timestamp;
use row::redemption;
use sea_orm::EntityTrait;

#[async_trait]
impl RedemptionRepository for Unit {
    async fn known(&mut self, ids: &[RedemptionId]) -> Stored<Vec<RedemptionId>> {
        known(self.tx(), ids).await
    }

    async fn record(&mut self, rows: &[Redemption]) -> Stored<Vec<RedemptionId>> {
        arrival::record(self.tx(), rows).await
    }

    async fn lock(&mut self, id: &RedemptionId) -> Stored<Option<Redemption>> {
        let found = redemption::Entity::find_by_id(id.0.clone());
        let found = rows::first(self.tx(), rows::locked(found, Lock::Exclusive)).await?;
        found.map(row::from_row).transpose()
    }

    async fn counted_by_viewers(
        &mut self,
        campaign: CampaignId,
        event: EventId,
        viewers: &[TwitchUserId],
        since: Timestamp,
    ) -> Stored<Vec<(TwitchUserId, u32)>> {
        arrival::counted_by_viewers(self.tx(), campaign, event, viewers, since).await
    }

    async fn decide(
        &mut self,
        instance: InstanceId,
        direction: Direction,
        now: Timestamp,
    ) -> Stored<u64> {
        settle::decide(self.tx(), instance, direction, now).await
    }

    async fn claim_due(
        &mut self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
    ) -> Stored<Vec<Redemption>> {
        settle::claim_due(self.tx(), now, lease_until, limit).await
    }

    async fn apply(
        &mut self,
        outcomes: &[(RedemptionId, SettlementUpdate)],
        now: Timestamp,
    ) -> Stored<Vec<RedemptionId>> {
        settle::apply(self.tx(), outcomes, now).await
    }

    async fn retry(&mut self, id: &RedemptionId, now: Timestamp) -> Stored<bool> {
        settle::retry(self.tx(), id, now).await
    }

    async fn resume(&mut self, streamer: StreamerId, now: Timestamp) -> Stored<u64> {
        resume::resume(self.tx(), streamer, now).await
    }

    async fn tally_of_instance(&mut self, instance: InstanceId) -> Stored<Tally> {
        tally_of_instance(self.tx(), instance).await
    }
}
