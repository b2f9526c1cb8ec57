//! Twitch accounts by their login name or id.

use crate::helix::{CallFailure, Helix};
use crate::logins::Caller;
use gamification_core::ids::TwitchUserId;
use serde::Deserialize;
use std::slice;
use std::sync::Arc;
use twitch_api::helix::users::GetUsersRequest;

/// The longest login that Twitch gives out.
const LONGEST_LOGIN: usize = 25;

/// What a channel may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChannelKind {
    /// No Channel Points.
    Plain,
    /// Channel Points.
    Affiliate,
    /// Channel Points.
    Partner,
}

/// A Twitch account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwitchAccount {
    /// Twitch's key; stays when the login changes.
    pub id: TwitchUserId,
    /// The name in addresses, small letters.
    pub login: String,
    /// The name as its owner writes it.
    pub display_name: String,
    /// What its channel may do.
    pub kind: ChannelKind,
}

/// Why an account could not be looked up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountsError {
    /// Not now.
    #[error("Twitch could not be reached: {0}")]
    Unavailable(String),
    /// Twitch does not answer us: most likely the client id or its secret is wrong.
    #[error("Twitch refused: {0}")]
    Refused(String),
}

/// Looks up accounts with the application's own token.
pub struct TwitchAccounts {
    helix: Arc<Helix>,
}

impl TwitchAccounts {
    pub(crate) const fn new(helix: Arc<Helix>) -> Self {
        Self { helix }
    }

    /// The account of this login, in capital or small letters; `None` when there is none, also for
    /// a text that can be no login.
    ///
    /// # Errors
    /// When Twitch does not tell.
    pub async fn by_login(&self, login: &str) -> Result<Option<TwitchAccount>, AccountsError> {
        let login = login.to_ascii_lowercase();
        let is_login_byte = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if !(1..=LONGEST_LOGIN).contains(&login.len()) || !login.bytes().all(is_login_byte) {
            return Ok(None);
        }
        let logins = [login.as_str()];
        let request = GetUsersRequest::logins(&logins[..]);
        let found = self.ask(&request).await?;
        Ok(found.into_iter().find(|user| user.login == login).map(TwitchAccount::from))
    }

    /// The account with this id; `None` when there is none (any more).
    ///
    /// # Errors
    /// When Twitch does not tell.
    pub async fn by_id(&self, id: &TwitchUserId) -> Result<Option<TwitchAccount>, AccountsError> {
        let asked = id.as_str();
        let request = GetUsersRequest::ids(slice::from_ref(&asked));
        let found = self.ask(&request).await?;
        Ok(found.into_iter().find(|user| user.id == asked).map(TwitchAccount::from))
    }

    async fn ask(&self, request: &GetUsersRequest<'_>) -> Result<Vec<User>, AccountsError> {
        let page = self.helix.read(Caller::Application, request).await;
        Ok(page.map_err(refusal)?.data)
    }
}

/// What Helix tells of a user, as far as it is used.
#[derive(Debug, Deserialize)]
pub(crate) struct User {
    pub(crate) id: String,
    login: String,
    display_name: String,
    #[serde(default)]
    broadcaster_type: Option<String>,
}

impl From<User> for TwitchAccount {
    fn from(user: User) -> Self {
        let kind = match user.broadcaster_type.as_deref() {
            Some("affiliate") => ChannelKind::Affiliate,
            Some("partner") => ChannelKind::Partner,
            _ => ChannelKind::Plain,
        };
        let User { id, login, display_name, .. } = user;
        Self { id: id.into(), login, display_name, kind }
    }
}

fn refusal(failure: CallFailure) -> AccountsError {
    match failure {
        CallFailure::Refused { .. } | CallFailure::LoginNeeded | CallFailure::ScopeMissing(_) => {
            AccountsError::Refused(failure.to_string())
        }
        CallFailure::RateLimited { .. } | CallFailure::NotNow(_) | CallFailure::Doubtful(_) => {
            AccountsError::Unavailable(failure.to_string())
        }
    }
}
