//! `GET /helix/streams`: live channels only.

use poem::web::{Data, Json};
use poem::{RouteMethod, get, handler};
use serde_json::{Value, json};

use crate::error::ApiError;
use crate::params::Params;
use crate::state::State;
use crate::{store, views};

/// The most ids, or logins, in one call.
const MAX_CHANNELS: usize = 100;

pub(super) fn methods() -> RouteMethod {
    get(get_streams)
}

#[handler]
async fn get_streams(state: Data<&State>, params: Params) -> Result<Json<Value>, ApiError> {
    let ids = params.up_to("user_id", MAX_CHANNELS)?;
    let logins = params.up_to("user_login", MAX_CHANNELS)?;
    let first = params.first(20, 100)?;
    let offset: usize = match params.one("after") {
        None => 0,
        Some(cursor) => cursor
            .parse()
            .map_err(|_| ApiError::bad_request("The parameter \"after\" is not a cursor"))?,
    };
    let db = &state.store.db;
    let live = store::users::streams(db).await?;
    let owners =
        store::users::by_ids(db, live.iter().map(|stream| stream.broadcaster_id.clone())).await?;
    let mut wanted = live.iter().filter_map(|stream| {
        let user = owners.get(&stream.broadcaster_id)?;
        let all = ids.is_empty() && logins.is_empty();
        (all || ids.contains(&user.id) || logins.contains(&user.login))
            .then(|| views::stream(stream, user))
    });
    let data: Vec<Value> = wanted.by_ref().skip(offset).take(first).collect();
    let pagination = match wanted.next() {
        Some(_) => json!({ "cursor": (offset + first).to_string() }),
        None => json!({}),
    };
    Ok(Json(json!({ "data": data, "pagination": pagination })))
}
