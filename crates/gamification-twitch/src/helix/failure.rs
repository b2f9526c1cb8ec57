//! What a call to Twitch can fail with.

use http::StatusCode;
use serde::Deserialize;
use std::fmt::Display;

/// Why a call did not succeed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallFailure {
    /// Twitch refused, and nothing happened.
    #[error("Twitch answered {}: {message}", status.as_u16())]
    Refused { status: StatusCode, message: String },
    /// The caller's login is dead: it cannot be renewed, or was refused though new.
    #[error("the channel has to log in with Twitch again")]
    LoginNeeded,
    /// Too many calls; nothing happened.
    #[error("Twitch asks for fewer calls")]
    RateLimited { after_seconds: Option<u32> },
    /// It certainly did not happen, and may be tried again.
    #[error("{0}")]
    NotNow(String),
    /// What the person granted does not cover it; nothing happened.
    #[error("Twitch refused: {0}")]
    ScopeMissing(String),
    /// It may or may not have happened.
    #[error("{0}")]
    Doubtful(String),
}

impl CallFailure {
    /// No answer. Unless there was no connection, whether the request arrived is unknown.
    pub(crate) fn unreached(error: reqwest::Error) -> Self {
        let (reason, failure): (_, fn(String) -> Self) = if error.is_connect() {
            ("Twitch could not be connected to", Self::NotNow)
        } else if error.is_timeout() {
            ("Twitch did not answer in time", Self::Doubtful)
        } else {
            ("the connection to Twitch broke", Self::Doubtful)
        };
        tracing::debug!(error = %error.without_url(), reason, "a call to Twitch failed");
        failure(reason.to_owned())
    }

    /// An answer that says yes in an unknown shape.
    pub(crate) fn unreadable(error: impl Display) -> Self {
        // The error quotes the answer, which may have names of viewers.
        tracing::debug!(%error, "an answer of Twitch could not be read");
        Self::Doubtful("Twitch's answer could not be read".to_owned())
    }

    /// A request that could not even be made, such as with an id that fits into no address.
    pub(crate) fn unsendable(error: impl Display) -> Self {
        let message = error.to_string();
        Self::Refused { status: StatusCode::BAD_REQUEST, message }
    }
}

/// The message of a refusal `{"error","status","message"}`; empty when there is none.
pub(crate) fn message(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Refusal {
        message: String,
    }
    serde_json::from_slice::<Refusal>(body).map(|refusal| refusal.message).unwrap_or_default()
}

/// What Twitch says about a missing scope, where the answer is about one: "Missing scope: …", or in
/// its mock "Missing required scope …".
pub(super) fn missing_scope(status: StatusCode, body: &[u8]) -> Option<String> {
    if !matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
        return None;
    }
    let message = message(body);
    let small = message.to_ascii_lowercase();
    (small.contains("missing") && small.contains("scope")).then_some(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_scope_is_told_from_every_other_refusal() {
        let found = |status: u16, message: &str| {
            let body = serde_json::json!({ "message": message }).to_string();
            missing_scope(StatusCode::from_u16(status).unwrap(), body.as_bytes())
        };
        let real = "Missing scope: channel:manage:redemptions";
        assert_eq!(found(401, real).as_deref(), Some(real));
        assert_eq!(found(403, real).as_deref(), Some(real));
        assert!(found(401, "Missing required scope user:write:chat").is_some());
        assert_eq!(found(400, real), None);
        assert_eq!(found(401, "Invalid OAuth token"), None);
        assert_eq!(found(403, "subscription missing proper authorization"), None);
        assert_eq!(missing_scope(StatusCode::UNAUTHORIZED, b"<html>"), None);
    }
}
