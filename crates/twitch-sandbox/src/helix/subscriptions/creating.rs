//! `POST /helix/eventsub/subscriptions`: what may be subscribed to, by whom, over what.

use std::collections::{BTreeMap, HashSet};

use poem::http::StatusCode;
use poem::web::{Data, Json};
use poem::{Body, IntoResponse, Response, handler};
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::super::caller::Caller;
use super::super::transport::{check_webhook, session_refused};
use super::{listing, max_total_cost, total_cost, visible};
use crate::clock;
use crate::error::ApiError;
use crate::eventsub::{self, Ending, EventKind};
use crate::params::json_body;
use crate::state::State;
use crate::store::entities::subscription::{self, Method};
use crate::store::{conduits, subscriptions, tokens, users};

/// Subscriptions of one type and condition, whatever their callback.
const MAX_ALIKE: usize = 3;

/// Websocket sessions of a user at a client that have subscriptions.
const MAX_SESSIONS: usize = 3;

/// Enabled subscriptions of one websocket session.
const MAX_OF_SESSION: usize = 300;

#[derive(Debug, Deserialize)]
struct NewSubscription {
    #[serde(rename = "type")]
    kind: String,
    version: String,
    /// A null is what some clients send for a field that they leave out.
    condition: BTreeMap<String, Option<String>>,
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
    #[serde(default)]
    conduit_id: String,
}

#[handler]
pub(super) async fn create(
    state: Data<&State>,
    caller: Caller,
    body: Body,
) -> Result<Response, ApiError> {
    let wanted: NewSubscription = json_body(body).await?;
    let kind = EventKind::named(&wanted.kind)
        .filter(|_| wanted.version == "1")
        .ok_or_else(|| ApiError::bad_request("invalid subscription type and version"))?;
    check_fields(kind, &wanted.condition)?;
    let method = method_of(kind, &wanted.transport.method, &caller)?;
    if method == Method::Webhook {
        check_webhook(&wanted.transport.callback, &wanted.transport.secret)?;
    }
    if wanted.condition.get("client_id").is_some_and(|id| id.as_ref() != Some(&caller.client_id)) {
        return Err(unauthorized());
    }
    let tx = state.store.begin().await?;
    let mut model = draft(wanted, method, &caller);
    check_condition(&tx, kind, &model, &caller).await?;
    model.cost = cost(&tx, kind, &model).await?;
    let others = visible(&tx, &caller).await?;
    check_others(&state, &caller, &model, &others)?;
    take_transport(&state, &tx, &mut model).await?;
    let created = subscriptions::insert(&tx, model).await?;
    let all = visible(&tx, &caller).await?;
    tx.commit().await?;
    match method {
        Method::Webhook => eventsub::challenge(&state, &created),
        Method::Websocket if !state.sessions.is_open(&created.session_id) => {
            // It closed meanwhile, and whoever looked after its subscriptions missed this one.
            let status = Ending::Lost.status();
            subscriptions::end_session(&state.store.db, &created.session_id, status).await?;
        }
        Method::Websocket | Method::Conduit => {}
    }
    let answer = listing(&caller, &[&created], &all, json!({}));
    Ok(Json(answer).with_status(StatusCode::ACCEPTED).into_response())
}

fn unauthorized() -> ApiError {
    ApiError::forbidden("subscription missing proper authorization")
}

fn check_fields(
    kind: EventKind,
    condition: &BTreeMap<String, Option<String>>,
) -> Result<(), ApiError> {
    let shape = kind.condition();
    let has_required = condition
        .get(shape.required)
        .is_some_and(|value| value.as_deref().is_some_and(|value| !value.is_empty()));
    let is_known = |field: &String| *field == shape.required || shape.optional == Some(field);
    if has_required && condition.keys().all(is_known) {
        return Ok(());
    }
    Err(ApiError::bad_request("the condition does not suit the subscription type"))
}

/// Websockets are for users' tokens, the others for the application's own.
fn method_of(kind: EventKind, name: &str, caller: &Caller) -> Result<Method, ApiError> {
    let method = match (name, caller.user_id.is_some()) {
        ("webhook", false) => Some(Method::Webhook),
        ("conduit", false) => Some(Method::Conduit),
        ("websocket", true) if kind != EventKind::AuthorizationRevoke => Some(Method::Websocket),
        _ => None,
    };
    method.ok_or_else(|| ApiError::bad_request("invalid transport and auth combination"))
}

fn draft(wanted: NewSubscription, method: Method, caller: &Caller) -> subscription::Model {
    let NewSubscription { kind, mut condition, transport, .. } = wanted;
    let mut condition = |field: &str| condition.remove(field).flatten().unwrap_or_default();
    let is_webhook = method == Method::Webhook;
    let only = |wanted: Method, text: String| if method == wanted { text } else { String::new() };
    subscription::Model {
        seq: 0,
        id: Uuid::new_v4().to_string(),
        client_id: caller.client_id.clone(),
        kind,
        broadcaster_user_id: condition("broadcaster_user_id"),
        reward_id: condition("reward_id"),
        callback: only(Method::Webhook, transport.callback),
        secret: only(Method::Webhook, transport.secret),
        status: if is_webhook { subscriptions::PENDING } else { subscriptions::ENABLED }.to_owned(),
        created_at_ns: clock::now_ns(),
        method,
        user_id: caller.user_id.clone().unwrap_or_default(),
        session_id: only(Method::Websocket, transport.session_id),
        conduit_id: only(Method::Conduit, transport.conduit_id),
        subject_conduit_id: condition("conduit_id"),
        cost: 0,
        connected_at_ns: None,
        disconnected_at_ns: None,
    }
}

