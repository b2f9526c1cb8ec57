//! One look at a campaign's event log for all who read it. Subscribers are woken, and look every two
//! seconds whatever happens; the log is the truth.

use super::frame::{Frame, coalesced};
use futures_util::StreamExt;
use gamification_core::announcement::DomainEvent;
use gamification_core::ids::CampaignId;
use gamification_core::ports::{StoreError, Wakeup, WakeupStream};
use gamification_core::service::Gamification;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::broadcast;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

/// How often the log is looked at without a wake-up.
const PERIOD: Duration = Duration::from_secs(2);
/// The shortest time between two looks that found something: what happens in between is told
/// together, so that a goal's progress comes at most ten times a second.
const GAP: Duration = Duration::from_millis(100);
/// How many facts are read at a time.
const PAGE: u32 = 500;
/// How many facts may wait for one reader before it is cut off.
const BACKLOG: usize = 1_024;

/// The feeds of all campaigns that somebody reads.
pub struct Hub {
    core: Arc<Gamification>,
    feeds: Mutex<HashMap<CampaignId, Weak<Feed>>>,
    tasks: TaskTracker,
    shutdown: CancellationToken,
}

/// The facts of one campaign as they come; ends with its last reader.
pub(super) struct Feed {
    frames: broadcast::Sender<Arc<Frame>>,
    _stop: DropGuard,
}

impl Hub {
    /// A hub without feeds; everything ends with `shutdown`.
    #[must_use]
    pub fn new(core: Arc<Gamification>, shutdown: CancellationToken) -> Self {
        Self { core, feeds: Mutex::default(), tasks: TaskTracker::new(), shutdown }
    }

    pub(super) const fn core(&self) -> &Arc<Gamification> {
        &self.core
    }

    pub(super) const fn shutdown(&self) -> &CancellationToken {
        &self.shutdown
    }

    /// The campaign's feed: every fact that is committed after this call comes through it.
    pub(super) async fn subscribe(
        &self,
        campaign: CampaignId,
    ) -> Result<(Arc<Feed>, broadcast::Receiver<Arc<Frame>>), StoreError> {
        if let Some(feed) = self.running(campaign) {
            let frames = feed.frames.subscribe();
            return Ok((feed, frames));
        }
        // Read before there is a feed: it must not begin after what a reader's snapshot holds.
        let (_, head) = self.core.ports().queries.log_range(campaign).await?;
        let mut feeds = self.feeds();
        feeds.retain(|_, feed| feed.strong_count() > 0);
        let known = feeds.get(&campaign).and_then(Weak::upgrade);
        let feed = known.unwrap_or_else(|| {
            let feed = self.start(campaign, head);
            feeds.insert(campaign, Arc::downgrade(&feed));
            feed
        });
        let frames = feed.frames.subscribe();
        Ok((feed, frames))
    }

    fn running(&self, campaign: CampaignId) -> Option<Arc<Feed>> {
        self.feeds().get(&campaign)?.upgrade()
    }

    fn start(&self, campaign: CampaignId, head: i64) -> Arc<Feed> {
        let (frames, _) = broadcast::channel(BACKLOG);
        let stop = self.shutdown.child_token();
        let log = LogReader {
            core: Arc::clone(&self.core),
            campaign,
            told: head,
            wakeups: self.core.ports().broadcaster.subscribe(),
            frames: frames.clone(),
        };
        self.tasks.spawn(stop.clone().run_until_cancelled_owned(log.run()));
        Arc::new(Feed { frames, _stop: stop.drop_guard() })
    }

    fn feeds(&self) -> MutexGuard<'_, HashMap<CampaignId, Weak<Feed>>> {
        self.feeds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct LogReader {
    core: Arc<Gamification>,
    campaign: CampaignId,
    /// The last sequence number that was told.
    told: i64,
    wakeups: WakeupStream,
    frames: broadcast::Sender<Arc<Frame>>,
}

impl LogReader {
    async fn run(mut self) {
        let mut is_failing = false;
        loop {
            match self.new_facts().await {
                Ok(facts) if facts.is_empty() => {}
                Ok(facts) => {
                    for fact in &facts {
                        // Without a reader there is nobody to tell.
                        let _ = self.frames.send(Arc::new(Frame::live(fact)));
                    }
                    tokio::time::sleep(GAP).await;
                    continue;
                }
                Err(error) => {
                    if !is_failing {
                        tracing::warn!(campaign_id = %self.campaign, %error, "a stream waits");
                    }
                    is_failing = true;
                    tokio::time::sleep(PERIOD).await;
                    continue;
                }
            }
            is_failing = false;
            let woken = self.woken();
            // Woken or not, it looks again.
            let _ = tokio::time::timeout(PERIOD, woken).await;
        }
    }

    /// Everything after what was told.
    async fn new_facts(&mut self) -> Result<Vec<DomainEvent>, StoreError> {
        let queries = &self.core.ports().queries;
        let mut facts = Vec::new();
        loop {
            let page = queries.events_after(self.campaign, self.told, PAGE).await?;
            let is_last = page.len() < PAGE as usize;
            if let Some(last) = page.last() {
                self.told = last.sequence;
            }
            facts.extend(page);
            // More than a reader may have waiting would cut everybody off.
            if is_last || facts.len() >= BACKLOG / 2 {
                return Ok(coalesced(facts));
            }
        }
    }

    async fn woken(&mut self) {
        while let Some(wakeup) = self.wakeups.next().await {
            match wakeup {
                Wakeup::Campaign(campaign) if campaign == self.campaign => return,
                Wakeup::All => return,
                Wakeup::Campaign(_) | Wakeup::Work => {}
            }
        }
        std::future::pending().await
    }
}
