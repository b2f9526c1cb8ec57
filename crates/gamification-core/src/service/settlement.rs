//! Settling redemptions on Twitch. The ledger's rows are their own queue: claimed by lease, settled
//! with no transaction open, then written. A crash in between repeats a call that is idempotent.

use super::changes::Changes;
use super::{Conflict, Gamification, Served, ServiceError};
use crate::access::Actor;
use crate::announcement::{Announcement, AnnouncementKind};
use crate::ids::{InstanceId, RedemptionId};
use crate::instance::Instance;
use crate::ports::{SettlementUpdate, UnitOfWork};
use crate::redemption::{
    Direction, Disposition, Redemption, SettleOutcome, SettledBy, Settlement,
    TwitchRedemptionStatus,
};
use crate::reward::Reward;
use crate::time::Timestamp;
use serde_json::json;
use std::collections::BTreeSet;

/// How many redemptions are settled at once; batches of 50 were seen to half-fail at Twitch.
const BATCH_MAX: u32 = 10;

/// How long a claimed batch belongs to its worker, in seconds.
const LEASE_SECONDS: u32 = 60;

/// The longest pause between two tries, in seconds.
const BACKOFF_SECONDS_MAX: u32 = 300;

impl Gamification {
    /// Settles what is due, one batch; how many redemptions moved. 0 when nothing is due.
    ///
    /// # Errors
    /// When the store fails: the lease runs out and the batch is tried again.
    pub async fn settle_due(&self) -> Served<u64> {
        let now = self.now();
        let mut uow = self.ports.store.begin().await?;
        let lease_until = now.plus_seconds(LEASE_SECONDS);
        let claimed = uow.redemptions().claim_due(now, lease_until, BATCH_MAX).await?;
        let Some(first) = claimed.first() else {
            return Ok(0);
        };
        let reward = uow.rewards().lock(first.reward_key).await?;
        let streamer = uow.users().get(first.streamer_id.into()).await?;
        let direction = first.direction.unwrap_or(Direction::Refund);
        uow.commit().await?;
        let ids: Vec<_> = claimed.iter().map(|row| row.id.clone()).collect();
        let outcomes = match (reward.and_then(|reward: Reward| reward.twitch_id), streamer) {
            (Some(reward), Some(streamer)) => {
                let rewards = &self.ports.rewards;
                rewards.settle(&streamer.twitch_id, &reward, &ids, direction).await
            }
            _ => Vec::new(),
        };
        self.retrying(|| Box::pin(self.write_outcomes(&claimed, &outcomes))).await
    }

    async fn write_outcomes(
        &self,
        claimed: &[Redemption],
        outcomes: &[(RedemptionId, SettleOutcome)],
    ) -> Served<u64> {
        let now = self.now();
        let updates: Vec<_> = claimed
            .iter()
            .map(|row| {
                let outcome = outcomes.iter().find(|(id, _)| *id == row.id).map(|(_, o)| o);
                (row.id.clone(), update_for(row, outcome, now))
            })
            .collect();
        let refunded: BTreeSet<_> = claimed.iter().filter_map(refunded_goal).collect();
        let mut uow = self.ports.store.begin().await?;
        let goals = lock_goals(uow.as_mut(), refunded).await?;
        let changed = uow.redemptions().apply(&updates, now).await?;
        let mut changes = Changes::default();
        for goal in &goals {
            let has_changed = |row: &Redemption| changed.contains(&row.id);
            let is_of_goal = |row: &&Redemption| refunded_goal(row) == Some(goal.id);
            if claimed.iter().filter(is_of_goal).any(has_changed) {
                self.tell_refunds(uow.as_mut(), goal, &mut changes).await?;
            }
        }
        self.finish(uow, changes).await?;
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

    /// Takes Twitch's word that a redemption was settled. One that is due this way was settled by
    /// us; any other by a moderator, and a pending one keeps counting.
    ///
    /// # Errors
    /// When the store fails; Twitch sends it again.
    pub async fn redemption_updated(
        &self,
        id: &RedemptionId,
        status: TwitchRedemptionStatus,
    ) -> Served<()> {
        let direction = match status {
            TwitchRedemptionStatus::Unfulfilled => return Ok(()),
            TwitchRedemptionStatus::Fulfilled => Direction::Fulfil,
            TwitchRedemptionStatus::Canceled => Direction::Refund,
        };
        self.retrying(|| Box::pin(self.try_update(id, direction))).await
    }

    async fn try_update(&self, id: &RedemptionId, direction: Direction) -> Served<()> {
        let known = self.ports.queries.redemption(id).await?;
        let Some(known) = known.filter(|row| !row.settlement.is_final()) else {
            return Ok(());
        };
        let mut uow = self.ports.store.begin().await?;
        let goals = lock_goals(uow.as_mut(), refunded_goal(&known).into_iter().collect()).await?;
        let row = uow.redemptions().lock(id).await?;
        let Some(row) = row.filter(|row| !row.settlement.is_final()) else {
            return Ok(());
        };
        let is_ours = row.settlement == Settlement::due(direction);
        let by = if is_ours { SettledBy::Us } else { SettledBy::External };
        let update = SettlementUpdate::Settled { direction, by };
        uow.redemptions().apply(&[(id.clone(), update)], self.now()).await?;
        let mut changes = Changes::default();
        // Twitch tells of our own refund before its answer to it is written, as a rule: whoever
        // comes first tells how far the refunds have got.
        for goal in &goals {
            self.tell_refunds(uow.as_mut(), goal, &mut changes).await?;
        }
        Ok(self.finish(uow, changes).await?)
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

/// What an outcome means for a row. A row for which Twitch said nothing is tried again.
fn update_for(
    row: &Redemption,
    outcome: Option<&SettleOutcome>,
    now: Timestamp,
) -> SettlementUpdate {
    let asked = row.direction.unwrap_or(Direction::Refund);
    match outcome {
        Some(SettleOutcome::Done) => {
            SettlementUpdate::Settled { direction: asked, by: SettledBy::Us }
        }
        Some(SettleOutcome::AlreadyDone(direction)) => {
            let by = if *direction == asked && row.attempts > 0 {
                SettledBy::Us
            } else {
                SettledBy::External
            };
            SettlementUpdate::Settled { direction: *direction, by }
        }
        Some(SettleOutcome::Impossible(reason)) => SettlementUpdate::Stuck { reason: *reason },
        Some(SettleOutcome::Retry { after_seconds, reason }) => SettlementUpdate::Postponed {
            next_attempt_at: now.plus_seconds(after_seconds.unwrap_or_else(|| backoff(row))),
            error: reason.clone(),
        },
        None => SettlementUpdate::Postponed {
            next_attempt_at: now.plus_seconds(backoff(row)),
            error: "Twitch did not answer for this redemption".to_owned(),
        },
    }
}

fn backoff(row: &Redemption) -> u32 {
    2_u32.saturating_pow(row.attempts.min(16)).min(BACKOFF_SECONDS_MAX)
}
