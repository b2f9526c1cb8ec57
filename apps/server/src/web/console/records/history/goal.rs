//! `/console/{campaign}/history/{goal}`: one goal, with everything that is known of it.

use super::outcome;
use crate::problem::Problem;
use crate::services::Shared;
use crate::web::console::Frame;
use crate::web::console::records::ledger::sums;
use crate::web::form::Attempt;
use crate::web::goal::Standing;
use crate::web::page::{Page, go_to, show, show_as};
use crate::web::visitor::Visitor;
use askama::Template;
use gamification_core::ids::{CommandId, InstanceId};
use gamification_core::instance::{Instance, InstanceState};
use gamification_core::ledger::Tally;
use gamification_core::time::Timestamp;
use gamification_core::vtt::{CommandStatus, VttCommand};
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde_json::Value;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "console/past-goal.html")]
struct GoalPage {
    page: Page,
    frame: Frame,
    goal: Instance,
    tally: Tally,
    commands: Vec<VttCommand>,
    undos: Vec<VttCommand>,
    now: Timestamp,
    attempt: Attempt,
}

/// `GET /console/{campaign}/history/{goal}`
#[handler]
pub(in super::super) async fn show_goal(
    services: Data<&Shared>,
    visitor: Visitor,
    Path((campaign, goal)): Path<(Uuid, Uuid)>,
) -> Result<Response, Problem> {
    show(&goal_page(&services, &visitor, (campaign, goal), Attempt::default()).await?)
}

/// `POST /console/{campaign}/history/{goal}`: takes an effect of it back.
#[handler]
pub(in super::super) async fn take_back(
    services: Data<&Shared>,
    visitor: Visitor,
    Path((campaign, goal)): Path<(Uuid, Uuid)>,
) -> Result<Response, Problem> {
    match try_take_back(&services, &visitor, campaign).await {
        Ok(()) => Ok(go_to(&format!("/console/{campaign}/history/{goal}?done=command-undone"))),
        Err(problem) => {
            let attempt = Attempt::refused(&visitor.submission, problem)?;
            let (status, place) = (attempt.status(), (campaign, goal));
            show_as(status, &goal_page(&services, &visitor, place, attempt).await?)
        }
    }
}

async fn try_take_back(
    services: &Shared,
    visitor: &Visitor,
    campaign: Uuid,
) -> Result<(), Problem> {
    let (person, campaign) = visitor.game_master(campaign).await?;
    let id = CommandId(visitor.submission.required("commandId", "is no id of a command")?);
    let command = services.core.ports().queries.command(id).await?;
    let command = command.filter(|command| command.campaign_id == campaign);
    let command = command.ok_or_else(|| Problem::not_found("command"))?;
    services.core.undo_command(&person.actor(), command.id).await?;
    Ok(())
}

async fn goal_page(
    services: &Shared,
    visitor: &Visitor,
    (campaign, goal): (Uuid, Uuid),
    attempt: Attempt,
) -> Result<GoalPage, Problem> {
    let (page, frame) = Frame::of(services, visitor, campaign, "history").await?;
    let ports = services.core.ports();
    let goal = ports.queries.instance(InstanceId(goal)).await?;
    let goal = goal.filter(|goal| goal.campaign_id == frame.campaign.id);
    let goal = goal.ok_or_else(|| Problem::not_found("goal"))?;
    let tally = ports.queries.tally_of_instance(goal.id).await?;
    let commands = ports.queries.commands(goal.id).await?;
    let undos = ports.queries.undos_of(goal.id).await?;
    let now = ports.clock.now();
    Ok(GoalPage { page, frame, goal, tally, commands, undos, now, attempt })
}

impl GoalPage {
    fn standing(&self) -> Standing {
        Standing::of(&self.page, &self.goal, self.now)
    }

    /// What the table did.
    fn confirmed(&self) -> Option<String> {
        outcome::confirmed(&self.page, &self.goal)
    }

    fn ended_at(&self) -> Option<Timestamp> {
        outcome::ended_at(&self.goal)
    }

    /// What did not work although the effect as a whole did.
    fn partial_failures(&self) -> &[String] {
        match &self.goal.state {
            InstanceState::Executed { report, .. } => &report.partial_failures,
            _ => &[],
        }
    }

    /// The command that takes that one back.
    fn undo_of(&self, command: &VttCommand) -> Option<&VttCommand> {
        self.undos.iter().find(|undo| undo.undoes == Some(command.id))
    }

    /// Whether it can be asked to take that one back; the table's module has the last word.
    fn is_undoable(&self, command: &VttCommand) -> bool {
        let may_have_happened = command.status.has_happened()
            || command.status == CommandStatus::Unknown
            || command.was_confirmed_late();
        let is_living = !self.frame.campaign.is_deleting;
        let is_new = self.undo_of(command).is_none();
        command.command.kind.has_inverse() && may_have_happened && is_new && is_living
    }
}

/// A value as people can read it.
fn readable(value: &Value) -> String {
    format!("{value:#}")
}

/// How the badge of a command looks.
fn look(status: &CommandStatus) -> &'static str {
    match status {
        CommandStatus::Pending | CommandStatus::Sent => "",
        CommandStatus::Confirmed | CommandStatus::Assumed => "good",
        CommandStatus::Unknown => "warn",
        CommandStatus::Failed | CommandStatus::Expired => "bad",
    }
}
