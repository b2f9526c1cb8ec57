//! `POST /helix/chat/messages`.

use poem::http::StatusCode;
use poem::web::{Data, Json};
use poem::{Body, RouteMethod, handler, post};
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::caller::Caller;
use crate::clock;
use crate::error::ApiError;
use crate::params::json_body;
use crate::state::State;
use crate::store::entities::talk::chat_message;
use crate::store::{talk, tokens, users};

/// The longest message, in characters.
const MAX_MESSAGE_CHARS: usize = 500;

/// What whoever speaks must have granted.
const WRITE: &str = "user:write:chat";

#[derive(Debug, Deserialize)]
struct NewMessage {
    broadcaster_id: String,
    sender_id: String,
    message: String,
}

pub(super) fn methods() -> RouteMethod {
    post(send)
}

#[handler]
async fn send(state: Data<&State>, caller: Caller, body: Body) -> Result<Json<Value>, ApiError> {
    let wanted: NewMessage = json_body(body).await?;
    let tx = state.store.begin().await?;
    may_speak(&tx, &caller, &wanted).await?;
    if wanted.message.trim().is_empty() {
        return Err(ApiError::bad_request("The message cannot be empty"));
    }
    if wanted.message.chars().count() > MAX_MESSAGE_CHARS {
        let message = "The message is too large";
        return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, message));
    }
    let dropped = state.chat_drops.take();
    let id = Uuid::new_v4().to_string();
    let shown_id = if dropped.is_none() { id.clone() } else { String::new() };
    let kept = chat_message::Model {
        seq: 0,
        id,
        broadcaster_id: wanted.broadcaster_id,
        sender_id: wanted.sender_id,
        client_id: caller.client_id,
        message: wanted.message,
        drop_code: dropped.as_ref().map(|reason| reason.code.clone()),
        sent_at_ns: clock::now_ns(),
    };
    talk::keep_message(&tx, kept).await?;
    tx.commit().await?;
    let answer =
        json!({ "message_id": shown_id, "is_sent": dropped.is_none(), "drop_reason": dropped });
    Ok(Json(json!({ "data": [answer] })))
}

/// A user's token speaks for its user. An application speaks for a user who let it be a bot, in
/// the user's own channel or where the broadcaster let bots in.
async fn may_speak(
    db: &impl ConnectionTrait,
    caller: &Caller,
    wanted: &NewMessage,
) -> Result<(), ApiError> {
    let NewMessage { broadcaster_id, sender_id, .. } = wanted;
    if users::by_id(db, broadcaster_id).await?.is_none() {
        return Err(ApiError::bad_request("The ID in broadcaster_id is not valid"));
    }
    let missing = |scope| ApiError::unauthorized(format!("Missing scope: {scope}"));
    if let Some(user_id) = &caller.user_id {
        if user_id != sender_id {
            return Err(ApiError::unauthorized(
                "The ID in sender_id must match the user ID found in the request's OAuth token",
            ));
        }
        return if caller.has_scope(WRITE) { Ok(()) } else { Err(missing(WRITE)) };
    }
    for scope in [WRITE, "user:bot"] {
        if !tokens::has_granted(db, &caller.client_id, sender_id, &[scope]).await? {
            return Err(missing(scope));
        }
    }
    let channel_bot = ["channel:bot"];
    if sender_id != broadcaster_id
        && !tokens::has_granted(db, &caller.client_id, broadcaster_id, &channel_bot).await?
    {
        return Err(missing(channel_bot[0]));
    }
    Ok(())
}
