//! What the transports share.

use super::EventSubSink;
use super::api::{Api, Refusal};
use super::board::{Board, SubscriptionState};
use super::kinds::Wanted;
use gamification_core::ids::TwitchUserId;
use gamification_core::ports::Clock;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// How often everything is compared with what Twitch has.
pub(super) const EVERY: Duration = Duration::from_secs(60);

/// How long a channel that was asked for is wanted, though the sink does not name it yet: its first
/// reward is about to be made.
const ASKED_FOR: Duration = Duration::from_secs(600);

/// How long something that a channel has not granted is not asked for again.
const REFUSED_FOR: Duration = Duration::from_secs(600);

/// What the transports share.
pub(super) struct Shared {
    pub(super) api: Api,
    pub(super) client_id: String,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) board: Board,
    nudges: watch::Sender<u64>,
    asked: Mutex<HashMap<TwitchUserId, Instant>>,
    /// What the sink named last.
    named: Mutex<Vec<TwitchUserId>>,
}

impl Shared {
    pub(super) fn new(api: Api, client_id: String, clock: Arc<dyn Clock>) -> Self {
        Self {
            api,
            client_id,
            clock,
            board: Board::new(),
            nudges: watch::Sender::new(0),
            asked: Mutex::default(),
            named: Mutex::default(),
        }
    }

    pub(super) fn nudge(&self) {
        self.nudges.send_modify(|count| *count = count.wrapping_add(1));
    }

    pub(super) fn nudges(&self) -> Nudges {
        Nudges(self.nudges.subscribe())
    }

    /// Wants a channel for a while, whatever the sink says.
    pub(super) fn ask_for(&self, channel: &TwitchUserId) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.insert(channel.clone(), Instant::now());
    }

    /// The channels whose events are wanted now: those of before while the sink cannot tell.
    pub(super) async fn wanted(&self, sink: &dyn EventSubSink) -> Vec<TwitchUserId> {
        let told = sink.channels().await;
        let mut channels = {
            let mut named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
            if let Ok(told) = told {
                *named = told;
            }
            named.clone()
        };
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.retain(|_, since| since.elapsed() < ASKED_FOR);
        channels.extend(asked.keys().cloned());
        drop(asked);
        channels.sort();
        channels.dedup();
        channels
    }
}

/// Hears of nudges.
pub(super) struct Nudges(watch::Receiver<u64>);

impl Nudges {
    /// What is done from here on answers all nudges so far.
    pub(super) fn answer(&mut self) {
        self.0.mark_unchanged();
    }

    /// Waits for a nudge: at once when there was one that was not answered.
    pub(super) async fn heard(&mut self) {
        if self.0.changed().await.is_err() {
            // Nobody is left who could nudge.
            std::future::pending::<()>().await;
        }
    }

    /// Waits, and tells whether a nudge ended it.
    pub(super) async fn wait(&mut self, pause: Duration) -> bool {
        tokio::time::timeout(pause, self.heard()).await.is_ok()
    }
}

/// What Twitch would not make, so that it is not asked all the time.
#[derive(Default)]
pub(super) struct Refusals(HashMap<Wanted, (Instant, SubscriptionState)>);

impl Refusals {
    /// Keeps what a refusal says; `is_needed` things are asked for again anyway.
    pub(super) fn note(&mut self, wanted: &Wanted, state: SubscriptionState) {
        self.0.insert(wanted.clone(), (Instant::now(), state));
    }

    pub(super) fn forget(&mut self, wanted: &Wanted) {
        self.0.remove(wanted);
    }

    /// Forgets what was refused about a channel: its login is dead, which is another matter.
    pub(super) fn forget_channel(&mut self, channel: &TwitchUserId) {
        self.0.retain(|wanted, _| wanted.channel() != Some(channel));
    }

    /// Whether to ask for it now.
    pub(super) fn may_ask(&self, wanted: &Wanted, is_forced: bool) -> bool {
        is_forced
            || wanted.kind.is_needed()
            || self.0.get(wanted).is_none_or(|(since, _)| since.elapsed() >= REFUSED_FOR)
    }

    /// What was refused about a channel, or about none.
    pub(super) fn about(
        &self,
        channel: Option<&TwitchUserId>,
    ) -> impl Iterator<Item = SubscriptionState> {
        let about = self.0.iter().filter(move |(wanted, _)| wanted.channel() == channel);
        about.map(|(_, (_, state))| state.clone())
    }
}

/// Writes down why a subscription was not made.
pub(super) fn log(wanted: &Wanted, refusal: &Refusal) {
    let channel = wanted.channel().map(|id| id.as_str());
    let kind = wanted.kind.name();
    match refusal {
        Refusal::NotGranted => {
            tracing::info!(channel, kind, "the channel's login does not cover this subscription");
        }
        Refusal::TooManyAlike => tracing::error!(
            channel,
            kind,
            "Twitch allows 3 subscriptions alike, and other installations under the same client \
             id have all of them"
        ),
        Refusal::Refused(reason) => {
            tracing::warn!(channel, kind, reason, "Twitch refused a subscription");
        }
        Refusal::Exists => tracing::info!(channel, kind, "the subscription exists already"),
        Refusal::LoginNeeded => tracing::info!(channel, kind, "the channel has to log in again"),
        Refusal::Later(failure) => {
            tracing::info!(channel, kind, %failure, "a subscription was not made yet");
        }
    }
}
