//! The records of a campaign: points, history, statistics, audit; and the settings.

mod audit;
mod history;
mod ledger;
mod listing;
mod names;
mod settings;
mod statistics;

use super::{Frame, command, open};
use crate::http::RouteTable;
use poem::{Route, get};

/// Adds these pages.
pub(super) fn pages(routes: Route) -> Route {
    routes
        .at("/console/:campaign/ledger", open(get(ledger::ledger).post(ledger::retry)))
        .at("/console/:campaign/ledger/numbers", open(get(ledger::ledger_numbers)))
        .at("/console/:campaign/history", open(get(history::history)))
        .at("/console/:campaign/history.csv", open(get(history::download)))
        .at(
            "/console/:campaign/history/:goal",
            open(get(history::show_goal).post(history::take_back)),
        )
        .at("/console/:campaign/statistics", open(get(statistics::statistics)))
        .at("/console/:campaign/audit", open(get(audit::audit)))
        .at("/console/:campaign/settings", open(get(settings::settings).post(settings::change)))
        .at("/console/:campaign/settings/delete", command(settings::delete))
}

/// Names their methods.
pub(super) fn add_routes(table: &mut RouteTable) {
    for (page, methods) in [
        ("ledger", &["get", "post"][..]),
        ("ledger/numbers", &["get"]),
        ("history", &["get"]),
        ("history.csv", &["get"]),
        ("history/{goal}", &["get", "post"]),
        ("statistics", &["get"]),
        ("audit", &["get"]),
        ("settings", &["get", "post"]),
        ("settings/delete", &["get", "post"]),
    ] {
        table.add(&format!("/console/{{campaign}}/{page}"), methods.iter().copied());
    }
}
