//! `GET /helix/users`.

use poem::web::{Data, Json};
use poem::{RouteMethod, get, handler};
use serde_json::{Value, json};

use super::caller::Caller;
use crate::error::ApiError;
use crate::params::Params;
use crate::state::State;
use crate::{store, views};

/// The most ids and logins in one call, together.
const MAX_USERS: usize = 100;

pub(super) fn methods() -> RouteMethod {
    get(get_users)
}

#[handler]
async fn get_users(
    state: Data<&State>,
    caller: Caller,
    params: Params,
) -> Result<Json<Value>, ApiError> {
    let mut ids = params.up_to("id", MAX_USERS)?;
    let logins = params.up_to("login", MAX_USERS)?;
    if ids.len() + logins.len() > MAX_USERS {
        return Err(ApiError::bad_request(format!("At most {MAX_USERS} users can be asked for")));
    }
    if ids.is_empty() && logins.is_empty() {
        // Without any filter a user asks about themselves; an application has no self.
        ids.push(
            caller.user_id.ok_or_else(|| {
                ApiError::bad_request("The id or login query parameter is required")
            })?,
        );
    }
    let users = store::users::by_ids_or_logins(&state.store.db, &ids, &logins).await?;
    let data: Vec<Value> = users.iter().map(views::user).collect();
    Ok(Json(json!({ "data": data })))
}
