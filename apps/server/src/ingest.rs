//! Clicks on their way into the ledger. One task commits them in batches; a batch is whatever
//! queued up while the one before it was being committed, so nothing waits for a timer.

use crate::metrics::Metrics;
use crate::problem::Problem;
use futures_util::FutureExt;
use gamification_core::redemption::IncomingRedemption;
use gamification_core::service::{Contribution, Gamification, Served};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

/// The largest batch.
const BATCH_MAX: usize = 500;

/// The way into the ledger. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Ingest {
    queue: mpsc::Sender<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    redemption: IncomingRedemption,
    answer: oneshot::Sender<Served<Contribution>>,
}

/// The task behind an [`Ingest`]. Without it nothing is counted.
pub struct IngestTask {
    core: Arc<Gamification>,
    metrics: Arc<Metrics>,
    queue: mpsc::Receiver<Waiting>,
}

/// A queue of at most `queue_max` clicks, and the task that empties it.
#[must_use]
pub fn ingest(
    core: Arc<Gamification>,
    metrics: Arc<Metrics>,
    queue_max: usize,
) -> (Ingest, IngestTask) {
    let (sender, receiver) = mpsc::channel(queue_max.max(1));
    (Ingest { queue: sender }, IngestTask { core, metrics, queue: receiver })
}

impl Ingest {
    /// Whether nobody works on the queue any more.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.queue.is_closed()
    }

    /// What became of the click; it is committed when this returns.
    ///
    /// # Errors
    /// 503 when the queue is full or the store does not answer: Twitch sends it again.
    pub async fn submit(&self, redemption: IncomingRedemption) -> Result<Contribution, Problem> {
        let (answer, outcome) = oneshot::channel();
        self.queue
            .try_send(Waiting { redemption, answer })
            .map_err(|_| Problem::unavailable("the queue of clicks is full or closed"))?;
        let outcome = outcome.await;
        let outcome = outcome.map_err(|_| Problem::unavailable("the click was not committed"))?;
        Ok(outcome?)
    }
}

impl IngestTask {
    /// Works until `stop`, or until every [`Ingest`] is gone. Clicks that wait then are not
    /// acknowledged, so Twitch sends them again.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut waiting = Vec::with_capacity(BATCH_MAX);
        loop {
            let taken = tokio::select! {
                biased;
                () = stop.cancelled() => return,
                taken = self.queue.recv_many(&mut waiting, BATCH_MAX) => taken,
            };
            if taken == 0 {
                return;
            }
            self.commit(waiting.drain(..)).await;
        }
    }

    async fn commit(&self, waiting: impl Iterator<Item = Waiting>) {
        let (batch, answers): (Vec<_>, Vec<_>) =
            waiting.map(|waiting| (waiting.redemption, waiting.answer)).unzip();
        self.metrics.observe_batch(batch.len());
        let contributed = AssertUnwindSafe(self.core.contribute(&batch)).catch_unwind().await;
        let Ok(outcomes) = contributed else {
            // The waiting requests see their answer's sender dropped: 503, and Twitch sends again.
            tracing::error!(clicks = batch.len(), "the core panicked on a batch of clicks");
            return;
        };
        for (answer, outcome) in answers.into_iter().zip(outcomes) {
            self.metrics.count_click(&outcome);
            // Who asked may have hung up; the click is in the ledger all the same.
            let _ = answer.send(outcome);
        }
    }
}
