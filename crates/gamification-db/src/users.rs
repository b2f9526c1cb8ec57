//! People.

use crate::codec::{from_word, to_word};
use crate::error::Stored;
use crate::unit::Unit;
use crate::{preferences, rewards, rows};
use async_trait::async_trait;
use gamification_core::campaign::User;
use gamification_core::ids::{TwitchUserId, UserId};
use gamification_core::ports::UserRepository;
use gamification_core::preferences::Preferences;
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

pub(crate) mod user {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "users")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) twitch_id: String,
        pub(crate) login: String,
        pub(crate) display_name: String,
        pub(crate) broadcaster_type: String,
        pub(crate) language: String,
        pub(crate) is_admin: bool,
        pub(crate) may_create_campaigns: bool,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(user: &User) -> Stored<user::Model> {
    Ok(user::Model {
        id: user.id.0,
        twitch_id: user.twitch_id.0.clone(),
        login: user.login.clone(),
        display_name: user.display_name.clone(),
        broadcaster_type: to_word(&user.broadcaster_type)?,
        language: user.language.clone(),
        is_admin: user.is_admin,
        may_create_campaigns: user.may_create_campaigns,
    })
}

fn from_row(row: user::Model) -> Stored<User> {
    Ok(User {
        id: UserId(row.id),
        twitch_id: TwitchUserId(row.twitch_id),
        login: row.login,
        display_name: row.display_name,
        broadcaster_type: from_word("users.broadcaster_type", &row.broadcaster_type)?,
        language: row.language,
        is_admin: row.is_admin,
        may_create_campaigns: row.may_create_campaigns,
    })
}

pub(crate) async fn get(c: &impl ConnectionTrait, id: UserId) -> Stored<Option<User>> {
    rows::first(c, user::Entity::find_by_id(id.0)).await?.map(from_row).transpose()
}

pub(crate) async fn get_many(c: &impl ConnectionTrait, ids: &[UserId]) -> Stored<Vec<User>> {
    let ids = ids.iter().map(|id| id.0);
    let found = user::Entity::find().filter(user::Column::Id.is_in(ids));
    rows::all(c, found).await?.into_iter().map(from_row).collect()
}

/// Everybody on whose channel a reward of ours is not deleted.
pub(crate) async fn with_rewards(c: &impl ConnectionTrait) -> Stored<Vec<User>> {
    let found = user::Entity::find()
        .filter(user::Column::Id.in_subquery(rewards::channels()))
        .order_by_asc(user::Column::Id);
    rows::all(c, found).await?.into_iter().map(from_row).collect()
}

pub(crate) async fn by_twitch_id(
    c: &impl ConnectionTrait,
    id: &TwitchUserId,
) -> Stored<Option<User>> {
    let found = user::Entity::find().filter(user::Column::TwitchId.eq(id.as_str()));
    rows::first(c, found).await?.map(from_row).transpose()
}

pub(crate) async fn by_login(c: &impl ConnectionTrait, login: &str) -> Stored<Option<User>> {
    let stored = Expr::expr(Func::lower(Expr::col(user::Column::Login)));
    let found = user::Entity::find().filter(stored.eq(login.to_lowercase()));
    rows::first(c, found).await?.map(from_row).transpose()
}

pub(crate) async fn is_empty(c: &impl ConnectionTrait) -> Stored<bool> {
    Ok(rows::first(c, user::Entity::find()).await?.is_none())
}

#[async_trait]
impl UserRepository for Unit {
    async fn get(&mut self, id: UserId) -> Stored<Option<User>> {
        get(self.tx(), id).await
    }

    async fn get_many(&mut self, ids: &[UserId]) -> Stored<Vec<User>> {
        get_many(self.tx(), ids).await
    }

    async fn by_twitch_id(&mut self, id: &TwitchUserId) -> Stored<Option<User>> {
        by_twitch_id(self.tx(), id).await
    }

    async fn by_login(&mut self, login: &str) -> Stored<Option<User>> {
        by_login(self.tx(), login).await
    }

    async fn save(&mut self, user: &User) -> Stored<()> {
        rows::upsert::<user::Entity, _>(self.tx(), to_row(user)?).await
    }

    async fn save_preferences(&mut self, chosen: &Preferences) -> Stored<()> {
        preferences::save(self.tx(), chosen).await
    }
}
