//! Logins with Twitch, and signed-in browsers.

mod row;

use crate::error::{Stored, store_error};
use crate::rows;
use crate::unit::Unit;
use async_trait::async_trait;
use gamification_core::ids::{LoginSessionId, UserId};
use gamification_core::login::{LoginSession, TwitchLogin};
use gamification_core::ports::{Lock, LoginRepository, StoreError};
use gamification_core::time::Timestamp;
use row::{login, session};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

/// The logins of these people, of everybody when `None`.
pub(crate) async fn logins(
    c: &impl ConnectionTrait,
    users: Option<&[UserId]>,
) -> Stored<Vec<TwitchLogin>> {
    let mut found = login::Entity::find().order_by_asc(login::Column::UserId);
    if let Some(users) = users {
        found = found.filter(login::Column::UserId.is_in(users.iter().map(|user| user.0)));
    }
    rows::all(c, found).await?.into_iter().map(row::to_login).collect()
}

pub(crate) async fn session_by_hash(
    c: &impl ConnectionTrait,
    hash: &str,
) -> Stored<Option<LoginSession>> {
    let found = session::Entity::find().filter(session::Column::Hash.eq(hash));
    Ok(rows::first(c, found).await?.map(row::to_session))
}

#[async_trait]
impl LoginRepository for Unit {
    async fn lock(&mut self, user: UserId) -> Stored<Option<TwitchLogin>> {
        let found = rows::locked(login::Entity::find_by_id(user.0), Lock::Exclusive);
        rows::first(self.tx(), found).await?.map(row::to_login).transpose()
    }

    async fn save(&mut self, login: &TwitchLogin) -> Stored<()> {
        rows::upsert::<login::Entity, _>(self.tx(), row::from_login(login)?).await
    }

    async fn insert_session(&mut self, session: &LoginSession) -> Stored<()> {
        if rows::insert_new::<session::Entity, _>(self.tx(), row::from_session(session)).await? {
            return Ok(());
        }
        Err(StoreError::AlreadyExists(format!("session {}", session.id)))
    }

    async fn end_session(&mut self, id: LoginSessionId, now: Timestamp) -> Stored<bool> {
        let ended = session::Entity::update_many()
            .col_expr(session::Column::EndedAt, Expr::val(now.as_micros()))
            .filter(session::Column::Id.eq(id.0))
            .filter(session::Column::EndedAt.is_null())
            .exec(self.tx());
        Ok(ended.await.map_err(store_error)?.rows_affected == 1)
    }

    async fn prune_sessions(&mut self, before: Timestamp) -> Stored<u64> {
        let is_over = Condition::any()
            .add(session::Column::ExpiresAt.lt(before.as_micros()))
            .add(session::Column::EndedAt.lt(before.as_micros()));
        let pruned = session::Entity::delete_many().filter(is_over).exec(self.tx());
        Ok(pruned.await.map_err(store_error)?.rows_affected)
    }
}
