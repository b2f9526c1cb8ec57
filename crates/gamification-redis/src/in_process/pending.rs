use crate::names::PENDING_SECONDS;
use async_trait::async_trait;
use gamification_core::ids::InstanceId;
use gamification_core::ports::{Clock, PendingExecution, PendingExecutions, PortUnavailable};
use gamification_core::time::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// More goals than a table executes in a day; beyond it the oldest entry makes room.
pub const ENTRIES_MAX: usize = 10_000;

/// The cache of one process: at most [`ENTRIES_MAX`] entries, each for 24 hours of the given clock.
pub struct InProcessPending {
    clock: Arc<dyn Clock>,
    entries: Mutex<HashMap<InstanceId, Entry>>,
}

struct Entry {
    pending: PendingExecution,
    expires_at: Timestamp,
}

impl InProcessPending {
    /// An empty cache that expires its entries by that clock.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, entries: Mutex::default() }
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<InstanceId, Entry>> {
        // No change to the map is done in steps, so what a panic left behind is whole.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl PendingExecutions for InProcessPending {
    async fn put(&self, pending: &PendingExecution) -> Result<(), PortUnavailable> {
        let now = self.clock.now();
        let mut entries = self.entries();
        if entries.len() >= ENTRIES_MAX && !entries.contains_key(&pending.instance_id) {
            make_room(&mut entries, now);
        }
        let expires_at = now.plus_seconds(PENDING_SECONDS);
        entries.insert(pending.instance_id, Entry { pending: pending.clone(), expires_at });
        Ok(())
    }

    async fn get(&self, instance: InstanceId) -> Result<Option<PendingExecution>, PortUnavailable> {
        let now = self.clock.now();
        let mut entries = self.entries();
        if entries.get(&instance).is_some_and(|entry| entry.expires_at <= now) {
            entries.remove(&instance);
        }
        Ok(entries.get(&instance).map(|entry| entry.pending.clone()))
    }

    async fn remove(&self, instance: InstanceId) -> Result<(), PortUnavailable> {
        self.entries().remove(&instance);
        Ok(())
    }
}

/// Drops what has run out, else the entry that would run out first.
fn make_room(entries: &mut HashMap<InstanceId, Entry>, now: Timestamp) {
    entries.retain(|_, entry| entry.expires_at > now);
    if entries.len() < ENTRIES_MAX {
        return;
    }
    let oldest = entries.iter().min_by_key(|(id, entry)| (entry.expires_at, **id));
    if let Some(oldest) = oldest.map(|(id, _)| *id) {
        entries.remove(&oldest);
    }
}
