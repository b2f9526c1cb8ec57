//! Signed-in browsers.

use super::super::changes::Changes;
use super::super::{Gamification, Served, ServiceError};
use crate::access::Actor;
use crate::ids::{LoginSessionId, UserId};
use crate::login::LoginSession;
use serde_json::json;

/// How long a session is kept after it ended or expired, in seconds.
const KEPT_SECONDS: u32 = 24 * 3600;

impl Gamification {
    /// Signs a browser of a person in; `hash` is the SHA-256 of its cookie.
    ///
    /// # Errors
    /// When there is no such person, or the session would be over at once.
    pub async fn start_login_session(
        &self,
        user: UserId,
        hash: String,
        lifetime_seconds: u32,
    ) -> Served<LoginSession> {
        self.retrying(|| Box::pin(self.try_start_login_session(user, &hash, lifetime_seconds)))
            .await
    }

    async fn try_start_login_session(
        &self,
        user: UserId,
        hash: &str,
        lifetime_seconds: u32,
    ) -> Served<LoginSession> {
        if lifetime_seconds == 0 {
            return Err(ServiceError::invalid("lifetimeSeconds", "must be at least 1"));
        }
        let now = self.now();
        let mut uow = self.ports.store.begin().await?;
        self.person(uow.as_mut(), user).await?;
        let session = LoginSession {
            id: self.next_id(),
            user_id: user,
            hash: hash.to_owned(),
            created_at: now,
            expires_at: now.plus_seconds(lifetime_seconds),
            ended_at: None,
        };
        uow.logins().insert_session(&session).await?;
        let actor = Actor::User { user_id: user };
        let details = json!({ "sessionId": session.id, "expiresAt": session.expires_at });
        self.note_down(uow.as_mut(), None, &actor, "login_session.started", details).await?;
        self.finish(uow, Changes::default()).await?;
        Ok(session)
    }

    /// Signs a browser out.
    ///
    /// # Errors
    /// When there is no such session, or it was ended before.
    pub async fn end_login_session(&self, actor: &Actor, id: LoginSessionId) -> Served<()> {
        self.retrying(|| Box::pin(self.try_end_login_session(actor, id))).await
    }

    async fn try_end_login_session(&self, actor: &Actor, id: LoginSessionId) -> Served<()> {
        let mut uow = self.ports.store.begin().await?;
        if !uow.logins().end_session(id, self.now()).await? {
            return Err(ServiceError::NotFound("session"));
        }
        let details = json!({ "sessionId": id });
        self.note_down(uow.as_mut(), None, actor, "login_session.ended", details).await?;
        Ok(self.finish(uow, Changes::default()).await?)
    }

    /// Forgets sessions that ended or expired a day ago; how many.
    ///
    /// # Errors
    /// When the store cannot.
    pub async fn prune_sessions(&self) -> Served<u64> {
        let before = self.now().minus_seconds(KEPT_SECONDS);
        let mut uow = self.ports.store.begin().await?;
        let forgotten = uow.logins().prune_sessions(before).await?;
        uow.commit().await?;
        Ok(forgotten)
    }
}
