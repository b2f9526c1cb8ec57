//! The ports inside one process, for an installation of one node without Redis.

mod broadcast;
mod pending;

pub use broadcast::InProcessBroadcast;
pub use pending::{ENTRIES_MAX, InProcessPending};
