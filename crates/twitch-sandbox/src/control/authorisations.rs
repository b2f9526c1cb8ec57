//! What users take back from clients, and what time takes from them.

use poem::web::{Data, Json, Path};
use poem::{Body, handler};
use serde::Deserialize;
use serde_json::{Value, json};

use super::people::known;
use crate::error::ApiError;
use crate::eventsub;
use crate::params::json_body_or_default;
use crate::state::State;
use crate::store::entities::user;
use crate::store::{logins, subscriptions};

/// Which client is meant; every one when absent.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ClientBody {
    client_id: Option<String>,
}

/// The user disconnects a client, as on Twitch's page of connections or with a new password: all
/// its tokens of this user are gone, and its subscriptions that rest on them.
#[handler]
pub(super) async fn revoke(
    state: Data<&State>,
    Path(login): Path<String>,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let ClientBody { client_id } = json_body_or_default(body).await?;
    let clients: Vec<String> = match client_id {
        Some(id) if state.config.client_of(&id).is_none() => {
            return Err(ApiError::not_found("There is no such client"));
        }
        Some(id) => vec![id],
        None => state.config.clients().map(|client| client.client_id.clone()).collect(),
    };
    let user = known(&state.store.db, &login).await?;
    let effect = {
        let state = State::clone(&state);
        async move {
            let mut revoked = Vec::new();
            for client_id in clients {
                revoked.push(revoke_one(&state, &user, &client_id).await?);
            }
            Ok(json!({ "revoked": revoked }))
        }
    };
    Ok(Json(state.to_the_end(effect).await?))
}

async fn revoke_one(state: &State, user: &user::Model, client_id: &str) -> Result<Value, ApiError> {
    let tx = state.store.begin().await?;
    let withdrawn = logins::withdraw(&tx, client_id, &user.id).await?;
    let revoked = subscriptions::withdraw_authorization(&tx, client_id, &user.id).await?;
    tx.commit().await?;
    let subscriptions = revoked.len();
    if withdrawn.refresh_tokens > 0 {
        eventsub::notify_authorization_revoked(state, client_id, user).await?;
    }
    eventsub::tell_revoked(state, revoked).await?;
    tracing::info!(client_id, user_id = user.id, subscriptions, "a user disconnected a client");
    Ok(json!({
        "clientId": client_id,
        "accessTokens": withdrawn.access_tokens,
        "refreshTokens": withdrawn.refresh_tokens,
        "subscriptions": subscriptions,
    }))
}

/// The user's access tokens expire now; they can be refreshed.
#[handler]
pub(super) async fn expire_tokens(
    state: Data<&State>,
    Path(login): Path<String>,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let ClientBody { client_id } = json_body_or_default(body).await?;
    let db = &state.store.db;
    let user = known(db, &login).await?;
    let expired = logins::expire_access_tokens(db, client_id.as_deref(), &user.id).await?;
    Ok(Json(json!({ "expired": expired })))
}
