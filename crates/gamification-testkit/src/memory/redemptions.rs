use super::journal::{decided, end_of};
use super::state::{LedgerRow, State};
use super::unit::MemoryUnit;
use async_trait::async_trait;
use gamification_core::ids::{
    CampaignId, EventId, InstanceId, RedemptionId, RewardKey, StreamerId, TwitchUserId,
};
use gamification_core::ledger::Tally;
use gamification_core::ports::{
    RedemptionFilter, RedemptionRepository, SettlementUpdate, StoreError,
};
use gamification_core::redemption::{
    Direction, Disposition, JournalFact, Redemption, Settlement, StuckReason,
};
use gamification_core::time::Timestamp;

type Stored<T> = Result<T, StoreError>;

const fn is_due(settlement: Settlement) -> bool {
    matches!(settlement, Settlement::FulfilDue | Settlement::RefundDue)
}

/// Whether a list with that filter has the row.
pub(super) fn is_wanted(r: &Redemption, filter: &RedemptionFilter) -> bool {
    filter.settlement.is_none_or(|settlement| r.settlement == settlement)
        && filter.streamer.is_none_or(|streamer| r.streamer_id == streamer)
        && filter.instance.is_none_or(|i| r.disposition == Disposition::Counted(i))
}

impl State {
    pub(super) fn pending_of_reward(&self, reward: RewardKey, limit: u32) -> Vec<RedemptionId> {
        let rows = self.redemptions.values().map(|row| &row.redemption);
        let is_asked =
            |r: &&Redemption| r.reward_key == reward && r.settlement == Settlement::Pending;
        let mut pending: Vec<_> = rows.filter(is_asked).collect();
        pending.sort_by_key(|r| (r.received_at, &r.id));
        pending.into_iter().take(limit as usize).map(|r| r.id.clone()).collect()
    }

    pub(super) fn unsettled_of_reward(&self, reward: RewardKey) -> u64 {
        let rows = self.redemptions.values().map(|row| &row.redemption);
        rows.filter(|r| r.reward_key == reward && !r.settlement.is_final()).count() as u64
    }

    /// The keys of the rows to claim: of the channel, reward and direction that are due longest.
    pub(super) fn claimable(&self, now: Timestamp, limit: u32) -> Vec<RedemptionId> {
        let is_leased = |row: &LedgerRow| row.leased_until.is_some_and(|until| until > now);
        let busy: Vec<_> = self
            .redemptions
            .values()
            .filter(|row| is_leased(row))
            .map(|row| row.redemption.streamer_id)
            .collect();
        let mut due: Vec<&Redemption> = self
            .redemptions
            .values()
            .map(|row| &row.redemption)
            .filter(|row| is_due(row.settlement) && row.next_attempt_at <= now)
            .filter(|row| !busy.contains(&row.streamer_id))
            .filter(|row| self.rewards.get(&row.reward_key).is_some_and(|r| r.twitch_id.is_some()))
            .collect();
        due.sort_by(|a, b| (a.next_attempt_at, &a.id).cmp(&(b.next_attempt_at, &b.id)));
        let Some(first) = due.first().copied() else { return Vec::new() };
        due.into_iter()
            .filter(|row| row.reward_key == first.reward_key && row.settlement == first.settlement)
            .take(limit as usize)
            .map(|row| row.id.clone())
            .collect()
    }
}

/// Whether that outcome moves a row in that state.
const fn moves(update: &SettlementUpdate, settlement: Settlement) -> bool {
    match update {
        SettlementUpdate::Settled { .. } => !settlement.is_final(),
        SettlementUpdate::Postponed { .. }
        | SettlementUpdate::Waiting { .. }
        | SettlementUpdate::Stuck { .. } => is_due(settlement),
    }
}

fn apply_update(row: &mut Redemption, update: &SettlementUpdate, now: Timestamp) {
    match update {
        SettlementUpdate::Settled { direction, by } => {
            row.settlement = Settlement::done(*direction);
            row.settled_by = Some(*by);
            row.settled_at = Some(now);
            row.last_error = None;
            row.stuck_reason = None;
        }
        SettlementUpdate::Postponed { next_attempt_at, error } => {
            row.next_attempt_at = *next_attempt_at;
            row.last_error = Some(error.clone());
        }
        SettlementUpdate::Waiting { next_attempt_at, error } => {
            row.attempts = row.attempts.saturating_sub(1);
            row.next_attempt_at = *next_attempt_at;
            row.last_error = Some(error.clone());
        }
        SettlementUpdate::Stuck { reason } => {
            row.settlement = Settlement::Stuck;
            row.stuck_reason = Some(*reason);
        }
    }
}

/// Lets a stuck row be tried again at once.
fn make_due(row: &mut Redemption, direction: Direction, now: Timestamp) {
    row.settlement = Settlement::due(direction);
    row.stuck_reason = None;
    row.next_attempt_at = now;
}

