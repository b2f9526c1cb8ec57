//! `/helix/eventsub/conduits/shards`: an application's own token only.

use poem::http::StatusCode;
use poem::web::{Data, Json};
use poem::{Body, IntoResponse, Response, RouteMethod, get, handler};
use serde::Deserialize;
use serde_json::{Value, json};

use super::caller::Caller;
use super::conduits::{only_application, own_conduit};
use super::transport::{check_webhook, session_refused};
use crate::error::ApiError;
use crate::eventsub;
use crate::params::{Params, json_body};
use crate::state::State;
use crate::store::conduits;
use crate::store::entities::subscription::Method;
use crate::store::entities::{conduit, conduit_shard as shard};
use crate::store::subscriptions::{ENABLED, PENDING};
use crate::views;

/// Shards on one page.
const PAGE: usize = 100;

#[derive(Debug, Deserialize)]
struct Update {
    conduit_id: String,
    shards: Vec<NewShard>,
}

#[derive(Debug, Deserialize)]
struct NewShard {
    id: String,
    transport: NewTransport,
}

#[derive(Debug, Deserialize)]
struct NewTransport {
    method: String,
    #[serde(default)]
    callback: String,
    #[serde(default)]
    secret: String,
    #[serde(default)]
    session_id: String,
}

pub(super) fn methods() -> RouteMethod {
    get(list).patch(update)
}

#[handler]
async fn list(
    state: Data<&State>,
    caller: Caller,
    params: Params,
) -> Result<Json<Value>, ApiError> {
    only_application(&caller)?;
    let db = &state.store.db;
    let conduit = own_conduit(db, &caller, params.required("conduit_id")?).await?;
    let after: i64 = match params.one("after") {
        None => -1,
        Some(cursor) => {
            cursor.parse().map_err(|_| ApiError::bad_request("the after cursor is invalid"))?
        }
    };
    let status = params.one("status");
    let all = conduits::shards(db, &conduit.id).await?;
    let mut wanted = all
        .iter()
        .filter(|shard| shard.number > after && status.is_none_or(|status| status == shard.status));
    let page: Vec<&shard::Model> = wanted.by_ref().take(PAGE).collect();
    let pagination = match (wanted.next(), page.last()) {
        (Some(_), Some(last)) => json!({ "cursor": last.number.to_string() }),
        _ => json!({}),
    };
    let data: Vec<Value> = page.into_iter().map(views::shard).collect();
    Ok(Json(json!({ "data": data, "pagination": pagination })))
}

/// Gives shards their transports: each for itself, so that some can fail.
#[handler]
async fn update(state: Data<&State>, caller: Caller, body: Body) -> Result<Response, ApiError> {
    only_application(&caller)?;
    let Update { conduit_id, shards } = json_body(body).await?;
    let tx = state.store.begin().await?;
    let conduit = own_conduit(&tx, &caller, &conduit_id).await?;
    let (mut data, mut errors, mut unproved) = (Vec::new(), Vec::new(), Vec::new());
    for NewShard { id, transport } in shards {
        match bound(&state, &conduit, &id, transport) {
            Ok(shard) => {
                conduits::put_shard(&tx, shard.clone()).await?;
                data.push(views::shard(&shard));
                if shard.status == PENDING {
                    unproved.push(shard);
                }
            }
            Err(message) => {
                errors.push(json!({ "id": id, "message": message, "code": "invalid_parameter" }));
            }
        }
    }
    tx.commit().await?;
    for shard in &unproved {
        eventsub::challenge_shard(&state, shard);
    }
    let answer = json!({ "data": data, "errors": errors });
    Ok(Json(answer).with_status(StatusCode::ACCEPTED).into_response())
}

/// The shard with its transport, or what is wrong with it.
fn bound(
    state: &State,
    conduit: &conduit::Model,
    id: &str,
    transport: NewTransport,
) -> Result<shard::Model, String> {
    let is_in_range = |number: &i64| (0..conduit.shard_count).contains(number);
    let number = id.parse().ok().filter(is_in_range);
    let number = number.ok_or("The shard id is outside of the conduit's range")?;
    let blank = shard::Model {
        conduit_id: conduit.id.clone(),
        number,
        method: Method::Webhook,
        callback: String::new(),
        secret: String::new(),
        session_id: String::new(),
        status: PENDING.to_owned(),
        connected_at_ns: None,
        disconnected_at_ns: None,
    };
    let NewTransport { method, callback, secret, session_id } = transport;
    match method.as_str() {
        "webhook" => {
            check_webhook(&callback, &secret).map_err(|refusal| refusal.message().to_owned())?;
            Ok(shard::Model { callback, secret, ..blank })
        }
        "websocket" => {
            let claim = state.sessions.claim_for_shard(&session_id, &conduit.client_id);
            claim.map_err(session_refused)?;
            Ok(shard::Model {
                method: Method::Websocket,
                connected_at_ns: state.sessions.connected_at_ns(&session_id),
                session_id,
                status: ENABLED.to_owned(),
                ..blank
            })
        }
        _ => Err("The transport method must be webhook or websocket".to_owned()),
    }
}
