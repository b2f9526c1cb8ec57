//! What the game master does during a game.

use super::{Attempt, game_page};
use crate::problem::Problem;
use crate::services::Shared;
use crate::web::page::{go_to, show_as};
use crate::web::visitor::Visitor;
use gamification_core::event::Scope;
use gamification_core::ids::{CampaignId, EventId, InstanceId, StreamerId};
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde_json::Value;
use uuid::Uuid;

/// `POST /console/{campaign}/goals/start`: starts a goal by hand.
#[handler]
pub(in crate::web::console) async fn start(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    match try_start(&services, &visitor, campaign).await {
        Ok(()) => Ok(go_to(&done(campaign, "goal-started"))),
        Err(problem) => {
            let attempt = Attempt::refused(&visitor.submission, problem)?;
            let missing = missing(&services, &visitor, campaign).await.unwrap_or_default();
            let status = attempt.status();
            show_as(status, &game_page(&services, &visitor, campaign, attempt, missing).await?)
        }
    }
}

async fn try_start(services: &Shared, visitor: &Visitor, campaign: Uuid) -> Result<(), Problem> {
    let (person, campaign) = visitor.game_master(campaign).await?;
    let (event, streamer) = wished(services, visitor).await?;
    services.core.start_goal(&person.actor(), campaign, event, streamer, Value::Null).await?;
    Ok(())
}

/// The event that was chosen, and the channel where the event needs one.
async fn wished(
    services: &Shared,
    visitor: &Visitor,
) -> Result<(EventId, Option<StreamerId>), Problem> {
    let form = &visitor.submission;
    let event = EventId(form.required("eventId", "choose an event")?);
    let streamer: Option<Uuid> = form.optional("streamerId", "choose a channel")?;
    let known = services.core.ports().queries.event(event).await?;
    let is_group = known.is_some_and(|event| event.scope == Scope::Group);
    Ok((event, streamer.filter(|_| !is_group).map(Into::into)))
}

/// What keeps the goal from starting, in the order in which one would mend it.
async fn missing(
    services: &Shared,
    visitor: &Visitor,
    campaign: Uuid,
) -> Result<Vec<String>, Problem> {
    let (event, streamer) = wished(services, visitor).await?;
    let checks = services.core.pre_flight(CampaignId(campaign), event, streamer).await?;
    Ok(checks.into_iter().filter_map(|check| check.missing).collect())
}

/// `POST /console/{campaign}/goals/{goal}/cancel`: stops a goal; everybody gets their points back.
#[handler]
pub(in crate::web::console) async fn cancel(
    services: Data<&Shared>,
    visitor: Visitor,
    Path((campaign, goal)): Path<(Uuid, Uuid)>,
) -> Result<Response, Problem> {
    let person = visitor.person()?;
    let unknown = || Problem::not_found("goal");
    let known = services.core.ports().queries.instance(InstanceId(goal)).await?;
    let known =
        known.filter(|goal| goal.campaign_id == CampaignId(campaign)).ok_or_else(unknown)?;
    person.require_gm(known.campaign_id).await?;
    let stopped = services.core.cancel_goal(&person.actor(), known.id, None).await;
    match stopped.map_err(Problem::from) {
        Ok(_) => Ok(go_to(&done(campaign, "goal-cancelled"))),
        Err(problem) => {
            let attempt = Attempt::refused(&visitor.submission, problem)?;
            let status = attempt.status();
            show_as(status, &game_page(&services, &visitor, campaign, attempt, Vec::new()).await?)
        }
    }
}

/// `POST /console/{campaign}/goals/cancel`: stops every goal that can be stopped.
#[handler]
pub(in crate::web::console) async fn cancel_all(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    let (person, id) = visitor.game_master(campaign).await?;
    services.core.cancel_goals(&person.actor(), id, None).await?;
    Ok(go_to(&done(campaign, "goals-cancelled")))
}

/// `POST /console/{campaign}/panic`: stops everything (`on`), or lets it go on.
#[handler]
pub(in crate::web::console) async fn panic(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    let (person, id) = visitor.game_master(campaign).await?;
    let is_on = visitor.submission.text("panic") == "on";
    services.core.set_panic(&person.actor(), id, is_on).await?;
    Ok(go_to(&done(campaign, if is_on { "panic-on" } else { "panic-off" })))
}

/// `POST /console/{campaign}/session`: starts (`start`) or ends a session.
#[handler]
pub(in crate::web::console) async fn session(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    let (person, id) = visitor.game_master(campaign).await?;
    let is_start = visitor.submission.text("session") == "start";
    if is_start {
        services.core.start_session(&person.actor(), id).await?;
    } else {
        services.core.end_session(&person.actor(), id).await?;
    }
    Ok(go_to(&done(campaign, if is_start { "session-started" } else { "session-ended" })))
}

/// `POST /console/{campaign}/cooldowns`: ends the cooldowns of an event.
#[handler]
pub(in crate::web::console) async fn release(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    let (person, id) = visitor.game_master(campaign).await?;
    let event = EventId(visitor.submission.required("eventId", "choose an event")?);
    services.core.release_cooldown(&person.actor(), id, event).await?;
    Ok(go_to(&done(campaign, "cooldown-released")))
}

fn done(campaign: Uuid, what: &str) -> String {
    format!("/console/{campaign}?done={what}")
}
