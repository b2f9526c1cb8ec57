//! Streams that begin and end.

use poem::http::StatusCode;
use poem::web::{Data, Json, Path};
use poem::{Body, handler};
use serde::Deserialize;
use serde_json::Value;

use super::people::known;
use crate::error::ApiError;
use crate::eventsub::{self, EventKind};
use crate::params::json_body;
use crate::state::State;
use crate::store::users;
use crate::views;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StreamBody {
    viewer_count: u32,
}

/// Starts a stream, or changes the viewers of the one that runs.
#[handler]
pub(super) async fn put_stream(
    state: Data<&State>,
    Path(login): Path<String>,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let body: StreamBody = json_body(body).await?;
    let effect = {
        let state = State::clone(&state);
        async move {
            let tx = state.store.begin().await?;
            let user = known(&tx, &login).await?;
            let was_live = users::stream_of(&tx, &user.id).await?.is_some();
            let stream = users::put_stream(&tx, &user.id, i64::from(body.viewer_count)).await?;
            tx.commit().await?;
            if !was_live {
                let event = views::stream_online_event(&stream, &user);
                let kind = EventKind::StreamOnline;
                eventsub::notify_channel(&state, kind, &user.id, &event).await?;
            }
            Ok(views::stream(&stream, &user))
        }
    };
    Ok(Json(state.to_the_end(effect).await?))
}

#[handler]
pub(super) async fn end_stream(
    state: Data<&State>,
    Path(login): Path<String>,
) -> Result<StatusCode, ApiError> {
    let effect = {
        let state = State::clone(&state);
        async move {
            let tx = state.store.begin().await?;
            let user = known(&tx, &login).await?;
            let was_live = users::end_stream(&tx, &user.id).await?;
            tx.commit().await?;
            if !was_live {
                return Err(ApiError::not_found("The channel is not live"));
            }
            let event = views::stream_offline_event(&user);
            let kind = EventKind::StreamOffline;
            eventsub::notify_channel(&state, kind, &user.id, &event).await?;
            Ok(StatusCode::NO_CONTENT)
        }
    };
    state.to_the_end(effect).await
}
