//! `/channel`: the games in which a channel takes part, and those that asked it to.

use crate::problem::Problem;
use crate::services::Shared;
use crate::web::page::{Page, go_to, show};
use crate::web::visitor::Visitor;
use askama::Template;
use gamification_core::campaign::{Campaign, MembershipStatus};
use gamification_core::ports::PageRequest;
use poem::web::Data;
use poem::{Response, handler};

/// How many campaigns are listed.
const CAMPAIGNS_MAX: u32 = 200;

#[derive(Template)]
#[template(path = "channel/campaigns.html")]
struct CampaignsPage {
    page: Page,
    /// Those that asked the channel to take part.
    invitations: Vec<Campaign>,
    /// Those in which it takes part.
    campaigns: Vec<Campaign>,
}

/// `GET /channel`: leads to the only game that there is.
#[handler]
pub(super) async fn list(services: Data<&Shared>, visitor: Visitor) -> Result<Response, Problem> {
    let person = visitor.person()?;
    let queries = &services.core.ports().queries;
    let request = PageRequest { limit: CAMPAIGNS_MAX, cursor: None };
    let found = queries.campaigns_of(person.user.id, request).await?;
    let (mut invitations, mut campaigns) = (Vec::new(), Vec::new());
    for campaign in found.items {
        let membership = queries.membership(campaign.id, person.streamer_id()).await?;
        match membership.map(|membership| membership.status) {
            Some(MembershipStatus::Invited) => invitations.push(campaign),
            Some(MembershipStatus::Active) => campaigns.push(campaign),
            Some(MembershipStatus::Left) | None => {}
        }
    }
    let page = Page::new(&services, &visitor, visitor.texts.say("nav-channel"));
    match campaigns.as_slice() {
        [only] if invitations.is_empty() && page.done().is_none() => {
            Ok(go_to(&format!("/channel/{}", only.id)))
        }
        _ => show(&CampaignsPage { page, invitations, campaigns }),
    }
}
