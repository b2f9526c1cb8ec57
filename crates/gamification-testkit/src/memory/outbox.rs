use super::state::State;
use super::unit::{MemoryUnit, insert_new, not_found};
use async_trait::async_trait;
use gamification_core::ids::{OutboxId, StreamerId};
use gamification_core::outbox::{OutboxEntry, OutboxStatus};
use gamification_core::ports::{Outbox, StoreError};
use gamification_core::time::Timestamp;
use std::collections::BTreeMap;

type Stored<T> = Result<T, StoreError>;

/// A row of the outbox with what only the store knows of it.
#[derive(Clone)]
pub(super) struct OutboxRow {
    pub(super) entry: OutboxEntry,
    leased_until: Option<Timestamp>,
    settled_at: Option<Timestamp>,
}

impl OutboxRow {
    fn settle(&mut self, status: OutboxStatus, now: Timestamp, error: Option<&str>) {
        self.entry.status = status;
        self.entry.last_error = error.map(str::to_owned);
        self.leased_until = None;
        self.settled_at = Some(now);
    }

    /// Whether nothing else may happen on its channel at this moment.
    fn keeps_channel_quiet(&self, quiet_since: Timestamp) -> bool {
        self.entry.status == OutboxStatus::Taken
            || self.settled_at.is_some_and(|at| at > quiet_since)
    }
}

impl State {
    /// Gives up what was taken and whose lease is over.
    fn fail_lost(&mut self, now: Timestamp) {
        for row in self.outbox.values_mut() {
            let is_lost = row.leased_until.is_some_and(|until| until <= now);
            if row.entry.status == OutboxStatus::Taken && is_lost {
                row.settle(OutboxStatus::Failed, now, Some("unknown"));
            }
        }
    }

    /// The keys of what to take, the oldest first.
    fn takeable(&self, now: Timestamp, quiet_since: Timestamp, limit: u32) -> Vec<OutboxId> {
        let is_quiet = |streamer: StreamerId| {
            let busy = |row: &OutboxRow| row.keeps_channel_quiet(quiet_since);
            !self.outbox.values().any(|row| row.entry.streamer_id == streamer && busy(row))
        };
        let mut oldest: BTreeMap<StreamerId, (Timestamp, OutboxId)> = BTreeMap::new();
        for OutboxRow { entry, .. } in self.outbox.values() {
            let is_due = entry.status == OutboxStatus::Waiting && entry.next_attempt_at <= now;
            if is_due && is_quiet(entry.streamer_id) {
                let place = (entry.created_at, entry.id);
                oldest
                    .entry(entry.streamer_id)
                    .and_modify(|known| *known = place.min(*known))
                    .or_insert(place);
            }
        }
        let mut places: Vec<_> = oldest.into_values().collect();
        places.sort_unstable();
        places.into_iter().take(limit as usize).map(|(_, id)| id).collect()
    }
}

impl MemoryUnit {
    fn taken(&mut self, id: OutboxId) -> Stored<&mut OutboxRow> {
        let row = self.write()?.outbox.get_mut(&id);
        row.filter(|row| row.entry.status == OutboxStatus::Taken)
            .ok_or_else(|| not_found(format!("the taken effect {id}")))
    }
}

#[async_trait]
impl Outbox for MemoryUnit {
    async fn push(&mut self, entries: &[OutboxEntry]) -> Stored<()> {
        let outbox = &mut self.write()?.outbox;
        entries.iter().try_for_each(|entry| {
            let row = OutboxRow { entry: entry.clone(), leased_until: None, settled_at: None };
            insert_new(outbox, entry.id, &row)
        })
    }

    async fn take(
        &mut self,
        now: Timestamp,
        lease_until: Timestamp,
        quiet_since: Timestamp,
        limit: u32,
    ) -> Stored<Vec<OutboxEntry>> {
        let state = self.write()?;
        state.fail_lost(now);
        let mut taken = Vec::new();
        for id in state.takeable(now, quiet_since, limit) {
            if let Some(row) = state.outbox.get_mut(&id) {
                row.entry.status = OutboxStatus::Taken;
                row.entry.attempts += 1;
                row.leased_until = Some(lease_until);
                taken.push(row.entry.clone());
            }
        }
        Ok(taken)
    }

    async fn complete(&mut self, id: OutboxId, now: Timestamp) -> Stored<()> {
        self.taken(id)?.settle(OutboxStatus::Done, now, None);
        Ok(())
    }

    async fn postpone(&mut self, id: OutboxId, until: Timestamp, error: &str) -> Stored<()> {
        let row = self.taken(id)?;
        row.entry.status = OutboxStatus::Waiting;
        row.entry.next_attempt_at = until;
        row.entry.last_error = Some(error.to_owned());
        row.leased_until = None;
        Ok(())
    }

    async fn park(&mut self, id: OutboxId, now: Timestamp, error: &str) -> Stored<()> {
        self.taken(id)?.settle(OutboxStatus::Failed, now, Some(error));
        Ok(())
    }

    async fn prune(&mut self, before: Timestamp) -> Stored<u64> {
        let outbox = &mut self.write()?.outbox;
        let held = outbox.len();
        outbox.retain(|_, row| row.settled_at.is_none_or(|at| at >= before));
        Ok((held - outbox.len()) as u64)
    }
}
