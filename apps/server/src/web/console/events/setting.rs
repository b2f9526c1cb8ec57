//! `/console/{campaign}/events/{event}`: how one event is played in the campaign.

use super::preview::{Preview, draft};
use super::{Setting, setting};
use crate::problem::Problem;
use crate::services::Shared;
use crate::web::console::Frame;
use crate::web::form::{Attempt, Submission};
use crate::web::page::{Page, go_to, show, show_as};
use crate::web::visitor::Visitor;
use askama::Template;
use gamification_core::ids::EventId;
use gamification_core::service::{ConfigChanges, PreviewDraft};
use poem::web::{Data, Path};
use poem::{Response, handler};
use uuid::Uuid;

/// The difficulties that can be chosen by name: the share of the audience that has to click, and
/// the end of the text's key.
const DIFFICULTIES: [(&str, &str); 3] = [("0.15", "easy"), ("0.3", "normal"), ("0.5", "hard")];
/// What stands for a share that is typed.
const OWN: &str = "own";

#[derive(Template)]
#[template(path = "console/event.html")]
struct EventPage {
    page: Page,
    frame: Frame,
    setting: Setting,
    preview: Preview,
    attempt: Attempt,
}

impl EventPage {
    fn address(&self) -> String {
        format!("{}/events/{}", self.frame.address(), self.setting.event.id)
    }

    /// Each difficulty with a name: its share, the key of its text, whether it is chosen.
    fn difficulties(&self) -> impl Iterator<Item = (&'static str, String, bool)> {
        let chosen = self.difficulty();
        DIFFICULTIES
            .into_iter()
            .map(move |(share, name)| (share, format!("difficulty-{name}"), chosen == share))
    }

    /// The chosen difficulty: one of the shares with a name, else [`OWN`].
    fn difficulty(&self) -> String {
        let share = self.share();
        let named = DIFFICULTIES.iter().any(|(named, _)| *named == share);
        let saved = if named { share } else { OWN.to_owned() };
        self.attempt.value("difficulty", saved)
    }

    /// The share of the audience that holds now.
    fn share(&self) -> String {
        self.setting.share().to_string()
    }

    /// An override as it stands in its field; empty where the event's own value holds.
    fn override_of(&self, value: &Option<impl ToString>) -> String {
        value.as_ref().map(ToString::to_string).unwrap_or_default()
    }
}

/// `GET /console/{campaign}/events/{event}`
#[handler]
pub(in crate::web::console) async fn show_event(
    services: Data<&Shared>,
    visitor: Visitor,
    Path((campaign, event)): Path<(Uuid, Uuid)>,
) -> Result<Response, Problem> {
    show(&event_page(&services, &visitor, campaign, event, Attempt::default()).await?)
}

/// `POST /console/{campaign}/events/{event}`: switches the event on or off (`intent` is `on` or
/// `off`), shows what the form would ask of viewers (`preview`), or saves how it is played.
#[handler]
pub(in crate::web::console) async fn configure(
    services: Data<&Shared>,
    visitor: Visitor,
    Path((campaign, event)): Path<(Uuid, Uuid)>,
) -> Result<Response, Problem> {
    let intent = visitor.submission.text("intent");
    if intent == "preview" {
        let attempt = Attempt::tried(&visitor.submission);
        return show(&event_page(&services, &visitor, campaign, event, attempt).await?);
    }
    let list = format!("/console/{campaign}/events");
    let address = match intent {
        "on" => format!("{list}?done=event-on"),
        "off" => format!("{list}?done=event-off"),
        _ => format!("{list}/{event}?done=event-saved"),
    };
    match try_configure(&services, &visitor, campaign, event, intent).await {
        Ok(()) => Ok(go_to(&address)),
        Err(problem) => {
            let attempt = Attempt::refused(&visitor.submission, problem)?;
            let status = attempt.status();
            show_as(status, &event_page(&services, &visitor, campaign, event, attempt).await?)
        }
    }
}

async fn try_configure(
    services: &Shared,
    visitor: &Visitor,
    campaign: Uuid,
    event: Uuid,
    intent: &str,
) -> Result<(), Problem> {
    let (person, campaign) = visitor.game_master(campaign).await?;
    let switch = |is_enabled| ConfigChanges { is_enabled: Some(is_enabled), ..Default::default() };
    let changes = match intent {
        "on" => switch(true),
        "off" => switch(false),
        _ => wish(&visitor.submission)?,
    };
    services.core.configure_event(&person.actor(), campaign, EventId(event), changes).await?;
    Ok(())
}

/// What the form says. An empty field clears the override.
pub(super) fn wish(form: &Submission) -> Result<ConfigChanges, Problem> {
    const NUMBER: &str = "must be a number";
    const WHOLE: &str = "must be a whole number";
    let field = match form.text("difficulty") {
        OWN | "" => "objectiveCoefficient",
        _ => "difficulty",
    };
    Ok(ConfigChanges {
        is_enabled: None,
        cost: Some(form.optional("cost", WHOLE)?),
        objective_coefficient: Some(form.optional(field, NUMBER)?),
        minimum_objective: Some(form.optional("minimumObjective", WHOLE)?),
        duration_seconds: Some(form.optional("duration", WHOLE)?),
        cooldown_seconds: Some(form.optional("cooldown", WHOLE)?),
        max_contributions_per_viewer: Some(form.optional("maxContributionsPerViewer", WHOLE)?),
    })
}

async fn event_page(
    services: &Shared,
    visitor: &Visitor,
    campaign: Uuid,
    event: Uuid,
    mut attempt: Attempt,
) -> Result<EventPage, Problem> {
    let (_, frame) = Frame::of(services, visitor, campaign, "events").await?;
    let queries = &services.core.ports().queries;
    let known = queries
        .event(EventId(event))
        .await?
        .filter(|event| event.is_system || event.created_by == Some(frame.campaign.owner_id));
    let known = known.ok_or_else(|| Problem::not_found("event"))?;
    let name = known.name.in_language(visitor.texts.language().tag()).to_owned();
    let page = Page::new(services, visitor, format!("{name} · {}", frame.campaign.name));
    let configs = queries.campaign_configs(frame.campaign.id).await?;
    let (id, event) = (frame.campaign.id, known.id);
    let tried = match draft(attempt.submission()) {
        Ok(draft) => Preview::of(services, &page, id, event, draft).await,
        Err(problem) => Err(problem),
    };
    let preview = match tried {
        Ok(preview) => preview,
        // What was typed cannot be tried: its mistakes are told, and what holds now is shown.
        Err(problem) => {
            attempt = Attempt::refused(attempt.submission(), problem)?;
            Preview::of(services, &page, id, event, PreviewDraft::default()).await?
        }
    };
    Ok(EventPage { page, setting: setting(id, known, &configs), frame, preview, attempt })
}
