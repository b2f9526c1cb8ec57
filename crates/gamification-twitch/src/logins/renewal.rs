//! Getting a token that is not at hand: from the vault, or from the token service by way of the
//! vault.

use super::{EARLY_SECONDS, Known, Lease, Logins, REMEMBERED_SECONDS, Rest, Slot, unavailable};
use crate::helix::CallFailure;
use crate::vault::HeldLogin;
use gamification_core::ids::TwitchUserId;
use gamification_core::login::LoginLoss;
use tokio::sync::OwnedMutexGuard;

impl Logins {
    /// A token from the vault; when it is `refused` or about to end, a new one. Holds the person's
    /// slot all the while.
    pub(super) async fn obtain(
        &self,
        mut slot: OwnedMutexGuard<Slot>,
        person: &TwitchUserId,
        refused: Option<&str>,
    ) -> Result<Lease, CallFailure> {
        slot.known = None;
        self.save(&mut slot, person).await?;
        let mut held = self.held(person).await?;
        let now = self.clock.now();
        let is_refused = refused == Some(&*held.tokens.access);
        if is_refused || held.tokens.expires_at <= now.plus_seconds(EARLY_SECONDS) {
            held = match self.renewed(&mut slot, person, &held).await {
                Ok(renewed) => renewed,
                // It is only about to end: until then it is used.
                Err(CallFailure::NotNow(_)) if !is_refused && now < held.tokens.expires_at => {
                    return Ok(held.lease());
                }
                Err(failure) => return Err(failure),
            };
        }
        let lease = held.lease();
        slot.known = Some(Known { held, until: now.plus_seconds(REMEMBERED_SECONDS) });
        Ok(lease)
    }

    /// The login that the vault has, when there is anything to do with it.
    async fn held(&self, person: &TwitchUserId) -> Result<HeldLogin, CallFailure> {
        match self.vault.load(person).await.map_err(|error| unavailable(&error))? {
            Some(held) if held.is_connected => Ok(held),
            None if self.needs_no_people => self.adopted(person).await,
            _ => Err(CallFailure::LoginNeeded),
        }
    }

    /// Logs in for the first time, without a person.
    async fn adopted(&self, person: &TwitchUserId) -> Result<HeldLogin, CallFailure> {
        let tokens = match self.endpoint.without_people(person).await {
            Ok(tokens) => tokens,
            Err(failure) if failure.is_final() => return Err(CallFailure::LoginNeeded),
            Err(failure) => return Err(CallFailure::NotNow(failure.to_string())),
        };
        let account = self.wire.account_of(&tokens.access, Some(person)).await;
        let account = account.map_err(|failure| CallFailure::NotNow(failure.to_string()))?;
        let adopted = self.vault.adopt(&account, &tokens).await;
        adopted.map_err(|error| unavailable(&error))?;
        match self.vault.load(person).await.map_err(|error| unavailable(&error))? {
            Some(held) if held.is_connected => Ok(held),
            _ => Err(CallFailure::LoginNeeded),
        }
    }

    /// New tokens, as the vault has them after they were written there. The vault was read just
    /// now, so nobody else had renewed them.
    async fn renewed(
        &self,
        slot: &mut Slot,
        person: &TwitchUserId,
        held: &HeldLogin,
    ) -> Result<HeldLogin, CallFailure> {
        slot.rest.check(self.clock.now())?;
        let asked = if held.tokens.refresh.is_empty() && self.needs_no_people {
            self.endpoint.without_people(person).await
        } else {
            self.endpoint.refreshed(&held.tokens.refresh).await
        };
        match asked {
            Ok(tokens) => {
                slot.rest = Rest::default();
                slot.unsaved = Some((held.generation, tokens));
                self.save(slot, person).await?;
                tracing::info!(channel = %person, "a login was renewed");
                self.held(person).await
            }
            Err(failure) if failure.is_final() => self.refused_for_good(person, held).await,
            Err(failure) => Err(slot.rest.begin(self.clock.now(), &failure.to_string())),
        }
    }

    /// The refresh token is dead, unless another node has renewed it in this very moment.
    async fn refused_for_good(
        &self,
        person: &TwitchUserId,
        held: &HeldLogin,
    ) -> Result<HeldLogin, CallFailure> {
        let present = self.held(person).await?;
        if present.tokens != held.tokens {
            return Ok(present);
        }
        Err(self.give_up(person, held.generation, LoginLoss::Refused).await)
    }

    /// Has the vault keep what it does not have for certain yet.
    async fn save(&self, slot: &mut Slot, person: &TwitchUserId) -> Result<(), CallFailure> {
        if let Some((generation, tokens)) = &slot.unsaved {
            let saved = self.vault.renew(person, *generation, tokens).await;
            saved.map_err(|error| unavailable(&error))?;
            slot.unsaved = None;
        }
        Ok(())
    }
}
