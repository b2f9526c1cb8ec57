//! Signed-in browsers: a cookie with 256 random bits, of which only the hash is kept.
//!
//! A browser sends its cookie with whatever any page makes it send. So a request that may change
//! something has to show, besides, a token that only our own pages can have read.

use super::{Credential, NewSecret, Principal, constant_time_eq, new_secret, sha256_hex};
use crate::problem::Problem;
use crate::services::Shared;
use gamification_core::access::Role;
use gamification_core::campaign::User;
use gamification_core::login::LoginSession;
use gamification_core::ports::{PageRequest, Queries};
use gamification_core::service::Gamification;
use gamification_core::time::Timestamp;
use poem::Request;
use poem::http::{Method, header};
use std::sync::Arc;

/// What a signed-in browser sends with everything that is not a `GET`.
pub const CSRF_HEADER: &str = "X-CSRF-Token";

/// The cookie where the server is reached over https: no other host and no http page can set it.
pub(super) const COOKIE_HTTPS: &str = "__Host-session";
/// The cookie on this machine, where browsers take the other name from nobody.
const COOKIE_HTTP: &str = "session";

/// How many campaigns are looked through at a time.
const PAGE: u32 = 200;

/// The session cookie of this server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionCookie {
    is_https: bool,
}

impl SessionCookie {
    /// The cookie of a server that is reached under that address.
    #[must_use]
    pub fn at(public_url: &str) -> Self {
        Self { is_https: public_url.starts_with("https://") }
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        if self.is_https { COOKIE_HTTPS } else { COOKIE_HTTP }
    }

    /// The `Set-Cookie` that signs a browser in for that many seconds.
    #[must_use]
    pub fn set(self, secret: &str, lifetime_seconds: u32) -> String {
        let secure = if self.is_https { "; Secure" } else { "" };
        let name = self.name();
        format!(
            "{name}={secret}; Path=/; Max-Age={lifetime_seconds}; HttpOnly; SameSite=Lax{secure}"
        )
    }

    /// The `Set-Cookie` that makes a browser forget it.
    #[must_use]
    pub fn clear(self) -> String {
        self.set("", 0)
    }
}

/// What a browser that signs in gets.
#[must_use]
pub fn new_session_secret() -> NewSecret {
    new_secret("")
}

/// What the browser with that session cookie has to show besides: made of the secret, which pages
/// cannot read, and worth nothing without it.
#[must_use]
pub fn csrf_token(secret: &str) -> String {
    sha256_hex(format!("csrf\n{secret}").as_bytes())
}

/// The first cookie of that name.
pub(crate) fn cookie<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    let headers = request.headers().get_all(header::COOKIE).iter();
    let pairs = headers.filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(';'));
    let mut pairs = pairs.filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, value)| value)
}

/// Whether the request names no origin, or ours: browsers name it with everything that may change
/// something.
pub(crate) fn is_from_here(request: &Request, public_url: &str) -> bool {
    let Some(origin) = request.headers().get(header::ORIGIN) else { return true };
    let ours = reqwest::Url::parse(public_url).map(|url| url.origin().ascii_serialization());
    ours.is_ok_and(|ours| origin.as_bytes() == ours.as_bytes())
}

/// Why the session lets nobody in any more.
pub(super) fn refusal(session: &LoginSession, now: Timestamp) -> Option<&'static str> {
    if session.ended_at.is_some() {
        return Some("the browser signed out");
    }
    (session.expires_at <= now).then_some("the session has expired: sign in again")
}

/// The session of the request's cookie with the cookie's secret; `None` without a cookie.
///
/// # Errors
/// 401 when the session does not work (any more), 503 when the store does not answer.
pub(crate) async fn session_of<'r>(
    core: &Gamification,
    public_url: &str,
    request: &'r Request,
) -> Result<Option<(LoginSession, &'r str)>, Problem> {
    let Some(secret) = cookie(request, SessionCookie::at(public_url).name()) else {
        return Ok(None);
    };
    let unknown = || Problem::unauthenticated("the session does not work: sign in again");
    let hash = sha256_hex(secret.as_bytes());
    let session = core.ports().queries.session_by_hash(&hash).await?.ok_or_else(unknown)?;
    if !constant_time_eq(&session.hash, &hash) {
        return Err(unknown());
    }
    match refusal(&session, core.ports().clock.now()) {
        Some(refusal) => Err(Problem::unauthenticated(refusal)),
        None => Ok(Some((session, secret))),
    }
}

/// Whose browser sent the request.
///
/// # Errors
/// As [`super::authenticate`].
pub(super) async fn authenticate(
    core: &Gamification,
    request: &Request,
) -> Result<Principal, Problem> {
    let principal = signed_in(core, request).await?.ok_or_else(|| {
        Problem::unauthenticated("send `Authorization: Bearer gk_…`, or sign in at /auth/twitch")
    })?;
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if let Some(csrf_token) = principal.csrf_token().filter(|_| !is_safe) {
        check_csrf(request, &services(request)?.public_url, csrf_token)?;
    }
    Ok(principal)
}

