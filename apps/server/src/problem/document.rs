//! What a problem looks like on the wire and in the OpenAPI document.

use super::{MEDIA_TYPE, Problem};
use gamification_core::validation::FieldError;
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::Type;
use poem_openapi::{ApiResponse, Object};

/// An answer that is not a success (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(rename = "Problem", rename_all = "camelCase", skip_serializing_if_is_none)]
pub struct ProblemDocument {
    /// What kind of problem it is. Stable: clients may branch on it.
    #[oai(rename = "type")]
    pub type_: String,
    /// The kind of problem in words, the same each time.
    pub title: String,
    /// The status of the answer.
    pub status: u16,
    /// What is wrong with this very request.
    pub detail: Option<String>,
    /// What the log calls this request.
    pub request_id: Option<String>,
    /// Why the rules refused it, where they did: a refusal reason of the ledger.
    pub reason: Option<String>,
    /// The detail once more, on the routes of the VTT only.
    pub error: Option<String>,
    /// What is wrong with which field; absent when it is about none.
    pub errors: Option<Vec<ProblemField>>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct ProblemField {
    /// The field as the client wrote it, with dots into objects; a parameter's or header's name.
    pub field: String,
    /// What is wrong with it.
    pub reason: String,
}

impl From<&FieldError> for ProblemField {
    fn from(error: &FieldError) -> Self {
        Self { field: error.field.clone(), reason: error.reason.clone() }
    }
}

/// The problems that any operation may answer with.
const DECLARED: [(u16, &str); 10] = [
    (400, "The request cannot be understood."),
    (401, "The key or session is missing, unknown, expired or revoked."),
    (403, "The caller may not do this."),
    (404, "It is not there, or not for the caller to know of."),
    (408, "The body did not arrive in time."),
    (409, "What is there stands against it."),
    (413, "The body is too large."),
    (422, "A field has a value that is not allowed."),
    (429, "The caller did this too often; see `Retry-After`."),
    (503, "A part that is needed is not available; see `Retry-After`."),
];

impl ApiResponse for Problem {
    fn meta() -> MetaResponses {
        let responses = DECLARED.map(|(status, description)| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content: vec![MetaMediaType {
                content_type: MEDIA_TYPE,
                schema: ProblemDocument::schema_ref(),
            }],
            headers: Vec::new(),
        });
        MetaResponses { responses: responses.into() }
    }

    fn register(registry: &mut Registry) {
        ProblemDocument::register(registry);
    }
}
