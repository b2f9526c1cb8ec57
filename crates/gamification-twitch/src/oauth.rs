//! Logging in with Twitch: the code that a browser brings back, the code that a device shows, and
//! whether logins are still good.

pub(crate) mod addresses;
pub(crate) mod endpoint;

use crate::accounts::TwitchAccount;
use crate::helix::CallFailure;
use crate::logins::Logins;
use crate::vault::Tokens;
use endpoint::GrantFailure;
use futures_util::{StreamExt, stream};
use gamification_core::ids::TwitchUserId;
use reqwest::Url;
use serde::Deserialize;
use std::fmt;
use std::sync::Arc;

/// What a device shows at the token endpoint.
const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// How many logins are validated at the same time.
const VALIDATIONS_AT_ONCE: usize = 8;

/// Why a login did not come about. Nothing that was kept before is touched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OAuthError {
    /// Twitch says no: the code is wrong, old or used, or the client or its secret is wrong.
    #[error("Twitch refused: {0}")]
    Refused(String),
    /// Not now. A code may be used up all the same: the person begins again.
    #[error("Twitch could not be reached: {0}")]
    Unavailable(String),
}

/// A login that a person allows on another device. Debug output shows no code.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceCode {
    /// What we ask with; a secret.
    pub device_code: String,
    /// What the person types.
    pub user_code: String,
    /// Where the person types it.
    pub verification_uri: String,
    /// How long that is possible, in seconds.
    pub expires_in_seconds: u32,
    /// The least time between two questions, in seconds.
    pub interval_seconds: u32,
}

impl fmt::Debug for DeviceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceCode")
            .field("verification_uri", &self.verification_uri)
            .field("expires_in_seconds", &self.expires_in_seconds)
            .finish_non_exhaustive()
    }
}

/// What became of a device's login so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceAnswer {
    /// The person has not said yes.
    Pending,
    /// The same, and we ask too often.
    SlowDown,
    /// The code is used, too old, or was denied.
    Expired,
    /// Whose login it is.
    Done(TwitchAccount, Tokens),
}

/// Whether a login is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginHealth {
    /// Twitch says so.
    Alive,
    /// Only the person can give it back.
    Dead,
    /// Twitch or the vault does not tell.
    Unknown,
}

/// Logins with Twitch.
pub struct TwitchLogins {
    logins: Arc<Logins>,
}

impl TwitchLogins {
    pub(crate) const fn new(logins: Arc<Logins>) -> Self {
        Self { logins }
    }