async fn check_condition(
    db: &impl ConnectionTrait,
    kind: EventKind,
    wanted: &subscription::Model,
    caller: &Caller,
) -> Result<(), ApiError> {
    if !kind.is_of_channel() {
        return check_conduit_of_condition(db, wanted).await;
    }
    let channel = &wanted.broadcaster_user_id;
    if users::by_id(db, channel).await?.is_none() {
        return Err(ApiError::bad_request("the broadcaster_user_id is not a user"));
    }
    let scopes = kind.scopes();
    let is_granted = match &caller.user_id {
        _ if scopes.is_empty() => true,
        Some(user_id) => user_id == channel && scopes.iter().any(|scope| caller.has_scope(scope)),
        None => tokens::has_granted(db, &wanted.client_id, channel, scopes).await?,
    };
    if is_granted { Ok(()) } else { Err(unauthorized()) }
}

async fn check_conduit_of_condition(
    db: &impl ConnectionTrait,
    wanted: &subscription::Model,
) -> Result<(), ApiError> {
    if wanted.subject_conduit_id.is_empty() {
        return Ok(());
    }
    let conduit = conduits::by_id(db, &wanted.subject_conduit_id).await?;
    match conduit.filter(|conduit| conduit.client_id == wanted.client_id) {
        Some(_) => Ok(()),
        None => Err(unauthorized()),
    }
}

/// What a subscription costs: nothing when the user in it granted something to the client.
async fn cost(
    db: &impl ConnectionTrait,
    kind: EventKind,
    wanted: &subscription::Model,
) -> Result<i64, ApiError> {
    if !kind.is_of_channel() || !kind.scopes().is_empty() {
        return Ok(0);
    }
    let channel = &wanted.broadcaster_user_id;
    let is_known = tokens::has_granted_anything(db, &wanted.client_id, channel).await?;
    Ok(i64::from(!is_known))
}

/// What the caller has already sets limits to what it may have besides.
fn check_others(
    state: &State,
    caller: &Caller,
    wanted: &subscription::Model,
    others: &[subscription::Model],
) -> Result<(), ApiError> {
    let too_many = |message| Err(ApiError::new(StatusCode::TOO_MANY_REQUESTS, message));
    let live: Vec<_> = others.iter().filter(|each| subscriptions::is_living(each)).collect();
    let alike = live.iter().filter(|other| {
        other.kind == wanted.kind
            && other.broadcaster_user_id == wanted.broadcaster_user_id
            && other.reward_id == wanted.reward_id
            && other.subject_conduit_id == wanted.subject_conduit_id
    });
    if alike.clone().any(|other| is_in_the_way(state, other, wanted)) {
        return Err(ApiError::new(StatusCode::CONFLICT, "subscription already exists"));
    }
    if alike.count() >= MAX_ALIKE {
        return too_many("number of subscriptions with the same type and condition exceeded");
    }
    if total_cost(others) + wanted.cost > max_total_cost(caller) {
        return too_many("total cost of subscriptions exceeded");
    }
    if wanted.method != Method::Websocket {
        return Ok(());
    }
    let of_session = live.iter().filter(|other| other.session_id == wanted.session_id).count();
    if of_session >= MAX_OF_SESSION {
        return too_many("number of subscriptions of the websocket session exceeded");
    }
    let sessions: HashSet<&str> = live.iter().map(|other| other.session_id.as_str()).collect();
    if of_session == 0 && sessions.len() >= MAX_SESSIONS {
        return too_many("number of websocket transports limit exceeded");
    }
    Ok(())
}

/// Whether an enabled subscription of the same type and condition has the same transport, or a
/// websocket that is gone without Twitch having noticed yet.
fn is_in_the_way(state: &State, other: &subscription::Model, wanted: &subscription::Model) -> bool {
    if other.method != wanted.method {
        return false;
    }
    match other.method {
        Method::Webhook => other.callback == wanted.callback,
        Method::Conduit => other.conduit_id == wanted.conduit_id,
        Method::Websocket => {
            other.session_id == wanted.session_id || !state.sessions.is_open(&other.session_id)
        }
    }
}

/// Binds the subscription to its websocket or conduit, when that is one of the caller's.
async fn take_transport(
    state: &State,
    db: &impl ConnectionTrait,
    wanted: &mut subscription::Model,
) -> Result<(), ApiError> {
    match wanted.method {
        Method::Webhook => Ok(()),
        Method::Websocket => {
            let id = &wanted.session_id;
            let claim = state.sessions.claim_for_user(id, &wanted.client_id, &wanted.user_id);
            claim.map_err(|refusal| ApiError::bad_request(session_refused(refusal)))?;
            wanted.connected_at_ns = state.sessions.connected_at_ns(id);
            Ok(())
        }
        Method::Conduit => {
            let conduit = conduits::by_id(db, &wanted.conduit_id).await?;
            match conduit.filter(|conduit| conduit.client_id == wanted.client_id) {
                Some(_) => Ok(()),
                None => Err(ApiError::bad_request("the conduit does not exist")),
            }
        }
    }
}
