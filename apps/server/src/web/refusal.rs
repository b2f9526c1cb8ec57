//! What a person sees instead of what was asked for.

use super::page::{Page, address, go_to, show_as};
use super::visitor::Visitor;
use crate::problem::Problem;
use crate::services::Shared;
use askama::Template;
use poem::Response;
use poem::http::StatusCode;

#[derive(Template)]
#[template(path = "refusal.html")]
struct RefusalPage {
    page: Page,
    heading: String,
    explanation: String,
}

/// The page that tells a problem.
pub(super) fn page(services: &Shared, visitor: &Visitor, problem: &Problem) -> Response {
    let key = match problem.status() {
        StatusCode::NOT_FOUND => "refusal-not-found",
        StatusCode::FORBIDDEN => "refusal-forbidden",
        status if status.is_server_error() => "refusal-our-fault",
        _ => "refusal-refused",
    };
    let heading = visitor.texts.say(key).to_string();
    let page = Page::new(services, visitor, &heading);
    let explanation = page.problem(problem);
    shown(problem.status(), &RefusalPage { page, heading, explanation })
}

#[derive(Template)]
#[template(path = "ask-again.html")]
struct AskAgainPage {
    page: Page,
    /// What was typed: names and values.
    fields: Vec<(String, String)>,
}

/// The page that keeps what was typed while somebody signs in (again), and then sends it.
pub(super) fn ask_again(services: &Shared, visitor: &Visitor) -> Response {
    let page = Page::new(services, visitor, visitor.texts.say("ask-again-title"));
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let fields = visitor.submission.fields().map(owned).collect();
    let is_known = visitor.principal().is_some();
    let status = if is_known { StatusCode::CONFLICT } else { StatusCode::UNAUTHORIZED };
    shown(status, &AskAgainPage { page, fields })
}

/// Leads to the sign-in, and back here afterwards.
pub(super) fn to_sign_in(visitor: &Visitor) -> Response {
    go_to(&address("/", &[("return", &visitor.address)]))
}

fn shown(status: StatusCode, template: &impl Template) -> Response {
    show_as(status, template).unwrap_or_else(|problem| problem.render(None))
}
