//! Conduits and their shards.

use sea_orm::QueryOrder;
use sea_orm::prelude::*;
use sea_orm::sea_query::OnConflict;

use super::entities::subscription::Method;
use super::entities::{conduit, conduit_shard as shard};
use super::subscriptions::{ENABLED, PENDING};
use crate::clock;

pub(crate) async fn insert(db: &impl ConnectionTrait, model: conduit::Model) -> Result<(), DbErr> {
    conduit::Entity::insert(conduit::ActiveModel::from(model)).exec_without_returning(db).await?;
    Ok(())
}

pub(crate) async fn by_id(
    db: &impl ConnectionTrait,
    id: &str,
) -> Result<Option<conduit::Model>, DbErr> {
    conduit::Entity::find_by_id(id).one(db).await
}

/// Every conduit, of whatever client, oldest first.
pub(crate) async fn all(db: &impl ConnectionTrait) -> Result<Vec<conduit::Model>, DbErr> {
    conduit::Entity::find().order_by_asc(conduit::Column::CreatedAtNs).all(db).await
}

/// The conduits of a client, oldest first.
pub(crate) async fn of_client(
    db: &impl ConnectionTrait,
    client_id: &str,
) -> Result<Vec<conduit::Model>, DbErr> {
    conduit::Entity::find()
        .filter(conduit::Column::ClientId.eq(client_id))
        .order_by_asc(conduit::Column::CreatedAtNs)
        .all(db)
        .await
}

/// Changes how many shards a conduit has; those that are too many are forgotten.
pub(crate) async fn resize(
    db: &impl ConnectionTrait,
    mut model: conduit::Model,
    shard_count: i64,
) -> Result<conduit::Model, DbErr> {
    shard::Entity::delete_many()
        .filter(shard::Column::ConduitId.eq(&model.id))
        .filter(shard::Column::Number.gte(shard_count))
        .exec(db)
        .await?;
    model.shard_count = shard_count;
    conduit::ActiveModel::from(model).reset_all().update(db).await
}

/// Forgets a conduit and its shards.
pub(crate) async fn delete(db: &impl ConnectionTrait, id: &str) -> Result<(), DbErr> {
    shard::Entity::delete_many().filter(shard::Column::ConduitId.eq(id)).exec(db).await?;
    conduit::Entity::delete_by_id(id).exec(db).await?;
    Ok(())
}

/// The shards of a conduit that have a transport, in order.
pub(crate) async fn shards(
    db: &impl ConnectionTrait,
    conduit_id: &str,
) -> Result<Vec<shard::Model>, DbErr> {
    shard::Entity::find()
        .filter(shard::Column::ConduitId.eq(conduit_id))
        .order_by_asc(shard::Column::Number)
        .all(db)
        .await
}

/// The shards of a conduit that carry messages, in order.
pub(crate) async fn enabled_shards(
    db: &impl ConnectionTrait,
    conduit_id: &str,
) -> Result<Vec<shard::Model>, DbErr> {
    shard::Entity::find()
        .filter(shard::Column::ConduitId.eq(conduit_id))
        .filter(shard::Column::Status.eq(ENABLED))
        .order_by_asc(shard::Column::Number)
        .all(db)
        .await
}

/// The shards in a status, of whatever conduit.
pub(crate) async fn shards_in_status(
    db: &impl ConnectionTrait,
    status: &str,
) -> Result<Vec<shard::Model>, DbErr> {
    shard::Entity::find().filter(shard::Column::Status.eq(status)).all(db).await
}

/// Gives a shard its transport, in place of the one that it had.
pub(crate) async fn put_shard(db: &impl ConnectionTrait, model: shard::Model) -> Result<(), DbErr> {
    use shard::Column;
    let replace = OnConflict::columns([Column::ConduitId, Column::Number])
        .update_columns([
            Column::Method,
            Column::Callback,
            Column::Secret,
            Column::SessionId,
            Column::Status,
            Column::ConnectedAtNs,
            Column::DisconnectedAtNs,
        ])
        .to_owned();
    let row = shard::ActiveModel::from(model);
    shard::Entity::insert(row).on_conflict(replace).exec_without_returning(db).await?;
    Ok(())
}

/// Ends the verification of a shard, unless it got another transport meanwhile.
pub(crate) async fn finish_verification(
    db: &impl ConnectionTrait,
    conduit_id: &str,
    number: i64,
    callback: &str,
    status: &str,
) -> Result<(), DbErr> {
    shard::Entity::update_many()
        .col_expr(shard::Column::Status, Expr::value(status))
        .filter(shard::Column::ConduitId.eq(conduit_id))
        .filter(shard::Column::Number.eq(number))
        .filter(shard::Column::Callback.eq(callback))
        .filter(shard::Column::Status.eq(PENDING))
        .exec(db)
        .await?;
    Ok(())
}

/// Disables the shards of a websocket session that is gone; gives them as they are now.
pub(crate) async fn end_session(
    db: &impl ConnectionTrait,
    session_id: &str,
    status: &str,
) -> Result<Vec<shard::Model>, DbErr> {
    let mut ended = shard::Entity::find()
        .filter(shard::Column::SessionId.eq(session_id))
        .filter(shard::Column::Status.eq(ENABLED))
        .all(db)
        .await?;
    for shard in &mut ended {
        shard.status = status.to_owned();
        shard.disconnected_at_ns = Some(clock::now_ns());
        put_shard(db, shard.clone()).await?;
    }
    Ok(ended)
}

/// Disables every websocket shard.
pub(crate) async fn end_every_session(
    db: &impl ConnectionTrait,
    status: &str,
) -> Result<(), DbErr> {
    shard::Entity::update_many()
        .col_expr(shard::Column::Status, Expr::value(status))
        .col_expr(shard::Column::DisconnectedAtNs, Expr::value(clock::now_ns()))
        .filter(shard::Column::Method.eq(Method::Websocket))
        .filter(shard::Column::Status.eq(ENABLED))
        .exec(db)
        .await?;
    Ok(())
}
