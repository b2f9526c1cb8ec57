//! Wake-ups to and from the other nodes.

use crate::health::Health;
use crate::in_process::InProcessBroadcast;
use crate::names::Names;
use fred::clients::{Client, WithOptions};
use fred::error::Error;
use fred::interfaces::PubsubInterface;
use fred::types::Message;
use gamification_core::ports::{EventBroadcaster, Wakeup};
use std::sync::Arc;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::{Notify, mpsc};
use uuid::Uuid;

/// Wake-ups that may wait to be published; what is beyond becomes one [`Wakeup::All`].
const WAITING_MAX: usize = 1_024;

/// The end of the queue that never waits.
pub(crate) struct Outgoing {
    queue: mpsc::Sender<Wakeup>,
    /// Holds a permit while the other nodes were not told of something.
    missed: Arc<Notify>,
    health: Health,
}

impl Outgoing {
    pub(crate) fn send(&self, wakeup: Wakeup) {
        if !self.health.is_up() || self.queue.try_send(wakeup).is_err() {
            self.missed.notify_one();
        }
    }
}

/// The end of the queue that publishes, for as long as it is run.
pub(crate) struct Publisher {
    queue: mpsc::Receiver<Wakeup>,
    missed: Arc<Notify>,
    health: Health,
    client: WithOptions<Client>,
    names: Names,
    node: Uuid,
}

/// The two ends of a node's queue to the others.
pub(crate) fn outgoing(
    client: WithOptions<Client>,
    health: Health,
    names: Names,
    node: Uuid,
) -> (Outgoing, Publisher) {
    let (sender, queue) = mpsc::channel(WAITING_MAX);
    let missed = Arc::new(Notify::new());
    let outgoing = Outgoing { queue: sender, missed: Arc::clone(&missed), health: health.clone() };
    (outgoing, Publisher { queue, missed, health, client, names, node })
}

impl Publisher {
    pub(crate) async fn run(mut self) {
        while let Some(wakeup) = self.next().await {
            if let Err(error) = self.publish(wakeup).await {
                self.missed.notify_one();
                self.health.lost(&error);
            }
        }
    }

    async fn next(&mut self) -> Option<Wakeup> {
        self.health.until_up().await;
        tokio::select! {
            wakeup = self.queue.recv() => wakeup,
            () = self.missed.notified() => Some(Wakeup::All),
        }
    }

    async fn publish(&self, wakeup: Wakeup) -> Result<(), Error> {
        self.client.publish(self.names.channel(wakeup), self.node.to_string()).await
    }
}

/// Wakes this node's subscribers for what the others publish, until the connection is closed.
pub(crate) async fn listen(
    mut messages: broadcast::Receiver<Message>,
    names: Names,
    node: Uuid,
    local: InProcessBroadcast,
) {
    let own = node.to_string();
    loop {
        match messages.recv().await {
            // Our own come back as well; their subscribers were woken before they were published.
            Ok(message) if message.value.as_str().as_deref() == Some(own.as_str()) => {}
            Ok(message) => {
                if let Some(wakeup) = names.wakeup(&message.channel) {
                    local.wake(wakeup);
                }
            }
            Err(RecvError::Lagged(_)) => local.wake(Wakeup::All),
            Err(RecvError::Closed) => return,
        }
    }
}
