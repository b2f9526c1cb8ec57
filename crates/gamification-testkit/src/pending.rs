use crate::locked;
use async_trait::async_trait;
use gamification_core::ids::InstanceId;
use gamification_core::ports::{PendingExecution, PendingExecutions, PortUnavailable};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// A cache that can be away and can lose everything.
#[derive(Debug, Default)]
pub struct FlakyPending {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    entries: BTreeMap<InstanceId, PendingExecution>,
    failing_calls: u32,
    is_away: bool,
}

impl FlakyPending {
    /// The next `calls` calls answer [`PortUnavailable`] and change nothing.
    pub fn fail_next(&self, calls: u32) {
        locked(&self.state).failing_calls = calls;
    }

    /// Every call fails while it is away.
    pub fn set_away(&self, is_away: bool) {
        locked(&self.state).is_away = is_away;
    }

    /// Forgets every entry, as a cache may.
    pub fn lose_everything(&self) {
        locked(&self.state).entries.clear();
    }

    /// The goals that it knows.
    #[must_use]
    pub fn known(&self) -> Vec<InstanceId> {
        locked(&self.state).entries.keys().copied().collect()
    }

    fn reachable<T>(&self, call: impl FnOnce(&mut State) -> T) -> Result<T, PortUnavailable> {
        let mut state = locked(&self.state);
        if state.is_away || state.failing_calls > 0 {
            state.failing_calls = state.failing_calls.saturating_sub(1);
            return Err(PortUnavailable("the fake cache is away".to_owned()));
        }
        Ok(call(&mut state))
    }
}

#[async_trait]
impl PendingExecutions for FlakyPending {
    async fn put(&self, pending: &PendingExecution) -> Result<(), PortUnavailable> {
        self.reachable(|state| {
            state.entries.insert(pending.instance_id, pending.clone());
        })
    }

    async fn get(&self, instance: InstanceId) -> Result<Option<PendingExecution>, PortUnavailable> {
        self.reachable(|state| state.entries.get(&instance).cloned())
    }

    async fn remove(&self, instance: InstanceId) -> Result<(), PortUnavailable> {
        self.reachable(|state| {
            state.entries.remove(&instance);
        })
    }
}
