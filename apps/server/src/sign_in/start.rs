//! `GET /auth/twitch?return=/path&for=streamer&chat=true&polls=true`: leads a browser to Twitch.
//! With `as=<login>` the sandbox Twitch asks nobody: that person says yes at once.

use super::answer::{redirect, refuse};
use super::attempt::{Attempt, is_local_path};
use super::{person, redirect_url};
use crate::problem::Problem;
use crate::services::Shared;
use gamification_twitch::scopes::{Uses, needed};
use poem::http::header;
use poem::web::{Data, Query};
use poem::{Request, Response, handler};
use serde::Deserialize;

/// Where a browser goes that names no other place.
const RETURN_DEFAULT: &str = "/";

#[derive(Deserialize)]
struct StartQuery {
    #[serde(rename = "return")]
    return_to: Option<String>,
    #[serde(rename = "for")]
    purpose: Option<String>,
    /// Whom the sandbox Twitch takes the browser for.
    #[serde(rename = "as")]
    person: Option<String>,
    #[serde(default)]
    chat: bool,
    #[serde(default)]
    polls: bool,
}

/// Leads the browser to Twitch's page.
#[handler]
pub(super) async fn start(
    services: Data<&Shared>,
    request: &Request,
    query: poem::Result<Query<StartQuery>>,
) -> Response {
    let query = query.map_err(|error| Problem::malformed(error.to_string()));
    let begun = match query {
        Ok(Query(query)) => begin(&services, request, query).await,
        Err(problem) => Err(problem),
    };
    match begun {
        Ok(response) => response,
        Err(problem) => refuse(request, &problem, &[]),
    }
}

async fn begin(
    services: &Shared,
    request: &Request,
    query: StartQuery,
) -> Result<Response, Problem> {
    if let Some(address) = same_at_our_name(services, request) {
        return Ok(redirect(&address, &[]));
    }
    let return_to = query.return_to.unwrap_or_else(|| RETURN_DEFAULT.to_owned());
    if !is_local_path(&return_to) {
        return Err(Problem::ill_formed_field("return", "must be a path of this server"));
    }
    let asked = asked_for(query.purpose.as_deref(), query.chat, query.polls)?;
    let person = match query.person {
        Some(login) => Some(person::known(services, &login).await?),
        None => None,
    };
    let now = services.core.ports().clock.now();
    lead_to_twitch(services, &Attempt::new(return_to, asked, now).by(person))
}

/// Twitch leads back to the name that the configuration gives this machine, where a cookie that was
/// set under another of its names is not sent.
fn same_at_our_name(services: &Shared, request: &Request) -> Option<String> {
    let ours = reqwest::Url::parse(&services.public_url).ok()?;
    let host = request.header(header::HOST)?;
    let asked = reqwest::Url::parse(&format!("{}://{host}", ours.scheme())).ok()?;
    let is_local =
        |url: &reqwest::Url| matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let is_other_name = asked.host_str() != ours.host_str() && asked.port() == ours.port();
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    (is_other_name && is_local(&asked) && is_local(&ours))
        .then(|| format!("{}{}/twitch{query}", services.public_url, super::PREFIX))
}

/// What is asked of Twitch. Who only signs in is asked for nothing.
///
/// # Errors
/// 400 for a purpose that there is not.
pub(crate) fn asked_for(
    purpose: Option<&str>,
    chat: bool,
    polls: bool,
) -> Result<Vec<String>, Problem> {
    match purpose {
        None => Ok(Vec::new()),
        Some("streamer") => {
            let uses = Uses { rewards: true, chat, polls };
            Ok(needed(uses).into_iter().map(str::to_owned).collect())
        }
        Some(_) => Err(Problem::ill_formed_field("for", "must be streamer, or left out")),
    }
}

/// Sends the browser to Twitch with that attempt, and has it keep it.
///
/// # Errors
/// When the attempt cannot be sealed.
pub(super) fn lead_to_twitch(services: &Shared, attempt: &Attempt) -> Result<Response, Problem> {
    let asked: Vec<&str> = attempt.scopes.iter().map(String::as_str).collect();
    let back = redirect_url(&services.public_url);
    let mut url = services.sign_in.logins.authorize_url(&attempt.state, &back, &asked, false);
    if let Some(login) = &attempt.person {
        url.query_pairs_mut().append_pair("answer_as", login);
    }
    let cookie = attempt.set_cookie(services.is_https(), &services.seal)?;
    Ok(redirect(url.as_str(), &[cookie]))
}
