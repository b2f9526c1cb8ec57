//! Whether we may act for a person on Twitch.

use crate::api::types::Moment;
use gamification_core::login::{LoginLoss, LoginState, LoginStatus, TwitchLogin};
use poem_openapi::{Enum, Object};

/// A login with Twitch. It holds no tokens.
#[derive(Debug, Clone, Object)]
#[oai(rename = "TwitchLogin", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(in crate::api) struct LoginView {
    /// Where it stands.
    status: LoginStatusName,
    /// Why it died; present when it needs the person.
    reason: Option<LoginLossName>,
    /// Since when it is known to be dead; present when it needs the person.
    since: Option<Moment>,
    /// What the person granted, in Twitch's words; empty when they never logged in.
    scopes: Vec<String>,
    /// When the person last logged in.
    logged_in_at: Option<Moment>,
    /// When the present access token ends; it is renewed before.
    expires_at: Option<Moment>,
}

/// Where a login stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "TwitchLoginStatus", rename_all = "snake_case")]
enum LoginStatusName {
    /// Twitch lets us act for the person.
    Connected,
    /// Only the person can give it back, by logging in.
    NeedsLogin,
    /// The person never logged in here.
    Never,
}

/// Why a login died.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "TwitchLoginLoss", rename_all = "snake_case")]
enum LoginLossName {
    /// Twitch takes neither token any more.
    Refused,
    /// The person took the authorisation back.
    Revoked,
    /// What was granted does not cover what is needed.
    ScopeMissing,
    /// The installation's key was changed, and the tokens cannot be opened.
    Unreadable,
}

impl LoginView {
    /// A person's login; `None` for who never logged in.
    pub(in crate::api) fn of(login: Option<&TwitchLogin>) -> Self {
        let (reason, since) = match login.map(|login| login.state) {
            Some(LoginState::NeedsLogin { reason, since }) => (Some(reason), Some(since)),
            Some(LoginState::Connected) | None => (None, None),
        };
        Self {
            status: login.map_or(LoginStatus::Never, TwitchLogin::status).into(),
            reason: reason.map(Into::into),
            since: since.map(Moment),
            scopes: login.map(|login| login.scopes.clone()).unwrap_or_default(),
            logged_in_at: login.map(|login| Moment(login.logged_in_at)),
            expires_at: login.map(|login| Moment(login.expires_at)),
        }
    }
}

impl From<LoginStatus> for LoginStatusName {
    fn from(status: LoginStatus) -> Self {
        match status {
            LoginStatus::Connected => Self::Connected,
            LoginStatus::NeedsLogin => Self::NeedsLogin,
            LoginStatus::Never => Self::Never,
        }
    }
}

impl From<LoginLoss> for LoginLossName {
    fn from(loss: LoginLoss) -> Self {
        match loss {
            LoginLoss::Refused => Self::Refused,
            LoginLoss::Revoked => Self::Revoked,
            LoginLoss::ScopeMissing => Self::ScopeMissing,
            LoginLoss::Unreadable => Self::Unreadable,
        }
    }
}
