//! What one text message of a websocket says. No I/O; unknown things are no errors.

use crate::envelope::{self, EnvelopeError, Fields, Notification, Revocation};
use gamification_core::redemption::RedemptionSource;
use std::time::Duration;

/// The longest keepalive that Twitch offers.
const LONGEST_KEEPALIVE: Duration = Duration::from_secs(600);

/// One message of Twitch over a websocket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Frame {
    /// The first message of a connection.
    Welcome {
        /// What subscriptions are made for.
        session_id: String,
        /// How long Twitch is silent at most; a connection that takes over need not tell.
        keepalive: Option<Duration>,
    },
    /// There is nothing to tell.
    Keepalive,
    /// An event.
    Notification(Notification),
    /// Connect here, then leave this connection.
    Reconnect {
        /// To be used unchanged.
        url: String,
    },
    /// A subscription has ended.
    Revocation(Revocation),
    /// A kind of message that came later, or one that cannot be read; the connection is alive.
    Unusable {
        /// What it says it is, or what is wrong with it.
        reason: String,
    },
}

impl Frame {
    /// Reads a message; whatever it is, it is a sign of life.
    pub(super) fn read(text: &str) -> Self {
        Self::try_read(text).unwrap_or_else(|error| Self::Unusable { reason: error.to_string() })
    }

    fn try_read(text: &str) -> Result<Self, EnvelopeError> {
        let fields = Fields::read(text.as_bytes())?;
        Ok(match fields.text("metadata.message_type")? {
            "session_welcome" => Self::Welcome {
                session_id: fields.text("payload.session.id")?.to_owned(),
                keepalive: keepalive(&fields)?,
            },
            "session_keepalive" => Self::Keepalive,
            "session_reconnect" => {
                Self::Reconnect { url: fields.text("payload.session.reconnect_url")?.to_owned() }
            }
            "notification" => {
                let payload = fields.below("payload")?;
                Self::Notification(envelope::notification(&payload, RedemptionSource::Websocket)?)
            }
            "revocation" => Self::Revocation(envelope::revocation(&fields.below("payload")?)?),
            other => Self::Unusable { reason: format!("unknown message type {other:?}") },
        })
    }
}

fn keepalive(fields: &Fields) -> Result<Option<Duration>, EnvelopeError> {
    match fields.seconds("payload.session.keepalive_timeout_seconds") {
        Ok(seconds) => Ok(Some(Duration::from_secs(seconds.max(1)).min(LONGEST_KEEPALIVE))),
        Err(EnvelopeError::Missing { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn frame(kind: &str, payload: Value) -> Frame {
        let metadata = json!({
            "message_id": "96a3f3b5-5dec-4eed-908e-e11ee657416c",
            "message_type": kind,
            "message_timestamp": "2023-07-19T14:56:51.634234626Z",
        });
        Frame::read(&json!({ "metadata": metadata, "payload": payload }).to_string())
    }

    fn session(keepalive: Value) -> Value {
        json!({ "session": {
            "id": "AQoQILE98gtqShGmLD7AM6yJThAB",
            "status": "connected",
            "connected_at": "2023-07-19T14:56:51.616329898Z",
            "keepalive_timeout_seconds": keepalive,
            "reconnect_url": null,
        }})
    }

    #[test]
    fn the_documented_messages_are_read() {
        let session_id = "AQoQILE98gtqShGmLD7AM6yJThAB".to_owned();
        let keepalive = Some(Duration::from_secs(10));
        let welcome = Frame::Welcome { session_id: session_id.clone(), keepalive };
        assert_eq!(frame("session_welcome", session(json!(10))), welcome);
        let silent = Frame::Welcome { session_id, keepalive: None };
        assert_eq!(frame("session_welcome", session(Value::Null)), silent);
        assert_eq!(frame("session_keepalive", json!({})), Frame::Keepalive);
        let url = "wss://eventsub.wss.twitch.tv?challenge=4&id=x";
        let reconnect = frame("session_reconnect", json!({ "session": { "reconnect_url": url } }));
        assert_eq!(reconnect, Frame::Reconnect { url: url.to_owned() });
        let body: Value =
            serde_json::from_slice(include_bytes!("../../tests/fixtures/redemption_add.json"))
                .unwrap();
        let Frame::Notification(Notification::RedemptionAdded { redemption, .. }) =
            frame("notification", body)
        else {
            panic!("no redemption");
        };
        assert_eq!(redemption.source, RedemptionSource::Websocket);
        let body = include_bytes!("../../tests/fixtures/revocation.json");
        let revocation = frame("revocation", serde_json::from_slice(body).unwrap());
        assert!(
            matches!(revocation, Frame::Revocation(it) if it.reason == "authorization_revoked")
        );
    }

    #[test]
    fn what_cannot_be_used_says_why() {
        let reason = |frame| match frame {
            Frame::Unusable { reason } => reason,
            other => panic!("{other:?}"),
        };
        assert_eq!(reason(Frame::read("hello")), "the body is not JSON");
        assert_eq!(reason(Frame::read("{}")), "`metadata.message_type` is missing");
        assert!(reason(frame("session_party", json!({}))).contains("session_party"));
        assert_eq!(reason(frame("session_welcome", json!({}))), "`payload.session.id` is missing");
        let soon = reason(frame("session_welcome", session(json!("soon"))));
        assert!(soon.ends_with("is not a number of seconds"), "{soon}");
        assert!(reason(frame("notification", json!([]))).contains("subscription.type"));
        assert!(reason(frame("session_reconnect", json!({}))).contains("reconnect_url"));
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,20}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 6, |inner| {
            let names = prop::sample::select(vec![
                "session",
                "id",
                "subscription",
                "event",
                "type",
                "status",
                "reconnect_url",
                "condition",
                "reward",
                "choices",
                "keepalive_timeout_seconds",
            ]);
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::hash_map(names.prop_map(str::to_owned), inner, 0..6)
                    .prop_map(Value::from_iter),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,300}") {
            let is_unusable = matches!(Frame::read(&text), Frame::Unusable { .. });
            prop_assert!(is_unusable);
        }

        #[test]
        fn no_payload_makes_it_panic(
            kind in prop::sample::select(vec![
                "session_welcome", "session_keepalive", "session_reconnect", "notification",
                "revocation", "other",
            ]),
            payload in any_json(),
        ) {
            if let Frame::Welcome { session_id, keepalive } = frame(kind, payload) {
                prop_assert!(!session_id.is_empty());
                prop_assert!(keepalive.is_none_or(|it| it <= LONGEST_KEEPALIVE));
            }
        }
    }
}
