//! Chat messages and polls.

use sea_orm::prelude::*;
use sea_orm::{NotSet, QueryOrder};

use super::entities::talk::{chat_message, poll};

/// Keeps a message; its `seq` is ignored and given.
pub(crate) async fn keep_message(
    db: &impl ConnectionTrait,
    model: chat_message::Model,
) -> Result<(), DbErr> {
    let mut row = chat_message::ActiveModel::from(model);
    row.seq = NotSet;
    chat_message::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// The messages of a channel, or of all, oldest first.
pub(crate) async fn messages(
    db: &impl ConnectionTrait,
    broadcaster_id: Option<&str>,
) -> Result<Vec<chat_message::Model>, DbErr> {
    let mut query = chat_message::Entity::find().order_by_asc(chat_message::Column::Seq);
    if let Some(id) = broadcaster_id {
        query = query.filter(chat_message::Column::BroadcasterId.eq(id));
    }
    query.all(db).await
}

pub(crate) async fn poll_by_id(
    db: &impl ConnectionTrait,
    id: &str,
) -> Result<Option<poll::Model>, DbErr> {
    poll::Entity::find_by_id(id).one(db).await
}

/// Keeps a poll that is new.
pub(crate) async fn keep_poll(db: &impl ConnectionTrait, model: poll::Model) -> Result<(), DbErr> {
    poll::Entity::insert(poll::ActiveModel::from(model)).exec_without_returning(db).await?;
    Ok(())
}

/// Writes down that a poll is over.
pub(crate) async fn end_poll(
    db: &impl ConnectionTrait,
    mut model: poll::Model,
    ended_at_ns: i64,
) -> Result<poll::Model, DbErr> {
    model.ended_at_ns = Some(ended_at_ns);
    poll::ActiveModel::from(model).reset_all().update(db).await
}
