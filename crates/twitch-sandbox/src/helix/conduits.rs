//! `/helix/eventsub/conduits`: an application's own token only.

use poem::http::StatusCode;
use poem::web::{Data, Json};
use poem::{Body, RouteMethod, get, handler};
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::caller::Caller;
use crate::clock;
use crate::error::ApiError;
use crate::params::{Params, json_body};
use crate::state::State;
use crate::store::entities::conduit;
use crate::store::{conduits, subscriptions};
use crate::views;

/// Conduits of a client.
const MAX_CONDUITS: usize = 5;

/// Shards of a conduit.
const MAX_SHARDS: i64 = 20_000;

#[derive(Debug, Deserialize)]
struct NewConduit {
    shard_count: i64,
}

#[derive(Debug, Deserialize)]
struct ChangedConduit {
    id: String,
    shard_count: i64,
}

pub(super) fn methods() -> RouteMethod {
    get(list).post(create).patch(update).delete(delete)
}

/// Refuses users' tokens.
pub(super) fn only_application(caller: &Caller) -> Result<(), ApiError> {
    match caller.user_id {
        None => Ok(()),
        Some(_) => {
            Err(ApiError::unauthorized("The Authorization header must specify an app access token"))
        }
    }
}

/// A conduit of this caller's client.
pub(super) async fn own_conduit(
    db: &impl ConnectionTrait,
    caller: &Caller,
    id: &str,
) -> Result<conduit::Model, ApiError> {
    let conduit = conduits::by_id(db, id).await?;
    conduit
        .filter(|conduit| conduit.client_id == caller.client_id)
        .ok_or_else(|| ApiError::not_found("The conduit was not found"))
}

fn check_count(shard_count: i64) -> Result<(), ApiError> {
    if (1..=MAX_SHARDS).contains(&shard_count) {
        return Ok(());
    }
    Err(ApiError::bad_request("The shard_count must be between 1 and 20000"))
}

#[handler]
async fn list(state: Data<&State>, caller: Caller) -> Result<Json<Value>, ApiError> {
    only_application(&caller)?;
    let found = conduits::of_client(&state.store.db, &caller.client_id).await?;
    let data: Vec<Value> = found.iter().map(views::conduit).collect();
    Ok(Json(json!({ "data": data })))
}

#[handler]
async fn create(state: Data<&State>, caller: Caller, body: Body) -> Result<Json<Value>, ApiError> {
    only_application(&caller)?;
    let NewConduit { shard_count } = json_body(body).await?;
    check_count(shard_count)?;
    let tx = state.store.begin().await?;
    if conduits::of_client(&tx, &caller.client_id).await?.len() >= MAX_CONDUITS {
        return Err(ApiError::new(StatusCode::TOO_MANY_REQUESTS, "Conduit limit reached"));
    }
    let created = conduit::Model {
        id: Uuid::new_v4().to_string(),
        client_id: caller.client_id,
        shard_count,
        created_at_ns: clock::now_ns(),
    };
    conduits::insert(&tx, created.clone()).await?;
    tx.commit().await?;
    Ok(Json(json!({ "data": [views::conduit(&created)] })))
}

#[handler]
async fn update(state: Data<&State>, caller: Caller, body: Body) -> Result<Json<Value>, ApiError> {
    only_application(&caller)?;
    let ChangedConduit { id, shard_count } = json_body(body).await?;
    check_count(shard_count)?;
    let tx = state.store.begin().await?;
    let conduit = own_conduit(&tx, &caller, &id).await?;
    let changed = conduits::resize(&tx, conduit, shard_count).await?;
    tx.commit().await?;
    Ok(Json(json!({ "data": [views::conduit(&changed)] })))
}

#[handler]
async fn delete(
    state: Data<&State>,
    caller: Caller,
    params: Params,
) -> Result<StatusCode, ApiError> {
    only_application(&caller)?;
    let tx = state.store.begin().await?;
    let conduit = own_conduit(&tx, &caller, params.required("id")?).await?;
    conduits::delete(&tx, &conduit.id).await?;
    subscriptions::end_conduit(&tx, &conduit.id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
