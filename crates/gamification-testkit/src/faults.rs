use crate::locked;
use gamification_core::ports::StoreError;
use std::sync::{Arc, Mutex};

/// What goes wrong in a [`MemoryStore`](crate::MemoryStore). Clones steer the same store.
///
/// A step is a `begin`, a write through a repository, or a `commit`. A step that fails writes
/// nothing and leaves its transaction unusable, as a broken connection does.
#[derive(Debug, Clone, Default)]
pub struct StoreFaults {
    plan: Arc<Mutex<Plan>>,
}

#[derive(Debug, Default)]
struct Plan {
    failing_steps: u32,
    is_down: bool,
    /// Writes and commits left until one fails, and how.
    at_write: Option<(u64, StoreError)>,
    writes: u64,
}

impl StoreFaults {
    /// The next `steps` steps answer [`StoreError::Unavailable`].
    pub fn fail_next(&self, steps: u32) {
        locked(&self.plan).failing_steps = steps;
    }

    /// Of all writes and commits from now on, the `k`-th (counted from 1) answers this, once.
    pub fn fail_at_write(&self, k: u64, error: StoreError) {
        locked(&self.plan).at_write = Some((k.max(1), error));
    }

    /// Nothing fails any more, unless the store is down.
    pub fn clear(&self) {
        let mut plan = locked(&self.plan);
        plan.failing_steps = 0;
        plan.at_write = None;
    }

    /// Whether the failure asked for with [`fail_at_write`](Self::fail_at_write) is still to come.
    #[must_use]
    pub fn is_armed(&self) -> bool {
        locked(&self.plan).at_write.is_some()
    }

    /// Every step and every read answers [`StoreError::Unavailable`] while the store is down.
    pub fn set_down(&self, is_down: bool) {
        locked(&self.plan).is_down = is_down;
    }

    /// How many writes and commits were attempted since the store was made: the range of `k` that
    /// makes a use case fail at each of its writes.
    #[must_use]
    pub fn writes_seen(&self) -> u64 {
        locked(&self.plan).writes
    }

    pub(crate) fn on_begin(&self) -> Result<(), StoreError> {
        locked(&self.plan).step()
    }

    pub(crate) fn on_write(&self) -> Result<(), StoreError> {
        let mut plan = locked(&self.plan);
        plan.writes += 1;
        plan.step()?;
        let Some((left, error)) = plan.at_write.take() else { return Ok(()) };
        if left > 1 {
            plan.at_write = Some((left - 1, error));
            return Ok(());
        }
        Err(error)
    }

    pub(crate) fn on_read(&self) -> Result<(), StoreError> {
        if locked(&self.plan).is_down { Err(unavailable()) } else { Ok(()) }
    }
}

impl Plan {
    fn step(&mut self) -> Result<(), StoreError> {
        if self.is_down || self.failing_steps > 0 {
            self.failing_steps = self.failing_steps.saturating_sub(1);
            return Err(unavailable());
        }
        Ok(())
    }
}

fn unavailable() -> StoreError {
    StoreError::Unavailable("the fake store was told to fail".to_owned())
}
