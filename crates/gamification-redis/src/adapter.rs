//! Both ports on one Redis.

use crate::connection::Connection;
use crate::health::Health;
use crate::in_process::InProcessBroadcast;
use crate::keeper::Keeper;
use crate::names::{Names, PENDING_SECONDS};
use crate::options::{RedisConfigError, RedisOptions};
use crate::wakeups::{Outgoing, listen, outgoing};
use async_trait::async_trait;
use fred::clients::{Client, WithOptions};
use fred::error::Error;
use fred::interfaces::{ClientLike, EventInterface, KeysInterface};
use fred::types::Expiration;
use fred::types::config::Options;
use gamification_core::ids::InstanceId;
use gamification_core::ports::{
    EventBroadcaster, PendingExecution, PendingExecutions, PortUnavailable, Wakeup, WakeupStream,
};
use std::future::Future;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::warn;
use uuid::Uuid;

/// One node's access to Redis: its cache of pending executions, and wake-ups from and to the other
/// nodes. This node's own subscribers are woken directly, whether Redis is there or not.
///
/// Never waits for an absent Redis: a call that finds out takes up to the command timeout, those
/// after it fail at once until Redis works again. Loss and return are logged, once each; after the
/// return all subscribers get [`Wakeup::All`], and so do other nodes when something could not be
/// told to them.
///
/// Its tasks end with [`shutdown`](Self::shutdown), which waits for them, or when it is dropped.
pub struct RedisAdapter {
    client: WithOptions<Client>,
    names: Names,
    health: Health,
    local: InProcessBroadcast,
    others: Outgoing,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl RedisAdapter {
    /// Connects to `redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS. Needs
    /// a tokio runtime and Redis 6 or later. Returns when the first attempt has ended, after about
    /// a second at the latest; a server that is not there is no error, it is waited for in the
    /// background.
    ///
    /// # Errors
    /// When the address or the options can never work.
    pub async fn connect(url: &str, options: RedisOptions) -> Result<Self, RedisConfigError> {
        let names = options.names()?;
        let builder = options.builder(url)?;
        let wrong = |error: Error| RedisConfigError::Address(error.details().to_owned());
        let (client, subscriber) =
            (builder.build().map_err(wrong)?, builder.build_subscriber_client().map_err(wrong)?);
        let impatient = client.with_options(&Options {
            timeout: Some(options.command_timeout()),
            fail_fast: true,
            ..Options::default()
        });

        let node = Uuid::new_v4();
        let health = Health::connecting(&server_of(&client));
        let local = InProcessBroadcast::default();
        let (others, publisher) = outgoing(impatient.clone(), health.clone(), names.clone(), node);
        let messages = subscriber.message_rx();
        let keeper = Keeper {
            reconnected: subscriber.reconnect_rx(),
            commands: Connection::open(client),
            subscriptions: Connection::open(subscriber),
            health: health.clone(),
            local: local.clone(),
            names: names.clone(),
            node,
        };

        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        tasks.spawn(keeper.run(stop.clone()));
        tasks.spawn(until(stop.clone(), publisher.run()));
        tasks.spawn(until(stop.clone(), listen(messages, names.clone(), node, local.clone())));
        health.settled().await;
        Ok(Self { client: impatient, names, health, local, others, tasks, stop })
    }

    /// Whether Redis worked when last looked at, at most about a second ago.
    #[must_use]
    pub fn is_reachable(&self) -> bool {
        self.health.is_up()
    }

    /// Closes the connections and waits for its tasks, about a second at most. Afterwards the cache
    /// is unavailable and wake-ups reach this node only.
    pub async fn shutdown(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// The answer, unless Redis is known to be away.
    async fn answer<T>(
        &self,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, PortUnavailable> {
        if !self.health.is_up() {
            return Err(PortUnavailable("Redis is away".to_owned()));
        }
        call.await.map_err(|error| {
            self.health.lost(&error);
            PortUnavailable(error.to_string())
        })
    }
}

impl Drop for RedisAdapter {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

#[async_trait]
impl PendingExecutions for RedisAdapter {
    async fn put(&self, pending: &PendingExecution) -> Result<(), PortUnavailable> {
        let json =
            serde_json::to_string(pending).map_err(|error| PortUnavailable(error.to_string()))?;
        let key = self.names.pending(pending.instance_id);
        let expiration = Expiration::EX(i64::from(PENDING_SECONDS));
        self.answer(Box::pin(self.client.set(key, json, Some(expiration), None, false))).await
    }

    async fn get(&self, instance: InstanceId) -> Result<Option<PendingExecution>, PortUnavailable> {
        let key = self.names.pending(instance);
        let json: Option<String> = self.answer(Box::pin(self.client.get(key))).await?;
        // An entry of another version is as good as none; the next `put` replaces it.
        Ok(json.and_then(|json| {
            serde_json::from_str(&json)
                .inspect_err(|error| warn!(%instance, %error, "unreadable pending execution"))
                .ok()
        }))
    }

    async fn remove(&self, instance: InstanceId) -> Result<(), PortUnavailable> {
        self.answer(Box::pin(self.client.del(self.names.pending(instance)))).await
    }
}

impl EventBroadcaster for RedisAdapter {
    fn wake(&self, wakeup: Wakeup) {
        self.local.wake(wakeup);
        self.others.send(wakeup);
    }

    fn subscribe(&self) -> WakeupStream {
        self.local.subscribe()
    }
}

async fn until(stop: CancellationToken, task: impl Future<Output = ()>) {
    stop.run_until_cancelled_owned(task).await;
}

/// Host and port; there is one server, since clusters are refused.
fn server_of(client: &Client) -> String {
    client.client_config().server.hosts().first().map(ToString::to_string).unwrap_or_default()
}
