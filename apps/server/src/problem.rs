//! Every answer that is not a success, as RFC 9457 `application/problem+json`. The only place that
//! knows which failure has which status.

mod document;
mod from_core;
mod from_poem;
mod kinds;

pub use document::{ProblemDocument, ProblemField};

use gamification_core::validation::FieldError;
use poem::error::ResponseError;
use poem::http::{HeaderValue, StatusCode, header};
use poem::{IntoResponse, Response};
use poem_openapi::types::ToJSON;
use std::fmt;

/// What a `type` begins with; the rest never changes its meaning once it was published.
pub const TYPE_PREFIX: &str = "urn:gamification:problem:";

/// The media type of every answer that is not a success.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A failure as the client is told of it, with the cause that only the log is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    content: Box<Content>,
}

/// Boxed, since every handler's answer may be one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Content {
    status: StatusCode,
    kind: &'static str,
    title: &'static str,
    detail: String,
    reason: Option<String>,
    errors: Vec<FieldError>,
    retry_after_seconds: Option<u32>,
    allow: Option<String>,
    error: Option<String>,
    cause: Option<String>,
}

impl Problem {
    fn new(status: StatusCode, kind: &'static str, title: &'static str) -> Self {
        let content = Content {
            status,
            kind,
            title,
            detail: String::new(),
            reason: None,
            errors: Vec::new(),
            retry_after_seconds: None,
            allow: None,
            error: None,
            cause: None,
        };
        Self { content: Box::new(content) }
    }

    fn detail(mut self, detail: impl Into<String>) -> Self {
        self.content.detail = detail.into();
        self
    }

    /// The same problem, but a 404 about whatever it was becomes one about `what`: so nobody learns
    /// which of the things on the way to it exists.
    #[must_use]
    pub fn hide_as(self, what: &str) -> Self {
        if self.content.status == StatusCode::NOT_FOUND { Self::not_found(what) } else { self }
    }

    /// The same problem with its detail once more as `error`, where clients of the VTT look for it.
    #[must_use]
    pub fn with_error_member(mut self) -> Self {
        let said =
            if self.content.detail.is_empty() { self.content.title } else { &self.content.detail };
        self.content.error = Some(said.to_owned());
        self
    }

    /// The status of the answer.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.content.status
    }

    /// What kind it is: the end of its `type`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        self.content.kind
    }

    /// Why the rules refused it, where they did.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.content.reason.as_deref()
    }

    /// What is wrong with which field.
    #[must_use]
    pub fn field_errors(&self) -> &[FieldError] {
        &self.content.errors
    }

    /// What went wrong inside, for the log.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.content.cause.as_deref()
    }

    /// What a person is told: the kind of problem, and what is wrong here.
    #[must_use]
    pub fn in_words(&self) -> String {
        if self.content.detail.is_empty() {
            return format!("{}.", self.content.title);
        }
        format!("{}: {}.", self.content.title, self.content.detail)
    }

    /// Writes the problem to the log: once, where the answer is made.
    pub(crate) fn log(&self) {
        let status = self.content.status.as_u16();
        match &self.content.cause {
            Some(cause) if status == 503 => tracing::warn!(status, cause, "not available"),
            Some(cause) => tracing::error!(status, cause, "request failed"),
            None => tracing::debug!(status, problem = %self, "refused"),
        }
    }

    fn document(&self, request_id: Option<&str>) -> ProblemDocument {
        ProblemDocument {
            type_: format!("{TYPE_PREFIX}{}", self.content.kind),
            title: self.content.title.to_owned(),
            status: self.content.status.as_u16(),
            detail: Some(self.content.detail.clone()).filter(|detail| !detail.is_empty()),
            request_id: request_id.map(str::to_owned),
            reason: self.content.reason.clone(),
            error: self.content.error.clone(),
            errors: self.fields(),
        }
    }

    fn fields(&self) -> Option<Vec<ProblemField>> {
        let errors = &self.content.errors;
        (!errors.is_empty()).then(|| errors.iter().map(ProblemField::from).collect())
    }

    /// The answer itself.
    #[must_use]
    pub fn render(&self, request_id: Option<&str>) -> Response {
        let body = self.document(request_id).to_json_string();
        let mut response =
            Response::builder().status(self.content.status).content_type(MEDIA_TYPE).body(body);
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.content.status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer realm=\"gamification\"");
            headers.insert(header::WWW_AUTHENTICATE, scheme);
        }
        if let Some(allow) = self.content.allow.as_ref().and_then(|a| HeaderValue::from_str(a).ok())
        {
            headers.insert(header::ALLOW, allow);
        }
        if let Some(seconds) = self.content.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.content.status.as_u16(), self.content.kind, self.content.detail)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status(&self) -> StatusCode {
        self.content.status
    }

    fn as_response(&self) -> Response {
        self.render(None).into_response()
    }
}
