//! Carries messages to webhooks, in the background, some at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use sea_orm::DbErr;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::Message;
use crate::config::SandboxConfig;
use crate::error::SandboxError;
use crate::state::State;
use crate::store::conduits;
use crate::store::entities::{conduit_shard, subscription};
use crate::store::subscriptions::{self, ENABLED, FAILED};

/// Messages on the wire at once.
const CONCURRENCY: usize = 32;

/// The sender of all messages.
#[derive(Debug)]
pub(crate) struct Courier {
    http: Client,
    wire: Arc<Semaphore>,
    pending: Arc<AtomicUsize>,
    tasks: TaskTracker,
    stop: CancellationToken,
    attempts: u32,
    backoff: Duration,
}

/// A webhook and the secret that its messages are signed with.
#[derive(Debug)]
pub(super) struct Target {
    callback: String,
    secret: String,
}

impl Target {
    pub(super) fn of_subscription(subscription: &subscription::Model) -> Self {
        Self { callback: subscription.callback.clone(), secret: subscription.secret.clone() }
    }

    pub(super) fn of_shard(shard: &conduit_shard::Model) -> Self {
        Self { callback: shard.callback.clone(), secret: shard.secret.clone() }
    }
}

/// What a webhook must answer, and what hangs on it.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) challenge: String,
    pub(super) about: About,
}

/// Whose webhook is challenged.
#[derive(Debug)]
pub(super) enum About {
    /// That of the message's subscription.
    Subscription,
    /// That of a shard.
    Shard { conduit_id: String, number: i64 },
}

/// Counts a message as long as it is not delivered or given up.
#[derive(Debug)]
pub(super) struct Pending(Arc<AtomicUsize>);

impl Pending {
    fn count(pending: &Arc<AtomicUsize>) -> Self {
        pending.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(pending))
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Courier {
    /// A courier that ends its work when `stop` is cancelled.
    pub(crate) fn new(
        config: &SandboxConfig,
        stop: CancellationToken,
    ) -> Result<Self, SandboxError> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Without one the client below panics; losing a race to another thread is fine.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let http = Client::builder()
            .timeout(config.delivery_timeout)
            .redirect(Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self {
            http,
            wire: Arc::new(Semaphore::new(CONCURRENCY)),
            pending: Arc::default(),
            tasks: TaskTracker::new(),
            stop,
            attempts: config.delivery_attempts.max(1),
            backoff: config.delivery_backoff,
        })
    }

    /// Messages that are not yet delivered or given up.
    pub(crate) fn pending(&self) -> usize {
        self.pending.load(Ordering::SeqCst)
    }

    /// Waits until no task of this courier is left, after `stop` was cancelled.
    pub(crate) async fn stopped(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Counts one more message until the result is dropped.
    pub(super) fn count(&self) -> Pending {
        Pending::count(&self.pending)
    }

    /// Starts the delivery of a message: again and again, under the same id, until a 2xx.
    pub(super) fn deliver(&self, state: &State, target: Target, message: Message) {
        self.start(state, |state| async move {
            if let Err(error) = state.courier.try_until_taken(&state, &target, &message).await {
                tracing::error!(%error, message_id = %message.id, "a delivery broke off");
            }
        });
    }

    /// Starts the verification of a webhook: one question, and the status is decided.
    pub(super) fn verify(
        &self,
        state: &State,
        target: Target,
        message: Message,
        question: Question,
    ) {
        self.start(state, |state| async move {
            let answered = state.courier.answers(&target, &message, &question.challenge).await;
            let status = if answered { ENABLED } else { FAILED };
            tracing::info!(message_id = %message.id, status, "a webhook was challenged");
            let db = &state.store.db;
            let finished = match (&question.about, message.subscription_id()) {
                (About::Shard { conduit_id, number }, _) => {
                    conduits::finish_verification(db, conduit_id, *number, &target.callback, status)
                        .await
                }
                (About::Subscription, Some(id)) => {
                    subscriptions::finish_verification(db, id, status).await
                }
                (About::Subscription, None) => Ok(()),
            };
            if let Err(error) = finished {
                tracing::error!(%error, message_id = %message.id, "a verification broke off");
            }
        });
    }

    /// Works in the background until it is done or the sandbox stops.
    pub(super) fn start<F>(&self, state: &State, work: impl FnOnce(State) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let pending = Pending::count(&self.pending);
        let stop = self.stop.clone();
        let work = work(State::clone(state));
        self.tasks.spawn(async move {
            stop.run_until_cancelled(work).await;
            drop(pending);
        });
    }

    async fn try_until_taken(
        &self,
        state: &State,
        target: &Target,
        message: &Message,
    ) -> Result<(), DbErr> {
        let mut pause = self.backoff;
        for retry in 0..self.attempts {
            if retry > 0 {
                tokio::time::sleep(pause).await;
                pause = pause.saturating_mul(2);
                if let Some(id) = message.subscription_id()
                    && subscriptions::by_id(&state.store.db, id).await?.is_none()
                {
                    return Ok(());
                }
            }
            match self.post(target, message, retry).await {
                Ok((status, _)) if status.is_success() => return Ok(()),
                Ok((status, _)) => {
                    tracing::debug!(%status, retry, message_id = %message.id, "not taken");
                }
                Err(error) => {
                    tracing::debug!(%error, retry, message_id = %message.id, "not reached");
                }
            }
        }
        tracing::warn!(message_id = %message.id, "a message was given up");
        Ok(())
    }

    async fn answers(&self, target: &Target, message: &Message, challenge: &str) -> bool {
        match self.post(target, message, 0).await {
            Ok((status, body)) => status == StatusCode::OK && body == challenge.as_bytes(),
            Err(error) => {
                tracing::debug!(%error, message_id = %message.id, "not reached");
                false
            }
        }
    }

    async fn post(
        &self,
        target: &Target,
        message: &Message,
        retry: u32,
    ) -> Result<(StatusCode, Vec<u8>), reqwest::Error> {
        // The semaphore is never closed; without a permit the message just goes out as well.
        let _permit = self.wire.acquire().await;
        let body = message.body();
        let response = self
            .http
            .post(&target.callback)
            .headers(message.headers(&target.secret, &body, retry))
            .body(body)
            .send()
            .await?;
        Ok((response.status(), response.bytes().await?.to_vec()))
    }
}
