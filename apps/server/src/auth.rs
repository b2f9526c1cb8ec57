//! Who is asking, and what they may do.
//!
//! Every handler under `/api/v1` takes a [`Caller`], and then asks its [`Principal`] for the one
//! right that it needs. A right is checked against the database each time: nothing is cached, so a
//! revoked key or a removed member is out at once.

mod rights;
mod secrets;
mod table;

pub use rights::{CampaignRole, Seat};
pub use secrets::{NewSecret, constant_time_eq, new_api_key, new_secret, sha256_hex};
pub use table::TableCaller;

use crate::problem::Problem;
use gamification_core::access::{Actor, ApiKey, Role};
use gamification_core::campaign::User;
use gamification_core::ids::CampaignId;
use gamification_core::ports::Queries;
use gamification_core::service::Gamification;
use gamification_core::time::Timestamp;
use poem::Request;
use poem::http::header;
use poem_openapi::SecurityScheme;
use poem_openapi::auth::Bearer;
use std::fmt;
use std::sync::Arc;

/// An API key: `Authorization: Bearer gk_…`.
#[derive(SecurityScheme)]
#[oai(rename = "apiKey", ty = "bearer", bearer_format = "gk_…", checker = "check")]
pub struct Caller(pub Principal);

impl std::ops::Deref for Caller {
    type Target = Principal;

    fn deref(&self) -> &Principal {
        &self.0
    }
}

/// A person with the key that they showed.
#[derive(Clone)]
pub struct Principal {
    /// Who.
    pub user: User,
    /// The most that the key lets them do.
    pub role: Role,
    /// The only campaign that the key opens; `None` opens all of theirs.
    pub campaign_scope: Option<CampaignId>,
    key_hash: String,
    queries: Arc<dyn Queries>,
}

impl fmt::Debug for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Principal")
            .field("user_id", &self.user.id)
            .field("role", &self.role)
            .field("campaign_scope", &self.campaign_scope)
            .finish_non_exhaustive()
    }
}

impl Principal {
    /// The person, as the audit names who did something.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        Actor::User { user_id: self.user.id }
    }

    /// Whether the key that was shown still works.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn is_still_valid(&self, now: Timestamp) -> Result<bool, Problem> {
        let key = self.queries.key_by_hash(&self.key_hash).await?;
        Ok(key.is_some_and(|key| refusal(&key, now).is_none()))
    }
}

/// Who sent the request; the answer is kept with the request, so that it is looked up once.
///
/// # Errors
/// 401 when there is no key or it does not work; 503 when the store does not answer.
pub async fn authenticate(core: &Gamification, request: &Request) -> Result<Principal, Problem> {
    if let Some(principal) = request.extensions().get::<Principal>() {
        return Ok(principal.clone());
    }
    let header = request
        .header(header::AUTHORIZATION)
        .ok_or_else(|| Problem::unauthenticated("send `Authorization: Bearer gk_…`"))?;
    let token = header
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or_else(|| Problem::unauthenticated("the scheme has to be Bearer"))?;
    principal(core, token).await
}

/// Whose key it is.
///
/// # Errors
/// As [`authenticate`].
pub async fn principal(core: &Gamification, token: &str) -> Result<Principal, Problem> {
    let unknown = || Problem::unauthenticated("the key does not work");
    let queries = Arc::clone(&core.ports().queries);
    let hash = sha256_hex(token.as_bytes());
    let key = queries.key_by_hash(&hash).await?.ok_or_else(unknown)?;
    if !constant_time_eq(&key.hash, &hash) {
        return Err(unknown());
    }
    if let Some(refusal) = refusal(&key, core.ports().clock.now()) {
        return Err(Problem::unauthenticated(refusal));
    }
    let user = queries.user(key.user_id).await?.ok_or_else(unknown)?;
    let (role, campaign_scope, key_hash) = (key.role, key.campaign_id, key.hash);
    Ok(Principal { user, role, campaign_scope, key_hash, queries })
}

fn refusal(key: &ApiKey, now: Timestamp) -> Option<&'static str> {
    if key.revoked_at.is_some() {
        return Some("the key was revoked");
    }
    key.expires_at.is_some_and(|end| end <= now).then_some("the key has expired")
}

async fn check(request: &Request, _bearer: Bearer) -> poem::Result<Principal> {
    let core = request
        .data::<Arc<Gamification>>()
        .ok_or_else(|| Problem::internal("the core is not attached to the request"))?;
    Ok(authenticate(core, request).await?)
}
