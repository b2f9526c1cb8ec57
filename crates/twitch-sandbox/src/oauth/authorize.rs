//! `/oauth2/authorize`: a person logs in at a client with a browser.

use std::net::IpAddr;

use poem::http::{StatusCode, header};
use poem::web::Data;
use poem::{Response, handler};
use reqwest::Url;

use super::{normalized, page};
use crate::config::SandboxConfig;
use crate::error::OAuthError;
use crate::params::{FormParams, Params};
use crate::state::State;
use crate::store::entities::user;
use crate::store::{logins, users};

/// What a client asks a person for.
struct Question<'p> {
    client_id: &'p str,
    redirect_uri: &'p str,
    scopes: String,
    state: &'p str,
}

impl<'p> Question<'p> {
    /// Reads a question that may be asked: of a client that exists, with a way back that is
    /// registered. Anything else is never sent back there, but refused here.
    fn read(config: &SandboxConfig, params: &'p Params) -> Result<Self, OAuthError> {
        let bad = OAuthError::bad_request;
        let client_id = params.one("client_id").ok_or(bad("missing client id"))?;
        config.client_of(client_id).ok_or(bad("invalid client"))?;
        let redirect_uri = params.one("redirect_uri").ok_or(bad("missing redirect uri"))?;
        if !is_registered(config, redirect_uri) {
            return Err(bad(MISMATCH));
        }
        match params.one("response_type") {
            Some("code") => {}
            Some(_) => return Err(bad("invalid response type")),
            None => return Err(bad("missing response type")),
        }
        let scopes = normalized(params.one("scope"));
        Ok(Self { client_id, redirect_uri, scopes, state: params.one("state").unwrap_or("") })
    }

    /// The way back, with this answer.
    fn back(&self, answer: &[(&str, &str)]) -> Result<Response, OAuthError> {
        let mut url =
            Url::parse(self.redirect_uri).map_err(|_| OAuthError::bad_request(MISMATCH))?;
        url.query_pairs_mut().extend_pairs(answer);
        if !self.state.is_empty() {
            url.query_pairs_mut().append_pair("state", self.state);
        }
        Ok(Response::builder()
            .status(StatusCode::FOUND)
            .header(header::LOCATION, url.as_str())
            .header(header::CACHE_CONTROL, "no-store")
            .finish())
    }
}

/// What Twitch says of a way back that it does not know.
pub(super) const MISMATCH: &str = "Parameter redirect_uri does not match registered URI";

fn is_registered(config: &SandboxConfig, redirect_uri: &str) -> bool {
    if !config.redirect_urls.is_empty() {
        return config.redirect_urls.iter().any(|registered| registered == redirect_uri);
    }
    let Ok(url) = Url::parse(redirect_uri) else { return false };
    let host = url.host_str().unwrap_or_default();
    let ip: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    matches!(url.scheme(), "http" | "https")
        && url.fragment().is_none()
        && (host == "localhost" || ip.is_some_and(|ip| ip.is_loopback()))
}

/// The page with the question. There are no browser sessions here, so it is always asked, as if
/// `force_verify` were set; unless the client names who says yes, as `answer_as`.
#[handler]
pub(super) async fn ask(state: Data<&State>, params: Params) -> Result<Response, OAuthError> {
    let question = Question::read(&state.config, &params)?;
    if let Some(login) = params.one("answer_as") {
        let user = user_of(&state, login).await?;
        return say_yes(&state, &question, &user).await;
    }
    let everybody = users::all(&state.store.db).await?;
    let body = format!(
        "<p>The client <code>{}</code> wants to act for you.</p>{}\
         <form method=\"post\" action=\"/oauth2/authorize\">{}{}</form>",
        page::escaped(question.client_id),
        page::scope_items(&question.scopes),
        page::hidden(&[
            ("client_id", question.client_id),
            ("redirect_uri", question.redirect_uri),
            ("response_type", "code"),
            ("scope", &question.scopes),
            ("state", question.state),
        ]),
        page::decision(&everybody),
    );
    Ok(page::page(StatusCode::OK, "Log in", &body))
}

/// What the person said; the browser carries it back to the client.
#[handler]
pub(super) async fn decide(
    state: Data<&State>,
    params: FormParams,
) -> Result<Response, OAuthError> {
    let params = params.0;
    let question = Question::read(&state.config, &params)?;
    if params.one("decision") != Some("authorize") {
        let description = ("error_description", "The user denied you access");
        return question.back(&[("error", "access_denied"), description]);
    }
    let user = person(&state, &params).await?;
    say_yes(&state, &question, &user).await
}

/// The way back, with a code for what was asked.
async fn say_yes(
    state: &State,
    question: &Question<'_>,
    user: &user::Model,
) -> Result<Response, OAuthError> {
    let Question { client_id, redirect_uri, scopes, .. } = question;
    let db = &state.store.db;
    let code = logins::issue_code(db, client_id, &user.id, redirect_uri, scopes).await?;
    tracing::info!(client_id, user_id = user.id, "a user authorised a client");
    question.back(&[("code", &code), ("scope", scopes)])
}

/// Who filled in the form.
pub(super) async fn person(state: &State, params: &Params) -> Result<user::Model, OAuthError> {
    let login = params.one("other_login").or(params.one("login"));
    user_of(state, login.ok_or(OAuthError::bad_request("missing login"))?).await
}

async fn user_of(state: &State, login: &str) -> Result<user::Model, OAuthError> {
    let user = users::by_login(&state.store.db, login).await?;
    user.ok_or(OAuthError::bad_request("user not found"))
}
