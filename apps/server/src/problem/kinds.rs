//! The kinds of problems that there are.

use super::Problem;
use gamification_core::validation::FieldError;
use poem::http::StatusCode;

impl Problem {
    /// The request cannot be understood at all: no JSON, not UTF-8, a header without sense.
    #[must_use]
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed-request", "The request cannot be understood")
            .detail(detail)
    }

    /// Fields of the wrong form: missing, unknown, of another type, an id that is none.
    #[must_use]
    pub fn ill_formed(errors: Vec<FieldError>) -> Self {
        let mut problem = Self::new(StatusCode::BAD_REQUEST, "invalid-input", "Invalid input")
            .detail(summary(&errors));
        problem.content.errors = errors;
        problem
    }

    /// One field of the wrong form.
    #[must_use]
    pub fn ill_formed_field(field: &str, reason: impl Into<String>) -> Self {
        Self::ill_formed(vec![FieldError::new(field, reason)])
    }

    /// Fields that were understood but are not allowed to have that value.
    #[must_use]
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let mut problem = Self::ill_formed(errors);
        problem.content.status = StatusCode::UNPROCESSABLE_ENTITY;
        problem
    }

    /// One field that is not allowed to have its value.
    #[must_use]
    pub fn invalid_field(field: &str, reason: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError::new(field, reason)])
    }

    /// Nobody knows who is asking.
    #[must_use]
    pub fn unauthenticated(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", "Authentication is needed")
            .detail(detail)
    }

    /// The caller may know that it exists, but not do this to it.
    #[must_use]
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "Not allowed").detail(detail)
    }

    /// A sign-in that cannot be believed, or that Twitch did not finish. Nothing was changed.
    #[must_use]
    pub fn sign_in_failed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "sign-in-failed", "You are not signed in").detail(detail)
    }

    /// The person said no on Twitch's page.
    #[must_use]
    pub fn sign_in_declined() -> Self {
        Self::new(StatusCode::FORBIDDEN, "sign-in-declined", "You said no on Twitch")
            .detail("nothing was changed; sign in again whenever you like")
    }

    /// It is not there, or not for the caller to know of.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found")
            .detail(format!("there is no such {what}"))
    }

    /// The path has other methods; `allow` names them, separated by commas.
    #[must_use]
    pub fn method_not_allowed(allow: String) -> Self {
        let mut problem = Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method-not-allowed",
            "The path does not have this method",
        )
        .detail(format!("allowed: {allow}"));
        problem.content.allow = Some(allow);
        problem
    }

    /// What is there stands against it. `kind` is the end of the `type`.
    #[must_use]
    pub fn conflict(kind: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, kind, "Conflict").detail(detail)
    }

    /// The body is larger than that many bytes.
    #[must_use]
    pub fn too_large(bytes_max: usize) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is too large")
            .detail(format!("at most {bytes_max} bytes"))
    }

    /// The body did not arrive in time.
    #[must_use]
    pub fn too_slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "request-timeout", "The body came too slowly")
    }

    /// The body is not of a media type that is read here.
    #[must_use]
    pub fn unsupported_media_type(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            "The media type is not supported",
        )
        .detail(detail)
    }

    /// The same `Idempotency-Key` came with another request.
    #[must_use]
    pub fn idempotency_key_reused() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "idempotency-key-reused",
            "The Idempotency-Key was used for another request",
        )
    }

    /// The caller did this too often.
    #[must_use]
    pub fn too_many(detail: impl Into<String>, retry_after_seconds: u32) -> Self {
        let status = StatusCode::TOO_MANY_REQUESTS;
        let mut problem =
            Self::new(status, "too-many-requests", "Too many requests").detail(detail);
        problem.content.retry_after_seconds = Some(retry_after_seconds);
        problem
    }

    /// A part that is needed cannot do it now; `cause` goes to the log only.
    #[must_use]
    pub fn unavailable(cause: impl Into<String>) -> Self {
        let mut problem =
            Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Not available now")
                .detail("try again soon");
        problem.content.retry_after_seconds = Some(1);
        problem.content.cause = Some(cause.into());
        problem
    }

    /// Not ready to serve, with the reasons, which are no secret to who watches the service.
    #[must_use]
    pub fn not_ready(reasons: Vec<FieldError>) -> Self {
        let mut problem = Self::unavailable(summary(&reasons)).detail("not ready");
        problem.content.errors = reasons;
        problem
    }

    /// Our fault; `cause` goes to the log only.
    #[must_use]
    pub fn internal(cause: impl Into<String>) -> Self {
        let mut problem =
            Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong here");
        problem.content.cause = Some(cause.into());
        problem
    }
}

fn summary(errors: &[FieldError]) -> String {
    let lines: Vec<String> = errors.iter().map(|e| format!("{}: {}", e.field, e.reason)).collect();
    lines.join("; ")
}
