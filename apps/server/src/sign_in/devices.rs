//! Logins from a second machine: the person types a short code on Twitch's page, on any device.
//!
//! Kept in memory, for the few minutes that Twitch's codes live: a server that restarts meanwhile
//! has the person ask for another code.

use super::callback::failed;
use crate::people::profile;
use crate::problem::Problem;
use crate::services::Services;
use crate::vault::sealed_login;
use gamification_core::campaign::User;
use gamification_core::ids::UserId;
use gamification_core::time::Timestamp;
use gamification_twitch::{DeviceAnswer, DeviceCode, Tokens, TwitchAccount};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Which login by code.
pub type DeviceLoginId = Uuid;

/// How much longer Twitch is left alone after it said that it is asked too often, in seconds.
const SLOWER_SECONDS: u32 = 5;

/// What is told of a login by code when it was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceLogin {
    /// How to ask for it.
    pub id: DeviceLoginId,
    /// What the person types.
    pub user_code: String,
    /// Where.
    pub verification_uri: String,
    /// How long the code lives.
    pub expires_in_seconds: u32,
}

/// How far a login by code has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceProgress {
    /// The person has not typed the code yet.
    Pending,
    /// The person has a login.
    Done,
    /// The code lives no more.
    Expired,
}

/// The logins that were begun: one of each person.
#[derive(Default)]
pub(super) struct Devices(Mutex<HashMap<UserId, Arc<Begun>>>);

struct Begun {
    id: DeviceLoginId,
    code: DeviceCode,
    scopes: Vec<String>,
    expires_at: Timestamp,
    /// Locked while Twitch is asked, so that it is asked once at a time.
    asking: tokio::sync::Mutex<Asking>,
}

struct Asking {
    progress: DeviceProgress,
    interval_seconds: u32,
    not_before: Timestamp,
}

impl Devices {
    /// Replaces whatever that person had begun before.
    fn begin(&self, user: UserId, begun: Begun, now: Timestamp) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, other| now < other.expires_at);
        all.insert(user, Arc::new(begun));
    }

    fn of(&self, user: UserId, id: DeviceLoginId) -> Option<Arc<Begun>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&user).filter(|begun| begun.id == id).cloned()
    }
}

impl Services {
    /// Begins a login by code for that person, asking Twitch for those scopes and for what the
    /// person granted before.
    ///
    /// # Errors
    /// When Twitch gives no code.
    pub async fn begin_device_login(
        &self,
        user: UserId,
        mut scopes: Vec<String>,
    ) -> Result<DeviceLogin, Problem> {
        // The new login takes the place of the one from before, and must not do less.
        for login in self.core.ports().queries.logins(&[user]).await? {
            scopes.extend(login.scopes);
        }
        scopes.sort_unstable();
        scopes.dedup();
        let asked: Vec<&str> = scopes.iter().map(String::as_str).collect();
        let code = self.sign_in.logins.begin_device(&asked).await.map_err(failed)?;
        let (now, id) = (self.core.ports().clock.now(), self.core.ports().ids.next_id());
        let login = DeviceLogin {
            id,
            user_code: code.user_code.clone(),
            verification_uri: code.verification_uri.clone(),
            expires_in_seconds: code.expires_in_seconds,
        };
        let asking = Asking {
            progress: DeviceProgress::Pending,
            interval_seconds: code.interval_seconds,
            not_before: now.plus_seconds(code.interval_seconds),
        };
        let expires_at = now.plus_seconds(code.expires_in_seconds);
        let asking = tokio::sync::Mutex::new(asking);
        self.sign_in.devices.begin(user, Begun { id, code, scopes, expires_at, asking }, now);
        Ok(login)
    }

    /// How far that person's login by code has got; Twitch is asked when it may be asked again.
    ///
    /// # Errors
    /// 404 when the person has begun no such login, 409 when the code was used by somebody with
    /// another account: then nothing was stored.
    pub async fn device_login(
        &self,
        user: &User,
        id: DeviceLoginId,
    ) -> Result<DeviceProgress, Problem> {
        let begun = self.sign_in.devices.of(user.id, id);
        let begun = begun.ok_or_else(|| Problem::not_found("login"))?;
        let mut asking = begun.asking.lock().await;
        let now = self.core.ports().clock.now();
        if asking.progress != DeviceProgress::Pending || now < asking.not_before {
            return Ok(asking.progress);
        }
        if begun.expires_at <= now {
            asking.progress = DeviceProgress::Expired;
            return Ok(asking.progress);
        }
        asking.not_before = now.plus_seconds(asking.interval_seconds);
        let scopes: Vec<&str> = begun.scopes.iter().map(String::as_str).collect();
        match self.sign_in.logins.poll_device(&begun.code, &scopes).await.map_err(failed)? {
            DeviceAnswer::Pending => {}
            DeviceAnswer::SlowDown => {
                asking.interval_seconds = asking.interval_seconds.saturating_add(SLOWER_SECONDS);
                asking.not_before = now.plus_seconds(asking.interval_seconds);
            }
            DeviceAnswer::Expired => asking.progress = DeviceProgress::Expired,
            DeviceAnswer::Done(account, tokens) => {
                // The code is used up, whatever comes of it.
                asking.progress = DeviceProgress::Expired;
                self.take_device_login(user, account, tokens).await?;
                asking.progress = DeviceProgress::Done;
            }
        }
        Ok(asking.progress)
    }

    async fn take_device_login(
        &self,
        user: &User,
        account: TwitchAccount,
        tokens: Tokens,
    ) -> Result<(), Problem> {
        if account.id != user.twitch_id {
            let reason = format!("the code was used with the account {}", account.login);
            return Err(Problem::conflict("another-account", reason));
        }
        let login = sealed_login(&self.seal, &account.id, &tokens);
        let login = login.map_err(|error| Problem::internal(error.to_string()))?;
        self.core.record_login(profile(account), login).await?;
        tracing::info!(user_id = %user.id, "a person logged in with a code");
        self.subscriptions.nudge();
        Ok(())
    }
}
