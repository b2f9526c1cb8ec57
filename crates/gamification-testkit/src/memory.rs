//! The store in memory, with the semantics that the databases have.

mod access;
mod catalogue;
mod criticality_rules;
mod game;
mod goals;
mod journal;
mod ledger;
mod logins;
mod outbox;
mod paging;
mod queries;
mod redemptions;
mod rewards;
mod state;
mod stats;
mod table;
mod unit;
mod vtt;

pub use journal::JournalEntry;

use crate::StoreFaults;
use crate::locked;
use async_trait::async_trait;
use gamification_core::ids::RedemptionId;
use gamification_core::outbox::OutboxEntry;
use gamification_core::ports::{Store, StoreError, UnitOfWork};
use gamification_core::redemption::Redemption;
use state::State;
use std::sync::{Arc, Mutex};

/// A store and its queries in memory. Clones are the same store.
///
/// One transaction runs at a time, on a copy of the state that replaces it on commit; the next
/// `begin` waits for its end. A task that begins a second transaction while it holds one waits for
/// ever, as it would on a database with one writer.
#[derive(Clone, Default)]
pub struct MemoryStore {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    /// Held by the one running transaction.
    writer: Arc<tokio::sync::Mutex<()>>,
    committed: Mutex<State>,
    faults: StoreFaults,
}

impl MemoryStore {
    /// What is to go wrong.
    #[must_use]
    pub fn faults(&self) -> &StoreFaults {
        &self.shared.faults
    }

    /// Changes a row of the ledger behind the back of every rule, as a hand on the database would;
    /// `false` when there is no such row.
    pub fn tamper_redemption(
        &self,
        id: &RedemptionId,
        change: impl FnOnce(&mut Redemption),
    ) -> bool {
        let mut committed = locked(&self.shared.committed);
        committed.redemptions.get_mut(id).map(|row| change(&mut row.redemption)).is_some()
    }

    /// The journal from its beginning.
    #[must_use]
    pub fn journal(&self) -> Vec<JournalEntry> {
        locked(&self.shared.committed).journal.entries().to_vec()
    }

    /// Every effect of the outbox, the oldest first.
    #[must_use]
    pub fn outbox(&self) -> Vec<OutboxEntry> {
        let committed = locked(&self.shared.committed);
        let mut entries: Vec<_> = committed.outbox.values().map(|row| row.entry.clone()).collect();
        entries.sort_by_key(|entry| (entry.created_at, entry.id));
        entries
    }

    fn snapshot(&self) -> Result<State, StoreError> {
        self.shared.faults.on_read()?;
        Ok(locked(&self.shared.committed).clone())
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        self.shared.faults.on_begin()?;
        let permit = Arc::clone(&self.shared.writer).lock_owned().await;
        let state = locked(&self.shared.committed).clone();
        Ok(Box::new(unit::MemoryUnit::new(Arc::clone(&self.shared), permit, state)))
    }
}
