//! What handlers of the API take, and what the document says of it.

use super::session::COOKIE_HTTPS;
use super::{Principal, authenticate};
use crate::problem::Problem;
use gamification_core::service::Gamification;
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use std::sync::Arc;

/// A person who is known: by an API key (`Authorization: Bearer gk_…`) or by the cookie of a
/// browser that signed in with Twitch.
#[derive(Debug)]
pub struct Caller(pub Principal);

impl std::ops::Deref for Caller {
    type Target = Principal;

    fn deref(&self) -> &Principal {
        &self.0
    }
}

const API_KEY: &str = "apiKey";
/// The cookie's scheme, as the document calls it.
pub(crate) const SESSION: &str = "session";
const SESSION_DESCRIPTION: &str = "The cookie of a browser that signed in at `/auth/twitch`; its \
    name is `session` where the server is reached without https. Methods other than GET need \
    `X-CSRF-Token` as well.";

/// By hand: poem's own derive reads keys from one place, and takes a refusal at the first place for
/// an invitation to try the next one.
impl<'a> ApiExtractor<'a> for Caller {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        let key = MetaSecurityScheme {
            ty: "http",
            description: Some("An API key."),
            name: None,
            key_in: None,
            scheme: Some("bearer"),
            bearer_format: Some("gk_…"),
            flows: None,
            openid_connect_url: None,
        };
        registry.create_security_scheme(API_KEY, key);
        let session = MetaSecurityScheme {
            ty: "apiKey",
            description: Some(SESSION_DESCRIPTION),
            name: Some(COOKIE_HTTPS),
            key_in: Some("cookie"),
            scheme: None,
            bearer_format: None,
            flows: None,
            openid_connect_url: None,
        };
        registry.create_security_scheme(SESSION, session);
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![API_KEY, SESSION]
    }

    async fn from_request(
        request: &'a Request,
        _body: &mut RequestBody,
        _options: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        let core = request
            .data::<Arc<Gamification>>()
            .ok_or_else(|| Problem::internal("the core is not attached to the request"))?;
        Ok(Self(authenticate(core, request).await?))
    }
}
