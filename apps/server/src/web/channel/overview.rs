//! `/channel/{campaign}`: everything about the own channel in one game, and the parts of it that
//! follow what happens.

use super::Place;
use super::offers::{self, Offer};
use super::overlay::{Look, Overlay};
use super::points::Points;
use super::standing::Standing;
use crate::problem::Problem;
use crate::services::Shared;
use crate::web::form::Attempt;
use crate::web::page::{Page, show, show_as};
use crate::web::visitor::Visitor;
use askama::Template;
use poem::web::{Data, Path};
use poem::{Response, handler};
use uuid::Uuid;

#[derive(Template)]
#[template(path = "channel/channel.html")]
struct ChannelPage {
    page: Page,
    place: Place,
    standing: Standing,
    overlay: Overlay,
    look: Look,
    offers: Vec<Offer>,
    points: Points,
    attempt: Attempt,
}

#[derive(Template)]
#[template(path = "channel/invitation.html")]
struct InvitationPage {
    page: Page,
    place: Place,
    attempt: Attempt,
}

#[derive(Template)]
#[template(path = "channel/now.html")]
struct NowPart {
    page: Page,
    offers: Vec<Offer>,
}

#[derive(Template)]
#[template(path = "channel/overlay-part.html")]
struct OverlayPart {
    page: Page,
    overlay: Overlay,
}

#[derive(Template)]
#[template(path = "channel/points.html")]
struct PointsPart {
    page: Page,
    place: Place,
    points: Points,
}

/// `GET /channel/{campaign}`
#[handler]
pub(super) async fn show_channel(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    show_again(&services, &visitor, campaign, Attempt::default()).await
}

/// The page with a form that was refused.
///
/// # Errors
/// As [`Place::of`].
pub(super) async fn show_again(
    services: &Shared,
    visitor: &Visitor,
    campaign: Uuid,
    attempt: Attempt,
) -> Result<Response, Problem> {
    let place = Place::of(visitor, campaign).await?;
    let page = place.page(services, visitor);
    let status = attempt.status();
    if place.is_invited() {
        return show_as(status, &InvitationPage { page, place, attempt });
    }
    let standing = Standing::read(services, &place).await?;
    let overlay = Overlay::read(services, &place).await?;
    let look = Look::read(services, &place).await?;
    let offers = offers::read(services, &place).await?;
    let points = Points::read(services, &place).await?;
    let shown = ChannelPage { page, place, standing, overlay, look, offers, points, attempt };
    show_as(status, &shown)
}

/// `GET /channel/{campaign}/now`: how what the channel offers stands on Twitch.
#[handler]
pub(super) async fn show_now(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    let (page, place) = part(&services, &visitor, campaign).await?;
    let offers = offers::read(&services, &place).await?;
    show(&NowPart { page, offers })
}

/// `GET /channel/{campaign}/overlay`: whether the overlay is there.
#[handler]
pub(super) async fn show_overlay(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    let (page, place) = part(&services, &visitor, campaign).await?;
    let overlay = Overlay::read(&services, &place).await?;
    show(&OverlayPart { page, overlay })
}

/// `GET /channel/{campaign}/points`: what happened to the points.
#[handler]
pub(super) async fn show_points(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    let (page, place) = part(&services, &visitor, campaign).await?;
    let points = Points::read(&services, &place).await?;
    show(&PointsPart { page, place, points })
}

/// What every part of the page stands on.
async fn part(
    services: &Shared,
    visitor: &Visitor,
    campaign: Uuid,
) -> Result<(Page, Place), Problem> {
    let place = Place::of_member(visitor, campaign).await?;
    Ok((place.page(services, visitor), place))
}
