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

use super::message::Message;
use crate::config::SandboxConfig;
use crate::error::SandboxError;
use crate::state::State;
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

/// Counts a message as long as it is not delivered or given up.
struct Pending(Arc<AtomicUsize>);

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

    /// Starts the delivery of a notification: again and again, under the same id, until a 2xx.
    pub(super) fn deliver(&self, state: &State, message: Message) {
        self.start(state, |state| async move {
            if let Err(error) = state.courier.try_until_taken(&state, &message).await {
                tracing::error!(%error, message_id = %message.id, "a delivery broke off");
            }
        });
    }

    /// Starts the verification of a webhook: one question, and the status is decided.
    pub(super) fn verify(&self, state: &State, message: Message, challenge: String) {
        self.start(state, |state| async move {
            let id = &message.subscription.id;
            let answered = state.courier.answers_challenge(&message, &challenge).await;
            let status = if answered { ENABLED } else { FAILED };
            tracing::info!(subscription_id = %id, status, "a webhook was challenged");
            let db = &state.store.db;
            if let Err(error) = subscriptions::finish_verification(db, id, status).await {
                tracing::error!(%error, subscription_id = %id, "a verification broke off");
            }
        });
    }

    fn start<F>(&self, state: &State, work: impl FnOnce(State) -> F)
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

    async fn try_until_taken(&self, state: &State, message: &Message) -> Result<(), DbErr> {
        let mut pause = self.backoff;
        for retry in 0..self.attempts {
            if retry > 0 {
                tokio::time::sleep(pause).await;
                pause = pause.saturating_mul(2);
                let subscription =
                    subscriptions::by_id(&state.store.db, &message.subscription.id).await?;
                if subscription.is_none() {
                    return Ok(());
                }
            }
            match self.post(message, retry).await {
                Ok((status, _)) if status.is_success() => return Ok(()),
                Ok((status, _)) => {
                    tracing::debug!(%status, retry, message_id = %message.id, "not taken");
                }
                Err(error) => {
                    tracing::debug!(%error, retry, message_id = %message.id, "not reached");
                }
            }
        }
        tracing::warn!(message_id = %message.id, "a notification was given up");
        Ok(())
    }

    async fn answers_challenge(&self, message: &Message, challenge: &str) -> bool {
        match self.post(message, 0).await {
            Ok((status, body)) => status == StatusCode::OK && body == challenge.as_bytes(),
            Err(error) => {
                tracing::debug!(%error, message_id = %message.id, "not reached");
                false
            }
        }
    }

    async fn post(
        &self,
        message: &Message,
        retry: u32,
    ) -> Result<(StatusCode, Vec<u8>), reqwest::Error> {
        // The semaphore is never closed; without a permit the message just goes out as well.
        let _permit = self.wire.acquire().await;
        let response = self
            .http
            .post(&message.subscription.callback)
            .headers(message.headers(retry))
            .body(message.body.clone())
            .send()
            .await?;
        Ok((response.status(), response.bytes().await?.to_vec()))
    }
}
