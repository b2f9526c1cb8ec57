//! `/console/{campaign}`: what is going on, and the hand on the switch.

mod commands;
mod setup;

pub(super) use commands::{cancel, cancel_all, panic, release, session, start};

use super::Frame;
use super::events::enabled_events;
use crate::problem::Problem;
use crate::services::Shared;
use crate::web::form::Attempt;
use crate::web::goal::Standing;
use crate::web::page::{Page, show};
use crate::web::visitor::Visitor;
use askama::Template;
use gamification_core::campaign::SessionState;
use gamification_core::event::Event;
use gamification_core::ids::CampaignId;
use gamification_core::instance::{Instance, InstanceStatus};
use gamification_core::ports::{InstanceFilter, MemberRow, PageRequest};
use gamification_core::time::Timestamp;
use poem::web::{Data, Path};
use poem::{Response, handler};
use setup::Setup;
use uuid::Uuid;

/// How many goals that ended are shown.
const ENDED_SHOWN: usize = 5;

#[derive(Template)]
#[template(path = "console/game.html")]
struct GamePage {
    page: Page,
    frame: Frame,
    setup: Setup,
    goals: Goals,
    /// The events that can be started by hand.
    startable: Vec<Event>,
    members: Vec<MemberRow>,
    attempt: Attempt,
    /// What keeps a goal from starting, when that was tried.
    missing: Vec<String>,
}

/// The goals of the campaign, as far as somebody wants to see them during a game.
struct Goals {
    open: Vec<Instance>,
    ended: Vec<Instance>,
    cooling: Vec<Instance>,
    now: Timestamp,
}

#[derive(Template)]
#[template(path = "console/goals.html")]
struct GoalsPart {
    page: Page,
    frame: Frame,
    goals: Goals,
}

/// `GET /console/{campaign}`
#[handler]
pub(super) async fn show_game(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    show(&game_page(&services, &visitor, campaign, Attempt::default(), Vec::new()).await?)
}

/// `GET /console/{campaign}/goals`: the part that follows what happens.
#[handler]
pub(super) async fn show_goals(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
) -> Result<Response, Problem> {
    let (page, frame) = Frame::of(&services, &visitor, campaign, "").await?;
    let goals = goals(&services, frame.campaign.id).await?;
    show(&GoalsPart { page, frame, goals })
}

async fn game_page(
    services: &Shared,
    visitor: &Visitor,
    campaign: Uuid,
    attempt: Attempt,
    missing: Vec<String>,
) -> Result<GamePage, Problem> {
    let (page, frame) = Frame::of(services, visitor, campaign, "").await?;
    let queries = &services.core.ports().queries;
    let members = queries.members(frame.campaign.id).await?;
    let goals = goals(services, frame.campaign.id).await?;
    let setup = Setup::of(services, &frame.campaign, &members).await?;
    let startable = enabled_events(services, frame.campaign.id).await?;
    Ok(GamePage { page, frame, setup, goals, startable, members, attempt, missing })
}

async fn goals(services: &Shared, campaign: CampaignId) -> Result<Goals, Problem> {
    let (queries, now) = (&services.core.ports().queries, services.core.ports().clock.now());
    let request = PageRequest { limit: 20, cursor: None };
    let newest = queries.instances(campaign, InstanceFilter::default(), request).await?;
    let ended = newest.items.into_iter().filter(|goal| !goal.is_open()).take(ENDED_SHOWN);
    Ok(Goals {
        open: queries.open_instances(campaign).await?,
        ended: ended.collect(),
        cooling: queries.cooling_instances(campaign, now).await?,
        now,
    })
}

impl Goals {
    /// How long something takes until then.
    fn seconds_until(&self, until: &Timestamp) -> u32 {
        self.now.seconds_until(*until)
    }

    fn standing(&self, page: &Page, goal: &Instance) -> Standing {
        Standing::of(page, goal, self.now)
    }

    /// Whether the goal can still be stopped.
    fn is_stoppable(&self, goal: &Instance) -> bool {
        let is_early = matches!(goal.status(), InstanceStatus::Active | InstanceStatus::Armed);
        is_early || !goal.may_be_sent(self.now)
    }
}

impl GamePage {
    fn is_in_session(&self) -> bool {
        matches!(self.frame.campaign.session, SessionState::Running { .. })
    }

    fn session_key(&self) -> &'static str {
        match self.frame.campaign.session {
            SessionState::Never => "session-never",
            SessionState::Running { .. } => "session-running",
            SessionState::Ended { .. } => "session-ended",
        }
    }
}
