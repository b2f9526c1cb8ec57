//! What streamers offer on their channels.

use super::Tag;
use super::input::Input;
use super::types::{Answer, Listed};
use super::views::reward::{OfferParts, OfferView};
use crate::auth::Caller;
use crate::offers::{self, Channel};
use crate::problem::Problem;
use crate::services::Shared;
use gamification_core::event::Event;
use gamification_core::service::{OfferState, OptIn};
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{ApiResponse, Object, OpenApi};
use uuid::Uuid;

/// The routes about offers.
pub(super) struct OffersApi;

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
        let events = channel.events(&services.core).await?;
        let offers = events.iter().map(|event| shown(&channel, event, channel.state(event.id)));
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
        let wish = body.0.into();
        let actor = caller.actor();
        let (channel, event, state) =
            offers::offer(&services, actor, campaign, streamer, event, wish).await?;
        let offer = Json(shown(&channel, &event, state));
        Ok(match state {
            OfferState::Pending => Offered::Pending(offer),
            OfferState::OnTwitch | OfferState::AuthorisationNeeded | OfferState::Off => {
                Offered::Settled(offer)
            }
        })
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

fn shown(channel: &Channel, event: &Event, state: OfferState) -> OfferView {
    OfferView::from(OfferParts {
        event,
        setting: channel.setting(event.id),
        opt_in: channel.opt_in(event.id),
        reward: channel.reward(event.id),
        viewers: channel.viewers,
        state,
    })
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
