//! What every page has: the frame around it, the headers, the way of showing a template.

use super::assets;
use super::form::CSRF_FIELD;
use super::texts::{Moment, Said, Texts, Whole};
use super::visitor::Visitor;
use super::wrong::translated;
use crate::auth::Principal;
use crate::problem::Problem;
use crate::services::Shared;
use askama::Template;
use gamification_core::access::Role;
use gamification_core::preferences::Language;
use gamification_core::time::Timestamp;
use poem::Response;
use poem::http::{HeaderValue, StatusCode, header};
use std::fmt;

/// Nothing runs or is loaded but what this server serves; no page of anybody shows ours in a frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; media-src 'self'; \
    worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// What an address tells after something was done: `?done=` and one of our texts.
const DONE: &str = "done-";

/// The frame of a page.
#[derive(Debug)]
pub(crate) struct Page {
    texts: Texts,
    /// What stands in the window's title.
    pub(crate) title: String,
    /// Who is signed in.
    pub(crate) person: Option<Principal>,
    /// Whether the Twitch of this server is an invented one.
    pub(crate) is_sandbox: bool,
    /// Path and query of the page.
    pub(crate) address: String,
    done: Option<String>,
}

impl Page {
    /// The frame for that visitor; `title` is a text that was said already.
    pub(crate) fn new(services: &Shared, visitor: &Visitor, title: impl ToString) -> Self {
        let query = visitor.address.split_once('?').map_or("", |(_, query)| query);
        let done = query.split('&').find_map(|pair| pair.strip_prefix("done="));
        let done = done.map(|what| format!("{DONE}{what}"));
        Self {
            texts: visitor.texts,
            title: title.to_string(),
            person: visitor.principal().cloned(),
            is_sandbox: services.twitch == "sandbox",
            done: done.filter(|key| visitor.texts.has(key)),
            address: visitor.address.clone(),
        }
    }

    /// A text of ours.
    pub(crate) fn say(&self, key: impl AsRef<str>) -> Said {
        self.texts.say(key.as_ref())
    }

    /// Every text of ours.
    pub(crate) const fn texts(&self) -> Texts {
        self.texts
    }

    /// A number as the page's language writes it.
    pub(crate) fn number(&self, number: impl Whole) -> String {
        self.texts.number(number)
    }

    /// A share as a percentage.
    pub(crate) fn percent(&self, share: impl Into<f64>) -> String {
        self.texts.percent(share.into())
    }

    /// A moment as an element.
    pub(crate) fn moment(&self, at: &Timestamp) -> Moment {
        self.texts.moment(*at)
    }

    /// A length of time in words.
    pub(crate) fn duration(&self, seconds: impl Whole) -> String {
        self.texts.duration(seconds.whole().unsigned_abs())
    }

    /// The address of a style or script.
    pub(crate) fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    /// The code of the page's language.
    pub(crate) const fn language(&self) -> &'static str {
        self.texts.language().tag()
    }

    /// The languages that can be chosen.
    pub(crate) const fn languages(&self) -> [Language; 2] {
        Language::ALL
    }

    /// The path without the query.
    pub(crate) fn path(&self) -> &str {
        self.address.split('?').next().unwrap_or("/")
    }

    /// What every form of this page sends along.
    pub(crate) fn csrf_field(&self) -> CsrfField {
        let token = self.person.as_ref().and_then(Principal::csrf_token);
        CsrfField(token.unwrap_or_default().to_owned())
    }

    /// Whether the person may lead a campaign.
    pub(crate) fn may_lead(&self) -> bool {
        self.person.as_ref().is_some_and(|person| person.role != Role::Streamer)
    }

    /// What was done just now.
    pub(crate) fn done(&self) -> Option<Said> {
        self.done.as_deref().map(|key| self.say(key))
    }

    /// What is wrong with a field, in the page's language where we have a text for it.
    pub(crate) fn wrong(&self, reason: impl AsRef<str>) -> Option<String> {
        translated(self.texts, reason.as_ref())
    }

    /// What a problem means, in the page's language where we have a text for it.
    pub(crate) fn problem(&self, problem: &Problem) -> String {
        let refused = problem.reason().map(|reason| format!("refusal-{}", dashed(reason)));
        let keys = refused.into_iter().chain([format!("problem-{}", problem.kind())]);
        let known = keys.into_iter().find(|key| self.texts.has(key));
        known.map_or_else(|| problem.in_words(), |key| self.say(&key).to_string())
    }
}

/// The hidden field that shows where a form comes from.
pub(crate) struct CsrfField(String);

impl fmt::Display for CsrfField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(token) = self;
        write!(f, "<input type=\"hidden\" name=\"{CSRF_FIELD}\" value=\"{token}\">")
    }
}

/// Hexadecimal digits between words of ours.
impl askama::filters::HtmlSafe for CsrfField {}

fn dashed(name: &str) -> String {
    name.replace('_', "-")
}

/// Shows a page.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn show(template: &impl Template) -> Result<Response, Problem> {
    show_as(StatusCode::OK, template)
}

/// Shows a page with that status.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn show_as(status: StatusCode, template: &impl Template) -> Result<Response, Problem> {
    let html = template.render().map_err(|error| Problem::internal(error.to_string()))?;
    let answer = Response::builder().status(status).content_type("text/html; charset=utf-8");
    Ok(answer.body(html))
}

/// A path with a query.
pub(crate) fn address(path: &str, query: &[(&str, &str)]) -> String {
    // Pairs of texts can always be written.
    let query = serde_urlencoded::to_string(query).unwrap_or_default();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// Leads the browser on after a form was taken, so that a reload does not send it again.
pub(crate) fn go_to(address: &str) -> Response {
    Response::builder().status(StatusCode::SEE_OTHER).header(header::LOCATION, address).finish()
}

/// Adds the headers that every page has.
pub(super) fn secure(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.entry("referrer-policy").or_insert(HeaderValue::from_static("same-origin"));
    response
}
