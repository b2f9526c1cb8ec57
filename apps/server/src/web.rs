//! The pages: made here, shown by any browser, with or without scripts.
//!
//! A page is a template (`pages/templates`) filled by a handler that asks the core one thing. What a
//! form sends and is refused is shown on its page again with what was typed.
//! Every page goes through the [`door`].

mod assets;
mod channel;
mod chart;
mod console;
mod door;
mod form;
mod goal;
mod home;
mod language;
mod overlay;
mod page;
mod refusal;
mod texts;
mod visitor;
mod wrong;

use crate::http::RouteTable;
use crate::problem::Problem;
use crate::services::Shared;
use door::Door;
use gamification_core::preferences::Language;
use poem::http::header;
use poem::web::Path;
use poem::{EndpointExt, IntoEndpoint, Request, Response, Route, get, handler, post};
use visitor::Visitor;

/// Adds the pages to the program's routes.
pub(crate) fn pages(routes: Route) -> Route {
    let routes = channel::pages(console::pages(routes));
    routes
        .at("/", open(get(home::home)))
        .at("/language", open(post(home::choose_language)))
        .at("/overlay/:token", get(overlay::show_overlay))
        .at("/overlay/:token/style.css", get(overlay::show_style))
        .at("/assets/*file", get(assets::asset))
        .at("/texts/:language/:area", get(texts_for_scripts))
}

/// Names the pages' methods.
pub(crate) fn add_routes(table: &mut RouteTable) {
    for path in [
        "/",
        "/assets/*",
        "/overlay/{token}",
        "/overlay/{token}/style.css",
        "/texts/{language}/{area}",
    ] {
        table.add(path, ["get"]);
    }
    table.add("/language", ["post"]);
    console::add_routes(table);
    channel::add_routes(table);
}

/// The page that tells somebody who is not known why something was refused outside of the pages.
pub(crate) fn refused(services: &Shared, request: &Request, problem: &Problem) -> Response {
    page::secure(refusal::page(services, &Visitor::unknown(request), problem))
}

/// A page behind the door.
fn open<E>(page: E) -> Door<impl poem::Endpoint<Output = Response> + 'static>
where
    E: IntoEndpoint,
    E::Endpoint: 'static,
{
    Door(page.into_endpoint().map_to_response())
}

/// `GET /texts/{language}/{area}.json`: what scripts say.
#[handler]
fn texts_for_scripts(Path((language, file)): Path<(String, String)>) -> Result<Response, Problem> {
    let unknown = || Problem::not_found("file");
    let language = Language::of_tag(&language).ok_or_else(unknown)?;
    let area = file.strip_suffix(".json").ok_or_else(unknown)?;
    let texts = texts::for_scripts(language, area).ok_or_else(unknown)?;
    let answer = Response::builder().content_type("application/json");
    Ok(answer.header(header::CACHE_CONTROL, "no-cache").body(texts.to_string()))
}
