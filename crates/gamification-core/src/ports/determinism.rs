//! Time, ids and chance: passed in, so that the same input gives the same evening.

use crate::time::Timestamp;
use uuid::Uuid;

/// What time it is.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait Clock: Send + Sync {
    /// The current moment. It may stand still between two calls and does not go back by more than
    /// clocks do.
    fn now(&self) -> Timestamp;
}

/// Where new keys come from.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait IdGenerator: Send + Sync {
    /// A key that was never given out before; UUIDv7 in production, so that keys sort by age.
    fn next_id(&self) -> Uuid;
}

/// Chance.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait Random: Send + Sync {
    /// A number in `0..below`, each equally likely. `below` is at least 1.
    fn below(&self, below: u32) -> u32;
}
