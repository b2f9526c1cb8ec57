//! Why a sandbox does not start, and what it answers when it refuses.

use std::net::SocketAddr;

use poem::error::ResponseError;
use poem::http::StatusCode;
use poem::web::Json;
use poem::{IntoResponse, Response};
use sea_orm::DbErr;
use serde_json::json;

/// Why a sandbox does not start or stop.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The control API has no access control, so only loopback is served.
    #[error("the sandbox only listens on loopback, not on {0}")]
    NotLoopback(SocketAddr),
    /// The port is taken, or not ours to take.
    #[error("cannot listen on {0}")]
    Bind(SocketAddr, #[source] std::io::Error),
    /// The state file cannot be opened, or is not a database.
    #[error("cannot open the sandbox database")]
    Database(#[from] DbErr),
    /// The state file was made by a sandbox with other tables.
    #[error("the sandbox database has schema {found}, this program needs {expected}: remove it")]
    Schema {
        /// What the file says.
        found: i64,
        /// What this program writes.
        expected: i64,
    },
    /// The fault plan says what no plan may say.
    #[error("the fault plan is not one: {0}")]
    Faults(&'static str),
    /// The sender of notifications cannot be made.
    #[error("cannot make the HTTP client of the event sender")]
    HttpClient(#[from] reqwest::Error),
    /// The server task ended with an error.
    #[error("the sandbox server failed")]
    Server(#[source] std::io::Error),
}

/// A refusal in the shape of Helix: `{"error","status","message"}`.
#[derive(Debug, thiserror::Error)]
#[error("{status}: {message}")]
pub(crate) struct ApiError {
    status: StatusCode,
    message: String,
    reason: Option<&'static str>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), reason: None }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(crate) fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, message)
    }

    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, message)
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// A refusal of the control API, which also names its reason for programs to read.
    pub(crate) fn refused(
        status: StatusCode,
        reason: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self { status, message: message.into(), reason: Some(reason) }
    }
}

impl From<DbErr> for ApiError {
    fn from(error: DbErr) -> Self {
        tracing::error!(%error, "the sandbox database failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal server error")
    }
}

impl ResponseError for ApiError {
    fn status(&self) -> StatusCode {
        self.status
    }

    fn as_response(&self) -> Response {
        let mut body = json!({
            "error": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "message": self.message,
        });
        if let Some(reason) = self.reason {
            body["reason"] = reason.into();
        }
        Json(body).with_status(self.status).into_response()
    }
}

/// A refusal in the shape of the token endpoints: `{"status","message"}`.
#[derive(Debug, thiserror::Error)]
#[error("{status}: {message}")]
pub(crate) struct OAuthError {
    status: StatusCode,
    message: &'static str,
}

impl OAuthError {
    pub(crate) fn new(status: StatusCode, message: &'static str) -> Self {
        Self { status, message }
    }

    pub(crate) fn bad_request(message: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }
}

impl From<DbErr> for OAuthError {
    fn from(error: DbErr) -> Self {
        tracing::error!(%error, "the sandbox database failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal server error")
    }
}

impl ResponseError for OAuthError {
    fn status(&self) -> StatusCode {
        self.status
    }

    fn as_response(&self) -> Response {
        let body = json!({ "status": self.status.as_u16(), "message": self.message });
        Json(body).with_status(self.status).into_response()
    }
}

/// Turns what the router and the extractors refuse into the same shape as our own refusals.
pub(crate) async fn shape_error(error: poem::Error) -> Response {
    if error.downcast_ref::<ApiError>().is_some() || error.downcast_ref::<OAuthError>().is_some() {
        return error.into_response();
    }
    ApiError::new(error.status(), error.to_string()).as_response()
}
