//! Wake-ups between the nodes.

use crate::ids::CampaignId;
use futures_core::Stream;
use std::pin::Pin;

/// A hint that something new is there. What it is, the database tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wakeup {
    /// The campaign's event log has grown.
    Campaign(CampaignId),
    /// There is work for the workers: something is due, or a command is to be sent.
    Work,
    /// Messages may have been lost: everybody looks.
    All,
}

/// Wake-ups as they arrive; ends when the broadcaster does.
pub type WakeupStream = Pin<Box<dyn Stream<Item = Wakeup> + Send>>;

/// Wakes subscribers on every node, this one included. A lost wake-up costs latency only, since
/// subscribers read the log and workers look periodically.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait EventBroadcaster: Send + Sync {
    /// Tells everybody, without waiting and without failing.
    fn wake(&self, wakeup: Wakeup);
    /// All wake-ups from now on. A subscriber that is too slow gets [`Wakeup::All`].
    fn subscribe(&self) -> WakeupStream;
}
