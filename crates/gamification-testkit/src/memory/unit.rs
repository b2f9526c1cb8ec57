use super::Shared;
use super::state::State;
use crate::locked;
use async_trait::async_trait;
use gamification_core::ports::{
    AccessRepository, CampaignRepository, CatalogueRepository, CommandRepository, ConfigRepository,
    CriticalityRuleRepository, EventLog, InstanceRepository, LoginRepository, Outbox,
    RedemptionRepository, RewardRepository, RollRepository, StoreError, UnitOfWork, UserRepository,
    VttRepository,
};
use std::sync::Arc;
use tokio::sync::OwnedMutexGuard;

/// One transaction: a copy of the state, and the right to replace the original with it.
pub(super) struct MemoryUnit {
    shared: Arc<Shared>,
    _permit: OwnedMutexGuard<()>,
    state: State,
    /// The injected failure after which nothing works any more in this transaction.
    broken: Option<StoreError>,
}

impl MemoryUnit {
    pub(super) const fn new(
        shared: Arc<Shared>,
        permit: OwnedMutexGuard<()>,
        state: State,
    ) -> Self {
        Self { shared, _permit: permit, state, broken: None }
    }

    pub(super) fn read(&self) -> Result<&State, StoreError> {
        self.shared.faults.on_read()?;
        self.broken.clone().map_or(Ok(&self.state), Err)
    }

    /// The state to write one thing to; where injected failures strike.
    pub(super) fn write(&mut self) -> Result<&mut State, StoreError> {
        if let Some(error) = &self.broken {
            return Err(error.clone());
        }
        if let Err(error) = self.shared.faults.on_write() {
            self.broken = Some(error.clone());
            return Err(error);
        }
        Ok(&mut self.state)
    }
}

/// The error of a write that did not find the row that was decided on.
pub(super) fn not_found(what: impl std::fmt::Display) -> StoreError {
    StoreError::Contention(format!("{what} is not there any more"))
}

/// Replaces a row that must be there.
pub(super) fn replace<K: Ord + Clone + std::fmt::Debug, V: Clone>(
    table: &mut super::state::Table<K, V>,
    key: &K,
    row: &V,
) -> Result<(), StoreError> {
    let place = table.get_mut(key).ok_or_else(|| not_found(format!("{key:?}")))?;
    *place = row.clone();
    Ok(())
}

/// Inserts a row that must not be there.
pub(super) fn insert_new<K: Ord + Clone + std::fmt::Debug, V: Clone>(
    table: &mut super::state::Table<K, V>,
    key: K,
    row: &V,
) -> Result<(), StoreError> {
    if table.contains_key(&key) {
        return Err(StoreError::AlreadyExists(format!("{key:?}")));
    }
    table.insert(key, row.clone());
    Ok(())
}

#[async_trait]
impl UnitOfWork for MemoryUnit {
    fn users(&mut self) -> &mut dyn UserRepository {
        self
    }

    fn campaigns(&mut self) -> &mut dyn CampaignRepository {
        self
    }

    fn catalogue(&mut self) -> &mut dyn CatalogueRepository {
        self
    }

    fn configs(&mut self) -> &mut dyn ConfigRepository {
        self
    }

    fn instances(&mut self) -> &mut dyn InstanceRepository {
        self
    }

    fn redemptions(&mut self) -> &mut dyn RedemptionRepository {
        self
    }

    fn rewards(&mut self) -> &mut dyn RewardRepository {
        self
    }

    fn commands(&mut self) -> &mut dyn CommandRepository {
        self
    }

    fn rolls(&mut self) -> &mut dyn RollRepository {
        self
    }

    fn criticality_rules(&mut self) -> &mut dyn CriticalityRuleRepository {
        self
    }

    fn vtt(&mut self) -> &mut dyn VttRepository {
        self
    }

    fn access(&mut self) -> &mut dyn AccessRepository {
        self
    }

    fn logins(&mut self) -> &mut dyn LoginRepository {
        self
    }

    fn outbox(&mut self) -> &mut dyn Outbox {
        self
    }

    fn log(&mut self) -> &mut dyn EventLog {
        self
    }

    async fn commit(mut self: Box<Self>) -> Result<(), StoreError> {
        self.write()?;
        *locked(&self.shared.committed) = self.state.clone();
        Ok(())
    }
}
