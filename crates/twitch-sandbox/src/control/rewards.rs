//! What a streamer does to rewards in the dashboard, whichever client made them.

use poem::http::StatusCode;
use poem::web::{Data, Json, Path};
use poem::{Body, handler};
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::ApiError;
use crate::helix::check_reward;
use crate::params::{Params, json_body};
use crate::rewards;
use crate::state::State;
use crate::store;
use crate::store::entities::reward;

/// What is absent stays as it is.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RewardBody {
    title: Option<String>,
    cost: Option<i64>,
    prompt: Option<String>,
    is_paused: Option<bool>,
    is_enabled: Option<bool>,
    skips_queue: Option<bool>,
}

/// The rewards of a channel, oldest first.
#[handler]
pub(super) async fn list(state: Data<&State>, params: Params) -> Result<Json<Value>, ApiError> {
    let channel = params.required("broadcaster_id")?;
    let found = store::rewards::of_channel(&state.store.db, channel).await?;
    let shown: Vec<Value> = found.iter().map(shown).collect();
    Ok(Json(json!({ "rewards": shown })))
}

#[handler]
pub(super) async fn change(
    state: Data<&State>,
    Path(id): Path<String>,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let body: RewardBody = json_body(body).await?;
    let effect = {
        let state = State::clone(&state);
        async move {
            let tx = state.store.begin().await?;
            let mut reward = known(&tx, &id).await?;
            body.apply(&mut reward)?;
            rewards::change(&state, tx, reward.clone(), None).await?;
            Ok(shown(&reward))
        }
    };
    Ok(Json(state.to_the_end(effect).await?))
}

/// Its pending redemptions are fulfilled, as when its client deletes it.
#[handler]
pub(super) async fn delete(
    state: Data<&State>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let effect = {
        let state = State::clone(&state);
        async move {
            let tx = state.store.begin().await?;
            let reward = known(&tx, &id).await?;
            rewards::delete(&state, tx, reward, None).await
        }
    };
    state.to_the_end(effect).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl RewardBody {
    fn apply(self, reward: &mut reward::Model) -> Result<(), ApiError> {
        let Self { title, cost, prompt, is_paused, is_enabled, skips_queue } = self;
        reward.title = title.unwrap_or_else(|| reward.title.clone());
        reward.cost = cost.unwrap_or(reward.cost);
        reward.prompt = prompt.unwrap_or_else(|| reward.prompt.clone());
        reward.is_paused = is_paused.unwrap_or(reward.is_paused);
        reward.is_enabled = is_enabled.unwrap_or(reward.is_enabled);
        reward.skips_queue = skips_queue.unwrap_or(reward.skips_queue);
        check_reward(reward)
    }
}

async fn known(db: &impl ConnectionTrait, id: &str) -> Result<reward::Model, ApiError> {
    let reward = store::rewards::by_id(db, id).await?;
    reward.ok_or_else(|| ApiError::not_found("There is no such reward"))
}

fn shown(reward: &reward::Model) -> Value {
    json!({
        "id": reward.id,
        "broadcasterId": reward.broadcaster_id,
        "clientId": reward.client_id,
        "title": reward.title,
        "cost": reward.cost,
        "prompt": reward.prompt,
        "isPaused": reward.is_paused,
        "isEnabled": reward.is_enabled,
        "skipsQueue": reward.skips_queue,
    })
}
