//! Practice in the sandbox: a table without Foundry, viewers who click, dice that fall as wished.

use super::Frame;
use super::table::{Practice, Rolled, finish};
use crate::practice_table::PracticeRoll;
use crate::problem::Problem;
use crate::services::Shared;
use crate::simulate::{self, Clicks, RollWish, sandbox};
use crate::web::page::{Page, show};
use crate::web::visitor::Visitor;
use askama::Template;
use gamification_core::ids::{CampaignId, EventId, StreamerId};
use poem::web::{Data, Path};
use poem::{Response, handler};
use uuid::Uuid;

/// How many clicks one press of the button makes unless another number is typed.
const CLICKS_DEFAULT: u32 = 10;

/// What the practice table did; `None` with another Twitch.
pub(super) fn practice(services: &Shared, campaign: CampaignId) -> Option<Practice> {
    let rolls = sandbox(services).ok()?.practice_tables().rolls(campaign);
    let rolled = |roll: PracticeRoll| Rolled {
        character_name: roll.character_name,
        formula: roll.formula,
        original: roll.original,
        shown: roll.shown,
        is_inverted: roll.is_inverted,
    };
    let rolls = rolls.map(|rolls| rolls.into_iter().map(rolled).collect());
    Some(Practice { rolls, clicks_default: CLICKS_DEFAULT })
}

/// `GET /console/{campaign}/practice`: the part that follows what the practice table does.
#[handler]
pub(super) async fn show_rolls(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    let (page, frame) = Frame::of(&services, &visitor, campaign, "table").await?;
    let practice = practice(&services, frame.campaign.id);
    let practice = practice.ok_or_else(|| Problem::not_found("practice table"))?;
    show(&PracticeRolls { page, practice })
}

#[derive(Template)]
#[template(path = "console/practice-rolls.html")]
struct PracticeRolls {
    page: Page,
    practice: Practice,
}

/// `POST /console/{campaign}/practice/switch`: sets the practice table up, or takes it down (`off`).
#[handler]
pub(super) async fn switch(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    let person = visitor.person()?;
    let known = person.require_gm(CampaignId(campaign)).await?;
    let tables = sandbox(&services)?.practice_tables();
    let outcome = if visitor.submission.text("practice") == "off" {
        let stopped = tables.stop(&services, known.id, &person.actor()).await;
        stopped.map(|()| "practice-off")
    } else {
        tables.start(&services, &known, &person.actor()).await.map(|()| "practice-on")
    };
    finish(&services, &visitor, campaign, outcome).await
}

/// `POST /console/{campaign}/practice/clicks`: has viewers click on a channel.
#[handler]
pub(super) async fn click(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    let (_, id) = visitor.game_master(campaign).await?;
    let outcome = try_click(&services, &visitor, id).await;
    finish(&services, &visitor, campaign, outcome).await
}

async fn try_click(
    services: &Shared,
    visitor: &Visitor,
    campaign: CampaignId,
) -> Result<&'static str, Problem> {
    let form = &visitor.submission;
    let event = EventId(form.required("eventId", "choose an event")?);
    let streamer = StreamerId(form.required("streamerId", "choose a channel")?);
    let count = form.optional("count", "must be a whole number")?.unwrap_or(CLICKS_DEFAULT);
    let clicks = Clicks { event, streamer, count, viewers: None };
    let tables = sandbox(services)?.practice_tables();
    tables.welcome(services, campaign, &visitor.person()?.actor()).await?;
    let clicked = simulate::click(services, campaign, clicks).await?;
    Ok(match (clicked.sent, clicked.refused.is_empty()) {
        (0, _) => "clicks-refused",
        (_, true) => "clicked",
        (_, false) => "clicked-partly",
    })
}

/// `POST /console/{campaign}/practice/roll`: has the practice table roll.
#[handler]
pub(super) async fn throw(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    let (_, id) = visitor.game_master(campaign).await?;
    let outcome = try_roll(&services, &visitor, id).await;
    finish(&services, &visitor, campaign, outcome).await
}

async fn try_roll(
    services: &Shared,
    visitor: &Visitor,
    campaign: CampaignId,
) -> Result<&'static str, Problem> {
    let result = visitor.submission.optional("result", "must be a whole number")?;
    let wish = RollWish { result, ..RollWish::default() };
    simulate::roll(services, campaign, &visitor.person()?.actor(), wish).await?;
    Ok("rolled")
}
