//! `/console/{campaign}/people`: the streamers of the campaign.

use super::Frame;
use crate::people::invitee;
use crate::problem::Problem;
use crate::services::Shared;
use crate::web::form::Attempt;
use crate::web::page::{Page, go_to, show, show_as};
use crate::web::visitor::Visitor;
use askama::Template;
use gamification_core::campaign::{BroadcasterType, MembershipStatus};
use gamification_core::event::Event;
use gamification_core::ids::StreamerId;
use gamification_core::ports::MemberRow;
use gamification_core::time::Timestamp;
use poem::web::{Data, Path};
use poem::{Response, handler};
use uuid::Uuid;

#[derive(Template)]
#[template(path = "console/people.html")]
struct PeoplePage {
    page: Page,
    frame: Frame,
    members: Vec<Member>,
    now: Timestamp,
    attempt: Attempt,
}

/// A streamer, with what they offer.
struct Member {
    row: MemberRow,
    offered: Vec<Event>,
}

impl Member {
    /// Key and look of where the streamer stands.
    fn standing(&self, now: Timestamp) -> (&'static str, &'static str) {
        match self.row.membership.status {
            MembershipStatus::Invited => ("member-invited", "warn"),
            MembershipStatus::Left => ("member-left", ""),
            MembershipStatus::Active if self.row.membership.is_authorised(now) => {
                ("member-authorised", "good")
            }
            MembershipStatus::Active => ("member-unauthorised", "warn"),
        }
    }

    fn has_channel_points(&self) -> bool {
        self.row.user.broadcaster_type != BroadcasterType::Normal
    }
}

/// `GET /console/{campaign}/people`
#[handler]
pub(super) async fn show_people(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    show(&people_page(&services, &visitor, campaign, Attempt::default()).await?)
}

/// `POST /console/{campaign}/people`: invites a streamer by login.
#[handler]
pub(super) async fn invite(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    match try_invite(&services, &visitor, campaign).await {
        Ok(()) => Ok(go_to(&format!("/console/{campaign}/people?done=invited"))),
        Err(problem) => {
            let attempt = Attempt::refused(&visitor.submission, problem)?;
            let status = attempt.status();
            show_as(status, &people_page(&services, &visitor, campaign, attempt).await?)
        }
    }
}

async fn try_invite(services: &Shared, visitor: &Visitor, campaign: Uuid) -> Result<(), Problem> {
    let (person, campaign) = visitor.game_master(campaign).await?;
    let login = visitor.submission.text("login");
    let user = invitee(&services.core, &*services.accounts, login).await?;
    services.core.invite(&person.actor(), campaign, user.id).await?;
    Ok(())
}

/// `POST /console/{campaign}/people/{streamer}/remove`
#[handler]
pub(super) async fn remove(
    services: Data<&Shared>,
    visitor: Visitor,
    Path((campaign, streamer)): Path<(Uuid, Uuid)>,
) -> Result<Response, Problem> {
    let (person, id) = visitor.game_master(campaign).await?;
    services.core.remove_member(&person.actor(), id, StreamerId(streamer)).await?;
    Ok(go_to(&format!("/console/{campaign}/people?done=member-removed")))
}

async fn people_page(
    services: &Shared,
    visitor: &Visitor,
    campaign: Uuid,
    attempt: Attempt,
) -> Result<PeoplePage, Problem> {
    let (page, frame) = Frame::of(services, visitor, campaign, "people").await?;
    let queries = &services.core.ports().queries;
    let mut members = Vec::new();
    for row in queries.members(frame.campaign.id).await? {
        let streamer = row.membership.streamer_id;
        let mut offered = Vec::new();
        for offer in queries.streamer_configs(frame.campaign.id, streamer).await? {
            let event = queries.event(offer.event_id).await?;
            offered.extend(event.filter(|_| offer.is_enabled));
        }
        members.push(Member { row, offered });
    }
    Ok(PeoplePage { page, frame, members, now: services.core.ports().clock.now(), attempt })
}
