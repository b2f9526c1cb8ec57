//! How many people watch.

use crate::helix::{CallFailure, Helix};
use crate::logins::Caller;
use async_trait::async_trait;
use gamification_core::ids::TwitchUserId;
use gamification_core::ports::{Audience, Clock};
use gamification_core::time::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::Mutex;
use twitch_api::helix::streams::GetStreamsRequest;

/// How old a count may be when it is used.
const FRESH_MICROS: i64 = 60 * 1_000_000;

/// How long Twitch is left alone after it did not answer: whoever asks meanwhile waits for nothing.
const REST_SECONDS: u32 = 10;

/// Channels in one call, and on one page of its answer: as many as Twitch allows.
const CHANNELS_PER_CALL: usize = 100;

/// Live viewer counts from Helix, remembered for a minute.
pub struct HelixAudience {
    helix: Arc<Helix>,
    clock: Arc<dyn Clock>,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    counts: HashMap<TwitchUserId, Count>,
    /// Set while Twitch does not answer.
    resting_until: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy)]
struct Count {
    /// `None` when the channel was offline.
    viewers: Option<u32>,
    at: Timestamp,
}

impl Known {
    fn fresh(&self, channel: &TwitchUserId, now: Timestamp) -> Option<Count> {
        let count = self.counts.get(channel)?;
        let age = now.as_micros().saturating_sub(count.at.as_micros());
        // A clock that went back proves nothing about the age.
        (0..FRESH_MICROS).contains(&age).then_some(*count)
    }
}

impl HelixAudience {
    pub(crate) fn new(helix: Arc<Helix>, clock: Arc<dyn Clock>) -> Self {
        Self { helix, clock, known: Mutex::default() }
    }

    async fn refresh(&self, known: &mut Known, stale: &[&TwitchUserId], now: Timestamp) {
        if known.resting_until.is_some_and(|until| now < until) {
            return;
        }
        for channels in stale.chunks(CHANNELS_PER_CALL) {
            match self.ask(channels).await {
                Ok(live) => {
                    if known.resting_until.take().is_some() {
                        tracing::info!("Twitch tells viewer counts again");
                    }
                    let counts = channels.iter().map(|&channel| {
                        let viewers = live.get(channel.as_str()).copied();
                        (channel.clone(), Count { viewers, at: now })
                    });
                    known.counts.extend(counts);
                }
                Err(error) => {
                    if known.resting_until.is_none() {
                        tracing::warn!(%error, "Twitch does not tell viewer counts");
                    }
                    known.resting_until = Some(now.plus_seconds(REST_SECONDS));
                    return;
                }
            }
        }
    }

    /// The viewers of those channels that are live.
    async fn ask(&self, channels: &[&TwitchUserId]) -> Result<HashMap<String, u32>, CallFailure> {
        let ids: Vec<&str> = channels.iter().map(|channel| channel.as_str()).collect();
        let request = GetStreamsRequest::user_ids(ids).first(CHANNELS_PER_CALL);
        let answer = self.helix.get(Caller::Application, &request).await?;
        let live = answer.data.into_iter().map(|stream| {
            let viewers = u32::try_from(stream.viewer_count).unwrap_or(u32::MAX);
            (stream.user_id.as_str().to_owned(), viewers)
        });
        Ok(live.collect())
    }
}

#[async_trait]
impl Audience for HelixAudience {
    async fn viewers(&self, channels: &[TwitchUserId]) -> Vec<Option<u32>> {
        // Held while Twitch is asked: everybody else who wants the same waits for that answer.
        let mut known = self.known.lock().await;
        let now = self.clock.now();
        let mut stale: Vec<&TwitchUserId> =
            channels.iter().filter(|channel| known.fresh(channel, now).is_none()).collect();
        stale.sort_unstable();
        stale.dedup();
        if !stale.is_empty() {
            self.refresh(&mut known, &stale, now).await;
        }
        let counts = channels.iter().map(|channel| known.fresh(channel, now)?.viewers);
        counts.collect()
    }
}
