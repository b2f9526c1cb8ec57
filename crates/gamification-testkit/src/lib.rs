//! Fakes of every port, contract suites and a wired world, for tests only.
//!
//! * Fakes hold state and may be told to fail: [`MemoryStore`], [`FakeTwitch`], [`FakeChat`],
//!   [`FakeTable`], [`FlakyPending`], [`MemoryBroadcast`], [`ManualClock`], [`SequentialIds`],
//!   [`SeededRandom`].
//! * [`contract`] has one suite per port with state, run by every adapter through a macro:
//!   [`store_contract!`], [`pending_contract!`], [`broadcast_contract!`],
//!   [`twitch_rewards_contract!`].
//! * [`fixtures`] has valid entities with sensible values.
//! * [`World`] is the whole service on these fakes, with verbs for what people do.

mod broadcast;
mod chat;
mod clock;
pub mod contract;
mod faults;
pub mod fixtures;
mod ids;
mod memory;
mod pending;
mod random;
mod table;
mod twitch;
mod world;

pub use broadcast::MemoryBroadcast;
pub use chat::{ChatLine, FakeChat};
pub use clock::ManualClock;
pub use faults::StoreFaults;
pub use ids::SequentialIds;
pub use memory::{JournalEntry, MemoryStore};
pub use pending::FlakyPending;
pub use random::SeededRandom;
pub use table::{FakeTable, SentCommand, features};
pub use twitch::{FakeTwitch, RedeemRefused, TwitchCall};
pub use world::World;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks; a test that panicked while it held the lock must not hide its message behind a second.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
