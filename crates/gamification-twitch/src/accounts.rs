//! Twitch accounts by their login name.

use crate::helix::{CallFailure, Helix};
use crate::logins::Caller;
use gamification_core::ids::TwitchUserId;
use std::sync::Arc;
use twitch_api::helix::users::{GetUsersRequest, User};
use twitch_api::types::BroadcasterType;

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
        let answer = self.helix.get(Caller::Application, &request).await.map_err(refusal)?;
        let mut users = answer.data.into_iter();
        Ok(users.find(|user| user.login.as_str() == login).map(account))
    }
}

fn account(user: User) -> TwitchAccount {
    let kind = match user.broadcaster_type {
        Some(BroadcasterType::Affiliate) => ChannelKind::Affiliate,
        Some(BroadcasterType::Partner) => ChannelKind::Partner,
        _ => ChannelKind::Plain,
    };
    TwitchAccount {
        id: user.id.as_str().into(),
        login: user.login.as_str().to_owned(),
        display_name: user.display_name.as_str().to_owned(),
        kind,
    }
}

fn refusal(failure: CallFailure) -> AccountsError {
    match failure {
        CallFailure::Refused { .. } | CallFailure::LoginNeeded => {
            AccountsError::Refused(failure.to_string())
        }
        CallFailure::RateLimited { .. } | CallFailure::Doubtful(_) => {
            AccountsError::Unavailable(failure.to_string())
        }
    }
}
