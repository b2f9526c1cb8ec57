//! `/helix/eventsub/subscriptions`, for webhooks: an application's own token only.

use poem::http::StatusCode;
use poem::web::{Data, Json};
use poem::{Body, IntoResponse, Response, RouteMethod, get, handler};
use reqwest::Url;
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::caller::{Caller, READ};
use crate::error::ApiError;
use crate::eventsub::{self, EventKind};
use crate::params::{Params, json_body};
use crate::state::State;
use crate::store::entities::subscription;
use crate::store::{subscriptions, tokens, users};
use crate::{clock, views};

/// Subscriptions of one type and condition, whatever their callback.
const MAX_ALIKE: usize = 3;

/// Cost of all subscriptions of a client. Those of users who granted access cost nothing.
const MAX_TOTAL_COST: u32 = 10_000;

/// Subscriptions on one page.
const PAGE: usize = 100;

#[derive(Debug, Deserialize)]
struct NewSubscription {
    #[serde(rename = "type")]
    kind: String,
    version: String,
    condition: NewCondition,
    transport: NewTransport,
}

#[derive(Debug, Deserialize)]
struct NewCondition {
    broadcaster_user_id: String,
    #[serde(default)]
    reward_id: Option<String>,
}

#[derive(Debug, Deserialize)]
struct NewTransport {
    method: String,
    #[serde(default)]
    callback: String,
    #[serde(default)]
    secret: String,
}

pub(super) fn methods() -> RouteMethod {
    get(list).post(create).delete(delete)
}

#[handler]
async fn create(state: Data<&State>, caller: Caller, body: Body) -> Result<Response, ApiError> {
    let wanted: NewSubscription = json_body(body).await?;
    if EventKind::named(&wanted.kind).is_none() || wanted.version != "1" {
        return Err(ApiError::bad_request("invalid subscription type and version"));
    }
    if wanted.transport.method != "webhook" || caller.user_id.is_some() {
        return Err(ApiError::bad_request("invalid transport and auth combination"));
    }
    check_transport(&wanted.transport)?;
    let tx = state.store.begin().await?;
    let model = subscription::Model {
        seq: 0,
        id: Uuid::new_v4().to_string(),
        client_id: caller.client_id,
        kind: wanted.kind,
        broadcaster_user_id: wanted.condition.broadcaster_user_id,
        reward_id: wanted.condition.reward_id.unwrap_or_default(),
        callback: wanted.transport.callback,
        secret: wanted.transport.secret,
        status: subscriptions::PENDING.to_owned(),
        created_at_ns: clock::now_ns(),
    };
    check_condition(&tx, &model).await?;
    let created = subscriptions::insert(&tx, model).await?;
    let all = subscriptions::of_client(&tx, &created.client_id).await?;
    tx.commit().await?;
    let answer = listing(&[&created], all.len(), json!({}));
    eventsub::challenge(&state, created);
    Ok(Json(answer).with_status(StatusCode::ACCEPTED).into_response())
}

fn check_transport(transport: &NewTransport) -> Result<(), ApiError> {
    let length = transport.secret.len();
    if !(10..=100).contains(&length) || !transport.secret.is_ascii() {
        return Err(ApiError::bad_request("the secret must have 10 to 100 ASCII characters"));
    }
    let url = Url::parse(&transport.callback)
        .map_err(|_| ApiError::bad_request("the callback is not a URL"))?;
    let host = url.host_str().unwrap_or_default();
    let is_loopback = host == "localhost"
        || host.trim_matches(['[', ']']).parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
    // Twitch itself takes https on port 443 only.
    if url.scheme() == "https" || (url.scheme() == "http" && is_loopback) {
        return Ok(());
    }
    Err(ApiError::bad_request("the callback must be an https URL"))
}

async fn check_condition(
    db: &impl ConnectionTrait,
    wanted: &subscription::Model,
) -> Result<(), ApiError> {
    let channel = &wanted.broadcaster_user_id;
    if users::by_id(db, channel).await?.is_none() {
        return Err(ApiError::bad_request("the broadcaster_user_id is not a user"));
    }
    if !tokens::has_granted(db, &wanted.client_id, channel, &READ).await? {
        return Err(ApiError::forbidden("subscription missing proper authorization"));
    }
    let all = subscriptions::of_client(db, &wanted.client_id).await?;
    let alike = all.iter().filter(|other| {
        other.status != subscriptions::FAILED
            && other.kind == wanted.kind
            && other.broadcaster_user_id == wanted.broadcaster_user_id
            && other.reward_id == wanted.reward_id
    });
    if alike.clone().any(|other| other.callback == wanted.callback) {
        return Err(ApiError::new(StatusCode::CONFLICT, "subscription already exists"));
    }
    if alike.count() >= MAX_ALIKE {
        let message = "number of subscriptions with the same type and condition exceeded";
        return Err(ApiError::new(StatusCode::TOO_MANY_REQUESTS, message));
    }
    Ok(())
}

#[handler]
async fn list(
    state: Data<&State>,
    caller: Caller,
    params: Params,
) -> Result<Json<Value>, ApiError> {
    let offset: usize = match params.one("after") {
        None => 0,
        Some(cursor) => {
            cursor.parse().map_err(|_| ApiError::bad_request("the after cursor is invalid"))?
        }
    };
    let all = webhooks_of(&state, &caller).await?;
    let is_wanted = |subscription: &&subscription::Model| {
        let is = |name, value: &str| params.one(name).is_none_or(|wanted| wanted == value);
        is("status", &subscription.status)
            && is("type", &subscription.kind)
            && is("user_id", &subscription.broadcaster_user_id)
            && is("subscription_id", &subscription.id)
    };
    let mut wanted = all.iter().filter(is_wanted).skip(offset);
    let page: Vec<_> = wanted.by_ref().take(PAGE).collect();
    let pagination = match wanted.next() {
        Some(_) => json!({ "cursor": (offset + PAGE).to_string() }),
        None => json!({}),
    };
    Ok(Json(listing(&page, all.len(), pagination)))
}

#[handler]
async fn delete(
    state: Data<&State>,
    caller: Caller,
    params: Params,
) -> Result<StatusCode, ApiError> {
    let id = params.required("id")?;
    let is_app = caller.user_id.is_none();
    if is_app && subscriptions::delete(&state.store.db, &caller.client_id, id).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(ApiError::not_found("subscription not found"))
}

/// A user's token sees websocket subscriptions only, and there are none.
async fn webhooks_of(state: &State, caller: &Caller) -> Result<Vec<subscription::Model>, ApiError> {
    match caller.user_id {
        Some(_) => Ok(Vec::new()),
        None => Ok(subscriptions::of_client(&state.store.db, &caller.client_id).await?),
    }
}

fn listing(page: &[&subscription::Model], total: usize, pagination: Value) -> Value {
    let data: Vec<Value> =
        page.iter().map(|subscription| views::subscription(subscription)).collect();
    json!({
        "data": data,
        "total": total,
        "total_cost": 0,
        "max_total_cost": MAX_TOTAL_COST,
        "pagination": pagination,
    })
}
