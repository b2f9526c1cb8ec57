//! The task that keeps the connections: it looks whether Redis works, says so, and listens again
//! after each reconnection.

use crate::connection::{Commands, Subscriptions};
use crate::health::Health;
use crate::in_process::InProcessBroadcast;
use crate::names::Names;
use fred::error::{Error, ErrorKind};
use fred::interfaces::{ClientLike, KeysInterface, PubsubInterface};
use fred::types::Expiration;
use fred::types::config::Server;
use gamification_core::ports::{EventBroadcaster, Wakeup};
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::TryRecvError;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How often it looks while Redis works, and while it does not. Looking at a closed connection
/// costs no traffic; how often to reconnect is the library's business.
const LOOK_EVERY: Duration = Duration::from_secs(1);
const LOOK_EVERY_AWAY: Duration = Duration::from_millis(100);
/// How long the first attempt may take before Redis counts as away.
const FIRST_ATTEMPT_MAX: Duration = Duration::from_secs(1);
/// How long a node's sign of life stays after the last look.
const NODE_SECONDS: i64 = 60;

pub(crate) struct Keeper {
    pub(crate) commands: Commands,
    pub(crate) subscriptions: Subscriptions,
    /// One message for each time that the listening connection was made anew.
    pub(crate) reconnected: Receiver<Server>,
    pub(crate) health: Health,
    pub(crate) local: InProcessBroadcast,
    pub(crate) names: Names,
    pub(crate) node: Uuid,
}

/// What a look leaves for the next one.
struct Memory {
    since: Instant,
    is_subscribed: bool,
    /// The latest trouble, for the log.
    cause: Option<Error>,
}

impl Keeper {
    pub(crate) async fn run(mut self, stop: CancellationToken) {
        let started = Memory { since: Instant::now(), is_subscribed: false, cause: None };
        stop.run_until_cancelled(Box::pin(self.keep(started))).await;
        self.health.close();
        tokio::join!(self.commands.close(), self.subscriptions.close());
    }

    async fn keep(&mut self, mut memory: Memory) {
        loop {
            self.commands.keep_driven();
            self.subscriptions.keep_driven();
            match self.look(&mut memory).await {
                Ok(()) => {
                    memory.cause = None;
                    self.health.back();
                }
                Err(error) => {
                    let is_first_over = memory.since.elapsed() >= FIRST_ATTEMPT_MAX;
                    if memory.cause.is_some() || is_first_over {
                        self.health.lost(memory.cause.as_ref().unwrap_or(&error));
                    }
                }
            }
            self.until_next_look(&mut memory).await;
        }
    }

    /// Whether we can write and are being listened to. Writes, because a server may be readable
    /// only.
    async fn look(&mut self, memory: &mut Memory) -> Result<(), Error> {
        if !self.commands.client.is_connected() || !self.subscriptions.client.is_connected() {
            return Err(Error::new(ErrorKind::IO, "not connected"));
        }
        self.subscribe(memory).await?;
        let _: () = self.subscriptions.client.ping(None).await?;
        let sign_of_life = (self.names.node(self.node), Expiration::EX(NODE_SECONDS));
        self.commands.client.set(sign_of_life.0, 1, Some(sign_of_life.1), None, false).await
    }

    /// Listens, unless this very connection does already, and tells this node's subscribers that
    /// they may have missed something.
    async fn subscribe(&mut self, memory: &mut Memory) -> Result<(), Error> {
        // The library tells of a connection before it calls itself connected, which was seen above:
        // what is read here is about this connection or an earlier one, never news of it later.
        while !matches!(
            self.reconnected.try_recv(),
            Err(TryRecvError::Empty | TryRecvError::Closed)
        ) {
            memory.is_subscribed = false;
        }
        if !memory.is_subscribed {
            let client = &self.subscriptions.client;
            client.subscribe(self.names.channels()).await?;
            client.psubscribe(self.names.pattern()).await?;
            memory.is_subscribed = true;
            self.local.wake(Wakeup::All);
        }
        Ok(())
    }

    async fn until_next_look(&mut self, memory: &mut Memory) {
        let is_up = self.health.is_up();
        let pause = if is_up { LOOK_EVERY } else { LOOK_EVERY_AWAY };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = self.health.until_not_up(), if is_up => {}
            Ok(_) = self.reconnected.recv() => memory.is_subscribed = false,
            Ok((error, _)) = self.commands.errors.recv() => memory.cause = Some(error),
            Ok((error, _)) = self.subscriptions.errors.recv() => memory.cause = Some(error),
        }
    }
}
