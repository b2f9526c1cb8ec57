//! One connection of the library, with the task that drives it.

use fred::clients::{Client, SubscriberClient};
use fred::error::Error;
use fred::interfaces::{ClientLike, EventInterface};
use fred::types::ConnectHandle;
use fred::types::config::Server;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;

/// How long a good-bye may take.
const CLOSING_MAX: Duration = Duration::from_secs(1);

/// The connection for commands.
pub(crate) type Commands = Connection<Client>;
/// The connection that listens.
pub(crate) type Subscriptions = Connection<SubscriberClient>;

/// A client that reconnects by itself for as long as this lives.
pub(crate) struct Connection<C> {
    pub(crate) client: C,
    /// Its troubles, as they come.
    pub(crate) errors: Receiver<(Error, Option<Server>)>,
    task: ConnectHandle,
}

impl<C: ClientLike + EventInterface> Connection<C> {
    pub(crate) fn open(client: C) -> Self {
        let errors = client.error_rx();
        let task = client.connect();
        Self { client, errors, task }
    }

    /// Starts the driving task again should it have given up, as it does on answers that it takes
    /// for a mistake of ours.
    pub(crate) fn keep_driven(&mut self) {
        if self.task.is_finished() {
            self.task = self.client.connect();
        }
    }

    /// Says good-bye; a server that does not care is left without.
    pub(crate) async fn close(mut self) {
        let good_bye = async {
            let _ = self.client.quit().await;
            let _ = (&mut self.task).await;
        };
        let _ = tokio::time::timeout(CLOSING_MAX, good_bye).await;
        self.task.abort();
    }
}