/// Who is signed in at the browser that sent the request; `None` without a cookie. Whether the
/// request comes from a page of ours is not looked at.
///
/// # Errors
/// 401 when the session does not work (any more), 503 when the store does not answer.
pub(crate) async fn signed_in(
    core: &Gamification,
    request: &Request,
) -> Result<Option<Principal>, Problem> {
    let found = session_of(core, &services(request)?.public_url, request).await?;
    let Some((session, secret)) = found else { return Ok(None) };
    let csrf_token = csrf_token(secret);
    let queries = Arc::clone(&core.ports().queries);
    let unknown = || Problem::unauthenticated("the session does not work: sign in again");
    let user = queries.user(session.user_id).await?.ok_or_else(unknown)?;
    let role = role_of(&*queries, &user).await?;
    let credential = Credential::Session { hash: session.hash, csrf_token };
    Ok(Some(Principal { user, role, campaign_scope: None, credential, queries }))
}

fn services(request: &Request) -> Result<&Shared, Problem> {
    request
        .data::<Shared>()
        .ok_or_else(|| Problem::internal("the services are not attached to the request"))
}

fn check_csrf(request: &Request, public_url: &str, expected: &str) -> Result<(), Problem> {
    if !is_from_here(request, public_url) {
        return Err(Problem::forbidden("the request comes from another site's page"));
    }
    let shown = request.header(CSRF_HEADER).ok_or_else(|| {
        let reason = format!("send the csrfToken of GET /api/v1/me as {CSRF_HEADER}");
        Problem::forbidden(reason)
    })?;
    if constant_time_eq(shown, expected) {
        return Ok(());
    }
    Err(Problem::forbidden(format!("{CSRF_HEADER} is not that of this session")))
}

/// The most that the person may do: a browser is lent no less and no more.
async fn role_of(queries: &dyn Queries, user: &User) -> Result<Role, Problem> {
    if user.is_admin {
        return Ok(Role::Admin);
    }
    if user.may_create_campaigns || leads_a_campaign(queries, user).await? {
        return Ok(Role::Gm);
    }
    Ok(Role::Streamer)
}

async fn leads_a_campaign(queries: &dyn Queries, user: &User) -> Result<bool, Problem> {
    let mut cursor = None;
    loop {
        let page = queries.campaigns_of(user.id, PageRequest { limit: PAGE, cursor }).await?;
        if page.items.iter().any(|campaign| campaign.owner_id == user.id) {
            return Ok(true);
        }
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(false);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
    use super::*;

    #[test]
    fn the_cookie_is_bound_to_the_host_where_there_is_https() {
        let https = SessionCookie::at("https://game.example").set("secret", 60);
        let rules = "Path=/; Max-Age=60; HttpOnly; SameSite=Lax";
        assert_eq!(https, format!("__Host-session=secret; {rules}; Secure"));
        let http = SessionCookie::at("http://127.0.0.1:8080").set("secret", 60);
        assert_eq!(http, format!("session=secret; {rules}"));
        assert!(SessionCookie::at("http://x").clear().starts_with("session=; Path=/; Max-Age=0;"));
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name_and_the_first_one_counts() {
        let of = |text: &str| {
            let request = Request::builder().header(header::COOKIE, text).finish();
            cookie(&request, "session").map(str::to_owned)
        };
        assert_eq!(of("a=b; session=c=d;e=f").as_deref(), Some("c=d"));
        assert_eq!(of("session=1; session=2").as_deref(), Some("1"));
        assert_eq!(of("xsession=1; sessionx=2; session"), None);
    }

    #[test]
    fn only_our_own_origin_is_ours() {
        let is_ours = |public_url: &str, origin: &str| {
            let request = Request::builder().header(header::ORIGIN, origin).finish();
            is_from_here(&request, public_url)
        };
        assert!(is_ours("https://game.example", "https://game.example"));
        assert!(is_ours("https://game.example:443", "https://game.example"));
        assert!(is_ours("http://127.0.0.1:8080", "http://127.0.0.1:8080"));
        for origin in ["http://game.example", "https://game.example:8443", "null", "", "https://e"]
        {
            assert!(!is_ours("https://game.example", origin), "{origin}");
        }
        assert!(is_from_here(&Request::builder().finish(), "https://game.example"));
    }

    #[test]
    fn the_token_of_a_session_is_neither_its_secret_nor_its_hash() {
        let secret = new_session_secret();
        let token = csrf_token(&secret.text);
        assert!(token != secret.text && token != secret.hash);
        assert_eq!(token, csrf_token(&secret.text));
    }
}
