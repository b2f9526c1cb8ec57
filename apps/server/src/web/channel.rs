//! The pages of the streamer: `/channel` and what is below it.

mod acts;
mod campaigns;
mod look;
mod offers;
mod overlay;
mod overview;
mod points;
#[cfg(feature = "sandbox")]
mod rehearsal;
mod standing;

use super::open;
use super::page::Page;
use super::visitor::Visitor;
use crate::auth::Principal;
use crate::http::RouteTable;
use crate::problem::Problem;
use crate::services::Shared;
use gamification_core::campaign::{Campaign, Membership, MembershipStatus};
use gamification_core::ids::{CampaignId, StreamerId};
use poem::{Route, get};
use uuid::Uuid;

/// Adds the streamer's pages.
pub(super) fn pages(routes: Route) -> Route {
    routes
        .at("/channel", open(get(campaigns::list)))
        .at("/channel/:campaign", open(get(overview::show_channel).post(acts::take_form)))
        .at("/channel/:campaign/now", open(get(overview::show_now)))
        .at("/channel/:campaign/overlay", open(get(overview::show_overlay)))
        .at("/channel/:campaign/points", open(get(overview::show_points)))
}

/// Names the methods of the streamer's pages.
pub(super) fn add_routes(table: &mut RouteTable) {
    table.add("/channel", ["get"]);
    table.add("/channel/{campaign}", ["get", "post"]);
    table.add("/channel/{campaign}/now", ["get"]);
    table.add("/channel/{campaign}/overlay", ["get"]);
    table.add("/channel/{campaign}/points", ["get"]);
}

/// A streamer's own place in a campaign.
#[derive(Debug)]
pub(super) struct Place {
    /// The person who looks.
    pub(super) person: Principal,
    /// The campaign.
    pub(super) campaign: Campaign,
    /// The person's place in it.
    pub(super) membership: Membership,
}

impl Place {
    /// The place of who looks, who takes part or was asked to.
    ///
    /// # Errors
    /// 401 when nobody is signed in, 404 for everybody who has no place there.
    pub(super) async fn of(visitor: &Visitor, campaign: Uuid) -> Result<Self, Problem> {
        let person = visitor.person()?;
        let seat = person.require_invitee(CampaignId(campaign), person.streamer_id()).await?;
        let membership = seat.membership.ok_or_else(|| Problem::not_found("member"))?;
        Ok(Self { person: person.clone(), campaign: seat.campaign, membership })
    }

    /// The place of who looks and takes part.
    ///
    /// # Errors
    /// As [`Self::of`], and 403 for who has not accepted the invitation.
    pub(super) async fn of_member(visitor: &Visitor, campaign: Uuid) -> Result<Self, Problem> {
        let place = Self::of(visitor, campaign).await?;
        if place.is_invited() {
            return Err(Problem::forbidden("accept the invitation first"));
        }
        Ok(place)
    }

    /// Whether the invitation was not accepted yet.
    pub(super) fn is_invited(&self) -> bool {
        self.membership.status == MembershipStatus::Invited
    }

    /// The address of the page.
    pub(super) fn address(&self) -> String {
        format!("/channel/{}", self.campaign.id)
    }

    /// The channel.
    pub(super) fn streamer(&self) -> StreamerId {
        self.membership.streamer_id
    }

    /// The frame of the page, which is about this campaign.
    pub(super) fn page(&self, services: &Shared, visitor: &Visitor) -> Page {
        let title = format!("{} · {}", visitor.texts.say("nav-channel"), self.campaign.name);
        Page::new(services, visitor, title)
    }
}
