//! Custom rewards.

use sea_orm::QueryOrder;
use sea_orm::prelude::*;

use super::entities::reward;

pub(crate) async fn by_id(
    db: &impl ConnectionTrait,
    id: &str,
) -> Result<Option<reward::Model>, DbErr> {
    reward::Entity::find_by_id(id).one(db).await
}

/// The rewards of a channel, in the order they were made.
pub(crate) async fn of_channel(
    db: &impl ConnectionTrait,
    broadcaster_id: &str,
) -> Result<Vec<reward::Model>, DbErr> {
    reward::Entity::find()
        .filter(reward::Column::BroadcasterId.eq(broadcaster_id))
        .order_by_asc(reward::Column::CreatedAtNs)
        .order_by_asc(reward::Column::Id)
        .all(db)
        .await
}

pub(crate) async fn insert(db: &impl ConnectionTrait, model: reward::Model) -> Result<(), DbErr> {
    reward::Entity::insert(reward::ActiveModel::from(model)).exec_without_returning(db).await?;
    Ok(())
}

/// Writes a changed reward back.
pub(crate) async fn update(
    db: &impl ConnectionTrait,
    model: reward::Model,
) -> Result<reward::Model, DbErr> {
    reward::ActiveModel::from(model).reset_all().update(db).await
}

pub(crate) async fn delete(db: &impl ConnectionTrait, id: &str) -> Result<(), DbErr> {
    reward::Entity::delete_by_id(id).exec(db).await?;
    Ok(())
}
