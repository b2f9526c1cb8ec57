//! `/`: what this is, who is signed in, where to go on. `POST /language` chooses the language.

use super::language::Language;
use super::page::{Page, go_to, show};
use super::visitor::Visitor;
use crate::problem::Problem;
use crate::services::Shared;
use crate::sign_in::is_local_path;
use askama::Template;
use poem::http::{HeaderValue, header};
use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    page: Page,
    /// Where the visitor goes after the sign-in.
    return_to: String,
}

#[derive(Deserialize)]
struct HomeQuery {
    #[serde(rename = "return")]
    return_to: Option<String>,
}

/// `GET /`
#[handler]
pub(super) fn home(
    services: Data<&Shared>,
    visitor: Visitor,
    Query(query): Query<HomeQuery>,
) -> Result<Response, Problem> {
    let page = Page::new(&services, &visitor, visitor.texts.say("home-title"));
    show(&HomePage { page, return_to: query.return_to.unwrap_or_else(|| "/".to_owned()) })
}

/// `POST /language`: the browser keeps the choice, and goes back to the page on which it was made.
#[handler]
pub(super) fn choose_language(
    services: Data<&Shared>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let language: Language = visitor.submission.required("language", "en or fr")?;
    let back = visitor.submission.text("return");
    let back = if is_local_path(back) { back } else { "/" };
    let mut response = go_to(back);
    let cookie = HeaderValue::from_str(&language.set_cookie(services.is_https()));
    let cookie = cookie.map_err(|error| Problem::internal(error.to_string()))?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}
