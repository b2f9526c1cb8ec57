//! People by their login: known here, or looked up on Twitch.

use crate::problem::Problem;
use async_trait::async_trait;
use gamification_core::campaign::{BroadcasterType, User};
use gamification_core::service::{Gamification, TwitchProfile};
use gamification_core::validation::FieldError;
use gamification_twitch::{AccountsError, ChannelKind, TwitchAccount, TwitchAccounts};
use poem::http::StatusCode;

/// Who has which account on Twitch.
#[async_trait]
pub trait AccountDirectory: Send + Sync {
    /// The account of that login, in any case of letters; `None` when there is none.
    ///
    /// # Errors
    /// When Twitch does not tell.
    async fn by_login(&self, login: &str) -> Result<Option<TwitchAccount>, AccountsError>;
}

#[async_trait]
impl AccountDirectory for TwitchAccounts {
    async fn by_login(&self, login: &str) -> Result<Option<TwitchAccount>, AccountsError> {
        Self::by_login(self, login).await
    }
}

/// The person with that login, made from their Twitch account when they are new here.
///
/// # Errors
/// 404 when Twitch has no such account either, 503 when it does not tell.
pub async fn user_of_login(
    core: &Gamification,
    directory: &dyn AccountDirectory,
    login: &str,
) -> Result<User, Problem> {
    if let Some(user) = core.ports().queries.user_by_login(login).await? {
        return Ok(user);
    }
    let account = directory.by_login(login).await.map_err(|error| match error {
        AccountsError::Unavailable(cause) => Problem::unavailable(cause),
        AccountsError::Refused(cause) => Problem::internal(cause),
    })?;
    let account = account.ok_or_else(|| Problem::not_found("Twitch account"))?;
    Ok(core.ensure_user(profile(account)).await?)
}

/// The account as the core knows it. Twitch tells no language here.
pub(crate) fn profile(account: TwitchAccount) -> TwitchProfile {
    TwitchProfile {
        twitch_id: account.id,
        login: account.login,
        display_name: account.display_name,
        broadcaster_type: match account.kind {
            ChannelKind::Plain => BroadcasterType::Normal,
            ChannelKind::Affiliate => BroadcasterType::Affiliate,
            ChannelKind::Partner => BroadcasterType::Partner,
        },
        language: None,
    }
}

/// The person with that login, who is to be asked to join; that there is none is a mistake in the
/// field `login`.
///
/// # Errors
/// 422 when there is nobody of that login, 503 when Twitch does not answer.
pub async fn invitee(
    core: &Gamification,
    directory: &dyn AccountDirectory,
    login: &str,
) -> Result<User, Problem> {
    user_of_login(core, directory, login).await.map_err(|problem| {
        if problem.status() == StatusCode::NOT_FOUND {
            let reason = "is not the name of a channel on Twitch";
            return Problem::invalid(vec![FieldError::new("login", reason)]);
        }
        problem
    })
}
