use futures_util::stream;
use gamification_core::ports::{EventBroadcaster, Wakeup, WakeupStream};
use tokio::sync::broadcast::{self, error::RecvError};

/// Wake-ups inside this process. Clones wake the same subscribers.
#[derive(Debug, Clone)]
pub struct MemoryBroadcast {
    sender: broadcast::Sender<Wakeup>,
}

impl MemoryBroadcast {
    /// A subscriber that has more than `capacity` (at least 1) wake-ups waiting gets
    /// [`Wakeup::All`] instead of them.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self { sender: broadcast::Sender::new(capacity.max(1)) }
    }
}

impl Default for MemoryBroadcast {
    fn default() -> Self {
        Self::with_capacity(64)
    }
}

impl EventBroadcaster for MemoryBroadcast {
    fn wake(&self, wakeup: Wakeup) {
        // Without a subscriber there is nobody to wake.
        let _ = self.sender.send(wakeup);
    }

    fn subscribe(&self) -> WakeupStream {
        let receiver = self.sender.subscribe();
        Box::pin(stream::unfold(receiver, |mut receiver| async move {
            match receiver.recv().await {
                Ok(wakeup) => Some((wakeup, receiver)),
                Err(RecvError::Lagged(_)) => Some((Wakeup::All, receiver)),
                Err(RecvError::Closed) => None,
            }
        }))
    }
}
