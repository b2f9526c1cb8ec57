//! One message, as a webhook and as a websocket gets it.

use hmac::{Hmac, Mac};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::EventKind;
use crate::clock;
use crate::store::entities::subscription;

/// What a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MessageType {
    /// The challenge of a new webhook.
    Verification,
    /// An event.
    Notification,
    /// The end of a subscription.
    Revocation,
}

impl MessageType {
    fn name(self) -> &'static str {
        match self {
            Self::Verification => "webhook_callback_verification",
            Self::Notification => "notification",
            Self::Revocation => "revocation",
        }
    }
}

/// What is sent, the same at every try but for its timestamp and signature.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    /// What a receiver tells repetitions by.
    pub(crate) id: String,
    pub(crate) kind: MessageType,
    /// Id and type of the subscription; absent from the challenge of a shard.
    about: Option<(String, String)>,
    payload: Value,
}

impl Message {
    /// A message about a subscription.
    pub(super) fn new(
        id: Uuid,
        kind: MessageType,
        about: &subscription::Model,
        payload: Value,
    ) -> Self {
        let about = Some((about.id.clone(), about.kind.clone()));
        Self { id: id.to_string(), kind, about, payload }
    }

    /// The challenge of a conduit's shard.
    pub(super) fn shard_challenge(payload: Value) -> Self {
        let id = Uuid::new_v4().to_string();
        Self { id, kind: MessageType::Verification, about: None, payload }
    }

    /// The same, as when Twitch itself sends an event twice.
    pub(super) fn under_new_id(&self) -> Self {
        Self { id: Uuid::new_v4().to_string(), ..self.clone() }
    }

    pub(super) fn subscription_id(&self) -> Option<&str> {
        self.about.as_ref().map(|(id, _)| id.as_str())
    }

    /// What a webhook gets as the body.
    pub(super) fn body(&self) -> Vec<u8> {
        self.payload.to_string().into_bytes()
    }

    /// What a websocket gets.
    pub(super) fn frame(&self) -> String {
        let mut metadata = json!({
            "message_id": self.id,
            "message_type": self.kind.name(),
            "message_timestamp": clock::rfc3339_ns(clock::now_ns()),
        });
        if let Some((_, subscription_type)) = &self.about {
            metadata["subscription_type"] = json!(subscription_type);
            metadata["subscription_version"] = json!("1");
        }
        json!({ "metadata": metadata, "payload": self.payload }).to_string()
    }

    /// The headers of one try with this body; `retry` counts from 0.
    pub(super) fn headers(&self, secret: &str, body: &[u8], retry: u32) -> HeaderMap {
        let timestamp = clock::rfc3339_ns(clock::now_ns());
        let signature = sign(secret, &self.id, &timestamp, body);
        let mut text = vec![
            ("twitch-eventsub-message-id", self.id.as_str()),
            ("twitch-eventsub-message-type", self.kind.name()),
            ("twitch-eventsub-message-timestamp", &timestamp),
            ("twitch-eventsub-message-signature", &signature),
            ("content-type", "application/json"),
        ];
        if let Some((_, subscription_type)) = &self.about {
            text.push(("twitch-eventsub-subscription-type", subscription_type));
            text.push(("twitch-eventsub-subscription-version", "1"));
        }
        let mut headers = HeaderMap::new();
        for (name, value) in text {
            // All of these are ASCII that this program made.
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        headers.insert("twitch-eventsub-message-retry", HeaderValue::from(retry));
        headers
    }
}

/// `sha256=` and the hex of HMAC-SHA256 over id, timestamp and body.
fn sign(secret: &str, id: &str, timestamp: &str, body: &[u8]) -> String {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length");
    mac.update(id.as_bytes());
    mac.update(timestamp.as_bytes());
    mac.update(body);
    let hex: String =
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={hex}")
}

/// The id under which an event goes to a subscription: always the same one, also after a
/// restart, so that the same message can be sent again.
pub(super) fn repeatable_id(subscription_id: &str, redemption_id: &str, kind: EventKind) -> Uuid {
    let digest = Sha256::new()
        .chain_update(subscription_id)
        .chain_update(redemption_id)
        .chain_update(kind.name())
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_covers_id_timestamp_and_body() {
        // printf 'id2020-01-01T00:00:00Z{}' | openssl dgst -sha256 -hmac s3cre7s3cre7
        let expected = "sha256=6c1b6436a32687fe57a02db2ffeb4b998ac202625003e9e7a2db37b88d468ef7";
        assert_eq!(sign("s3cre7s3cre7", "id", "2020-01-01T00:00:00Z", b"{}"), expected);
    }

    #[test]
    fn an_event_has_one_id_per_subscription_and_kind() {
        let add = repeatable_id("s", "r", EventKind::RedemptionAdd);
        assert_eq!(add, repeatable_id("s", "r", EventKind::RedemptionAdd));
        assert_ne!(add, repeatable_id("s", "r", EventKind::RedemptionUpdate));
        assert_ne!(add, repeatable_id("t", "r", EventKind::RedemptionAdd));
    }
}
