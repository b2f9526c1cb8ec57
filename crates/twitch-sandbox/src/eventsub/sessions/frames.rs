//! What a session says about itself.

use serde_json::{Value, json};
use uuid::Uuid;

use super::Session;
use crate::clock::{now_ns, rfc3339_ns};

fn frame(message_type: &str, payload: Value) -> String {
    let metadata = json!({
        "message_id": Uuid::new_v4(),
        "message_type": message_type,
        "message_timestamp": rfc3339_ns(now_ns()),
    });
    json!({ "metadata": metadata, "payload": payload }).to_string()
}

pub(super) fn welcome(session_id: &str, session: &Session) -> String {
    let session = json!({
        "id": session_id,
        "status": "connected",
        "connected_at": rfc3339_ns(session.connected_at_ns),
        "keepalive_timeout_seconds": session.keepalive_s,
        "reconnect_url": null,
        "recovery_url": null,
    });
    frame("session_welcome", json!({ "session": session }))
}

pub(super) fn keepalive() -> String {
    frame("session_keepalive", json!({}))
}

pub(super) fn reconnect(session_id: &str, session: &Session, challenge: &str) -> String {
    let url = format!("ws://{}/ws?challenge={challenge}&id={session_id}", session.host);
    let session = json!({
        "id": session_id,
        "status": "reconnecting",
        "connected_at": rfc3339_ns(session.connected_at_ns),
        "keepalive_timeout_seconds": null,
        "reconnect_url": url,
        "recovery_url": null,
    });
    frame("session_reconnect", json!({ "session": session }))
}
