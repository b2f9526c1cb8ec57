//! Access tokens: the application's own, and those of people, which the vault keeps.
//!
//! One thing at a time happens to a login: whoever finds a token refused waits for the renewal that
//! is under way, and takes what came of it. A renewal runs to its end even when nobody waits for it
//! any more, because its answer may be the only copy of a refresh token.

mod renewal;
mod rest;

use crate::helix::{CallFailure, Wire};
use crate::oauth::LoginHealth;
use crate::oauth::endpoint::{AppToken, GrantFailure, TokenEndpoint, Validity};
use crate::vault::{HeldLogin, TokenVault, Tokens, VaultError};
use gamification_core::ids::TwitchUserId;
use gamification_core::login::LoginLoss;
use gamification_core::ports::Clock;
use gamification_core::time::Timestamp;
use http::StatusCode;
use rest::Rest;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio_util::task::TaskTracker;

/// A token that ends within this time is renewed before it is used.
const EARLY_SECONDS: u32 = 60;

/// How long a login is remembered: what another node learns about it is known here after that.
const REMEMBERED_SECONDS: u32 = 30;

/// With whose token Twitch is called.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Caller<'a> {
    /// The broadcaster's.
    Channel(&'a TwitchUserId),
    /// Our own: public data and subscriptions that are not made with a person's token.
    Application,
}

impl Caller<'_> {
    pub(crate) fn key(self) -> Option<TwitchUserId> {
        match self {
            Self::Channel(id) => Some(id.clone()),
            Self::Application => None,
        }
    }
}

/// A token to call with, and which login of a person it belongs to.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Lease {
    pub(crate) access: String,
    generation: u32,
}

/// What is known of one person's login.
#[derive(Default)]
struct Slot {
    known: Option<Known>,
    /// New tokens that the vault has not confirmed, with their generation. They are not used before
    /// it has, and not forgotten either.
    unsaved: Option<(u32, Tokens)>,
    rest: Rest,
}

struct Known {
    held: HeldLogin,
    until: Timestamp,
}

#[derive(Default)]
struct AppSlot {
    token: Option<AppToken>,
    rest: Rest,
}

/// All tokens of this process.
pub(crate) struct Logins {
    pub(crate) endpoint: TokenEndpoint,
    pub(crate) wire: Arc<Wire>,
    pub(crate) vault: Arc<dyn TokenVault>,
    clock: Arc<dyn Clock>,
    /// Whether whoever never logged in is logged in by us: sandbox and mock.
    needs_no_people: bool,
    app: tokio::sync::Mutex<AppSlot>,
    people: Mutex<HashMap<TwitchUserId, Arc<tokio::sync::Mutex<Slot>>>>,
    renewals: TaskTracker,
}

impl Logins {
    pub(crate) fn new(
        endpoint: TokenEndpoint,
        wire: Arc<Wire>,
        vault: Arc<dyn TokenVault>,
        clock: Arc<dyn Clock>,
        needs_no_people: bool,
    ) -> Self {
        let (app, people) = (tokio::sync::Mutex::default(), Mutex::default());
        let renewals = TaskTracker::new();
        Self { endpoint, wire, vault, clock, needs_no_people, app, people, renewals }
    }

    /// See [`TwitchLogins::finish`](crate::TwitchLogins::finish).
    pub(crate) async fn finish(&self) {
        self.renewals.close();
        self.renewals.wait().await;
    }

    /// A token of the caller: the one at hand unless it is `refused`, else a new one.
    ///
    /// # Errors
    /// [`CallFailure::LoginNeeded`] for a login that is dead or never was;
    /// [`CallFailure::NotNow`] when there is no telling.
    pub(crate) async fn token(
        self: &Arc<Self>,
        caller: Caller<'_>,
        refused: Option<&Lease>,
    ) -> Result<Lease, CallFailure> {
        match caller {
            Caller::Application => self.own_token(refused).await,
            Caller::Channel(person) => self.token_of(person, refused).await,
        }
    }

    async fn own_token(&self, refused: Option<&Lease>) -> Result<Lease, CallFailure> {
        let mut slot = self.app.lock().await;
        let now = self.clock.now();
        let is_good = |token: &&AppToken| {
            now.plus_seconds(EARLY_SECONDS) < token.expires_at
                && refused.is_none_or(|refused| refused.access != token.access.secret())
        };
        if let Some(token) = slot.token.as_ref().filter(is_good) {
            return Ok(Lease { access: token.access.secret().to_owned(), generation: 0 });
        }
        slot.token = None;
        slot.rest.check(now)?;
        match self.endpoint.for_application().await {
            Ok(token) => {
                slot.rest = Rest::default();
                let access = token.access.secret().to_owned();
                slot.token = Some(token);
                Ok(Lease { access, generation: 0 })
            }
            Err(GrantFailure::Refused { status, message }) => {
                tracing::warn!(status = status.as_u16(), message, "Twitch refused our client");
                Err(refused_client())
            }
            Err(GrantFailure::Unavailable(reason)) => {
                Err(slot.rest.begin(self.clock.now(), &reason))
            }
        }
    }

