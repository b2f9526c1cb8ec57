//! `/helix/channel_points/custom_rewards`.

use poem::http::StatusCode;
use poem::web::{Data, Json};
use poem::{Body, RouteMethod, get, handler};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::caller::{Caller, MANAGE, READ};
use super::reward_rules::{MAX_REWARDS, RewardBody, blank};
use crate::error::ApiError;
use crate::params::{Params, json_body};
use crate::state::State;
use crate::store::entities::{reward, user};
use crate::store::ledger::{self, RewardChange};
use crate::{rewards, store, views};

/// The most ids in one question.
const MAX_IDS: usize = 50;

pub(super) fn methods() -> RouteMethod {
    get(get_rewards).post(create_reward).patch(update_reward).delete(delete_reward)
}

#[handler]
async fn get_rewards(
    state: Data<&State>,
    caller: Caller,
    params: Params,
) -> Result<Json<Value>, ApiError> {
    let tx = state.store.begin().await?;
    let broadcaster = caller.broadcaster(&tx, &params, &READ).await?;
    let ids = params.up_to("id", MAX_IDS)?;
    let manageable = match params.one("only_manageable_rewards") {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => {
            return Err(ApiError::bad_request("The only_manageable_rewards must be a boolean"));
        }
    };
    let mut data = Vec::new();
    for reward in store::rewards::of_channel(&tx, &broadcaster.id).await? {
        let asked = ids.is_empty() || ids.contains(&reward.id);
        if asked && (!manageable || reward.client_id == caller.client_id) {
            data.push(shown(&tx, &reward, &broadcaster).await?);
        }
    }
    if data.is_empty() && !ids.is_empty() {
        return Err(ApiError::not_found("None of the custom rewards were found"));
    }
    Ok(Json(json!({ "data": data })))
}

#[handler]
async fn create_reward(
    state: Data<&State>,
    caller: Caller,
    params: Params,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let body = json_body::<RewardBody>(body).await;
    let tx = state.store.begin().await?;
    let broadcaster = caller.broadcaster(&tx, &params, &MANAGE).await?;
    let mut body = body?;
    if body.title.is_none() || body.cost.is_none() {
        return Err(ApiError::bad_request("The title and cost fields are required"));
    }
    // A reward cannot be born paused.
    body.is_paused = None;
    let mut reward = blank(&broadcaster.id, &caller.client_id);
    body.apply(&mut reward)?;
    let existing = store::rewards::of_channel(&tx, &broadcaster.id).await?;
    if existing.len() >= MAX_REWARDS {
        return Err(ApiError::bad_request("CREATE_CUSTOM_REWARD_TOO_MANY_REWARDS"));
    }
    if existing.iter().any(|other| other.title == reward.title) {
        return Err(ApiError::bad_request("CREATE_CUSTOM_REWARD_DUPLICATE_REWARD"));
    }
    store::rewards::insert(&tx, reward.clone()).await?;
    let client = Some(caller.client_id.as_str());
    ledger::reward_changed(&tx, RewardChange::Created, &reward, client).await?;
    let shown = shown(&tx, &reward, &broadcaster).await?;
    tx.commit().await?;
    Ok(Json(json!({ "data": [shown] })))
}

#[handler]
async fn update_reward(
    state: Data<&State>,
    caller: Caller,
    params: Params,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let body = json_body::<RewardBody>(body).await;
    let effect = {
        let state = State::clone(&state);
        async move {
            let tx = state.store.begin().await?;
            let broadcaster = caller.broadcaster(&tx, &params, &MANAGE).await?;
            let mut reward = caller.own_reward(&tx, &broadcaster, params.required("id")?).await?;
            body?.apply(&mut reward)?;
            let client = Some(caller.client_id.as_str());
            let redeemed = rewards::change(&state, tx, reward.clone(), client).await?;
            Ok(views::reward(&reward, &broadcaster, redeemed))
        }
    };
    let shown = state.to_the_end(effect).await?;
    Ok(Json(json!({ "data": [shown] })))
}

/// Deleting a reward fulfils its pending redemptions: the viewers' points are gone.
#[handler]
async fn delete_reward(
    state: Data<&State>,
    caller: Caller,
    params: Params,
) -> Result<StatusCode, ApiError> {
    let effect = {
        let state = State::clone(&state);
        async move {
            let tx = state.store.begin().await?;
            let broadcaster = caller.broadcaster(&tx, &params, &MANAGE).await?;
            let reward = caller.own_reward(&tx, &broadcaster, params.required("id")?).await?;
            rewards::delete(&state, tx, reward, Some(&caller.client_id)).await?;
            Ok(StatusCode::NO_CONTENT)
        }
    };
    state.to_the_end(effect).await
}

/// The reward with what depends on the stream that runs.
async fn shown(
    db: &impl ConnectionTrait,
    reward: &reward::Model,
    broadcaster: &user::Model,
) -> Result<Value, ApiError> {
    let redeemed = rewards::redeemed_this_stream(db, reward).await?;
    Ok(views::reward(reward, broadcaster, redeemed))
}
