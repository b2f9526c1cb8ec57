//! Where Twitch's tokens are kept: in the core's store, sealed with the installation's key, which
//! is not there.

use crate::people::profile;
use crate::seal::{NotSealed, Seal};
use async_trait::async_trait;
use gamification_core::ids::TwitchUserId;
use gamification_core::login::{LoginLoss, LoginStatus, SealedTokens, TwitchLogin};
use gamification_core::service::{Gamification, NewLogin, ServiceError};
use gamification_core::time::Timestamp;
use gamification_twitch::{HeldLogin, TokenVault, Tokens, TwitchAccount, VaultError};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, OnceLock, Weak};

/// The tokens of people, through the core's use cases. The core needs Twitch and Twitch needs the
/// tokens, so the core is attached when it is there.
pub struct CoreVault {
    seal: Seal,
    core: OnceLock<Weak<Gamification>>,
}

/// What is sealed: the two are only ever written together.
#[derive(Serialize, Deserialize)]
struct Pair {
    access: String,
    refresh: String,
}

/// What tokens are sealed for: those of one person open as nobody else's.
fn purpose(twitch_id: &TwitchUserId) -> String {
    format!("twitch-login:{twitch_id}")
}

/// Seals the tokens of that account, ready to be stored.
///
/// # Errors
/// When they cannot be sealed.
pub fn sealed_login(
    seal: &Seal,
    twitch_id: &TwitchUserId,
    tokens: &Tokens,
) -> Result<NewLogin, NotSealed> {
    let pair = Pair { access: tokens.access.clone(), refresh: tokens.refresh.clone() };
    let text = serde_json::to_string(&pair).map_err(|_| NotSealed)?;
    let sealed = seal.close(&text, &purpose(twitch_id))?;
    let key_id = seal.key_id().to_owned();
    Ok(NewLogin {
        scopes: tokens.scopes.clone(),
        tokens: SealedTokens { key_id, sealed },
        expires_at: tokens.expires_at,
    })
}

impl CoreVault {
    /// A vault that answers nothing before a core is attached.
    #[must_use]
    pub const fn new(seal: Seal) -> Self {
        Self { seal, core: OnceLock::new() }
    }

    /// The core through which everything is read and written from now on; a second one is ignored.
    /// It is not kept alive: it holds the adapter that holds this.
    pub fn attach(&self, core: &Arc<Gamification>) {
        self.core.get_or_init(|| Arc::downgrade(core));
    }

    fn core(&self) -> Result<Arc<Gamification>, VaultError> {
        let core = self.core.get().and_then(Weak::upgrade);
        core.ok_or_else(|| VaultError::Unavailable("the core is not running".to_owned()))
    }

    fn opened(&self, login: &TwitchLogin) -> Result<Tokens, NotSealed> {
        let SealedTokens { key_id, sealed } = &login.tokens;
        let text = self.seal.open_with(key_id, sealed, &purpose(&login.twitch_id))?;
        let pair: Pair = serde_json::from_str(&text).map_err(|_| NotSealed)?;
        Ok(Tokens {
            access: pair.access,
            refresh: pair.refresh,
            scopes: login.scopes.clone(),
            expires_at: login.expires_at,
        })
    }

    fn sealed(&self, id: &TwitchUserId, tokens: &Tokens) -> Result<NewLogin, VaultError> {
        let sealed = sealed_login(&self.seal, id, tokens);
        sealed.map_err(|error| VaultError::Unavailable(error.to_string()))
    }
}

fn unavailable(error: ServiceError) -> VaultError {
    VaultError::Unavailable(error.to_string())
}

#[async_trait]
impl TokenVault for CoreVault {
    async fn load(&self, id: &TwitchUserId) -> Result<Option<HeldLogin>, VaultError> {
        let core = self.core()?;
        let Some(login) = core.login_of(id).await.map_err(unavailable)? else { return Ok(None) };
        let generation = login.generation;
        if let Ok(tokens) = self.opened(&login) {
            let is_connected = login.status() == LoginStatus::Connected;
            return Ok(Some(HeldLogin { tokens, generation, is_connected }));
        }
        let reason = LoginLoss::Unreadable;
        if core.lose_login(id, Some(generation), reason).await.map_err(unavailable)? {
            let key_id = login.tokens.key_id;
            tracing::error!(twitch_id = %id, key_id, "a login cannot be opened with our keys");
        }
        // It is there, and of no use: a dead login, not a person who never logged in.
        let tokens = Tokens {
            access: String::new(),
            refresh: String::new(),
            scopes: login.scopes,
            expires_at: login.expires_at,
        };
        Ok(Some(HeldLogin { tokens, generation, is_connected: false }))
    }

    async fn renew(
        &self,
        id: &TwitchUserId,
        generation: u32,
        tokens: &Tokens,
    ) -> Result<(), VaultError> {
        // Sealed with the key of today, whichever one it was before.
        let renewed = self.sealed(id, tokens)?;
        let kept = self.core()?.renew_tokens(id, generation, renewed).await;
        if !kept.map_err(unavailable)? {
            tracing::debug!(twitch_id = %id, generation, "a renewal came too late");
        }
        Ok(())
    }

    async fn validated(
        &self,
        id: &TwitchUserId,
        generation: u32,
        expires_at: Timestamp,
    ) -> Result<(), VaultError> {
        let said = self.core()?.login_validated(id, generation, expires_at).await;
        said.map(drop).map_err(unavailable)
    }

    async fn lose(
        &self,
        id: &TwitchUserId,
        generation: u32,
        loss: LoginLoss,
    ) -> Result<(), VaultError> {
        let lost = self.core()?.lose_login(id, Some(generation), loss).await;
        lost.map(drop).map_err(unavailable)
    }

    async fn adopt(&self, account: &TwitchAccount, tokens: &Tokens) -> Result<(), VaultError> {
        let login = self.sealed(&account.id, tokens)?;
        let recorded = self.core()?.record_login(profile(account.clone()), login).await;
        recorded.map(drop).map_err(unavailable)
    }

    async fn all(&self) -> Result<Vec<TwitchUserId>, VaultError> {
        let logins = self.core()?.ports().queries.all_logins().await;
        let logins = logins.map_err(|error| VaultError::Unavailable(error.to_string()))?;
        let living = logins.into_iter().filter(|it| it.status() == LoginStatus::Connected);
        Ok(living.map(|login| login.twitch_id).collect())
    }
}
