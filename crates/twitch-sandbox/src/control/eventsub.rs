//! EventSub from behind: sessions that are told to go or fall silent, and what Twitch knows
//! about subscriptions.

use poem::web::{Data, Json};
use poem::{Body, handler};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::ApiError;
use crate::eventsub::{self, Ending};
use crate::params::{json_body, json_body_or_default};
use crate::state::State;
use crate::store::{conduits, subscriptions};
use crate::views;

/// Which session is meant; every one when absent.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SessionBody {
    session_id: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CloseBody {
    session_id: Option<String>,
    /// 4000 to 4007; the connection just breaks when absent.
    code: Option<u16>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RevokeBody {
    subscription_id: String,
    status: RevocationStatus,
}

/// Why Twitch revokes by itself.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RevocationStatus {
    AuthorizationRevoked,
    NotificationFailuresExceeded,
    UserRemoved,
    VersionRemoved,
}

impl RevocationStatus {
    fn name(self) -> &'static str {
        match self {
            Self::AuthorizationRevoked => subscriptions::AUTHORIZATION_REVOKED,
            Self::NotificationFailuresExceeded => "notification_failures_exceeded",
            Self::UserRemoved => "user_removed",
            Self::VersionRemoved => "version_removed",
        }
    }
}

/// The websocket sessions that are open.
#[handler]
pub(super) async fn list_sessions(state: Data<&State>) -> Json<Value> {
    Json(json!({ "sessions": state.sessions.all() }))
}

/// Sends `session_reconnect`.
#[handler]
pub(super) async fn reconnect(state: Data<&State>, body: Body) -> Result<Json<Value>, ApiError> {
    let body: SessionBody = json_body_or_default(body).await?;
    told(&body.session_id, state.sessions.ask_to_reconnect(body.session_id.as_deref()))
}

/// Half-kills sessions: nothing is sent or read any more, but the connections stay open.
#[handler]
pub(super) async fn silence(state: Data<&State>, body: Body) -> Result<Json<Value>, ApiError> {
    let body: SessionBody = json_body_or_default(body).await?;
    told(&body.session_id, state.sessions.end(body.session_id.as_deref(), Ending::Silent))
}

/// Closes sessions with a code, or breaks their connections.
#[handler]
pub(super) async fn close(state: Data<&State>, body: Body) -> Result<Json<Value>, ApiError> {
    let body: CloseBody = json_body_or_default(body).await?;
    let ending = match body.code {
        None => Ending::Lost,
        Some(code) => Ending::of_code(code)
            .ok_or_else(|| ApiError::bad_request("The code must be 4000 to 4007"))?,
    };
    told(&body.session_id, state.sessions.end(body.session_id.as_deref(), ending))
}

fn told(wanted: &Option<String>, told: Vec<String>) -> Result<Json<Value>, ApiError> {
    if wanted.is_some() && told.is_empty() {
        return Err(ApiError::not_found("There is no such session"));
    }
    Ok(Json(json!({ "sessionIds": told })))
}

/// Every subscription of every client as Helix shows it, with its client, its user when it was
/// made with a user's token, and whether its session is still open.
#[handler]
pub(super) async fn list_subscriptions(state: Data<&State>) -> Result<Json<Value>, ApiError> {
    let all = subscriptions::all(&state.store.db).await?;
    let shown = all.iter().map(|subscription| {
        let mut shown = views::subscription(subscription);
        shown["client_id"] = json!(subscription.client_id);
        if !subscription.session_id.is_empty() {
            shown["user_id"] = json!(subscription.user_id);
            shown["is_session_open"] = json!(state.sessions.is_open(&subscription.session_id));
        }
        shown
    });
    Ok(Json(json!({ "subscriptions": shown.collect::<Vec<Value>>() })))
}

/// Every conduit of every client, with its shards.
#[handler]
pub(super) async fn list_conduits(state: Data<&State>) -> Result<Json<Value>, ApiError> {
    let tx = state.store.begin().await?;
    let mut all = Vec::new();
    for conduit in conduits::all(&tx).await? {
        let mut shown = views::conduit(&conduit);
        shown["client_id"] = json!(conduit.client_id);
        shown["shards"] =
            conduits::shards(&tx, &conduit.id).await?.iter().map(views::shard).collect();
        all.push(shown);
    }
    Ok(Json(json!({ "conduits": all })))
}

/// Ends a subscription that lives, and sends the revocation.
#[handler]
pub(super) async fn revoke(state: Data<&State>, body: Body) -> Result<Json<Value>, ApiError> {
    let RevokeBody { subscription_id, status } = json_body(body).await?;
    let effect = {
        let state = State::clone(&state);
        async move {
            let found = subscriptions::by_id(&state.store.db, &subscription_id).await?;
            let found = found
                .filter(subscriptions::is_living)
                .ok_or_else(|| ApiError::not_found("There is no such living subscription"))?;
            eventsub::revoke(&state, found, status.name()).await?;
            Ok(json!({ "id": subscription_id, "status": status.name() }))
        }
    };
    Ok(Json(state.to_the_end(effect).await?))
}
