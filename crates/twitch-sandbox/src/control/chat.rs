//! Chat: what was said, and what Twitch does not show.

use poem::web::{Data, Json};
use poem::{Body, handler};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::chat_drops::DropReason;
use crate::clock::rfc3339_ns;
use crate::error::ApiError;
use crate::params::{Params, json_body};
use crate::state::State;
use crate::store::{talk, users};

/// The most messages that one command drops.
const MAX_DROPS: usize = 10_000;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DropsBody {
    count: usize,
    #[serde(default = "rejected")]
    code: String,
    #[serde(default)]
    message: String,
}

fn rejected() -> String {
    "msg_rejected".to_owned()
}

/// What was sent, oldest first, dropped messages included; of one channel by its login or id.
#[handler]
pub(super) async fn list_chat(
    state: Data<&State>,
    params: Params,
) -> Result<Json<Value>, ApiError> {
    let tx = state.store.begin().await?;
    let channel = params.one("channel");
    let channel = match channel {
        Some(login) => Some(match users::by_login(&tx, login).await? {
            Some(user) => user.id,
            None => login.to_owned(),
        }),
        None => None,
    };
    let messages = talk::messages(&tx, channel.as_deref()).await?;
    let shown: Vec<Value> = messages
        .iter()
        .map(|message| {
            json!({
                "messageId": message.id,
                "broadcasterId": message.broadcaster_id,
                "senderId": message.sender_id,
                "clientId": message.client_id,
                "message": message.message,
                "isSent": message.drop_code.is_none(),
                "dropCode": message.drop_code,
                "at": rfc3339_ns(message.sent_at_ns),
            })
        })
        .collect();
    Ok(Json(json!({ "messages": shown })))
}

/// The next `count` messages, of any channel, are dropped with this reason.
#[handler]
pub(super) async fn put_drops(state: Data<&State>, body: Body) -> Result<Json<Value>, ApiError> {
    let DropsBody { count, code, message } = json_body(body).await?;
    if count > MAX_DROPS {
        return Err(ApiError::bad_request(format!("The count must not exceed {MAX_DROPS}")));
    }
    state.chat_drops.set(count, &DropReason { code, message });
    Ok(Json(json!({ "count": count })))
}
