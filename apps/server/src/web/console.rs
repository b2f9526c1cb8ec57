//! The console of the game master: `/console` and what is below it.

mod campaigns;
mod events;
mod game;
mod people;
#[cfg(feature = "sandbox")]
mod practice;
mod records;
mod table;

use super::door::Door;
use super::open;
use super::page::{Page, go_to};
use super::visitor::Visitor;
use crate::http::RouteTable;
use crate::problem::Problem;
use crate::services::Shared;
use gamification_core::campaign::Campaign;
use gamification_core::ids::CampaignId;
use poem::{Endpoint, IntoEndpoint, Response, Route, get, handler};
use uuid::Uuid;

/// Adds the console's pages.
pub(super) fn pages(routes: Route) -> Route {
    let routes = practice_pages(records::pages(routes));
    let routes = routes
        .at("/console", open(get(campaigns::list).post(campaigns::create)))
        .at("/console/:campaign", open(get(game::show_game)))
        .at("/console/:campaign/goals", open(get(game::show_goals)))
        .at("/console/:campaign/events", open(get(events::show_events)))
        .at(
            "/console/:campaign/events/:event",
            open(get(events::show_event).post(events::configure)),
        )
        .at("/console/:campaign/people", open(get(people::show_people).post(people::invite)))
        .at("/console/:campaign/people/:streamer/remove", command(people::remove))
        .at("/console/:campaign/table", open(get(table::show_table).post(table::pair)))
        .at("/console/:campaign/rolls", open(get(table::show_rolls)));
    commands(routes)
}

/// What only forms are sent to.
fn commands(routes: Route) -> Route {
    routes
        .at("/console/:campaign/goals/start", command(game::start))
        .at("/console/:campaign/goals/cancel", command(game::cancel_all))
        .at("/console/:campaign/goals/:goal/cancel", command(game::cancel))
        .at("/console/:campaign/session", command(game::session))
        .at("/console/:campaign/panic", command(game::panic))
        .at("/console/:campaign/cooldowns", command(game::release))
        .at("/console/:campaign/table/revoke", command(table::revoke))
        .at("/console/:campaign/table/reauthorize", command(table::reauthorize))
        .at("/console/:campaign/table/cleanup", command(table::clean_up))
        .at("/console/:campaign/table/sync", command(table::synchronise))
        .at("/console/:campaign/characters/:character", command(table::assign))
        .at("/console/:campaign/rolls/:roll", command(table::attribute))
}

/// A command. Its address shows what was refused, and so may be asked for by a reload, or by the
/// choice of another language: it leads to the page with its form.
fn command<E>(take: E) -> Door<impl Endpoint<Output = Response> + 'static>
where
    E: IntoEndpoint,
    E::Endpoint: 'static,
{
    open(get(lead_back).post(take))
}

#[handler]
fn lead_back(visitor: Visitor) -> Response {
    let path = visitor.address.split('?').next().unwrap_or_default();
    let mut parts = path.split('/').skip(2);
    let campaign = parts.next().unwrap_or_default();
    let page = match parts.next() {
        Some("people") => "/people",
        Some("characters" | "practice" | "rolls" | "table") => "/table",
        Some("settings") => "/settings",
        _ => "",
    };
    go_to(&format!("/console/{campaign}{page}"))
}

#[cfg(feature = "sandbox")]
fn practice_pages(routes: Route) -> Route {
    routes
        .at("/console/:campaign/practice", open(get(practice::show_rolls)))
        .at("/console/:campaign/practice/switch", command(practice::switch))
        .at("/console/:campaign/practice/clicks", command(practice::click))
        .at("/console/:campaign/practice/roll", command(practice::throw))
}

#[cfg(not(feature = "sandbox"))]
fn practice_pages(routes: Route) -> Route {
    routes
}

/// Names the methods of the console's pages.
pub(super) fn add_routes(table: &mut RouteTable) {
    table.add("/console", ["get", "post"]);
    table.add("/console/{campaign}", ["get"]);
    for page in ["events", "goals", "practice", "rolls"] {
        table.add(&format!("/console/{{campaign}}/{page}"), ["get"]);
    }
    for page in ["events/{event}", "people", "table"].into_iter().chain(COMMANDS) {
        table.add(&format!("/console/{{campaign}}/{page}"), ["get", "post"]);
    }
    records::add_routes(table);
}

/// The commands, each of which leads back when it is asked for.
const COMMANDS: [&str; 16] = [
    "characters/{character}",
    "cooldowns",
    "goals/cancel",
    "goals/start",
    "goals/{goal}/cancel",
    "panic",
    "people/{streamer}/remove",
    "practice/clicks",
    "practice/roll",
    "practice/switch",
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
