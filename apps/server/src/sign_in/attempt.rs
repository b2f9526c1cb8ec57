//! A sign-in that was begun: what the browser keeps of it, sealed.

use crate::auth::{constant_time_eq, cookie, new_secret};
use crate::problem::Problem;
use crate::seal::Seal;
use gamification_core::time::Timestamp;
use poem::Request;
use serde::{Deserialize, Serialize};

/// How long somebody may take on Twitch's page, in seconds.
const LIFETIME_SECONDS: u32 = 600;
/// What attempts are sealed for.
const PURPOSE: &str = "sign-in attempt";
/// The longest address to return to, in bytes: it has to fit into a cookie.
const RETURN_BYTES_MAX: usize = 512;

/// What was asked of Twitch, for whom and what for.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Attempt {
    /// 256 random bits that Twitch hands back: only this browser's answer has them.
    pub(super) state: String,
    /// Where on this server the browser goes afterwards.
    pub(super) return_to: String,
    /// What was asked for, in Twitch's words.
    pub(super) scopes: Vec<String>,
    /// Whether the person was asked before, for less, in the same sign-in.
    pub(super) is_second: bool,
    /// Whom the sandbox Twitch takes the browser for, without asking.
    pub(super) person: Option<String>,
    /// Not taken from then on.
    expires_at: Timestamp,
}

impl Attempt {
    /// A first one.
    pub(super) fn new(return_to: String, scopes: Vec<String>, now: Timestamp) -> Self {
        Self {
            state: new_secret("").text,
            return_to,
            scopes,
            is_second: false,
            person: None,
            expires_at: now.plus_seconds(LIFETIME_SECONDS),
        }
    }

    /// The same once more, asking for these.
    pub(super) fn again(&self, scopes: Vec<String>, now: Timestamp) -> Self {
        let again = Self::new(self.return_to.clone(), scopes, now).by(self.person.clone());
        Self { is_second: true, ..again }
    }

    /// The same by that person of the sandbox.
    pub(super) fn by(self, person: Option<String>) -> Self {
        Self { person, ..self }
    }

    /// The attempt that the browser's cookie holds.
    ///
    /// # Errors
    /// 400 when there is none, or it was not made here or not lately.
    pub(super) fn of(
        request: &Request,
        is_https: bool,
        seal: &Seal,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let none = || {
            Problem::sign_in_failed(
                "this browser has not begun to sign in, or took more than ten minutes",
            )
        };
        let sealed = cookie(request, cookie_name(is_https)).ok_or_else(none)?;
        let text = seal.open(sealed, PURPOSE).map_err(|_| none())?;
        let attempt: Self = serde_json::from_str(&text).map_err(|_| none())?;
        if attempt.expires_at <= now { Err(none()) } else { Ok(attempt) }
    }

    /// Whether Twitch's answer is the one to this attempt.
    pub(super) fn is_answered_by(&self, state: Option<&str>) -> bool {
        state.is_some_and(|state| constant_time_eq(state, &self.state))
    }

    /// The `Set-Cookie` that has the browser keep it.
    ///
    /// # Errors
    /// When it cannot be sealed.
    pub(super) fn set_cookie(&self, is_https: bool, seal: &Seal) -> Result<String, Problem> {
        let text = serde_json::to_string(self);
        let text = text.map_err(|error| Problem::internal(error.to_string()))?;
        let sealed = seal.close(&text, PURPOSE);
        let sealed = sealed.map_err(|error| Problem::internal(error.to_string()))?;
        Ok(set_cookie(is_https, &sealed, LIFETIME_SECONDS))
    }
}

/// The `Set-Cookie` that makes the browser forget its attempt.
pub(super) fn clear_cookie(is_https: bool) -> String {
    set_cookie(is_https, "", 0)
}

const fn cookie_name(is_https: bool) -> &'static str {
    if is_https { "__Secure-sign-in" } else { "sign-in" }
}

/// Lax: the browser sends it when Twitch leads it back here, and with nothing that a foreign page
/// embeds.
fn set_cookie(is_https: bool, value: &str, lifetime_seconds: u32) -> String {
    let (name, secure) = (cookie_name(is_https), if is_https { "; Secure" } else { "" });
    let path = super::PREFIX;
    format!(
        "{name}={value}; Path={path}; Max-Age={lifetime_seconds}; HttpOnly; SameSite=Lax{secure}"
    )
}

/// Whether a browser may be sent there after its sign-in: a path of this server that a browser
/// cannot take for another host, and not sign-in itself, which would go round for ever.
pub(crate) fn is_local_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && path.len() <= RETURN_BYTES_MAX
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
        && !path.starts_with("/auth/")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
    use super::*;

    #[test]
    fn the_cookie_of_an_attempt_stays_below_our_pages_and_on_https_where_there_is_https() {
        let seal = Seal::new(&[1; 32]);
        let attempt = Attempt::new("/docs".into(), Vec::new(), Timestamp::from_micros(0));
        let rules = "; Path=/auth; Max-Age=600; HttpOnly; SameSite=Lax";
        let http = attempt.set_cookie(false, &seal).unwrap();
        assert!(http.starts_with("sign-in=") && http.ends_with(rules), "{http}");
        let https = attempt.set_cookie(true, &seal).unwrap();
        assert!(https.starts_with("__Secure-sign-in="), "{https}");
        assert!(https.ends_with(&format!("{rules}; Secure")), "{https}");
        assert!(!https.contains(&attempt.state) && https.len() < 4_000);
    }

    #[test]
    fn only_paths_of_this_server_are_returned_to() {
        for path in ["/", "/docs", "/c/1?tab=rolls#end", "/a//b", "/%2F/x"] {
            assert!(is_local_path(path), "{path}");
        }
        let long = format!("/{}", "x".repeat(RETURN_BYTES_MAX));
        for path in [
            "",
            "docs",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "/a\\b",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\r\nSet-Cookie: a=b",
            "https://evil.example",
            "javascript:alert(1)",
            "/auth/twitch",
            "/caf\u{e9}",
            &long,
        ] {
            assert!(!is_local_path(path), "{path:?}");
        }
    }
}
