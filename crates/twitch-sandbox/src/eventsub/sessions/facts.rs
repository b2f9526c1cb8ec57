//! Sessions as they look from outside.

use serde::Serialize;

use super::{Owner, Session};
use crate::clock;

/// A session, for those who look at it from outside.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionFacts {
    session_id: String,
    client_id: Option<String>,
    user_id: Option<String>,
    connected_at: String,
    keepalive_timeout_seconds: u32,
    connections: usize,
    is_reconnecting: bool,
}

impl Session {
    pub(super) fn facts(&self, id: &str) -> SessionFacts {
        let (client_id, user_id) = match &self.owner {
            Owner::Nobody => (None, None),
            Owner::User { client_id, user_id } => (Some(client_id.clone()), Some(user_id.clone())),
            Owner::Client(client_id) => (Some(client_id.clone()), None),
        };
        SessionFacts {
            session_id: id.to_owned(),
            client_id,
            user_id,
            connected_at: clock::rfc3339_ns(self.connected_at_ns),
            keepalive_timeout_seconds: self.keepalive_s,
            connections: self.lines.len(),
            is_reconnecting: self.challenge.is_some(),
        }
    }
}
