//! `/console/{campaign}/history`: the goals that were, and what came of each.

mod export;
mod goal;
mod outcome;

pub(super) use export::download;
pub(super) use goal::{show_goal, take_back};

use super::Frame;
use super::listing::{Asked, Parts, Wish};
use crate::problem::Problem;
use crate::services::Shared;
use crate::web::goal::{Standing, reason_key};
use crate::web::page::{Page, address, show};
use crate::web::visitor::Visitor;
use askama::Template;
use gamification_core::event::Event;
use gamification_core::ids::CampaignId;
use gamification_core::instance::{Instance, InstanceStatus};
use gamification_core::ledger::Tally;
use gamification_core::ports::{InstanceFilter, MemberRow};
use gamification_core::time::Timestamp;
use gamification_core::validation::limits::{SEARCH_CHARS, check_text};
use poem::web::{Data, Path};
use poem::{Response, handler};
use uuid::Uuid;

/// Every status, in the order in which a goal goes through them.
const STATUSES: [InstanceStatus; 5] = [
    InstanceStatus::Active,
    InstanceStatus::Armed,
    InstanceStatus::Completed,
    InstanceStatus::Expired,
    InstanceStatus::Cancelled,
];

#[derive(Template)]
#[template(path = "console/history.html")]
struct HistoryPage {
    page: Page,
    frame: Frame,
    goals: Vec<(Instance, Tally)>,
    now: Timestamp,
    wish: Wish,
    members: Vec<MemberRow>,
    events: Vec<Event>,
    parts: Parts,
}

/// `GET /console/{campaign}/history`
#[handler]
pub(super) async fn history(
    services: Data<&Shared>,
    visitor: Visitor,
    Path(campaign): Path<Uuid>,
    asked: Asked,
) -> Result<Response, Problem> {
    let (page, frame) = Frame::of(&services, &visitor, campaign, "history").await?;
    let (wish, id) = (Wish::of(asked), frame.campaign.id);
    let ports = services.core.ports();
    let found = ports.queries.instances(id, wished(&wish)?, wish.part()?).await;
    let found = wish.found(found)?;
    let parts = Parts::of(&wish, &format!("{}/history", frame.address()), &found);
    let mut goals = Vec::with_capacity(found.items.len());
    for goal in found.items {
        let tally = ports.queries.tally_of_instance(goal.id).await?;
        goals.push((goal, tally));
    }
    let members = ports.queries.members(id).await?;
    let (events, now) = (offered(&services, id).await?, ports.clock.now());
    show(&HistoryPage { page, frame, goals, now, wish, members, events, parts })
}

/// The goals that the address asks for.
fn wished(wish: &Wish) -> Result<InstanceFilter, Problem> {
    let search = Some(wish.text("search").to_owned()).filter(|text| !text.is_empty());
    if let Some(text) = &search {
        let checked = check_text("search", text, &SEARCH_CHARS);
        checked.map_err(|error| Problem::ill_formed(vec![error]))?;
    }
    Ok(InstanceFilter {
        status: wish.word("status")?,
        streamer: wish.id("streamer")?,
        event: wish.id("event")?,
        search,
    })
}

/// The events that the campaign has set.
async fn offered(services: &Shared, campaign: CampaignId) -> Result<Vec<Event>, Problem> {
    let queries = &services.core.ports().queries;
    let mut events = Vec::new();
    for config in queries.campaign_configs(campaign).await? {
        events.extend(queries.event(config.event_id).await?);
    }
    Ok(events)
}

impl HistoryPage {
    /// Word and key of the name of each status.
    fn statuses(&self) -> impl Iterator<Item = (String, String)> {
        let key = |status| reason_key("history-status", &status);
        let word = |key: &str| key.trim_start_matches("history-status-").to_owned();
        STATUSES.into_iter().map(key).map(move |key| (word(&key), key))
    }

    /// Whether the filter asks for that.
    fn is_wished(&self, field: &str, value: impl ToString) -> bool {
        self.wish.text(field) == value.to_string()
    }

    fn standing(&self, goal: &Instance) -> Standing {
        Standing::of(&self.page, goal, self.now)
    }

    /// What the table did.
    fn confirmed(&self, goal: &Instance) -> Option<String> {
        outcome::confirmed(&self.page, goal)
    }

    /// The address of the same list as a file.
    fn export_address(&self) -> String {
        address(&format!("{}/history.csv", self.frame.address()), &self.wish.filter())
    }
}
