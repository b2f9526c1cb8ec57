//! Users, their points, and their streams.

use std::collections::HashMap;

use sea_orm::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{Condition, QueryOrder, Set};

use super::entities::{balance, stream, user};
use crate::clock;

/// What a viewer has on a channel before the first redemption there.
pub(crate) const STARTING_POINTS: i64 = 10_000_000;

/// The first made id; the seeds lie below it.
const FIRST_ID: u64 = 900_000_000;

const SEEDS: [(&str, &str, &str, &str); 3] = [
    ("104205061", "gm", "GM", "affiliate"),
    ("218640722", "alice", "Alice", "affiliate"),
    ("361947183", "bob", "Bob", "partner"),
];

/// Whether a login is one that Twitch would give: 1 to 25 lower-case letters, digits, `_`.
pub(crate) fn is_login(login: &str) -> bool {
    (1..=25).contains(&login.len())
        && login.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

pub(crate) async fn seed_when_empty(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    if user::Entity::find().count(db).await? > 0 {
        return Ok(());
    }
    for (id, login, name, kind) in SEEDS {
        let mut model = new_user(id.to_owned(), login);
        model.display_name = name.to_owned();
        model.broadcaster_type = kind.to_owned();
        insert(db, model).await?;
    }
    Ok(())
}

fn new_user(id: String, login: &str) -> user::Model {
    user::Model {
        id,
        login: login.to_owned(),
        display_name: login.to_owned(),
        broadcaster_type: String::new(),
        language: "en".to_owned(),
        starting_points: STARTING_POINTS,
        created_at_ns: clock::now_ns(),
    }
}

async fn insert(db: &impl ConnectionTrait, model: user::Model) -> Result<(), DbErr> {
    user::Entity::insert(user::ActiveModel::from(model)).exec_without_returning(db).await?;
    Ok(())
}

pub(crate) async fn by_id(
    db: &impl ConnectionTrait,
    id: &str,
) -> Result<Option<user::Model>, DbErr> {
    user::Entity::find_by_id(id).one(db).await
}

pub(crate) async fn by_login(
    db: &impl ConnectionTrait,
    login: &str,
) -> Result<Option<user::Model>, DbErr> {
    user::Entity::find().filter(user::Column::Login.eq(login)).one(db).await
}

pub(crate) async fn all(db: &impl ConnectionTrait) -> Result<Vec<user::Model>, DbErr> {
    user::Entity::find().order_by_asc(user::Column::Id).all(db).await
}

/// These users by id; unknown ids are left out.
pub(crate) async fn by_ids(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = String>,
) -> Result<HashMap<String, user::Model>, DbErr> {
    let users = user::Entity::find().filter(user::Column::Id.is_in(ids)).all(db).await?;
    Ok(users.into_iter().map(|user| (user.id.clone(), user)).collect())
}

/// These users by id or login, in no particular order.
pub(crate) async fn by_ids_or_logins(
    db: &impl ConnectionTrait,
    ids: &[String],
    logins: &[String],
) -> Result<Vec<user::Model>, DbErr> {
    let wanted =
        Condition::any().add(user::Column::Id.is_in(ids)).add(user::Column::Login.is_in(logins));
    user::Entity::find().filter(wanted).order_by_asc(user::Column::Id).all(db).await
}

/// The user of this login, made when unknown. The login must be one ([`is_login`]).
pub(crate) async fn get_or_create(
    db: &impl ConnectionTrait,
    login: &str,
) -> Result<user::Model, DbErr> {
    if let Some(user) = by_login(db, login).await? {
        return Ok(user);
    }
    // Users are never deleted, so the count gives an id that is free.
    let id = FIRST_ID + user::Entity::find().count(db).await?;
    let model = new_user(id.to_string(), login);
    insert(db, model.clone()).await?;
    Ok(model)
}

/// Writes a changed user back.
pub(crate) async fn update(
    db: &impl ConnectionTrait,
    model: user::Model,
) -> Result<user::Model, DbErr> {
    user::ActiveModel::from(model).reset_all().update(db).await
}

/// Gives the user this many points on every channel.
pub(crate) async fn forget_balances(db: &impl ConnectionTrait, user_id: &str) -> Result<(), DbErr> {
    balance::Entity::delete_many().filter(balance::Column::UserId.eq(user_id)).exec(db).await?;
    Ok(())
}

pub(crate) async fn balances(db: &impl ConnectionTrait) -> Result<Vec<balance::Model>, DbErr> {
    balance::Entity::find().order_by_asc(balance::Column::BroadcasterId).all(db).await
}

/// What this viewer has on this channel.
pub(crate) async fn points(
    db: &impl ConnectionTrait,
    viewer: &user::Model,
    broadcaster_id: &str,
) -> Result<i64, DbErr> {
    let key = (viewer.id.clone(), broadcaster_id.to_owned());
    let known = balance::Entity::find_by_id(key).one(db).await?;
    Ok(known.map_or(viewer.starting_points, |balance| balance.points))
}

pub(crate) async fn set_points(
    db: &impl ConnectionTrait,
    user_id: &str,
    broadcaster_id: &str,
    points: i64,
) -> Result<(), DbErr> {
    let row = balance::ActiveModel {
        user_id: Set(user_id.to_owned()),
        broadcaster_id: Set(broadcaster_id.to_owned()),
        points: Set(points),
    };
    let key = [balance::Column::UserId, balance::Column::BroadcasterId];
    let replace = OnConflict::columns(key).update_column(balance::Column::Points).to_owned();
    balance::Entity::insert(row).on_conflict(replace).exec_without_returning(db).await?;
    Ok(())
}

pub(crate) async fn stream_of(
    db: &impl ConnectionTrait,
    broadcaster_id: &str,
) -> Result<Option<stream::Model>, DbErr> {
    stream::Entity::find_by_id(broadcaster_id).one(db).await
}

/// All live streams, the most watched first.
pub(crate) async fn streams(db: &impl ConnectionTrait) -> Result<Vec<stream::Model>, DbErr> {
    stream::Entity::find()
        .order_by_desc(stream::Column::ViewerCount)
        .order_by_asc(stream::Column::BroadcasterId)
        .all(db)
        .await
}

/// Starts a stream, or changes the viewers of the one that runs.
pub(crate) async fn put_stream(
    db: &impl ConnectionTrait,
    broadcaster_id: &str,
    viewer_count: i64,
) -> Result<stream::Model, DbErr> {
    if let Some(mut running) = stream_of(db, broadcaster_id).await? {
        running.viewer_count = viewer_count;
        return stream::ActiveModel::from(running).reset_all().update(db).await;
    }
    let started_at_ns = clock::now_ns();
    let model = stream::Model {
        broadcaster_id: broadcaster_id.to_owned(),
        stream_id: (started_at_ns / 1_000).to_string(),
        viewer_count,
        started_at_ns,
    };
    let row = stream::ActiveModel::from(model.clone());
    stream::Entity::insert(row).exec_without_returning(db).await?;
    Ok(model)
}

/// Ends the stream; `false` when there was none.
pub(crate) async fn end_stream(
    db: &impl ConnectionTrait,
    broadcaster_id: &str,
) -> Result<bool, DbErr> {
    let gone = stream::Entity::delete_by_id(broadcaster_id).exec(db).await?;
    Ok(gone.rows_affected > 0)
}