    /// Where a person's browser is sent to. `state` comes back with the code; `redirect_url` has to
    /// be registered with Twitch to the letter; `force_verify` asks even a person who said yes
    /// before.
    #[must_use]
    pub fn authorize_url(
        &self,
        state: &str,
        redirect_url: &str,
        scopes: &[&str],
        force_verify: bool,
    ) -> Url {
        let endpoint = &self.logins.endpoint;
        let mut url = endpoint.addresses.authorize.clone();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &endpoint.client_id)
            .append_pair("redirect_uri", redirect_url)
            .append_pair("scope", &scopes.join(" "))
            .append_pair("state", state)
            .append_pair("force_verify", if force_verify { "true" } else { "false" });
        url
    }

    /// Takes the code that a browser brought back, which works once. `redirect_url` is the one that
    /// the browser was sent with. Nothing is kept: that is the caller's to do.
    ///
    /// # Errors
    /// As told.
    pub async fn exchange(
        &self,
        code: &str,
        redirect_url: &str,
    ) -> Result<(TwitchAccount, Tokens), OAuthError> {
        let tokens = self.logins.endpoint.for_code(code, redirect_url).await?;
        self.with_account(tokens).await
    }

    /// Begins a login that needs no browser here.
    ///
    /// # Errors
    /// As told.
    pub async fn begin_device(&self, scopes: &[&str]) -> Result<DeviceCode, OAuthError> {
        #[derive(Deserialize)]
        struct Begun {
            device_code: String,
            user_code: String,
            verification_uri: String,
            expires_in: u32,
            interval: u32,
        }
        let endpoint = &self.logins.endpoint;
        let scopes = scopes.join(" ");
        let pairs = [("client_id", endpoint.client_id.as_str()), ("scopes", &scopes)];
        let body = endpoint.post(&endpoint.addresses.device, &pairs).await?;
        let begun: Begun = serde_json::from_slice(&body).map_err(|_| endpoint::unreadable())?;
        Ok(DeviceCode {
            device_code: begun.device_code,
            user_code: begun.user_code,
            verification_uri: begun.verification_uri,
            expires_in_seconds: begun.expires_in,
            interval_seconds: begun.interval,
        })
    }

    /// Asks whether the person said yes; not more often than the code tells. `scopes` are those
    /// that the login was begun with. Tokens are given out once, and nothing is kept.
    ///
    /// # Errors
    /// As told; the code is still good after [`OAuthError::Unavailable`], most likely.
    pub async fn poll_device(
        &self,
        code: &DeviceCode,
        scopes: &[&str],
    ) -> Result<DeviceAnswer, OAuthError> {
        let endpoint = &self.logins.endpoint;
        let scopes = scopes.join(" ");
        let pairs = [
            ("client_id", endpoint.client_id.as_str()),
            ("scopes", &scopes),
            ("device_code", &code.device_code),
            ("grant_type", DEVICE_GRANT),
        ];
        let refusal = match endpoint.for_device(&pairs).await {
            Ok(tokens) => {
                let (account, tokens) = self.with_account(tokens).await?;
                return Ok(DeviceAnswer::Done(account, tokens));
            }
            Err(GrantFailure::Refused { message, .. }) => message,
            Err(failure) => return Err(failure.into()),
        };
        match refusal.to_ascii_lowercase().replace(' ', "_").as_str() {
            "authorization_pending" => Ok(DeviceAnswer::Pending),
            "slow_down" => Ok(DeviceAnswer::SlowDown),
            "invalid_device_code" | "expired_token" | "access_denied" => Ok(DeviceAnswer::Expired),
            _ => Err(OAuthError::Refused(refusal)),
        }
    }

    /// Asks Twitch about every login that is not known to be dead, as Twitch wants it at the start
    /// and every hour. How many died.
    pub async fn validate_all(&self) -> u64 {
        let people = match self.logins.vault.all().await {
            Ok(people) => people,
            Err(error) => {
                tracing::warn!(%error, "logins could not be validated");
                return 0;
            }
        };
        let (count, mut died) = (people.len(), 0);
        let mut asked = stream::iter(people)
            .map(|person| async move { self.validate(&person).await })
            .buffer_unordered(VALIDATIONS_AT_ONCE);
        while let Some(health) = asked.next().await {
            died += u64::from(health == LoginHealth::Dead);
        }
        tracing::info!(logins = count, died, "logins were validated");
        died
    }

    /// Asks Twitch about one login; a dead one is not asked about. A refused access token is
    /// renewed once, and the vault learns what came of it.
    pub async fn validate(&self, person: &TwitchUserId) -> LoginHealth {
        self.logins.validate(person).await
    }

    /// Waits until no renewal is under way, a few seconds at most: what Twitch has given out is
    /// then in the vault. For the end of the program; the logins go on to work.
    pub async fn finish(&self) {
        self.logins.finish().await;
    }

    /// Whose tokens these are: Twitch's word for it, never the caller's.
    async fn with_account(&self, tokens: Tokens) -> Result<(TwitchAccount, Tokens), OAuthError> {
        let account =
            self.logins.wire.account_of(&tokens.access, None).await.map_err(|failure| {
                let reason = failure.to_string();
                match failure {
                    CallFailure::Refused { .. } => OAuthError::Refused(reason),
                    _ => OAuthError::Unavailable(reason),
                }
            })?;
        Ok((account, tokens))
    }
}

impl From<GrantFailure> for OAuthError {
    fn from(failure: GrantFailure) -> Self {
        match failure {
            GrantFailure::Refused { status, message } if message.is_empty() => {
                Self::Refused(format!("status {}", status.as_u16()))
            }
            GrantFailure::Refused { message, .. } => Self::Refused(message),
            GrantFailure::Unavailable(reason) => Self::Unavailable(reason),
        }
    }
}
