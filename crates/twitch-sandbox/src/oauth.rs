//! Logins and tokens: `/oauth2/…` as Twitch has it, and `/auth/authorize`, which stands for a
//! person who says yes in a browser.

mod authorize;
mod device;
mod page;

use std::time::Duration;

use poem::http::{StatusCode, header};
use poem::web::{Data, Json};
use poem::{Request, Route, RouteMethod, get, handler, post};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::clock;
use crate::error::OAuthError;
use crate::params::{FormParams, Params};
use crate::state::State;
use crate::store::entities::{access_token, grant};
use crate::store::{logins, tokens, users};

/// How long an application's token lives: about sixty days.
const APP_TOKEN_LIFETIME_NS: i64 = 5_000_000 * clock::SECOND_NS;

/// What a device that has no browser asks for at the token endpoint.
const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

pub(crate) fn routes() -> Route {
    Route::new()
        .at("/authorize", get(authorize::ask).post(authorize::decide))
        .at("/device", post(device::begin))
        .at("/token", post(issue_token))
        .at("/validate", get(validate))
        .at("/revoke", post(revoke))
}

pub(crate) fn browserless_routes() -> Route {
    Route::new().at("/authorize", post(authorize_at_once))
}

/// Where people type the codes of their devices.
pub(crate) fn activation() -> RouteMethod {
    get(device::ask).post(device::decide)
}

#[handler]
async fn issue_token(state: Data<&State>, params: FormParams) -> Result<Json<Value>, OAuthError> {
    let params = params.0;
    if params.one("grant_type") == Some(DEVICE_GRANT) {
        let client_id = check_public_client(&state, &params)?;
        return device::tokens(&state, client_id, &params).await;
    }
    let client_id = check_client(&state, &params)?;
    match params.one("grant_type") {
        Some("authorization_code") => code_redeemed(&state, client_id, &params).await,
        Some("client_credentials") => app_token(&state, client_id).await,
        Some("refresh_token") => refreshed(&state, client_id, &params).await,
        Some(_) => Err(OAuthError::bad_request("invalid grant type")),
        None => Err(OAuthError::bad_request("missing grant type")),
    }
}

fn check_client<'p>(state: &State, params: &'p Params) -> Result<&'p str, OAuthError> {
    let id = params.one("client_id").ok_or(OAuthError::bad_request("missing client id"))?;
    let secret =
        params.one("client_secret").ok_or(OAuthError::bad_request("missing client secret"))?;
    let client = state.config.client_of(id).ok_or(OAuthError::bad_request("invalid client"))?;
    if client.client_secret != secret {
        return Err(OAuthError::new(StatusCode::FORBIDDEN, "invalid client secret"));
    }
    Ok(id)
}

/// A device keeps no secret; one that is sent must be right.
fn check_public_client<'p>(state: &State, params: &'p Params) -> Result<&'p str, OAuthError> {
    if params.one("client_secret").is_some() {
        return check_client(state, params);
    }
    let id = params.one("client_id").ok_or(OAuthError::bad_request("missing client id"))?;
    state.config.client_of(id).ok_or(OAuthError::bad_request("invalid client"))?;
    Ok(id)
}

/// Tokens for a code that a browser carried back. A code is taken by the first who shows it,
/// whatever comes of it.
async fn code_redeemed(
    state: &State,
    client_id: &str,
    params: &Params,
) -> Result<Json<Value>, OAuthError> {
    let code = params.one("code").ok_or(OAuthError::bad_request("missing code"))?;
    let redirect_uri =
        params.one("redirect_uri").ok_or(OAuthError::bad_request("missing redirect uri"))?;
    let tx = state.store.begin().await?;
    let login = logins::take_code(&tx, client_id, code).await?;
    let answer = match login {
        None => Err(OAuthError::bad_request("Invalid authorization code")),
        Some(login) if login.redirect_uri != redirect_uri => {
            Err(OAuthError::bad_request(authorize::MISMATCH))
        }
        Some(login) => user_tokens(state, &tx, client_id, &login.user_id, &login.scopes).await,
    };
    tx.commit().await?;
    answer
}

async fn app_token(state: &State, client_id: &str) -> Result<Json<Value>, OAuthError> {
    let db = &state.store.db;
    let token = tokens::issue(db, client_id, None, "", APP_TOKEN_LIFETIME_NS).await?;
    Ok(Json(json!({
        "access_token": token.token,
        "expires_in": expires_in_s(&token),
        "token_type": "bearer",
    })))
}

