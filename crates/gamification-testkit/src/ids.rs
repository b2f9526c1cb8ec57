use gamification_core::ports::IdGenerator;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

/// 2026-01-01: later than every id of [`fixtures`](crate::fixtures), so that none collides.
const FIRST_MILLIS: u64 = 1_767_225_600_000;

/// Hands out UUIDv7-shaped keys, each greater than the one before and with another end, the same
/// ones in every run.
#[derive(Debug)]
pub struct SequentialIds {
    next: AtomicU64,
}

impl SequentialIds {
    /// Starts with the key number `first`; two generators whose ranges do not meet never collide.
    #[must_use]
    pub const fn starting_at(first: u64) -> Self {
        Self { next: AtomicU64::new(first) }
    }
}

impl Default for SequentialIds {
    fn default() -> Self {
        Self::starting_at(0)
    }
}

impl IdGenerator for SequentialIds {
    fn next_id(&self) -> Uuid {
        let number = self.next.fetch_add(1, Ordering::SeqCst);
        let mut tail = [0; 10];
        tail[2..].copy_from_slice(&number.to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(FIRST_MILLIS + number, &tail).into_uuid()
    }
}
