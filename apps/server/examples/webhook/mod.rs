//! Clicks as Twitch would deliver them: signed messages to the webhook of a running server.

use crate::door::{Door, Outcome};
use hmac::{Hmac, Mac};
use serde_json::json;
use sha2::Sha256;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// One viewer's click, different from those with another number.
pub(crate) struct Click<'a> {
    pub(crate) number: usize,
    /// The reward on Twitch.
    pub(crate) reward: &'a str,
    /// The channel's Twitch id.
    pub(crate) channel: &'a str,
}

/// A signed message.
pub(crate) struct Message {
    id: String,
    at: String,
    signature: String,
    body: String,
}

impl Click<'_> {
    /// The message that tells of it, signed with that secret.
    pub(crate) fn message(&self, secret: &str) -> Outcome<Message> {
        let id = format!("message-{}", self.number);
        let (at, body) = (OffsetDateTime::now_utc().format(&Rfc3339)?, self.body()?);
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())?;
        for part in [&id, &at, &body] {
            mac.update(part.as_bytes());
        }
        let digest: String =
            mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Message { id, at, signature: format!("sha256={digest}"), body })
    }

    fn body(&self) -> Outcome<String> {
        let Self { number, reward, channel } = self;
        let now = OffsetDateTime::now_utc().format(&Rfc3339)?;
        let kind = "channel.channel_points_custom_reward_redemption.add";
        Ok(json!({
            "subscription": {
                "id": "storm", "type": kind, "version": "1", "status": "enabled", "cost": 0,
                "condition": { "broadcaster_user_id": channel },
                "transport": { "method": "webhook", "callback": "http://127.0.0.1/" },
                "created_at": now,
            },
            "event": {
                "id": format!("storm-{number}"), "broadcaster_user_id": channel,
                "broadcaster_user_login": "alice", "broadcaster_user_name": "Alice",
                "user_id": format!("{}", 5_000_000 + number), "user_login": "viewer",
                "user_name": "Viewer", "user_input": "", "status": "unfulfilled",
                "reward": { "id": reward, "title": "Click storm", "cost": 1, "prompt": "" },
                "redeemed_at": now,
            },
        })
        .to_string())
    }
}

impl Message {
    /// Posts it; it is committed when this returns.
    pub(crate) async fn deliver(self, door: &Door) -> Outcome<()> {
        let answer = door
            .http
            .post(format!("{}/webhooks/twitch/eventsub", door.server))
            .header("Twitch-Eventsub-Message-Id", &self.id)
            .header("Twitch-Eventsub-Message-Timestamp", self.at)
            .header("Twitch-Eventsub-Message-Type", "notification")
            .header("Twitch-Eventsub-Message-Signature", self.signature)
            .header("Content-Type", "application/json")
            .body(self.body)
            .send()
            .await?;
        if answer.status().is_success() {
            return Ok(());
        }
        Err(format!("{} was answered {}", self.id, answer.status()).into())
    }
}