/// A new pair of tokens. The refresh token that was used stays good: a client that lost this
/// answer can ask again, as a confidential client of Twitch can. Unless they rotate.
async fn refreshed(
    state: &State,
    client_id: &str,
    params: &Params,
) -> Result<Json<Value>, OAuthError> {
    let refresh_token =
        params.one("refresh_token").ok_or(OAuthError::bad_request("missing refresh token"))?;
    let tx = state.store.begin().await?;
    let granted = tokens::grant_of(&tx, client_id, refresh_token)
        .await?
        .ok_or(OAuthError::bad_request("Invalid refresh token"))?;
    if state.config.rotate_refresh_tokens {
        logins::forget_grant(&tx, refresh_token).await?;
    }
    let answer = user_tokens(state, &tx, client_id, &granted.user_id, &granted.scopes).await?;
    tx.commit().await?;
    Ok(answer)
}

/// A pair of tokens, within the caller's transaction.
async fn user_tokens(
    state: &State,
    db: &impl ConnectionTrait,
    client_id: &str,
    user_id: &str,
    scopes: &str,
) -> Result<Json<Value>, OAuthError> {
    let lifetime_ns = nanoseconds(state.config.user_token_lifetime);
    let grant::Model { refresh_token, .. } = tokens::grant(db, client_id, user_id, scopes).await?;
    let token = tokens::issue(db, client_id, Some(user_id), scopes, lifetime_ns).await?;
    Ok(Json(json!({
        "access_token": token.token,
        "refresh_token": refresh_token,
        "expires_in": expires_in_s(&token),
        "scope": scope_list(scopes),
        "token_type": "bearer",
    })))
}

#[handler]
async fn authorize_at_once(
    state: Data<&State>,
    params: FormParams,
) -> Result<Json<Value>, OAuthError> {
    let params = params.0;
    let client_id = check_client(&state, &params)?;
    if params.one("grant_type") != Some("user_token") {
        return Err(OAuthError::bad_request("invalid grant type"));
    }
    let user_id = params.one("user_id").ok_or(OAuthError::bad_request("missing user id"))?;
    let tx = state.store.begin().await?;
    if users::by_id(&tx, user_id).await?.is_none() {
        return Err(OAuthError::bad_request("user not found"));
    }
    let scopes = normalized(params.one("scope"));
    let answer = user_tokens(&state, &tx, client_id, user_id, &scopes).await?;
    tx.commit().await?;
    Ok(answer)
}

/// Scopes, each separated from the next by one space.
fn normalized(scopes: Option<&str>) -> String {
    scopes.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[handler]
async fn validate(state: Data<&State>, request: &Request) -> Result<Json<Value>, OAuthError> {
    let refused = |message| OAuthError::new(StatusCode::UNAUTHORIZED, message);
    let header = request.headers().get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
    let token = header
        .and_then(|value| value.split_once(' '))
        .filter(|(kind, _)| {
            ["OAuth", "Bearer"].iter().any(|known| kind.eq_ignore_ascii_case(known))
        })
        .ok_or(refused("missing authorization token"))?
        .1;
    let db = &state.store.db;
    let token = tokens::valid(db, token).await?.ok_or(refused("invalid access token"))?;
    let mut answer = json!({
        "client_id": token.client_id,
        "scopes": scope_list(&token.scopes),
        "expires_in": expires_in_s(&token),
    });
    if let Some(user_id) = &token.user_id {
        let user = users::by_id(db, user_id).await?.ok_or(refused("invalid access token"))?;
        answer["login"] = user.login.into();
        answer["user_id"] = user.id.into();
    }
    Ok(Json(answer))
}

#[handler]
async fn revoke(state: Data<&State>, params: FormParams) -> Result<(), OAuthError> {
    let params = params.0;
    let client = params.one("client_id").ok_or(OAuthError::bad_request("missing client id"))?;
    let token = params.one("token").ok_or(OAuthError::bad_request("missing oauth token"))?;
    if state.config.client_of(client).is_none() {
        return Err(OAuthError::new(StatusCode::NOT_FOUND, "client does not exist"));
    }
    if !tokens::revoke(&state.store.db, client, token).await? {
        return Err(OAuthError::bad_request("Invalid token"));
    }
    Ok(())
}

fn expires_in_s(token: &access_token::Model) -> i64 {
    (token.expires_at_ns - clock::now_ns()) / clock::SECOND_NS
}

fn scope_list(scopes: &str) -> Vec<&str> {
    scopes.split_whitespace().collect()
}

fn nanoseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX / 2)
}
