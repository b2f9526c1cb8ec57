//! Settling redemptions on Twitch. The ledger's rows are their own queue: claimed by lease, settled
//! with no transaction open, then written. A crash in between repeats a call that is idempotent.

mod outcomes;

use super::changes::Changes;
use super::{Conflict, Gamification, Served, ServiceError};
use crate::access::Actor;
use crate::announcement::{Announcement, AnnouncementKind};
use crate::ids::{InstanceId, RedemptionId};
use crate::instance::Instance;
use crate::ports::{SettlementUpdate, UnitOfWork};
use crate::redemption::{Direction, Disposition, Redemption, TwitchRedemptionStatus};
use crate::reward::Reward;
use outcomes::{Claim, settled_by};
use serde_json::json;
use std::collections::BTreeSet;

/// How many redemptions are claimed at once: as many as one call to Twitch may settle. The adapter
/// cuts them into smaller batches where that is wiser.
const CLAIM_MAX: u32 = 50;

/// How long a claimed batch belongs to its worker, in seconds.
const LEASE_SECONDS: u32 = 60;

impl Gamification {
    /// Settles what is due: at most 50 redemptions of one reward in one direction; how
    /// many of them moved. 0 when nothing is due. Several workers may do this at the same time: a
    /// channel belongs to one of them until its outcomes are written.
    ///
    /// # Errors
    /// When the store fails: the lease runs out and the batch is tried again.
    pub async fn settle_due(&self) -> Served<u64> {
        let now = self.now();
        if !self.ports.queries.is_settlement_due(now).await? {
            return Ok(0);
        }
        let mut uow = self.ports.store.begin().await?;
        let lease_until = now.plus_seconds(LEASE_SECONDS);
        let rows = uow.redemptions().claim_due(now, lease_until, CLAIM_MAX).await?;
        let Some(first) = rows.first() else {
            return Ok(0);
        };
        let reward = uow.rewards().lock(first.reward_key).await?;
        let streamer = uow.users().get(first.streamer_id.into()).await?;
        let direction = first.direction.unwrap_or(Direction::Refund);
        uow.commit().await?;
        let ids: Vec<_> = rows.iter().map(|row| row.id.clone()).collect();
        let outcomes = match (reward.and_then(|reward: Reward| reward.twitch_id), streamer) {
            (Some(reward), Some(streamer)) => {
                let rewards = &self.ports.rewards;
                rewards.settle(&streamer.twitch_id, &reward, &ids, direction).await
            }
            _ => Vec::new(),
        };
        let claim = Claim { rows, outcomes: outcomes.into_iter().collect(), claimed_at: now };
        self.retrying(|| Box::pin(self.write_outcomes(&claim))).await
    }

    async fn write_outcomes(&self, claim: &Claim) -> Served<u64> {
        let now = self.now();
        let refunded: BTreeSet<_> = claim.rows.iter().filter_map(refunded_goal).collect();
        let mut uow = self.ports.store.begin().await?;
        let goals = lock_goals(uow.as_mut(), refunded).await?;
        let wait = claim.wait_for_login(uow.as_mut(), now).await?;
        let updates: Vec<_> = claim
            .rows
            .iter()
            .map(|row| (row.id.clone(), claim.update_for(row, wait, now)))
            .collect();
        let changed = uow.redemptions().apply(&updates, now).await?;
        let mut changes = Changes::default();
        for goal in &goals {
            let has_changed = |row: &Redemption| changed.contains(&row.id);
            let is_of_goal = |row: &&Redemption| refunded_goal(row) == Some(goal.id);
            if claim.rows.iter().filter(is_of_goal).any(has_changed) {
                self.tell_refunds(uow.as_mut(), goal, &mut changes).await?;
            }
        }
        self.finish(uow, changes).await?;
        log_stuck(&updates, &changed);
        Ok(changed.len() as u64)
    }

    /// Tells how far the refunds of a goal have got: cumulative, so that a reader who missed one is
    /// right after the next.
    async fn tell_refunds(
        &self,
        uow: &mut dyn UnitOfWork,
        goal: &Instance,
        changes: &mut Changes,
    ) -> Served<()> {
        let tally = uow.redemptions().tally_of_instance(goal.id).await?;
        let fact = Announcement::about(
            AnnouncementKind::ContributionsRefunded,
            goal,
            json!({
                "count": tally.refunded.count,
                "points": tally.refunded.points,
                "remaining": tally.pending.count,
                "stuck": tally.stuck.count,
            }),
        );
        changes.tell(goal.campaign_id, fact);
        Ok(())
    }

