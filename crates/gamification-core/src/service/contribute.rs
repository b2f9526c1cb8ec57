//! Clicks, in batches: the hot path. One lock per goal, each click decided in memory, one insert,
//! one update per goal, one append, one commit.

mod decide;
mod record;

use super::changes::Changes;
use super::context::{Attempt, Audiences, Scene};
use super::{Gamification, Served};
use crate::ids::{CampaignId, EventId, InstanceId, RedemptionId, StreamerId};
use crate::ports::{Lock, UnitOfWork};
use crate::redemption::{IncomingRedemption, RefusalReason};
use crate::reward::Reward;
use decide::{Decisions, EventBatch};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// What became of a click. Whatever it is, it is committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contribution {
    /// Its reward is not one of ours; it is never touched.
    NotOurs,
    /// It is in the ledger already.
    Duplicate,
    /// It counts for this goal.
    Counted(InstanceId),
    /// It does not count; the points go back.
    Refused(RefusalReason),
}

impl Gamification {
    /// Takes redemptions as they arrive; the answers come in the same order and after the commit.
    /// When the batch as a whole cannot be stored, each is tried alone, so that one bad row holds
    /// up nobody else.
    pub async fn contribute(&self, batch: &[IncomingRedemption]) -> Vec<Served<Contribution>> {
        match self.contribute_together(batch).await {
            Ok(outcomes) => outcomes.into_iter().map(Ok).collect(),
            Err(error) if batch.len() == 1 => vec![Err(error)],
            Err(_) => {
                let mut outcomes = Vec::with_capacity(batch.len());
                for redemption in batch {
                    let alone = self.contribute_together(std::slice::from_ref(redemption)).await;
                    outcomes.push(alone.map(|one| one[0]));
                }
                outcomes
            }
        }
    }

    async fn contribute_together(&self, batch: &[IncomingRedemption]) -> Served<Vec<Contribution>> {
        self.knowing_audiences(|audiences| Box::pin(self.try_contribute(batch, audiences))).await
    }

    async fn try_contribute(
        &self,
        batch: &[IncomingRedemption],
        audiences: Arc<Audiences>,
    ) -> Served<Attempt<Vec<Contribution>>> {
        let mut uow = self.ports.store.begin().await?;
        let mut outcomes = vec![Contribution::Duplicate; batch.len()];
        let rewards = rewards_of(uow.as_mut(), batch).await?;
        let known = self.known(uow.as_mut(), batch).await?;
        let mut campaigns: BTreeMap<CampaignId, BTreeMap<EventId, EventBatch<'_>>> =
            BTreeMap::new();
        let mut seen = HashSet::new();
        for (index, redemption) in batch.iter().enumerate() {
            let Some(reward) = rewards.get(redemption.reward_id.as_str()) else {
                outcomes[index] = Contribution::NotOurs;
                continue;
            };
            if !known.contains(&redemption.id) && seen.insert(&redemption.id) {
                let events = campaigns.entry(reward.campaign_id).or_default();
                let event = reward.event_id;
                let clicks = events.entry(event);
                let clicks = clicks.or_insert_with(|| EventBatch { clicks: Vec::new() });
                clicks.clicks.push((index, redemption, reward));
            }
        }
        if campaigns.is_empty() {
            return Ok(Attempt::Done(outcomes));
        }
        let mut changes = Changes::default();
        for (campaign, events) in campaigns {
            let unknown = self
                .contribute_to(
                    uow.as_mut(),
                    campaign,
                    events,
                    &audiences,
                    &mut changes,
                    &mut outcomes,
                )
                .await?;
            if !unknown.is_empty() {
                return Ok(Attempt::NeedsAudience(unknown));
            }
        }
        self.finish(uow, changes).await?;
        Ok(Attempt::Done(outcomes))
    }

    async fn known(
        &self,
        uow: &mut dyn UnitOfWork,
        batch: &[IncomingRedemption],
    ) -> Served<HashSet<RedemptionId>> {
        let ids: Vec<_> = batch.iter().map(|redemption| redemption.id.clone()).collect();
        Ok(uow.redemptions().known(&ids).await?.into_iter().collect())
    }

    async fn contribute_to(
        &self,
        uow: &mut dyn UnitOfWork,
        campaign: CampaignId,
        events: BTreeMap<EventId, EventBatch<'_>>,
        audiences: &Audiences,
        changes: &mut Changes,
        outcomes: &mut [Contribution],
    ) -> Served<Vec<StreamerId>> {
        let table = self.table(uow, campaign, Lock::Shared).await?;
        let mut decisions = Decisions::default();
        let mut loaded = BTreeMap::new();
        for (event, batch) in events {
            let at = self.event_at_table(uow, campaign, event, Lock::Shared).await?;
            let (Some(table), Some(at)) = (&table, at) else {
                self.refuse_all(&batch, RefusalReason::EventDisabled, &mut decisions);
                continue;
            };
            let unknown = self
                .decide_event(
                    uow,
                    Scene { table, at: &at, audiences },
                    batch,
                    changes,
                    &mut decisions,
                )
                .await?;
            if !unknown.is_empty() {
                return Ok(unknown);
            }
            loaded.insert(event, at);
        }
        self.store(uow, &loaded, decisions, changes, outcomes).await?;
        Ok(Vec::new())
    }
}

async fn rewards_of(
    uow: &mut dyn UnitOfWork,
    batch: &[IncomingRedemption],
) -> Served<HashMap<String, Reward>> {
    let ids: BTreeSet<_> = batch.iter().map(|redemption| redemption.reward_id.clone()).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let rewards = uow.rewards().by_twitch_ids(&ids).await?;
    let by_id = rewards.into_iter().filter_map(|reward| {
        let id = reward.twitch_id.as_ref()?.as_str().to_owned();
        Some((id, reward))
    });
    Ok(by_id.collect())
}
