//! The way from a connection to the sink. Reading never waits for the sink: keepalives have to be
//! heard while the store is slow.

use super::EventSubSink;
use crate::envelope::{Notification, Revocation};
use backon::{ExponentialBuilder, Retryable};
use gamification_core::ids::TwitchUserId;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// Events that wait for the sink. Of those that do not fit, the poll finds what matters.
const QUEUE: usize = 1024;

/// How often a busy sink is asked, over about half a minute: Twitch sends nothing twice.
const TRIES: usize = 12;

enum Item {
    Notification(Notification),
    Revocation(Revocation),
    Reconnected(TwitchUserId),
}

type Missed = Arc<Mutex<HashSet<TwitchUserId>>>;

/// Takes what is for the sink, without waiting.
#[derive(Clone)]
pub(super) struct Courier {
    queue: mpsc::Sender<Item>,
    missed: Missed,
}

impl Courier {
    /// With the work that has to be done for anything to arrive; it ends when no courier is left.
    pub(super) fn to(sink: Arc<dyn EventSubSink>) -> (Self, impl Future<Output = ()> + Send) {
        let (queue, items) = mpsc::channel(QUEUE);
        let missed = Missed::default();
        let work = Work { items, missed: Arc::clone(&missed), sink, polls: JoinSet::new() };
        (Self { queue, missed }, work.run())
    }

    pub(super) fn notification(&self, notification: Notification) {
        let channel = notification.channel().cloned();
        if self.queue.try_send(Item::Notification(notification)).is_err() {
            tracing::warn!(
                channel = channel.as_ref().map(|id| id.as_str()),
                "an event was dropped"
            );
            locked(&self.missed).extend(channel);
        }
    }

    pub(super) fn revocation(&self, revocation: Revocation) {
        if self.queue.try_send(Item::Revocation(revocation)).is_err() {
            tracing::warn!("a revocation was dropped");
        }
    }

    /// Events of the channel may have been missed.
    pub(super) fn reconnected(&self, channel: &TwitchUserId) {
        if self.queue.try_send(Item::Reconnected(channel.clone())).is_err() {
            locked(&self.missed).insert(channel.clone());
        }
    }
}

struct Work {
    items: mpsc::Receiver<Item>,
    missed: Missed,
    sink: Arc<dyn EventSubSink>,
    /// They take long, and nothing waits for them.
    polls: JoinSet<()>,
}

impl Work {
    async fn run(mut self) {
        while let Some(item) = self.items.recv().await {
            while self.polls.try_join_next().is_some() {}
            match item {
                Item::Notification(notification) => self.deliver(notification).await,
                Item::Revocation(revocation) => self.sink.revoked(revocation).await,
                Item::Reconnected(channel) => self.poll(channel),
            }
            if self.items.is_empty() {
                let missed = std::mem::take(&mut *locked(&self.missed));
                missed.into_iter().for_each(|channel| self.poll(channel));
            }
        }
    }

    async fn deliver(&self, notification: Notification) {
        let deliver = || self.sink.deliver(notification.clone());
        let pauses = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(100))
            .with_max_delay(Duration::from_secs(4))
            .with_jitter()
            .with_max_times(TRIES);
        if deliver.retry(pauses).await.is_err() {
            let channel = notification.channel().cloned();
            tracing::warn!(
                channel = channel.as_ref().map(|id| id.as_str()),
                "an event was not taken in time"
            );
            locked(&self.missed).extend(channel);
        }
    }

    fn poll(&mut self, channel: TwitchUserId) {
        let sink = Arc::clone(&self.sink);
        self.polls.spawn(async move { sink.reconnected(&channel).await });
    }
}

fn locked(missed: &Mutex<HashSet<TwitchUserId>>) -> MutexGuard<'_, HashSet<TwitchUserId>> {
    missed.lock().unwrap_or_else(PoisonError::into_inner)
}
