//! `/console/{campaign}/settings`: the campaign's name, its rules, and its end.

use super::Frame;
use crate::problem::Problem;
use crate::services::Shared;
use crate::web::form::{Attempt, Submission};
use crate::web::page::{Page, go_to, show, show_as};
use crate::web::visitor::Visitor;
use askama::Template;
use gamification_core::campaign::{VETO_SECONDS_MAX, VttAwayPolicy};
use gamification_core::ids::CampaignId;
use gamification_core::service::CampaignChanges;
use poem::web::{Data, Path};
use poem::{Response, handler};
use uuid::Uuid;

/// The field of the veto window, as the core names it when it refuses one.
const VETO: &str = "policies.vetoSeconds";

#[derive(Template)]
#[template(path = "console/settings.html")]
struct SettingsPage {
    page: Page,
    frame: Frame,
    /// What was tried with the settings.
    attempt: Attempt,
    /// What was tried to delete the campaign.
    deletion: Attempt,
}

/// `GET /console/{campaign}/settings`
#[handler]
pub(super) async fn settings(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    let (page, frame) = Frame::of(&services, &visitor, campaign, "settings").await?;
    let (attempt, deletion) = (Attempt::default(), Attempt::default());
    show(&SettingsPage { page, frame, attempt, deletion })
}

/// `POST /console/{campaign}/settings`: changes them.
#[handler]
pub(super) async fn change(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    match try_change(&services, &visitor, campaign).await {
        Ok(()) => Ok(go_to(&format!("/console/{campaign}/settings?done=settings-saved"))),
        Err(problem) => {
            let attempt = Attempt::refused(&visitor.submission, problem)?;
            let (page, frame) = Frame::of(&services, &visitor, campaign, "settings").await?;
            let (status, deletion) = (attempt.status(), Attempt::default());
            show_as(status, &SettingsPage { page, frame, attempt, deletion })
        }
    }
}

async fn try_change(services: &Shared, visitor: &Visitor, campaign: Uuid) -> Result<(), Problem> {
    let (person, campaign) = visitor.game_master(campaign).await?;
    let wish = wished(&visitor.submission)?;
    services.core.change_campaign(&person.actor(), campaign, wish).await?;
    Ok(())
}

/// The settings that the form names. What it does not send stays, but for the box: one that is not
/// ticked is not sent.
fn wished(form: &Submission) -> Result<CampaignChanges, Problem> {
    let system = form.typed("gameSystem").map(|_| form.text("gameSystem").to_owned());
    let vtt_away = match form.text("vttAway") {
        "" => None,
        "refuse" => Some(VttAwayPolicy::Refuse),
        "accept" => Some(VttAwayPolicy::Accept),
        _ => return Err(Problem::ill_formed_field("vttAway", "must be refuse or accept")),
    };
    Ok(CampaignChanges {
        name: form.typed("name").map(|_| form.text("name").to_owned()),
        game_system: system.map(|system| Some(system).filter(|system| !system.is_empty())),
        gm_character_id: None,
        vtt_away,
        hidden_rolls_count: Some(form.flag("hiddenRollsCount")),
        veto_seconds: form.optional(VETO, "must be a whole number of seconds")?,
    })
}

/// `POST /console/{campaign}/settings/delete`: gives the campaign up, when its name was typed.
#[handler]
pub(super) async fn delete(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    match try_delete(&services, &visitor, campaign).await {
        Ok(()) => Ok(go_to("/console?done=campaign-leaving")),
        Err(problem) => {
            let deletion = Attempt::refused(&visitor.submission, problem)?;
            let (page, frame) = Frame::of(&services, &visitor, campaign, "settings").await?;
            let (status, attempt) = (deletion.status(), Attempt::default());
            show_as(status, &SettingsPage { page, frame, attempt, deletion })
        }
    }
}

async fn try_delete(services: &Shared, visitor: &Visitor, campaign: Uuid) -> Result<(), Problem> {
    let person = visitor.person()?;
    let campaign = person.require_gm(CampaignId(campaign)).await?;
    if visitor.submission.text("confirmation") != campaign.name {
        let reason = "must be the campaign's name, letter by letter";
        return Err(Problem::ill_formed_field("confirmation", reason));
    }
    services.core.delete_campaign(&person.actor(), campaign.id).await?;
    Ok(())
}

impl SettingsPage {
    fn is_away_policy(&self, word: &str) -> bool {
        let now = match self.frame.campaign.policies.vtt_away {
            VttAwayPolicy::Refuse => "refuse",
            VttAwayPolicy::Accept => "accept",
        };
        self.attempt.value("vttAway", now) == word
    }

    /// The veto window as the field shows it.
    fn veto_seconds(&self) -> String {
        let now = self.frame.campaign.policies.veto_seconds.to_string();
        self.attempt.value(VETO, &now)
    }

    /// What is known of the game system; empty where it is not.
    fn game_system(&self) -> String {
        let known = self.frame.campaign.game_system.as_deref().unwrap_or_default();
        self.attempt.value("gameSystem", known)
    }

    /// Whether the box is ticked.
    fn is_hidden_counted(&self) -> bool {
        self.attempt.flag("hiddenRollsCount", self.frame.campaign.policies.hidden_rolls_count)
    }

    const fn veto_seconds_max(&self) -> u32 {
        VETO_SECONDS_MAX
    }
}
