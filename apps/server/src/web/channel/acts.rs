//! What streamers do on their page: each form says which of it it is.

use super::{Place, look, overview, standing};
use crate::offers::offer;
use crate::problem::Problem;
use crate::redemptions::redemption;
use crate::services::Shared;
use crate::web::form::{Attempt, Submission};
use crate::web::page::go_to;
use crate::web::visitor::Visitor;
use gamification_core::ids::EventId;
use gamification_core::service::{OfferState, OptIn};
use poem::web::{Data, Path};
use poem::{Response, handler};
use std::str::FromStr;
use uuid::Uuid;

/// What can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Accept,
    Authorise,
    Withdraw,
    Offer,
    Notices,
    Retry,
    Leave,
    Overlay,
    Look,
    #[cfg(feature = "sandbox")]
    Click,
}

impl FromStr for Act {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Ok(match name {
            "accept" => Self::Accept,
            "authorise" => Self::Authorise,
            "withdraw" => Self::Withdraw,
            "offer" => Self::Offer,
            "notices" => Self::Notices,
            "retry" => Self::Retry,
            "leave" => Self::Leave,
            "overlay" => Self::Overlay,
            "look" => Self::Look,
            #[cfg(feature = "sandbox")]
            "click" => Self::Click,
            _ => return Err(()),
        })
    }
}

/// `POST /channel/{campaign}`: does what the form says, and tells what came of it on the page.
#[handler]
pub(super) async fn take_form(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    match done(&services, &visitor, campaign).await {
        Ok("left") => Ok(go_to("/channel?done=channel-left")),
        Ok(done) => Ok(go_to(&format!("/channel/{campaign}?done=channel-{done}"))),
        Err(problem) => {
            let attempt = Attempt::refused(&visitor.submission, problem)?;
            overview::show_again(&services, &visitor, campaign, attempt).await
        }
    }
}

/// Does it; answers which of the texts `done-channel-…` tells that.
async fn done(
    services: &Shared,
    visitor: &Visitor,
    campaign: Uuid,
) -> Result<&'static str, Problem> {
    let form = &visitor.submission;
    let act: Act = form.required("action", "is not something that can be done here")?;
    let place = match act {
        Act::Accept => Place::of(visitor, campaign).await?,
        _ => Place::of_member(visitor, campaign).await?,
    };
    match act {
        Act::Accept => accept(services, &place).await,
        Act::Authorise => authorise(services, &place, form).await,
        Act::Withdraw => withdraw(services, &place).await,
        Act::Offer => switch(services, &place, form).await,
        Act::Notices => notices(services, &place, form).await,
        Act::Retry => retry(services, &place, form).await,
        Act::Leave => leave(services, &place).await,
        Act::Overlay => look::renew(services, &place).await,
        Act::Look => look::save(services, &place, form).await,
        #[cfg(feature = "sandbox")]
        Act::Click => super::rehearsal::click_here(services, &place, form).await,
    }
}

async fn accept(services: &Shared, place: &Place) -> Result<&'static str, Problem> {
    let (actor, campaign) = (place.person.actor(), place.campaign.id);
    services.core.accept_invitation(&actor, campaign, place.streamer()).await?;
    Ok("joined")
}

async fn authorise(
    services: &Shared,
    place: &Place,
    form: &Submission,
) -> Result<&'static str, Problem> {
    const REASON: &str = "must be one of the lengths that are offered";
    let hours: u32 = form.required("hours", REASON)?;
    if !standing::is_offered(hours) {
        return Err(Problem::ill_formed_field("hours", REASON));
    }
    let until = services.core.ports().clock.now().plus_seconds(hours * 3_600);
    let (actor, campaign) = (place.person.actor(), place.campaign.id);
    services.core.authorise(&actor, campaign, place.streamer(), Some(until)).await?;
    Ok("authorised")
}

async fn withdraw(services: &Shared, place: &Place) -> Result<&'static str, Problem> {
    let (actor, campaign) = (place.person.actor(), place.campaign.id);
    services.core.withdraw_authorisation(&actor, campaign, place.streamer()).await?;
    Ok("withdrawn")
}

async fn switch(
    services: &Shared,
    place: &Place,
    form: &Submission,
) -> Result<&'static str, Problem> {
    let event: Uuid = form.required("eventId", "must be the id of an event")?;
    let is_enabled: bool = form.required("isEnabled", "must be true or false")?;
    let cost: Option<i64> = form.optional("costOverride", "must be a whole number")?;
    // Who switches off leaves the price alone.
    let cost_override = is_enabled.then_some(cost);
    let wish = OptIn { is_enabled, cost_override };
    let (actor, campaign) = (place.person.actor(), place.campaign.id);
    let (_, _, state) =
        offer(services, actor, campaign, place.streamer(), EventId(event), wish).await?;
    Ok(match state {
        OfferState::OnTwitch => "offered",
        OfferState::Pending if is_enabled => "offer-pending",
        OfferState::Pending | OfferState::Off => "offer-off",
        OfferState::AuthorisationNeeded => "offer-waits",
    })
}

async fn notices(
    services: &Shared,
    place: &Place,
    form: &Submission,
) -> Result<&'static str, Problem> {
    let is_enabled: bool = form.required("isEnabled", "must be true or false")?;
    let (actor, campaign) = (place.person.actor(), place.campaign.id);
    services.core.set_chat_notices(&actor, campaign, place.streamer(), is_enabled).await?;
    Ok(if is_enabled { "notices-on" } else { "notices-off" })
}

/// Has a stuck click of the own channel tried again.
async fn retry(
    services: &Shared,
    place: &Place,
    form: &Submission,
) -> Result<&'static str, Problem> {
    let row = redemption(services, form.text("redemptionId")).await?;
    if (row.campaign_id, row.streamer_id) != (place.campaign.id, place.streamer()) {
        return Err(Problem::not_found("redemption"));
    }
    services.core.retry_redemption(&place.person.actor(), &row.id).await?;
    Ok("retried")
}

async fn leave(services: &Shared, place: &Place) -> Result<&'static str, Problem> {
    let (actor, campaign) = (place.person.actor(), place.campaign.id);
    services.core.remove_member(&actor, campaign, place.streamer()).await?;
    Ok("left")
}