    async fn token_of(
        self: &Arc<Self>,
        person: &TwitchUserId,
        refused: Option<&Lease>,
    ) -> Result<Lease, CallFailure> {
        let slot = self.slot(person).lock_owned().await;
        let now = self.clock.now();
        let is_refused =
            |held: &HeldLogin| refused.is_some_and(|refused| refused.access == held.tokens.access);
        if let Some(known) = &slot.known
            && now < known.until
            && now.plus_seconds(EARLY_SECONDS) < known.held.tokens.expires_at
            && !is_refused(&known.held)
        {
            return Ok(known.held.lease());
        }
        let (logins, person) = (Arc::clone(self), person.clone());
        let refused = refused.map(|lease| lease.access.clone());
        let found = async move { logins.obtain(slot, &person, refused.as_deref()).await };
        self.renewals
            .spawn(found)
            .await
            .unwrap_or_else(|error| Err(CallFailure::NotNow(error.to_string())))
    }

    fn slot(&self, person: &TwitchUserId) -> Arc<tokio::sync::Mutex<Slot>> {
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(people.entry(person.clone()).or_default())
    }

    /// Has the vault asked the next time: what Twitch said of a person's login may have been
    /// written there meanwhile.
    pub(crate) async fn forget(&self, caller: Caller<'_>) {
        if let Caller::Channel(person) = caller {
            self.slot(person).lock().await.known = None;
        }
    }

    /// A token of a later login of the caller than that of `lease`, when there is one by now.
    pub(crate) async fn later(
        self: &Arc<Self>,
        caller: Caller<'_>,
        lease: &Lease,
    ) -> Result<Option<Lease>, CallFailure> {
        let Caller::Channel(person) = caller else { return Ok(None) };
        self.forget(caller).await;
        let present = self.token_of(person, None).await?;
        Ok((present.generation != lease.generation).then_some(present))
    }

    /// What it means that Twitch refuses a token that is new. One that the token service calls good
    /// is no reason to trouble the person.
    pub(crate) async fn refused_again(&self, caller: Caller<'_>, lease: &Lease) -> CallFailure {
        let Caller::Channel(person) = caller else { return refused_client() };
        match self.endpoint.validate(&lease.access).await {
            Ok(Validity::Bad) => self.lose(person, lease, LoginLoss::Refused).await,
            Ok(Validity::Good { .. }) => {
                CallFailure::NotNow("Twitch refused a token that it calls good".to_owned())
            }
            Err(failure) => CallFailure::NotNow(failure.to_string()),
        }
    }

    /// Has the vault note that this login is dead.
    pub(crate) async fn lose(
        &self,
        person: &TwitchUserId,
        lease: &Lease,
        loss: LoginLoss,
    ) -> CallFailure {
        self.forget(Caller::Channel(person)).await;
        self.give_up(person, lease.generation, loss).await
    }

    async fn give_up(
        &self,
        person: &TwitchUserId,
        generation: u32,
        loss: LoginLoss,
    ) -> CallFailure {
        tracing::warn!(channel = %person, generation, ?loss, "a login is dead");
        if let Err(error) = self.vault.lose(person, generation, loss).await {
            return unavailable(&error);
        }
        match self.vault.load(person).await {
            // What waits for a login would wait for the one after this.
            Ok(Some(held)) if held.is_connected => {
                CallFailure::NotNow("the person has logged in again meanwhile".to_owned())
            }
            _ => CallFailure::LoginNeeded,
        }
    }

    /// See [`TwitchLogins::validate`](crate::TwitchLogins::validate).
    pub(crate) async fn validate(self: &Arc<Self>, person: &TwitchUserId) -> LoginHealth {
        let checked = async {
            let lease = self.token_of(person, None).await?;
            match self.endpoint.validate(&lease.access).await {
                Ok(Validity::Good { expires_at }) => {
                    let noted = self.vault.validated(person, lease.generation, expires_at).await;
                    noted.map_err(|error| unavailable(&error))
                }
                Ok(Validity::Bad) => self.token_of(person, Some(&lease)).await.map(drop),
                Err(failure) => Err(CallFailure::NotNow(failure.to_string())),
            }
        };
        match checked.await {
            Ok(()) => LoginHealth::Alive,
            Err(CallFailure::LoginNeeded) => LoginHealth::Dead,
            Err(failure) => {
                tracing::debug!(channel = %person, %failure, "a login could not be validated");
                LoginHealth::Unknown
            }
        }
    }
}

impl HeldLogin {
    fn lease(&self) -> Lease {
        Lease { access: self.tokens.access.clone(), generation: self.generation }
    }
}

fn unavailable(error: &VaultError) -> CallFailure {
    CallFailure::NotNow(error.to_string())
}

/// What it means when Twitch takes no token of ours, not even a new one.
fn refused_client() -> CallFailure {
    CallFailure::Refused {
        status: StatusCode::UNAUTHORIZED,
        message: "our client id or its secret is wrong".to_owned(),
    }
}
