//! JSON bodies, checked against the documented schema before they are read, so that a mistake is
//! answered with the field's own name. What the documentation does not know is refused.

mod check;

use crate::http::BODY_BYTES_MAX;
use crate::problem::Problem;
use poem::http::header;
use poem::{Request, RequestBody, Result};
use poem_openapi::payload::{Json, Payload};
use poem_openapi::registry::{MetaMediaType, MetaRequest, Registry};
use poem_openapi::types::ParseFromJSON;
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use serde_json::{Map, Value};

/// A JSON body. An absent body counts as `{}`, so that one of optional fields may be left out.
#[derive(Debug, Clone)]
pub struct Input<T>(pub T);

impl<'a, T: ParseFromJSON> ApiExtractor<'a> for Input<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        let mut registry = Registry::new();
        T::register(&mut registry);
        let schema = registry.schemas.get(T::name().as_ref());
        let required = schema.is_none_or(|schema| !schema.required.is_empty());
        let content_type = "application/json";
        let content = vec![MetaMediaType { content_type, schema: T::schema_ref() }];
        Some(MetaRequest { description: None, content, required })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _options: ExtractParamOptions<()>,
    ) -> Result<Self> {
        let body = body.take()?.into_bytes_limit(BODY_BYTES_MAX).await?;
        if !body.is_empty() {
            check_media_type(request)?;
        }
        Ok(Self(parse::<T>(&body)?))
    }
}

fn check_media_type(request: &Request) -> Result<(), Problem> {
    let media_type = request.header(header::CONTENT_TYPE).unwrap_or_default();
    if Json::<Value>::check_content_type(media_type) {
        return Ok(());
    }
    Err(Problem::unsupported_media_type("send application/json"))
}

fn parse<T: ParseFromJSON>(body: &[u8]) -> Result<T, Problem> {
    let value = if body.is_empty() {
        Value::Object(Map::new())
    } else {
        serde_json::from_slice(body).map_err(|error| Problem::malformed(error.to_string()))?
    };
    let mut registry = Registry::new();
    T::register(&mut registry);
    let errors = check::against(&registry, &T::schema_ref(), &value);
    if !errors.is_empty() {
        return Err(Problem::ill_formed(errors));
    }
    // What the check does not know (patterns, formats) poem refuses in its own words.
    T::parse_from_json(Some(value)).map_err(|error| Problem::malformed(error.into_message()))
}
