//! What streamers offer on their channels.

use super::Tag;
use super::input::Input;
use super::types::{Answer, Listed};
use super::views::reward::{OfferParts, OfferView};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::services::Shared;
use gamification_core::campaign::{Membership, MembershipStatus};
use gamification_core::event::{CampaignConfig, Event, StreamerConfig};
use gamification_core::ids::{CampaignId, EventId, StreamerId};
use gamification_core::reward::Reward;
use gamification_core::service::{Gamification, OfferState, OptIn};
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{ApiResponse, Object, OpenApi};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

/// The routes about offers.
pub(super) struct OffersApi;

/// How long an answer waits for Twitch.
const PATIENCE: Duration = Duration::from_secs(10);

#[OpenApi]
impl OffersApi {
    /// What the channel offers and could offer, ordered by slug.
    #[oai(
        path = "/campaigns/:campaign/streamers/:streamer/events",
        method = "get",
        tag = "Tag::Offers",
        operation_id = "listOffers"
    )]
    async fn list(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        streamer: Path<Uuid>,
    ) -> Answer<Listed<OfferView>> {
        let (campaign, streamer) = (campaign.0.into(), streamer.0.into());
        caller.require_gm_or_streamer(campaign, streamer).await?;
        let channel = Channel::read(&services.core, campaign, streamer).await?;
        let mut events = Vec::new();
        for id in channel.offered_or_available() {
            events.extend(services.core.ports().queries.event(id).await?);
        }
        events.sort_by(|a, b| a.slug.cmp(&b.slug));
        let offers = events.iter().map(|event| channel.offer(event, channel.state(event.id)));
        Ok(Json(Listed::whole(offers.collect())))
    }

    /// Offers an event on the own channel or stops offering it, at an own price or the campaign's.
    ///
    /// The answer waits up to 10 seconds for Twitch. When Twitch refuses the reward, the answer
    /// says why and the switch is off again. Without the streamer's authorisation the choice is
    /// kept, and `status` is `authorisation_needed`.
    #[oai(
        path = "/campaigns/:campaign/streamers/:streamer/events/:event",
        method = "put",
        tag = "Tag::Offers",
        operation_id = "offerEvent"
    )]
    async fn offer(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        campaign: Path<Uuid>,
        streamer: Path<Uuid>,
        event: Path<Uuid>,
        body: Input<OptInInput>,
    ) -> Result<Offered, Problem> {
        let (campaign, streamer, event) = (campaign.0.into(), streamer.0.into(), event.0.into());
        caller.require_streamer(campaign, streamer).await?;
        let (core, actor) = (Arc::clone(&services.core), caller.actor());
        let (is_enabled, wish) = (body.0.is_enabled, body.0.into());
        let step = async move { core.offer_event(&actor, campaign, streamer, event, wish).await };
        let offer = at_most(&services.tasks, PATIENCE, step).await?.transpose()?;
        let channel = Channel::read(&services.core, campaign, streamer).await?;
        if offer.is_none() && channel.opt_in(event).is_none_or(|o| o.is_enabled != is_enabled) {
            return Err(Problem::unavailable("the opt-in was not stored in time"));
        }
        let state = offer.map_or(OfferState::Pending, |offer| offer.state);
        let event = services.core.ports().queries.event(event).await?;
        let event = event.ok_or_else(|| Problem::not_found("event"))?;
        let offer = Json(channel.offer(&event, state));
        Ok(match state {
            OfferState::Pending => Offered::Pending(offer),
            OfferState::OnTwitch | OfferState::AuthorisationNeeded | OfferState::Off => {
                Offered::Settled(offer)
            }
        })
    }
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

/// The answer to an opt-in.
#[derive(ApiResponse)]
enum Offered {
    /// It is as wished, or stored until the streamer authorises rewards.
    #[oai(status = 200)]
    Settled(Json<OfferView>),
    /// It is stored, but Twitch has not confirmed it yet; it is tried until it does.
    #[oai(status = 202)]
    Pending(Json<OfferView>),
}

/// A channel in a campaign, with everything that its offers are shown from.
struct Channel {
    settings: Vec<CampaignConfig>,
    opt_ins: Vec<StreamerConfig>,
    rewards: Vec<Reward>,
    is_authorised: bool,
    viewers: Option<u32>,
}

impl Channel {
    /// # Errors
    /// 404 when the streamer is no member.
    async fn read(
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

    /// The events that the game master has enabled or the streamer has ever chosen, once each.
    fn offered_or_available(&self) -> Vec<EventId> {
        let available = self.settings.iter().filter(|s| s.is_enabled).map(|s| s.event_id);
        let mut events: Vec<EventId> =
            available.chain(self.opt_ins.iter().map(|opt_in| opt_in.event_id)).collect();
        events.sort_unstable();
        events.dedup();
        events
    }

    /// Where the offer stands, by what is stored.
    fn state(&self, event: EventId) -> OfferState {
        match (self.opt_in(event), self.reward(event)) {
            (opt_in, _) if !opt_in.is_some_and(|opt_in| opt_in.is_enabled) => OfferState::Off,
            _ if !self.is_authorised => OfferState::AuthorisationNeeded,
            (_, Some(reward)) if reward.twitch_id.is_some() => OfferState::OnTwitch,
            _ => OfferState::Pending,
        }
    }

    fn offer(&self, event: &Event, state: OfferState) -> OfferView {
        OfferView::from(OfferParts {
            event,
            setting: self.settings.iter().find(|setting| setting.event_id == event.id),
            opt_in: self.opt_in(event.id),
            reward: self.reward(event.id),
            viewers: self.viewers,
            state,
        })
    }

    fn opt_in(&self, event: EventId) -> Option<&StreamerConfig> {
        self.opt_ins.iter().find(|opt_in| opt_in.event_id == event)
    }

    fn reward(&self, event: EventId) -> Option<&Reward> {
        self.rewards.iter().find(|reward| reward.event_id == event)
    }
}

/// What a streamer wants of an event on the own channel.
#[derive(Debug, Clone, Object)]
#[oai(rename = "OptIn", rename_all = "camelCase")]
struct OptInInput {
    /// Whether the channel offers it.
    is_enabled: bool,
    /// The channel's own price, 1–1,000,000; `null` takes it back, left out it stays.
    cost_override: MaybeUndefined<i64>,
}

impl From<OptInInput> for OptIn {
    fn from(input: OptInInput) -> Self {
        Self { is_enabled: input.is_enabled, cost_override: input.cost_override.into() }
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
