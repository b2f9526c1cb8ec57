//! The console of the game master: `/console` and what is below it.

mod campaigns;
mod events;
mod game;
mod people;
#[cfg(feature = "sandbox")]
mod practice;
mod records;
mod table;

use super::open;
use super::page::Page;
use super::visitor::Visitor;
use crate::http::RouteTable;
use crate::problem::Problem;
use crate::services::Shared;
use gamification_core::campaign::Campaign;
use gamification_core::ids::CampaignId;
use poem::{Route, get, post};
use uuid::Uuid;

/// Adds the console's pages.
pub(super) fn pages(routes: Route) -> Route {
    let routes = practice_pages(records::pages(routes));
    routes
        .at("/console", open(get(campaigns::list).post(campaigns::create)))
        .at("/console/:campaign", open(get(game::show_game)))
        .at("/console/:campaign/goals", open(get(game::show_goals).post(game::start)))
        .at("/console/:campaign/goals/cancel", open(post(game::cancel_all)))
        .at("/console/:campaign/goals/:goal/cancel", open(post(game::cancel)))
        .at("/console/:campaign/events", open(get(events::show_events)))
        .at(
            "/console/:campaign/events/:event",
            open(get(events::show_event).post(events::configure)),
        )
        .at("/console/:campaign/people", open(get(people::show_people).post(people::invite)))
        .at("/console/:campaign/people/:streamer/remove", open(post(people::remove)))
        .at("/console/:campaign/table", open(get(table::show_table).post(table::pair)))
        .at("/console/:campaign/rolls", open(get(table::show_rolls)))
        .at("/console/:campaign/table/revoke", open(post(table::revoke)))
        .at("/console/:campaign/table/reauthorize", open(post(table::reauthorize)))
        .at("/console/:campaign/table/cleanup", open(post(table::clean_up)))
        .at("/console/:campaign/table/sync", open(post(table::synchronise)))
        .at("/console/:campaign/characters/:character", open(post(table::assign)))
        .at("/console/:campaign/rolls/:roll", open(post(table::attribute)))
        .at("/console/:campaign/session", open(post(game::session)))
        .at("/console/:campaign/panic", open(post(game::panic)))
        .at("/console/:campaign/cooldowns", open(post(game::release)))
}

#[cfg(feature = "sandbox")]
fn practice_pages(routes: Route) -> Route {
    routes
        .at("/console/:campaign/practice", open(get(practice::show_rolls).post(practice::switch)))
        .at("/console/:campaign/practice/clicks", open(post(practice::click)))
        .at("/console/:campaign/practice/roll", open(post(practice::throw)))
}

#[cfg(not(feature = "sandbox"))]
fn practice_pages(routes: Route) -> Route {
    routes
}

/// Names the methods of the console's pages.
pub(super) fn add_routes(table: &mut RouteTable) {
    table.add("/console", ["get", "post"]);
    table.add("/console/{campaign}", ["get"]);
    for page in ["events", "rolls"] {
        table.add(&format!("/console/{{campaign}}/{page}"), ["get"]);
    }
    for page in ["events/{event}", "goals", "people", "practice", "table"] {
        table.add(&format!("/console/{{campaign}}/{page}"), ["get", "post"]);
    }
    records::add_routes(table);
    for command in COMMANDS {
        table.add(&format!("/console/{{campaign}}/{command}"), ["post"]);
    }
}

/// What only forms are sent to.
const COMMANDS: [&str; 14] = [
    "characters/{character}",
    "cooldowns",
    "goals/cancel",
    "goals/{goal}/cancel",
    "panic",
    "people/{streamer}/remove",
    "practice/clicks",
    "practice/roll",
    "rolls/{roll}",
    "session",
    "table/cleanup",
    "table/reauthorize",
    "table/revoke",
    "table/sync",
];

/// The frame of a page about one campaign: the tabs, and whose game it is.
#[derive(Debug)]
pub(super) struct Frame {
    /// The campaign.
    pub(super) campaign: Campaign,
    /// Which of [`Self::TABS`] it is.
    tab: &'static str,
}

impl Frame {
    /// What there is to see of a campaign: the last part of the address, empty for the first. The
    /// texts are `console-tab-…`.
    const TABS: [&'static str; 9] =
        ["", "events", "people", "table", "ledger", "history", "statistics", "audit", "settings"];

    /// The frames for who leads the campaign; `tab` is one of [`Self::TABS`].
    ///
    /// # Errors
    /// As [`Principal::require_gm`](crate::auth::Principal::require_gm).
    pub(super) async fn of(
        services: &Shared,
        visitor: &Visitor,
        campaign: Uuid,
        tab: &'static str,
    ) -> Result<(Page, Self), Problem> {
        let campaign = visitor.person()?.require_gm(CampaignId(campaign)).await?;
        let title = format!("{} · {}", visitor.texts.say(&tab_key(tab)), campaign.name);
        let page = Page::new(services, visitor, title);
        Ok((page, Self { campaign, tab }))
    }

    /// The address of the campaign's first page.
    pub(super) fn address(&self) -> String {
        format!("/console/{}", self.campaign.id)
    }

    /// Address, key of the name, and whether it is the one that is shown.
    pub(super) fn tabs(&self) -> impl Iterator<Item = (String, String, bool)> {
        let address = |tab: &str| match tab {
            "" => self.address(),
            tab => format!("{}/{tab}", self.address()),
        };
        Self::TABS.into_iter().map(move |tab| (address(tab), tab_key(tab), tab == self.tab))
    }
}

fn tab_key(tab: &str) -> String {
    if tab.is_empty() { "console-tab-game".to_owned() } else { format!("console-tab-{tab}") }
}
