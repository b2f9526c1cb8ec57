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
    /// It may or may not have happened.
    #[error("{0}")]
    Doubtful(String),
}

impl CallFailure {
    /// No answer. Whether the request arrived is unknown.
    pub(crate) fn unreached(error: reqwest::Error) -> Self {
        let reason = if error.is_timeout() {
            "Twitch did not answer in time"
        } else if error.is_connect() {
            "Twitch could not be connected to"
        } else {
            "the connection to Twitch broke"
        };
        tracing::debug!(error = %error.without_url(), reason, "a call to Twitch failed");
        Self::Doubtful(reason.to_owned())
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
pub(super) fn message(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Refusal {
        message: String,
    }
    serde_json::from_slice::<Refusal>(body).map(|refusal| refusal.message).unwrap_or_default()
}
