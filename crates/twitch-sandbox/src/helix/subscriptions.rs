//! `/helix/eventsub/subscriptions`: an application's own token sees webhook and conduit
//! subscriptions, a user's token those of that user's websockets.

mod creating;

use poem::http::StatusCode;
use poem::web::{Data, Json};
use poem::{RouteMethod, get, handler};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::caller::Caller;
use crate::error::ApiError;
use crate::params::Params;
use crate::state::State;
use crate::store::entities::subscription::{self, Method};
use crate::store::subscriptions;
use crate::views;

/// Cost of all subscriptions of an application.
const MAX_TOTAL_COST: i64 = 10_000;

/// Cost of all websocket subscriptions of a user at a client.
const MAX_TOTAL_COST_OF_USER: i64 = 10;

/// Subscriptions on one page.
const PAGE: usize = 100;

/// The filters, of which a call may use one.
const FILTERS: [&str; 5] = ["status", "type", "user_id", "subscription_id", "conduit_id"];

pub(super) fn methods() -> RouteMethod {
    get(list).post(creating::create).delete(delete)
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
    if FILTERS.iter().filter(|filter| params.one(filter).is_some()).count() > 1 {
        return Err(ApiError::bad_request("only one filter may be specified"));
    }
    let all = visible(&state.store.db, &caller).await?;
    let is_wanted = |subscription: &&subscription::Model| {
        let is = |name, value: &str| params.one(name).is_none_or(|wanted| wanted == value);
        is("status", &subscription.status)
            && is("type", &subscription.kind)
            && is("user_id", &subscription.broadcaster_user_id)
            && is("subscription_id", &subscription.id)
            && is("conduit_id", &subscription.conduit_id)
    };
    let mut wanted = all.iter().filter(is_wanted).skip(offset);
    let page: Vec<_> = wanted.by_ref().take(PAGE).collect();
    let pagination = match wanted.next() {
        Some(_) => json!({ "cursor": (offset + PAGE).to_string() }),
        None => json!({}),
    };
    Ok(Json(listing(&caller, &page, &all, pagination)))
}

#[handler]
async fn delete(
    state: Data<&State>,
    caller: Caller,
    params: Params,
) -> Result<StatusCode, ApiError> {
    let id = params.required("id")?;
    let tx = state.store.begin().await?;
    if !visible(&tx, &caller).await?.iter().any(|subscription| subscription.id == id) {
        return Err(ApiError::not_found("subscription not found"));
    }
    subscriptions::delete(&tx, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The subscriptions that this caller's token is good for, oldest first.
async fn visible(
    db: &impl ConnectionTrait,
    caller: &Caller,
) -> Result<Vec<subscription::Model>, ApiError> {
    let mut all = subscriptions::of_client(db, &caller.client_id).await?;
    all.retain(|subscription| match &caller.user_id {
        Some(user_id) => {
            subscription.method == Method::Websocket && subscription.user_id == *user_id
        }
        None => subscription.method != Method::Websocket,
    });
    Ok(all)
}

fn max_total_cost(caller: &Caller) -> i64 {
    if caller.user_id.is_some() { MAX_TOTAL_COST_OF_USER } else { MAX_TOTAL_COST }
}

/// What the enabled ones of these cost together.
fn total_cost(all: &[subscription::Model]) -> i64 {
    let enabled = all.iter().filter(|each| each.status == subscriptions::ENABLED);
    enabled.map(|subscription| subscription.cost).sum()
}

fn listing(
    caller: &Caller,
    page: &[&subscription::Model],
    all: &[subscription::Model],
    pagination: Value,
) -> Value {
    let data: Vec<Value> =
        page.iter().map(|subscription| views::subscription(subscription)).collect();
    json!({
        "data": data,
        "total": all.len(),
        "total_cost": total_cost(all),
        "max_total_cost": max_total_cost(caller),
        "pagination": pagination,
    })
}
