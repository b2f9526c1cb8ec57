//! Twitch's side of the webhook, signed with the configured secret.

use crate::program::{Api, EVENTSUB_SECRET};
use hmac::{Hmac, Mac};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::Sha256;
use std::fmt::Write;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Now, as Twitch writes it.
#[expect(clippy::disallowed_methods, reason = "this plays Twitch, which has a clock of its own")]
pub(crate) fn now() -> String {
    OffsetDateTime::now_utc().format(&Rfc3339).unwrap()
}

/// A new click on a reward, as the event of a notification.
pub(crate) fn redemption(id: &str, reward: &str, viewer: &str) -> Value {
    json!({
        "subscription": {
            "id": "f1c2a387-161a-49f9-a165-0f21d7a4e1c4",
            "type": "channel.channel_points_custom_reward_redemption.add",
            "version": "1",
            "status": "enabled",
            "cost": 0,
            "condition": { "broadcaster_user_id": "218640722", "reward_id": "" },
            "transport": { "method": "webhook", "callback": "https://example.com/" },
            "created_at": "2026-01-01T00:00:00Z",
        },
        "event": {
            "id": id,
            "broadcaster_user_id": "218640722",
            "broadcaster_user_login": "alice",
            "broadcaster_user_name": "alice",
            "user_id": format!("id-of-{viewer}"),
            "user_login": viewer,
            "user_name": viewer,
            "user_input": "",
            "status": "unfulfilled",
            "reward": { "id": reward, "title": "title", "cost": 1000, "prompt": "" },
            "redeemed_at": now(),
        },
    })
}

/// Posts a notification of those bytes under that message id.
pub(crate) async fn deliver(
    server: &Api,
    message_id: &str,
    body: Vec<u8>,
) -> reqwest::Result<StatusCode> {
    let timestamp = now();
    let response = server
        .request(Method::POST, "/webhooks/twitch/eventsub")
        .header("content-type", "application/json")
        .header("twitch-eventsub-message-id", message_id)
        .header("twitch-eventsub-message-type", "notification")
        .header("twitch-eventsub-message-timestamp", &timestamp)
        .header("twitch-eventsub-message-signature", signature(message_id, &timestamp, &body))
        .body(body)
        .send()
        .await?;
    Ok(response.status())
}

fn signature(message_id: &str, timestamp: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(EVENTSUB_SECRET.as_bytes()).unwrap();
    mac.update(message_id.as_bytes());
    mac.update(timestamp.as_bytes());
    mac.update(body);
    mac.finalize().into_bytes().iter().fold("sha256=".to_owned(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}
