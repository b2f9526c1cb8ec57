use super::Stored;
use crate::ids::{LoginSessionId, OutboxId, UserId};
use crate::login::{LoginSession, TwitchLogin};
use crate::outbox::OutboxEntry;
use crate::time::Timestamp;
use async_trait::async_trait;

/// Logins with Twitch, and signed-in browsers.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait LoginRepository: Send {
    /// The person's login, locked exclusively; `None` when they never logged in.
    async fn lock(&mut self, user: UserId) -> Stored<Option<TwitchLogin>>;
    /// Inserts or replaces the person's login.
    async fn save(&mut self, login: &TwitchLogin) -> Stored<()>;
    /// Inserts a new session.
    async fn insert_session(&mut self, session: &LoginSession) -> Stored<()>;
    /// Signs a browser out; `false` when there is no such session or it was ended before.
    async fn end_session(&mut self, id: LoginSessionId, now: Timestamp) -> Stored<bool>;
    /// Forgets sessions that ended or expired before; how many.
    async fn prune_sessions(&mut self, before: Timestamp) -> Stored<u64>;
}

/// What must happen outside, at most once each.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Outbox: Send {
    /// Adds effects.
    async fn push(&mut self, entries: &[OutboxEntry]) -> Stored<()>;
    /// Takes waiting effects that are due, the oldest of each channel, of channels on which nothing
    /// is taken and nothing was done or failed after `quiet_since`; at most `limit`. They are
    /// `taken` with one attempt more. What was taken before and whose lease is over has failed,
    /// with the error `unknown`: it may have happened.
    async fn take(
        &mut self,
        now: Timestamp,
        lease_until: Timestamp,
        quiet_since: Timestamp,
        limit: u32,
    ) -> Stored<Vec<OutboxEntry>>;
    /// It happened. Like the two below it asserts that the entry is taken.
    async fn complete(&mut self, id: OutboxId, now: Timestamp) -> Stored<()>;
    /// It certainly did not happen, and is tried again.
    async fn postpone(&mut self, id: OutboxId, until: Timestamp, error: &str) -> Stored<()>;
    /// It did not happen, or nobody knows, and is not tried again.
    async fn park(&mut self, id: OutboxId, now: Timestamp, error: &str) -> Stored<()>;
    /// Forgets what was done or failed before; how many.
    async fn prune(&mut self, before: Timestamp) -> Stored<u64>;
}
