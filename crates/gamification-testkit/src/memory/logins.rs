use super::state::State;
use super::unit::{MemoryUnit, insert_new};
use async_trait::async_trait;
use gamification_core::ids::{LoginSessionId, UserId};
use gamification_core::login::{LoginSession, TwitchLogin};
use gamification_core::ports::{LoginRepository, StoreError};
use gamification_core::time::Timestamp;

type Stored<T> = Result<T, StoreError>;

impl State {
    pub(super) fn session_by_hash(&self, hash: &str) -> Option<LoginSession> {
        self.sessions.values().find(|session| session.hash == hash).cloned()
    }
}

#[async_trait]
impl LoginRepository for MemoryUnit {
    async fn lock(&mut self, user: UserId) -> Stored<Option<TwitchLogin>> {
        Ok(self.read()?.logins.get(&user).cloned())
    }

    async fn save(&mut self, login: &TwitchLogin) -> Stored<()> {
        let logins = &mut self.write()?.logins;
        let is_rival =
            |l: &TwitchLogin| l.twitch_id == login.twitch_id && l.user_id != login.user_id;
        if logins.values().any(is_rival) {
            return Err(StoreError::AlreadyExists(format!("login of {}", login.twitch_id)));
        }
        logins.insert(login.user_id, login.clone());
        Ok(())
    }

    async fn insert_session(&mut self, session: &LoginSession) -> Stored<()> {
        let state = self.write()?;
        if state.session_by_hash(&session.hash).is_some() {
            return Err(StoreError::AlreadyExists(format!("session {}", session.id)));
        }
        insert_new(&mut state.sessions, session.id, session)
    }

    async fn end_session(&mut self, id: LoginSessionId, now: Timestamp) -> Stored<bool> {
        match self.write()?.sessions.get_mut(&id) {
            Some(session) if session.ended_at.is_none() => {
                session.ended_at = Some(now);
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    async fn prune_sessions(&mut self, before: Timestamp) -> Stored<u64> {
        let sessions = &mut self.write()?.sessions;
        let held = sessions.len();
        sessions.retain(|_, session| {
            let is_over = |at: Timestamp| at < before;
            !is_over(session.expires_at) && !session.ended_at.is_some_and(is_over)
        });
        Ok((held - sessions.len()) as u64)
    }
}
