//! Where the tokens of people are kept. The adapter reads and renews them; who keeps them, and how
//! they are sealed, is the program's business.

use crate::accounts::TwitchAccount;
use async_trait::async_trait;
use gamification_core::ids::TwitchUserId;
use gamification_core::login::LoginLoss;
use gamification_core::time::Timestamp;
use std::fmt;

/// What Twitch gave out for one person. Debug output shows no token.
#[derive(Clone, PartialEq, Eq)]
pub struct Tokens {
    /// What calls are made with.
    pub access: String,
    /// What the next pair is got with; empty where there is no such thing, as in Twitch's mock.
    pub refresh: String,
    /// What was granted, in Twitch's words.
    pub scopes: Vec<String>,
    /// When the access token ends.
    pub expires_at: Timestamp,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("scopes", &self.scopes)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// A person's login as the vault has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldLogin {
    /// What to act with.
    pub tokens: Tokens,
    /// Counts the person's logins. What is learnt about one login is told with its generation, so
    /// that it is never held against a later one.
    pub generation: u32,
    /// Whether the login is good as far as is known. Nobody calls Twitch with a dead one.
    pub is_connected: bool,
}

/// Why the vault did not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// Not now; what was to be written may or may not be.
    #[error("the logins cannot be read or written: {0}")]
    Unavailable(String),
}

/// Keeps logins. Everything told with a generation that is not the present one is ignored, and
/// that is no error.
#[async_trait]
pub trait TokenVault: Send + Sync {
    /// The person's login, dead or not; `None` when they never logged in.
    ///
    /// # Errors
    /// When the vault cannot be read.
    async fn load(&self, person: &TwitchUserId) -> Result<Option<HeldLogin>, VaultError>;

    /// Replaces both tokens in one write. They are not used before this returns.
    ///
    /// # Errors
    /// When it is not certain that they were written: then the same call is made again.
    async fn renew(
        &self,
        person: &TwitchUserId,
        generation: u32,
        tokens: &Tokens,
    ) -> Result<(), VaultError>;

    /// Twitch said that the access token is good until then.
    ///
    /// # Errors
    /// When the vault cannot be written.
    async fn validated(
        &self,
        person: &TwitchUserId,
        generation: u32,
        expires_at: Timestamp,
    ) -> Result<(), VaultError>;

    /// The login is dead until the person logs in again. The tokens are kept.
    ///
    /// # Errors
    /// When the vault cannot be written: the login then counts as alive.
    async fn lose(
        &self,
        person: &TwitchUserId,
        generation: u32,
        loss: LoginLoss,
    ) -> Result<(), VaultError>;

    /// Keeps a first login for which no person was needed: that of a sandbox or of Twitch's mock.
    ///
    /// # Errors
    /// When the vault cannot be written.
    async fn adopt(&self, account: &TwitchAccount, tokens: &Tokens) -> Result<(), VaultError>;

    /// Everybody whose login is not dead.
    ///
    /// # Errors
    /// When the vault cannot be read.
    async fn all(&self) -> Result<Vec<TwitchUserId>, VaultError>;
}
