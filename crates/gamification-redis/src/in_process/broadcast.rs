use futures_util::StreamExt;
use gamification_core::ports::{EventBroadcaster, Wakeup, WakeupStream};
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;

/// How many wake-ups may wait for one subscriber before it gets [`Wakeup::All`] instead.
const WAITING_MAX: usize = 1_024;

/// Wake-ups inside this process. Clones wake the same subscribers; the streams end when the last
/// clone is gone.
#[derive(Debug, Clone)]
pub struct InProcessBroadcast {
    sender: broadcast::Sender<Wakeup>,
}

impl Default for InProcessBroadcast {
    fn default() -> Self {
        Self { sender: broadcast::Sender::new(WAITING_MAX) }
    }
}

impl EventBroadcaster for InProcessBroadcast {
    fn wake(&self, wakeup: Wakeup) {
        // Without a subscriber there is nobody to wake.
        let _ = self.sender.send(wakeup);
    }

    fn subscribe(&self) -> WakeupStream {
        let wakeups = BroadcastStream::new(self.sender.subscribe());
        // The only error is that some were missed.
        Box::pin(wakeups.map(|wakeup| wakeup.unwrap_or(Wakeup::All)))
    }
}
