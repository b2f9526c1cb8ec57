//! Logins with Twitch: whether we may act for a person there, and what is kept for it.
//!
//! Tokens are sealed before they come here: the core stores them and can read none of them.

use crate::ids::{LoginSessionId, TwitchUserId, UserId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// How long redemptions of a channel wait for its dead login to return before they are given to a
/// person, in seconds: seven days.
pub const LOGIN_WAIT_SECONDS_MAX: u32 = 7 * 24 * 3600;

/// What everybody is told of a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoginStatus {
    /// Twitch lets us act for the person.
    Connected,
    /// It did once; only the person can give it back, by logging in.
    NeedsLogin,
    /// The person never logged in here.
    Never,
}

/// Why a login died.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoginLoss {
    /// Twitch takes neither the access token nor the refresh token any more: the password was
    /// changed, or the person disconnected us on Twitch.
    Refused,
    /// Twitch told that the person took the authorisation back.
    Revoked,
    /// What the person granted does not cover what is needed now.
    ScopeMissing,
    /// The tokens cannot be opened: the installation's key was changed without keeping the old one.
    Unreadable,
}

/// Where a login stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum LoginState {
    /// It works, as far as is known.
    Connected,
    /// It is dead until the person logs in again.
    NeedsLogin {
        /// Why.
        reason: LoginLoss,
        /// Since when it is known.
        since: Timestamp,
    },
}

/// Tokens that only the holder of the installation's key can read.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedTokens {
    /// Which key they were sealed with, so that keys can be replaced one after the other.
    pub key_id: String,
    /// The access token and the refresh token, sealed together: they are always written together.
    pub sealed: String,
}

impl std::fmt::Debug for SealedTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SealedTokens").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

/// What a person granted us on Twitch. The tokens of a dead login are kept: nothing that goes wrong
/// on the way may lose them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwitchLogin {
    /// Whose.
    pub user_id: UserId,
    /// Their account on Twitch.
    pub twitch_id: TwitchUserId,
    /// Where it stands.
    pub state: LoginState,
    /// Counts the person's logins: what was learnt about an older one says nothing about this one.
    pub generation: u32,
    /// What was granted, in Twitch's words.
    pub scopes: Vec<String>,
    /// What to act with.
    pub tokens: SealedTokens,
    /// When the access token ends.
    pub expires_at: Timestamp,
    /// When Twitch last said that the access token is good.
    pub validated_at: Timestamp,
    /// When the person last logged in.
    pub logged_in_at: Timestamp,
}

impl TwitchLogin {
    /// What everybody is told.
    #[must_use]
    pub const fn status(&self) -> LoginStatus {
        match self.state {
            LoginState::Connected => LoginStatus::Connected,
            LoginState::NeedsLogin { .. } => LoginStatus::NeedsLogin,
        }
    }

    /// Whether the login has been dead for so long that its redemptions need a person.
    #[must_use]
    pub fn is_given_up(&self, now: Timestamp) -> bool {
        match self.state {
            LoginState::Connected => false,
            LoginState::NeedsLogin { since, .. } => {
                since.plus_seconds(LOGIN_WAIT_SECONDS_MAX) <= now
            }
        }
    }
}

/// A person's signed-in browser. The cookie itself is shown once and never kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginSession {
    /// Its key.
    pub id: LoginSessionId,
    /// Who signed in.
    pub user_id: UserId,
    /// SHA-256 of the cookie's value, in hexadecimal.
    pub hash: String,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When the browser has to sign in again.
    pub expires_at: Timestamp,
    /// When it was signed out.
    pub ended_at: Option<Timestamp>,
}