#[async_trait]
impl RedemptionRepository for MemoryUnit {
    async fn known(&mut self, ids: &[RedemptionId]) -> Stored<Vec<RedemptionId>> {
        let rows = &self.read()?.redemptions;
        Ok(ids.iter().filter(|id| rows.contains_key(id)).cloned().collect())
    }

    async fn record(&mut self, rows: &[Redemption]) -> Stored<Vec<RedemptionId>> {
        let state = self.write()?;
        let mut new = Vec::new();
        for row in rows {
            if state.redemptions.contains_key(&row.id) {
                continue;
            }
            let stored = LedgerRow { redemption: row.clone(), leased_until: None };
            state.redemptions.insert(row.id.clone(), stored);
            state.journal.note_arrival(row);
            new.push(row.id.clone());
        }
        Ok(new)
    }

    async fn lock(&mut self, id: &RedemptionId) -> Stored<Option<Redemption>> {
        Ok(self.read()?.redemptions.get(id).map(|row| row.redemption.clone()))
    }

    async fn counted_by_viewers(
        &mut self,
        campaign: CampaignId,
        event: EventId,
        viewers: &[TwitchUserId],
        since: Timestamp,
    ) -> Stored<Vec<(TwitchUserId, u32)>> {
        let rows = &self.read()?.redemptions;
        let counts = |row: &Redemption| {
            row.campaign_id == campaign
                && row.event_id == event
                && row.received_at >= since
                && matches!(row.disposition, Disposition::Counted(_))
                && row.direction != Some(Direction::Refund)
                && row.settlement != Settlement::Refunded
        };
        let count_of = |viewer: &TwitchUserId| {
            let rows = rows.values().map(|row| &row.redemption);
            let count = rows.filter(|row| row.viewer_id == *viewer && counts(row)).count();
            (viewer.clone(), u32::try_from(count).unwrap_or(u32::MAX))
        };
        Ok(viewers.iter().map(count_of).filter(|(_, count)| *count > 0).collect())
    }

    async fn decide(
        &mut self,
        instance: InstanceId,
        direction: Direction,
        now: Timestamp,
    ) -> Stored<u64> {
        let state = self.write()?;
        let mut decided_rows = 0;
        for LedgerRow { redemption: row, .. } in state.redemptions.values_mut() {
            if row.disposition != Disposition::Counted(instance)
                || row.settlement != Settlement::Pending
            {
                continue;
            }
            row.settlement = Settlement::due(direction);
            row.direction = Some(direction);
            row.next_attempt_at = now;
            state.journal.note(row, decided(direction), now);
            decided_rows += 1;
        }
        Ok(decided_rows)
    }

    async fn claim_due(
        &mut self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
    ) -> Stored<Vec<Redemption>> {
        let state = self.write()?;
        let ids = state.claimable(now, limit);
        let mut claimed = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(row) = state.redemptions.get_mut(&id) {
                row.leased_until = Some(lease_until);
                row.redemption.attempts += 1;
                claimed.push(row.redemption.clone());
            }
        }
        Ok(claimed)
    }

    async fn apply(
        &mut self,
        outcomes: &[(RedemptionId, SettlementUpdate)],
        now: Timestamp,
    ) -> Stored<Vec<RedemptionId>> {
        let state = self.write()?;
        let mut changed = Vec::new();
        for (id, update) in outcomes {
            let Some(row) = state.redemptions.get_mut(id) else { continue };
            if !moves(update, row.redemption.settlement) {
                continue;
            }
            row.leased_until = None;
            apply_update(&mut row.redemption, update, now);
            if let Some(end) = end_of(row.redemption.settlement) {
                state.journal.note(&row.redemption, end, now);
            }
            changed.push(id.clone());
        }
        Ok(changed)
    }

    async fn retry(&mut self, id: &RedemptionId, now: Timestamp) -> Stored<bool> {
        let state = self.write()?;
        let Some(LedgerRow { redemption: row, .. }) = state.redemptions.get_mut(id) else {
            return Ok(false);
        };
        let Some(direction) = row.direction.filter(|_| row.settlement == Settlement::Stuck) else {
            return Ok(false);
        };
        make_due(row, direction, now);
        state.journal.note(row, JournalFact::Retried, now);
        Ok(true)
    }

    async fn resume(&mut self, streamer: StreamerId, now: Timestamp) -> Stored<u64> {
        let state = self.write()?;
        let mut resumed = 0;
        for LedgerRow { redemption: row, .. } in state.redemptions.values_mut() {
            if row.streamer_id != streamer {
                continue;
            }
            if is_due(row.settlement) && row.next_attempt_at > now {
                row.next_attempt_at = now;
                resumed += 1;
            } else if row.stuck_reason == Some(StuckReason::LoginNeeded) {
                let Some(direction) = row.direction else { continue };
                make_due(row, direction, now);
                state.journal.note(row, JournalFact::Retried, now);
                resumed += 1;
            }
        }
        Ok(resumed)
    }

    async fn tally_of_instance(&mut self, instance: InstanceId) -> Stored<Tally> {
        Ok(self.read()?.tally_of_instance(instance))
    }
}
