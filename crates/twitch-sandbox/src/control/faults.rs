//! The fault plan.

use poem::http::StatusCode;
use poem::web::{Data, Json};
use poem::{Body, handler};
use serde_json::{Value, json};

use crate::error::ApiError;
use crate::faults::FaultPlan;
use crate::params::json_body;
use crate::state::State;

/// The plan, `null` without one, and what went wrong since it was set.
#[handler]
pub(super) async fn get_faults(state: Data<&State>) -> Json<Value> {
    shown(&state)
}

/// From now on this goes wrong; counts start at zero.
#[handler]
pub(super) async fn put_faults(state: Data<&State>, body: Body) -> Result<Json<Value>, ApiError> {
    let plan: FaultPlan = json_body(body).await?;
    tracing::info!(seed = plan.seed, "a fault plan is followed");
    state.faults.follow(Some(plan)).map_err(ApiError::bad_request)?;
    Ok(shown(&state))
}

/// From now on all goes right.
#[handler]
pub(super) async fn delete_faults(state: Data<&State>) -> Result<StatusCode, ApiError> {
    state.faults.follow(None).map_err(ApiError::bad_request)?;
    Ok(StatusCode::NO_CONTENT)
}

fn shown(state: &State) -> Json<Value> {
    let (plan, injected) = state.faults.shown();
    Json(json!({ "plan": plan.as_deref(), "injected": injected }))
}
