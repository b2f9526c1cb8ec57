//! What poem's router and extractors refuse, as problems. Converted once, outside of the router.

use super::Problem;
use poem::error::{MethodNotAllowedError, NotFoundError, ReadBodyError, SizedLimitError};
use poem::http::StatusCode;
use poem_openapi::error::{
    AuthorizationError, ContentTypeError, ParseParamError, ParsePathError, ParseRequestPayloadError,
};

impl Problem {
    /// The problem that poem's error stands for, with its own status.
    #[must_use]
    pub fn from_poem(error: poem::Error) -> Self {
        let error = match error.downcast::<Self>() {
            Ok(problem) => return problem,
            Err(error) => error,
        };
        if let Some(e) = error.downcast_ref::<ParsePathError>() {
            return Self::ill_formed_field(e.name, plain(&e.reason));
        }
        if let Some(e) = error.downcast_ref::<ParseParamError>() {
            return Self::ill_formed_field(e.name, plain(&e.reason));
        }
        if let Some(e) = error.downcast_ref::<ParseRequestPayloadError>() {
            return Self::malformed(plain(&e.reason));
        }
        if let Some(e) = error.downcast_ref::<ContentTypeError>() {
            return Self::unsupported_media_type(e.to_string());
        }
        if error.is::<AuthorizationError>() {
            return Self::unauthenticated("send `Authorization: Bearer gk_…`");
        }
        if error.is::<NotFoundError>() {
            return Self::not_found("page");
        }
        if error.is::<MethodNotAllowedError>() {
            return Self::method_not_allowed(String::new());
        }
        if error.is::<SizedLimitError>() {
            return Self::too_large(crate::http::BODY_BYTES_MAX);
        }
        if let Some(e) = error.downcast_ref::<ReadBodyError>() {
            return Self::malformed(e.to_string());
        }
        Self::by_status(&error)
    }

    /// The `Allow` header of a 405 that does not know it yet.
    #[must_use]
    pub fn with_allow(self, allow: impl FnOnce() -> Option<String>) -> Self {
        if self.content.status != StatusCode::METHOD_NOT_ALLOWED {
            return self;
        }
        allow().map_or(self, Self::method_not_allowed)
    }

    /// Parameters of the path by their names in the document: poem-openapi calls them `param0`,
    /// `param1` ….
    #[must_use]
    pub(crate) fn with_parameter_names<'a>(
        mut self,
        name: impl Fn(usize) -> Option<&'a str>,
    ) -> Self {
        for error in &mut self.content.errors {
            let index = error.field.strip_prefix("param").and_then(|n| n.parse().ok());
            if let Some(name) = index.and_then(&name) {
                name.clone_into(&mut error.field);
                self.content.detail = format!("{name}: {}", error.reason);
            }
        }
        self
    }

    fn by_status(error: &poem::Error) -> Self {
        let status = error.status();
        if status.is_server_error() {
            return Self::internal(error.to_string());
        }
        match status {
            StatusCode::UNAUTHORIZED => Self::unauthenticated(error.to_string()),
            StatusCode::FORBIDDEN => Self::forbidden(error.to_string()),
            StatusCode::NOT_FOUND => Self::not_found("page"),
            StatusCode::PAYLOAD_TOO_LARGE => Self::too_large(crate::http::BODY_BYTES_MAX),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::unsupported_media_type(error.to_string()),
            _ => {
                let mut problem = Self::malformed(error.to_string());
                problem.content.status = status;
                problem
            }
        }
    }
}

/// poem's words without the names of Rust types.
fn plain(reason: &str) -> String {
    let reason = match reason.strip_prefix("failed to parse \"") {
        Some(rest) => rest.split_once("\": ").map_or(reason, |(_, rest)| rest),
        None => reason,
    };
    let reason = reason.split(" (occurred while parsing").next().unwrap_or(reason);
    let reason = reason.strip_prefix("verification failed. ").unwrap_or(reason);
    if reason.contains("expects an input value") { "is missing".into() } else { reason.into() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
    use super::*;

    #[test]
    fn extractor_errors_name_the_parameter_and_keep_their_status() {
        let reason = "failed to parse \"string_uuid\": invalid character".to_owned();
        let problem = Problem::from_poem(ParsePathError { name: "campaign", reason }.into());
        assert_eq!(problem.status(), StatusCode::BAD_REQUEST);
        assert_eq!(problem.content.errors[0].field, "campaign");
        assert_eq!(problem.content.errors[0].reason, "invalid character");
    }

    #[test]
    fn server_errors_keep_their_cause_for_the_log_alone() {
        let error = poem::Error::from_string("secret cause", StatusCode::INTERNAL_SERVER_ERROR);
        let problem = Problem::from_poem(error);
        assert_eq!(problem.cause(), Some("secret cause"));
        assert!(!format!("{:?}", problem.document(Some("id"))).contains("secret"));
    }
}