    /// Tries a stuck redemption again, at once.
    ///
    /// # Errors
    /// [`Conflict::NotStuck`] when it is not stuck.
    pub async fn retry_redemption(&self, actor: &Actor, id: &RedemptionId) -> Served<Redemption> {
        self.retrying(|| Box::pin(self.try_retry(actor, id))).await
    }

    async fn try_retry(&self, actor: &Actor, id: &RedemptionId) -> Served<Redemption> {
        let mut uow = self.ports.store.begin().await?;
        let row = uow.redemptions().lock(id).await?;
        row.ok_or(ServiceError::NotFound("redemption"))?;
        if !uow.redemptions().retry(id, self.now()).await? {
            return Err(Conflict::NotStuck.into());
        }
        let row = uow.redemptions().lock(id).await?;
        let row = row.ok_or(ServiceError::NotFound("redemption"))?;
        let campaign = Some(row.campaign_id);
        let details = json!({ "redemptionId": id });
        self.note_down(uow.as_mut(), campaign, actor, "redemption.retried", details).await?;
        let mut changes = Changes::default();
        changes.wake_workers();
        self.finish(uow, changes).await?;
        Ok(row)
    }

    /// Takes Twitch's word that a redemption was settled. Whoever did it, that is its end; a
    /// pending one keeps counting.
    ///
    /// # Errors
    /// When the store fails; Twitch sends it again.
    pub async fn redemption_updated(
        &self,
        id: &RedemptionId,
        status: TwitchRedemptionStatus,
    ) -> Served<()> {
        self.take_word(id, status).await.map(|_| ())
    }

    /// The same; whether it was news.
    pub(super) async fn take_word(
        &self,
        id: &RedemptionId,
        status: TwitchRedemptionStatus,
    ) -> Served<bool> {
        let direction = match status {
            TwitchRedemptionStatus::Unfulfilled => return Ok(false),
            TwitchRedemptionStatus::Fulfilled => Direction::Fulfil,
            TwitchRedemptionStatus::Canceled => Direction::Refund,
        };
        self.retrying(|| Box::pin(self.try_take_word(id, direction))).await
    }

    async fn try_take_word(&self, id: &RedemptionId, direction: Direction) -> Served<bool> {
        let known = self.ports.queries.redemption(id).await?;
        let Some(known) = known.filter(|row| !row.settlement.is_final()) else {
            return Ok(false);
        };
        let mut uow = self.ports.store.begin().await?;
        let goals = lock_goals(uow.as_mut(), refunded_goal(&known).into_iter().collect()).await?;
        let row = uow.redemptions().lock(id).await?;
        let Some(row) = row.filter(|row| !row.settlement.is_final()) else {
            return Ok(false);
        };
        let update =
            SettlementUpdate::Settled { direction, by: settled_by(&row, row.attempts, direction) };
        uow.redemptions().apply(&[(id.clone(), update)], self.now()).await?;
        let mut changes = Changes::default();
        // Twitch tells of our own refund before its answer to it is written, as a rule: whoever
        // comes first tells how far the refunds have got.
        for goal in &goals {
            self.tell_refunds(uow.as_mut(), goal, &mut changes).await?;
        }
        self.finish(uow, changes).await?;
        Ok(true)
    }
}

/// The goal whose clicks go back with this row.
fn refunded_goal(row: &Redemption) -> Option<InstanceId> {
    match (row.direction, row.disposition) {
        (Some(Direction::Refund), Disposition::Counted(goal)) => Some(goal),
        _ => None,
    }
}

/// Locks goals before their redemptions are written, in the order of their keys.
async fn lock_goals(uow: &mut dyn UnitOfWork, ids: BTreeSet<InstanceId>) -> Served<Vec<Instance>> {
    let mut goals = Vec::with_capacity(ids.len());
    for id in ids {
        goals.extend(uow.instances().lock(id).await?);
    }
    Ok(goals)
}

/// A row that needs a person is never silent.
fn log_stuck(updates: &[(RedemptionId, SettlementUpdate)], changed: &[RedemptionId]) {
    for (redemption, update) in updates {
        if let SettlementUpdate::Stuck { reason } = update
            && changed.contains(redemption)
        {
            tracing::warn!(%redemption, ?reason, "a redemption waits for a person");
        }
    }
}
