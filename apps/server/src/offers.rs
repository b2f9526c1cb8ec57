//! What streamers offer on their channels, for the API and the pages alike.

use crate::problem::Problem;
use crate::services::Services;
use gamification_core::access::Actor;
use gamification_core::campaign::{Membership, MembershipStatus};
use gamification_core::event::{CampaignConfig, Event, StreamerConfig};
use gamification_core::ids::{CampaignId, EventId, StreamerId};
use gamification_core::reward::Reward;
use gamification_core::service::{Gamification, OfferState, OptIn};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::task::TaskTracker;

/// How long an answer waits for Twitch.
const PATIENCE: Duration = Duration::from_secs(10);

/// Switches an event on or off on a channel or changes its price there, and tells what came of it
/// on Twitch within [`PATIENCE`].
///
/// # Errors
/// As [`Gamification::offer_event`]; 503 when it was not even stored in time.
pub(crate) async fn offer(
    services: &Services,
    actor: Actor,
    campaign: CampaignId,
    streamer: StreamerId,
    event: EventId,
    wish: OptIn,
) -> Result<(Channel, Event, OfferState), Problem> {
    let core = Arc::clone(&services.core);
    let step = async move { core.offer_event(&actor, campaign, streamer, event, wish).await };
    let offer = at_most(&services.tasks, PATIENCE, step).await?.transpose()?;
    let channel = Channel::read(&services.core, campaign, streamer).await?;
    let is_stored = |opt_in: &StreamerConfig| opt_in.is_enabled == wish.is_enabled;
    if offer.is_none() && !channel.opt_in(event).is_some_and(is_stored) {
        return Err(Problem::unavailable("the opt-in was not stored in time"));
    }
    let state = offer.map_or(OfferState::Pending, |offer| offer.state);
    let event = services.core.ports().queries.event(event).await?;
    Ok((channel, event.ok_or_else(|| Problem::not_found("event"))?, state))
}

/// What came of the work; `None` when it takes longer. It comes to its end all the same, and also
/// when the client no longer waits for the answer.
async fn at_most<T: Send + 'static>(
    tasks: &TaskTracker,
    patience: Duration,
    work: impl Future<Output = T> + Send + 'static,
) -> Result<Option<T>, Problem> {
    match tokio::time::timeout(patience, tasks.spawn(work)).await {
        Ok(Ok(done)) => Ok(Some(done)),
        Ok(Err(panicked)) => Err(Problem::internal(panicked.to_string())),
        Err(_) => Ok(None),
    }
}

/// A channel in a campaign, with everything that its offers are shown from.
pub(crate) struct Channel {
    settings: Vec<CampaignConfig>,
    opt_ins: Vec<StreamerConfig>,
    rewards: Vec<Reward>,
    is_authorised: bool,
    /// How many people watch, when that is known.
    pub(crate) viewers: Option<u32>,
}

impl Channel {
    /// The channel as it is now.
    ///
    /// # Errors
    /// 404 when the streamer is no member.
    pub(crate) async fn read(
        core: &Gamification,
        campaign: CampaignId,
        streamer: StreamerId,
    ) -> Result<Self, Problem> {
        let no_member = || Problem::not_found("member");
        let (queries, audience) = (&core.ports().queries, &core.ports().audience);
        let member = queries.membership(campaign, streamer).await?;
        let has_not_left = |member: &Membership| member.status != MembershipStatus::Left;
        let member = member.filter(has_not_left).ok_or_else(no_member)?;
        let user = queries.user(streamer.into()).await?.ok_or_else(no_member)?;
        let mut rewards = queries.rewards(campaign, streamer).await?;
        rewards.retain(|reward| reward.status.is_live());
        Ok(Self {
            settings: queries.campaign_configs(campaign).await?,
            opt_ins: queries.streamer_configs(campaign, streamer).await?,
            rewards,
            is_authorised: member.is_authorised(core.ports().clock.now()),
            viewers: audience.viewers(&[user.twitch_id]).await.into_iter().next().flatten(),
        })
    }

    /// The events that the game master has enabled or the streamer has ever chosen, ordered by slug.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(crate) async fn events(&self, core: &Gamification) -> Result<Vec<Event>, Problem> {
        let mut events = Vec::new();
        for id in self.offered_or_available() {
            events.extend(core.ports().queries.event(id).await?);
        }
        events.sort_by(|a, b| a.slug.cmp(&b.slug));
        Ok(events)
    }

    fn offered_or_available(&self) -> Vec<EventId> {
        let available = self.settings.iter().filter(|s| s.is_enabled).map(|s| s.event_id);
        let mut events: Vec<EventId> =
            available.chain(self.opt_ins.iter().map(|opt_in| opt_in.event_id)).collect();
        events.sort_unstable();
        events.dedup();
        events
    }

    /// Where the offer stands, by what is stored.
    pub(crate) fn state(&self, event: EventId) -> OfferState {
        match (self.opt_in(event), self.reward(event)) {
            (opt_in, _) if !opt_in.is_some_and(|opt_in| opt_in.is_enabled) => OfferState::Off,
            _ if !self.is_authorised => OfferState::AuthorisationNeeded,
            (_, Some(reward)) if reward.twitch_id.is_some() => OfferState::OnTwitch,
            _ => OfferState::Pending,
        }
    }

    /// The game master's setting of the event.
    pub(crate) fn setting(&self, event: EventId) -> Option<&CampaignConfig> {
        self.settings.iter().find(|setting| setting.event_id == event)
    }

    /// What the streamer chose, if ever.
    pub(crate) fn opt_in(&self, event: EventId) -> Option<&StreamerConfig> {
        self.opt_ins.iter().find(|opt_in| opt_in.event_id == event)
    }

    /// The reward that is not on its way out.
    pub(crate) fn reward(&self, event: EventId) -> Option<&Reward> {
        self.rewards.iter().find(|reward| reward.event_id == event)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
    use super::*;
    use tokio::sync::oneshot;

    #[tokio::test]
    async fn work_that_takes_too_long_is_not_waited_for_but_comes_to_its_end() {
        let (may_end, gate) = oneshot::channel::<()>();
        let (ended, outcome) = oneshot::channel::<&str>();
        let work = async move {
            gate.await.unwrap();
            ended.send("done").unwrap();
        };
        assert_eq!(at_most(&TaskTracker::new(), Duration::ZERO, work).await.unwrap(), None);
        may_end.send(()).unwrap();
        assert_eq!(outcome.await.unwrap(), "done");
    }

    #[tokio::test]
    async fn work_that_is_done_in_time_is_answered() {
        assert_eq!(at_most(&TaskTracker::new(), PATIENCE, async { 7 }).await.unwrap(), Some(7));
    }

    #[tokio::test]
    async fn work_that_panics_is_our_fault() {
        let problem = at_most(&TaskTracker::new(), PATIENCE, async { panic!("on purpose") })
            .await
            .unwrap_err();
        assert_eq!(problem.status(), poem::http::StatusCode::INTERNAL_SERVER_ERROR);
    }
}
