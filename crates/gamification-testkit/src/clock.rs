use gamification_core::ports::Clock;
use gamification_core::time::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// A clock that stands still until it is told to move. Clones show the same time.
#[derive(Debug, Clone)]
pub struct ManualClock {
    micros: Arc<AtomicI64>,
}

impl ManualClock {
    /// A clock that shows that moment.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self { micros: Arc::new(AtomicI64::new(now.as_micros())) }
    }

    /// Shows that moment from now on, earlier or later.
    pub fn set(&self, now: Timestamp) {
        self.micros.store(now.as_micros(), Ordering::SeqCst);
    }

    /// Moves on by that many seconds.
    pub fn advance(&self, seconds: u32) {
        self.micros.fetch_add(i64::from(seconds) * 1_000_000, Ordering::SeqCst);
    }
}

impl Default for ManualClock {
    /// Shows [`fixtures::NOW`](crate::fixtures::NOW).
    fn default() -> Self {
        Self::at(crate::fixtures::NOW)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.micros.load(Ordering::SeqCst))
    }
}
