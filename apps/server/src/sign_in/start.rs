//! `GET /auth/twitch?return=/path&for=streamer&chat=true&polls=true`: leads a browser to Twitch.

use super::answer::{redirect, refuse};
use super::attempt::{Attempt, is_local_path};
use super::redirect_url;
use crate::problem::Problem;
use crate::services::Shared;
use gamification_twitch::scopes::{Uses, needed};
use poem::web::{Data, Query};
use poem::{Request, Response, handler};
use serde::Deserialize;

/// Where a browser goes that names no other place: until there are pages, what there is to see.
const RETURN_DEFAULT: &str = "/docs";

#[derive(Deserialize)]
struct StartQuery {
    #[serde(rename = "return")]
    return_to: Option<String>,
    #[serde(rename = "for")]
    purpose: Option<String>,
    #[serde(default)]
    chat: bool,
    #[serde(default)]
    polls: bool,
}

/// Leads the browser to Twitch's page.
#[handler]
pub(super) fn start(
    services: Data<&Shared>,
    request: &Request,
    query: poem::Result<Query<StartQuery>>,
) -> Response {
    let query = query.map_err(|error| Problem::malformed(error.to_string()));
    match query.and_then(|Query(query)| begin(&services, query)) {
        Ok(response) => response,
        Err(problem) => refuse(request, &problem, &[]),
    }
}

fn begin(services: &Shared, query: StartQuery) -> Result<Response, Problem> {
    let return_to = query.return_to.unwrap_or_else(|| RETURN_DEFAULT.to_owned());
    if !is_local_path(&return_to) {
        return Err(Problem::ill_formed_field("return", "must be a path of this server"));
    }
    let asked = asked_for(query.purpose.as_deref(), query.chat, query.polls)?;
    let now = services.core.ports().clock.now();
    lead_to_twitch(services, &Attempt::new(return_to, asked, now))
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
    let url = services.sign_in.logins.authorize_url(&attempt.state, &back, &asked, false);
    let cookie = attempt.set_cookie(services.is_https(), &services.seal)?;
    Ok(redirect(url.as_str(), &[cookie]))
}
