//! What the game master does about the table.

use super::table_page;
use crate::auth::Principal;
use crate::problem::Problem;
use crate::services::Shared;
use crate::tables;
use crate::web::form::Attempt;
use crate::web::page::{go_to, show_as};
use crate::web::visitor::Visitor;
use gamification_core::ids::{CampaignId, CharacterId, RollId, StreamerId};
use gamification_core::vtt::VttConnection;
use poem::web::{Data, Path};
use poem::{Response, handler};
use uuid::Uuid;

/// `POST /console/{campaign}/table`: pairs the world that shows the code.
#[handler]
pub(in crate::web::console) async fn pair(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    let person = visitor.person()?;
    let code = visitor.submission.text("code");
    let paired = tables::claim(&services, person, code, Some(CampaignId(campaign))).await;
    finish(&services, &visitor, campaign, paired.map(|_| "paired")).await
}

/// `POST /console/{campaign}/table/revoke`: takes the world's credentials back.
#[handler]
pub(in crate::web::console) async fn revoke(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    let person = visitor.person()?;
    let world = world(&services, person, campaign).await?;
    let revoked = tables::revoke(&services, person, world.id).await;
    finish(&services, &visitor, campaign, revoked.map(|()| "table-revoked")).await
}

/// `POST /console/{campaign}/table/reauthorize`: lets the world come back.
#[handler]
pub(in crate::web::console) async fn reauthorize(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    let person = visitor.person()?;
    let world = world(&services, person, campaign).await?;
    let back = tables::reauthorize(&services, person, world.id).await;
    finish(&services, &visitor, campaign, back.map(|_| "table-reauthorized")).await
}

/// `POST /console/{campaign}/table/cleanup`: takes every effect at the table away.
#[handler]
pub(in crate::web::console) async fn clean_up(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    let (person, id) = visitor.game_master(campaign).await?;
    let cleans_chat = visitor.submission.flag("cleanChat");
    let asked = services.core.clean_up_table(&person.actor(), id, cleans_chat).await;
    finish(&services, &visitor, campaign, asked.map(|_| "cleanup-asked")).await
}

/// `POST /console/{campaign}/table/sync`: has the table tell its characters anew.
#[handler]
pub(in crate::web::console) async fn synchronise(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    let (person, id) = visitor.game_master(campaign).await?;
    let asked = services.core.request_table_sync(&person.actor(), id, None).await;
    finish(&services, &visitor, campaign, asked.map(|_| "sync-asked")).await
}

/// `POST /console/{campaign}/characters/{character}`: says whose rolls a character's are.
#[handler]
pub(in crate::web::console) async fn assign(
    services: Data<&Shared>,
    visitor: Visitor,
    Path((campaign, character)): Path<(Uuid, Uuid)>,
) -> Result<Response, Problem> {
    let (person, id) = visitor.game_master(campaign).await?;
    let characters = services.core.ports().queries.characters(id).await?;
    let character = characters.iter().find(|known| known.id == CharacterId(character));
    let character = character.ok_or_else(|| Problem::not_found("character"))?.id;
    let streamer: Option<Uuid> = visitor.submission.optional("streamerId", "choose a streamer")?;
    let streamer = streamer.map(StreamerId);
    let assigned = services.core.assign_character(&person.actor(), character, streamer).await;
    finish(&services, &visitor, campaign, assigned.map(|_| "character-assigned")).await
}

/// `POST /console/{campaign}/rolls/{roll}`: says whose a pending critical was.
#[handler]
pub(in crate::web::console) async fn attribute(
    services: Data<&Shared>,
    visitor: Visitor,
    Path((campaign, roll)): Path<(Uuid, Uuid)>,
) -> Result<Response, Problem> {
    let (person, id) = visitor.game_master(campaign).await?;
    let known = services.core.ports().queries.roll(RollId(roll)).await?;
    let known = known.filter(|roll| roll.campaign_id == id);
    let roll = known.ok_or_else(|| Problem::not_found("roll"))?.id;
    let streamer = StreamerId(visitor.submission.required("streamerId", "choose a streamer")?);
    let attributed = services.core.attribute_roll(&person.actor(), roll, streamer).await;
    finish(&services, &visitor, campaign, attributed.map(|_| "roll-attributed")).await
}

async fn world(
    services: &Shared,
    person: &Principal,
    campaign: Uuid,
) -> Result<VttConnection, Problem> {
    let id = person.require_gm(CampaignId(campaign)).await?.id;
    let world = services.core.ports().queries.connection_of(id).await?;
    world.ok_or_else(|| Problem::not_found("connection"))
}

/// Leads back to the page with what was done, or shows it with what was refused.
pub(in crate::web::console) async fn finish<E: Into<Problem>>(
    services: &Shared,
    visitor: &Visitor,
    campaign: Uuid,
    outcome: Result<&'static str, E>,
) -> Result<Response, Problem> {
    match outcome.map_err(Into::into) {
        Ok(done) => Ok(go_to(&format!("/console/{campaign}/table?done={done}"))),
        Err(problem) => {
            let attempt = Attempt::refused(&visitor.submission, problem)?;
            let status = attempt.status();
            show_as(status, &table_page(services, visitor, campaign, attempt).await?)
        }
    }
}
