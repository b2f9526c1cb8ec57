//! Who is asking, and what they may do.
//!
//! Every handler under `/api/v1` takes a [`Caller`], and then asks its [`Principal`] for the one
//! right that it needs. A right is checked against the database each time: nothing is cached, so a
//! revoked key, a browser that signed out or a removed member is out at once.

mod caller;
mod rights;
mod secrets;
mod session;
mod table;

pub use caller::Caller;
pub(crate) use caller::SESSION;
pub use rights::{CampaignRole, Seat};
pub use secrets::{NewSecret, constant_time_eq, new_api_key, new_secret, sha256_hex};
pub use session::{CSRF_HEADER, SessionCookie, csrf_token, new_session_secret};
pub(crate) use session::{cookie, is_from_here, session_of, signed_in};
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
use std::fmt;
use std::sync::Arc;

/// A person with the key or the browser session that they showed.
#[derive(Clone)]
pub struct Principal {
    /// Who.
    pub user: User,
    /// The most that the credential lets them do. That of a session follows from the person.
    pub role: Role,
    /// The only campaign that the key opens; `None` opens all of theirs.
    pub campaign_scope: Option<CampaignId>,
    credential: Credential,
    queries: Arc<dyn Queries>,
}

/// What somebody showed.
#[derive(Clone)]
enum Credential {
    /// An API key with that hash.
    Key { hash: String },
    /// The cookie of a signed-in browser with that hash, and what its unsafe requests have to show
    /// besides.
    Session { hash: String, csrf_token: String },
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

    /// Whether the key or session that was shown still works.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn is_still_valid(&self, now: Timestamp) -> Result<bool, Problem> {
        match &self.credential {
            Credential::Key { hash } => {
                let key = self.queries.key_by_hash(hash).await?;
                Ok(key.is_some_and(|key| refusal(&key, now).is_none()))
            }
            Credential::Session { hash, .. } => {
                let session = self.queries.session_by_hash(hash).await?;
                Ok(session.is_some_and(|session| session::refusal(&session, now).is_none()))
            }
        }
    }

    /// What unsafe requests of this browser have to send as [`CSRF_HEADER`]; `None` for a key.
    #[must_use]
    pub fn csrf_token(&self) -> Option<&str> {
        match &self.credential {
            Credential::Key { .. } => None,
            Credential::Session { csrf_token, .. } => Some(csrf_token),
        }
    }
}

/// Who sent the request; the answer is kept with the request, so that it is looked up once. A key
/// goes before a cookie.
///
/// # Errors
/// 401 when there is no key or session, or it does not work; 403 when a browser's unsafe request
/// does not prove that it comes from our pages; 503 when the store does not answer.
pub async fn authenticate(core: &Gamification, request: &Request) -> Result<Principal, Problem> {
    if let Some(principal) = request.extensions().get::<Principal>() {
        return Ok(principal.clone());
    }
    let Some(header) = request.header(header::AUTHORIZATION) else {
        return session::authenticate(core, request).await;
    };
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
    let (role, campaign_scope) = (key.role, key.campaign_id);
    let credential = Credential::Key { hash: key.hash };
    Ok(Principal { user, role, campaign_scope, credential, queries })
}

fn refusal(key: &ApiKey, now: Timestamp) -> Option<&'static str> {
    if key.revoked_at.is_some() {
        return Some("the key was revoked");
    }
    key.expires_at.is_some_and(|end| end <= now).then_some("the key has expired")
}
