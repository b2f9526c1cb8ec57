//! Time, ids and chance of the running program.

use gamification_core::ports::{Clock, IdGenerator, Random};
use gamification_core::time::Timestamp;
use rand::Rng;
use time::OffsetDateTime;
use uuid::Uuid;

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the port that everybody else asks")]
    fn now(&self) -> Timestamp {
        OffsetDateTime::now_utc().into()
    }
}

/// UUIDv7.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemIds;

impl IdGenerator for SystemIds {
    #[expect(clippy::disallowed_methods, reason = "this is the port that everybody else asks")]
    fn next_id(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// The system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn below(&self, below: u32) -> u32 {
        rand::rng().random_range(0..below.max(1))
    }
}
