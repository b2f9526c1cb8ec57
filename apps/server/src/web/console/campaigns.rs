//! `/console`: the campaigns that somebody leads, and a new one.

use crate::problem::Problem;
use crate::services::Shared;
use crate::web::form::Attempt;
use crate::web::page::{Page, go_to, show, show_as};
use crate::web::visitor::Visitor;
use askama::Template;
use gamification_core::campaign::Campaign;
use gamification_core::ids::CampaignId;
use gamification_core::ports::PageRequest;
use gamification_core::service::NewCampaign;
use poem::web::Data;
use poem::{Response, handler};

/// How many campaigns are listed.
const CAMPAIGNS_MAX: u32 = 200;

#[derive(Template)]
#[template(path = "console/campaigns.html")]
struct CampaignsPage {
    page: Page,
    campaigns: Vec<Campaign>,
    /// Whether the person may make one.
    may_create: bool,
    attempt: Attempt,
}

/// `GET /console`
#[handler]
pub(super) async fn list(services: Data<&Shared>, visitor: Visitor) -> Result<Response, Problem> {
    show(&campaigns_page(&services, &visitor, Attempt::default()).await?)
}

/// `POST /console`: makes a campaign.
#[handler]
pub(super) async fn create(services: Data<&Shared>, visitor: Visitor) -> Result<Response, Problem> {
    match make(&services, &visitor).await {
        Ok(campaign) => Ok(go_to(&format!("/console/{campaign}?done=campaign-made"))),
        Err(problem) => {
            let attempt = Attempt::refused(&visitor.submission, problem)?;
            show_as(attempt.status(), &campaigns_page(&services, &visitor, attempt).await?)
        }
    }
}

/// Makes the campaign that the form describes. Who streams the game too becomes its first member.
async fn make(services: &Shared, visitor: &Visitor) -> Result<CampaignId, Problem> {
    let person = visitor.person()?;
    person.require_campaign_maker()?;
    let form = &visitor.submission;
    let game_system = Some(form.text("gameSystem").to_owned()).filter(|name| !name.is_empty());
    let new = NewCampaign { name: form.text("name").to_owned(), game_system };
    let (core, actor, user) = (&services.core, person.actor(), person.user.id);
    let campaign = core.create_campaign(&actor, user, new).await?.id;
    if form.flag("isStreamer") {
        core.invite(&actor, campaign, user).await?;
        core.accept_invitation(&actor, campaign, user.into()).await?;
    }
    Ok(campaign)
}

async fn campaigns_page(
    services: &Shared,
    visitor: &Visitor,
    attempt: Attempt,
) -> Result<CampaignsPage, Problem> {
    let person = visitor.person()?;
    let request = PageRequest { limit: CAMPAIGNS_MAX, cursor: None };
    let found = services.core.ports().queries.campaigns_of(person.user.id, request).await?;
    let is_led = |campaign: &Campaign| campaign.owner_id == person.user.id;
    let campaigns = found.items.into_iter().filter(is_led).collect();
    let may_create = person.require_campaign_maker().is_ok();
    let page = Page::new(services, visitor, visitor.texts.say("console-campaigns"));
    Ok(CampaignsPage { page, campaigns, may_create, attempt })
}
