//! One reader: the opening, the replay, then whatever comes through the feed, until it may not or
//! cannot read any more.

use super::feed::{Feed, Hub};
use super::frame::{COMMENT, Frame, fact};
use super::opening::{Opening, opening};
use super::viewer::Viewer;
use crate::metrics::Metrics;
use crate::problem::Problem;
use bytes::Bytes;
use futures_util::Stream;
use gamification_core::service::Gamification;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::time::{Interval, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

/// How often a comment is sent.
const COMMENT_PERIOD: Duration = Duration::from_secs(15);
/// How often it is asked whether the reader still may.
const CHECK_PERIOD: Duration = Duration::from_secs(3);
/// How often in a row that question may go unanswered.
const UNANSWERED_MAX: u32 = 10;
/// How many missed facts are read at a time.
const PAGE: u32 = 200;

/// A stream of frames for one reader.
pub(super) struct Reader {
    core: Arc<Gamification>,
    viewer: Viewer,
    ready: VecDeque<Bytes>,
    /// The last fact that the reader has.
    has: i64,
    replay_until: i64,
    frames: broadcast::Receiver<Arc<Frame>>,
    _feed: Arc<Feed>,
    comments: Interval,
    checks: Interval,
    unanswered: u32,
    shutdown: CancellationToken,
    _counted: Counted,
}

/// Counts a reader for as long as it is there.
struct Counted(Arc<Metrics>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.stream_readers.dec();
    }
}

impl Reader {
    pub(super) async fn new(
        hub: &Hub,
        metrics: &Arc<Metrics>,
        viewer: Viewer,
        last: Option<i64>,
    ) -> Result<Self, Problem> {
        // The feed first: what is committed after the snapshot was taken comes through it.
        let (feed, frames) = hub.subscribe(viewer.campaign).await?;
        let core = Arc::clone(hub.core());
        let Opening { frames: ready, has, replay_until } = opening(&core, &viewer, last).await?;
        metrics.stream_readers.inc();
        Ok(Self {
            core,
            viewer,
            ready,
            has,
            replay_until,
            frames,
            _feed: feed,
            comments: later(COMMENT_PERIOD),
            checks: later(CHECK_PERIOD),
            unanswered: 0,
            shutdown: hub.shutdown().clone(),
            _counted: Counted(Arc::clone(metrics)),
        })
    }

    /// The frames, until the reader is cut off.
    pub(super) fn into_stream(self) -> impl Stream<Item = Result<Bytes, std::io::Error>> + Send {
        futures_util::stream::unfold(self, |mut reader| async {
            let bytes = reader.next().await?;
            Some((Ok(bytes), reader))
        })
    }

    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(bytes) = self.ready.pop_front() {
                return Some(bytes);
            }
            if self.has < self.replay_until {
                self.replay().await?;
                continue;
            }
            tokio::select! {
                biased;
                () = self.shutdown.cancelled() => return None,
                _ = self.checks.tick() => {
                    if !self.still_may().await {
                        return None;
                    }
                }
                frame = self.frames.recv() => match frame {
                    Ok(frame) => self.take(&frame),
                    // Too slow. It comes back and is told what it missed.
                    Err(RecvError::Lagged(_) | RecvError::Closed) => return None,
                },
                _ = self.comments.tick() => return Some(Bytes::from_static(COMMENT)),
            }
        }
    }

    fn take(&mut self, frame: &Frame) {
        if frame.sequence > self.has {
            self.has = frame.sequence;
            if self.viewer.sees(&frame.visibility) {
                self.ready.push_back(frame.bytes.clone());
            }
        }
    }

    /// Reads on what was missed; `None` when the store does not answer, and the reader comes back.
    async fn replay(&mut self) -> Option<()> {
        let queries = &self.core.ports().queries;
        let page = queries.events_after(self.viewer.campaign, self.has, PAGE).await;
        let page = match page {
            Ok(page) => page,
            Err(error) => {
                tracing::warn!(campaign_id = %self.viewer.campaign, %error, "a replay broke off");
                return None;
            }
        };
        if page.is_empty() {
            self.has = self.replay_until;
        }
        for event in page.iter().take_while(|event| event.sequence <= self.replay_until) {
            self.has = event.sequence;
            if self.viewer.sees(&event.announcement.visibility) {
                self.ready.push_back(fact(event, true));
            }
        }
        // The page may have begun behind the end: everything up to there is told then.
        if page.last().is_some_and(|event| event.sequence > self.replay_until) {
            self.has = self.replay_until;
        }
        Some(())
    }

    async fn still_may(&mut self) -> bool {
        match self.viewer.still_may(&self.core).await {
            Ok(may) => {
                self.unanswered = 0;
                may
            }
            Err(problem) => {
                self.unanswered += 1;
                tracing::debug!(%problem, "whether a reader still may is not known");
                self.unanswered < UNANSWERED_MAX
            }
        }
    }
}

fn later(period: Duration) -> Interval {
    let mut interval = interval(period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first tick is at once; it is not meant.
    interval.reset();
    interval
}
