//! `/helix/channel_points/custom_rewards/redemptions`.

use poem::web::{Data, Json};
use poem::{Body, RouteMethod, get, handler};
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use serde_json::{Value, json};

use super::caller::{Caller, MANAGE, READ};
use super::faulty::{self, HalfBatch};
use crate::error::ApiError;
use crate::params::{Params, json_body};
use crate::state::State;
use crate::store::entities::redemption::{self, Status};
use crate::store::ledger::SettledBy;
use crate::store::redemptions;
use crate::{eventsub, views};

/// The most ids in one call, and the largest page.
const MAX_IDS: usize = 50;

/// The page size when none is asked for.
const DEFAULT_PAGE: usize = 20;

#[derive(Debug, Deserialize)]
struct NewStatus {
    status: Status,
}

pub(super) fn methods() -> RouteMethod {
    get(get_redemptions).patch(update_redemptions)
}

#[handler]
async fn get_redemptions(
    state: Data<&State>,
    caller: Caller,
    params: Params,
) -> Result<Json<Value>, ApiError> {
    let tx = state.store.begin().await?;
    let broadcaster = caller.broadcaster(&tx, &params, &READ).await?;
    let reward = caller.own_reward(&tx, &broadcaster, params.required("reward_id")?).await?;
    let ids = params.up_to("id", MAX_IDS)?;
    if ids.is_empty() {
        return page(&tx, &reward.id, &params).await;
    }
    let found = redemptions::of_reward_by_ids(&tx, &reward.id, &ids).await?;
    if found.is_empty() {
        return Err(ApiError::not_found("None of the redemptions were found"));
    }
    let data = views::redemptions(&tx, &found).await?;
    Ok(Json(json!({ "data": data, "pagination": {} })))
}

async fn page(
    db: &impl ConnectionTrait,
    reward_id: &str,
    params: &Params,
) -> Result<Json<Value>, ApiError> {
    let status = match params.one("status") {
        Some("UNFULFILLED") => Status::Unfulfilled,
        Some("FULFILLED") => Status::Fulfilled,
        Some("CANCELED") => Status::Canceled,
        Some(_) => return Err(ApiError::bad_request("The status query parameter is invalid")),
        None => {
            return Err(ApiError::bad_request(
                "The status query parameter is required if you don't specify the id query \
                 parameter",
            ));
        }
    };
    let newest_first = match params.one("sort") {
        None | Some("OLDEST") => false,
        Some("NEWEST") => true,
        Some(_) => return Err(ApiError::bad_request("The sort query parameter is invalid")),
    };
    let first = params.first(DEFAULT_PAGE, MAX_IDS)?;
    let after = match params.one("after") {
        None => None,
        Some(cursor) => Some(cursor_to_seq(cursor)?),
    };
    // One more than asked for tells whether there is a next page.
    let mut found =
        redemptions::page(db, reward_id, status, newest_first, after, first + 1).await?;
    let more = found.len() > first;
    found.truncate(first);
    let pagination = match found.last() {
        Some(last) if more => json!({ "cursor": seq_to_cursor(last.seq) }),
        _ => json!({}),
    };
    let data = views::redemptions(db, &found).await?;
    Ok(Json(json!({ "data": data, "pagination": pagination })))
}

fn seq_to_cursor(seq: i64) -> String {
    format!("after{seq:016x}")
}

fn cursor_to_seq(cursor: &str) -> Result<i64, ApiError> {
    cursor
        .strip_prefix("after")
        .and_then(|hex| i64::from_str_radix(hex, 16).ok())
        .ok_or_else(|| ApiError::bad_request("The after query parameter is not a cursor"))
}

/// Settles up to 50 redemptions of one reward: all of them or, when one of them is unknown or
/// no longer pending, none. Unless the fault plan has it otherwise.
#[handler]
async fn update_redemptions(
    state: Data<&State>,
    caller: Caller,
    params: Params,
    half: HalfBatch,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let body = json_body(body).await;
    let effect = settle(State::clone(&state), caller, params, half, body);
    let data = state.to_the_end(effect).await?;
    Ok(Json(json!({ "data": data })))
}

async fn settle(
    state: State,
    caller: Caller,
    params: Params,
    half: HalfBatch,
    body: Result<NewStatus, ApiError>,
) -> Result<Vec<Value>, ApiError> {
    let asked = u32::try_from(params.all("id").len()).unwrap_or(u32::MAX);
    tokio::time::sleep(state.config.settlement_latency_per_id.saturating_mul(asked)).await;
    let tx = state.store.begin().await?;
    let broadcaster = caller.broadcaster(&tx, &params, &MANAGE).await?;
    let ids = params.up_to("id", MAX_IDS)?;
    if ids.is_empty() {
        return Err(ApiError::bad_request("Missing required parameter \"id\""));
    }
    let NewStatus { status } = body?;
    if status == Status::Unfulfilled {
        return Err(ApiError::bad_request("The status must be FULFILLED or CANCELED"));
    }
    let reward = caller.own_reward(&tx, &broadcaster, params.required("reward_id")?).await?;
    let mut found = redemptions::of_reward_by_ids(&tx, &reward.id, &ids).await?;
    let pending = |redemption: &redemption::Model| redemption.status == Status::Unfulfilled;
    if found.len() != ids.len() || !found.iter().all(pending) {
        return Err(ApiError::not_found(
            "The custom reward redemptions specified using the id query parameter were not \
             found or are not UNFULFILLED",
        ));
    }
    if half.0 {
        found.truncate(found.len().div_ceil(2));
    }
    let by = SettledBy::Client(&caller.client_id);
    let settled = redemptions::settle(&tx, found, status, by).await?;
    let data = views::redemptions(&tx, &settled).await?;
    tx.commit().await?;
    eventsub::notify_settled(&state, &settled).await?;
    if half.0 { Err(faulty::internal_error()) } else { Ok(data) }
}
