//! A vault in memory, which tells what was done with it and can fail.

use async_trait::async_trait;
use gamification_core::ids::TwitchUserId;
use gamification_core::login::LoginLoss;
use gamification_core::time::Timestamp;
use gamification_twitch::{HeldLogin, TokenVault, Tokens, TwitchAccount, VaultError};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Clones are the same vault, as for two nodes of one installation.
#[derive(Clone, Default)]
pub(crate) struct MemoryVault(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    logins: BTreeMap<TwitchUserId, HeldLogin>,
    losses: Vec<(TwitchUserId, LoginLoss)>,
    validated: Vec<(TwitchUserId, Timestamp)>,
    failing_renewals: u32,
}

impl MemoryVault {
    /// The person logs in (again) with these tokens.
    pub(crate) fn log_in(&self, person: &TwitchUserId, tokens: Tokens) {
        let mut state = self.0.lock().unwrap();
        let generation = state.logins.get(person).map_or(1, |login| login.generation + 1);
        let login = HeldLogin { tokens, generation, is_connected: true };
        state.logins.insert(person.clone(), login);
    }

    pub(crate) fn held(&self, person: &TwitchUserId) -> HeldLogin {
        self.0.lock().unwrap().logins[person].clone()
    }

    /// Every login that was lost, in order.
    pub(crate) fn losses(&self) -> Vec<(TwitchUserId, LoginLoss)> {
        self.0.lock().unwrap().losses.clone()
    }

    pub(crate) fn validated(&self) -> Vec<(TwitchUserId, Timestamp)> {
        self.0.lock().unwrap().validated.clone()
    }

    /// The next renewals are not written.
    pub(crate) fn fail_renewals(&self, times: u32) {
        self.0.lock().unwrap().failing_renewals = times;
    }

    /// The person's present login, when it is of that generation.
    fn change(&self, person: &TwitchUserId, generation: u32, change: impl FnOnce(&mut HeldLogin)) {
        let mut state = self.0.lock().unwrap();
        let login = state.logins.get_mut(person);
        if let Some(login) = login.filter(|login| login.generation == generation) {
            change(login);
        }
    }
}

#[async_trait]
impl TokenVault for MemoryVault {
    async fn load(&self, person: &TwitchUserId) -> Result<Option<HeldLogin>, VaultError> {
        Ok(self.0.lock().unwrap().logins.get(person).cloned())
    }

    async fn renew(
        &self,
        person: &TwitchUserId,
        generation: u32,
        tokens: &Tokens,
    ) -> Result<(), VaultError> {
        {
            let mut state = self.0.lock().unwrap();
            if state.failing_renewals > 0 {
                state.failing_renewals -= 1;
                return Err(VaultError::Unavailable("the disk is full".to_owned()));
            }
        }
        self.change(person, generation, |login| login.tokens = tokens.clone());
        Ok(())
    }

    async fn validated(
        &self,
        person: &TwitchUserId,
        generation: u32,
        expires_at: Timestamp,
    ) -> Result<(), VaultError> {
        self.change(person, generation, |login| login.tokens.expires_at = expires_at);
        self.0.lock().unwrap().validated.push((person.clone(), expires_at));
        Ok(())
    }

    async fn lose(
        &self,
        person: &TwitchUserId,
        generation: u32,
        loss: LoginLoss,
    ) -> Result<(), VaultError> {
        let mut was_present = false;
        self.change(person, generation, |login| {
            login.is_connected = false;
            was_present = true;
        });
        if was_present {
            self.0.lock().unwrap().losses.push((person.clone(), loss));
        }
        Ok(())
    }

    async fn adopt(&self, account: &TwitchAccount, tokens: &Tokens) -> Result<(), VaultError> {
        self.log_in(&account.id, tokens.clone());
        Ok(())
    }

    async fn all(&self) -> Result<Vec<TwitchUserId>, VaultError> {
        let state = self.0.lock().unwrap();
        let connected = state.logins.iter().filter(|(_, login)| login.is_connected);
        Ok(connected.map(|(person, _)| person.clone()).collect())
    }
}
