//! EventSub subscriptions.

use sea_orm::prelude::*;
use sea_orm::{NotSet, QueryOrder};

use super::entities::subscription::{ActiveModel, Column, Entity, Model};

/// Verified: notifications are sent.
pub(crate) const ENABLED: &str = "enabled";
/// The challenge is on its way.
pub(crate) const PENDING: &str = "webhook_callback_verification_pending";
/// The challenge was not answered as it must be.
pub(crate) const FAILED: &str = "webhook_callback_verification_failed";

/// Keeps a new subscription; its `seq` is ignored and given.
pub(crate) async fn insert(db: &impl ConnectionTrait, model: Model) -> Result<Model, DbErr> {
    let mut row = ActiveModel::from(model);
    row.seq = NotSet;
    row.insert(db).await
}

pub(crate) async fn by_id(db: &impl ConnectionTrait, id: &str) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::Id.eq(id)).one(db).await
}

/// The subscriptions of a client, oldest first.
pub(crate) async fn of_client(
    db: &impl ConnectionTrait,
    client_id: &str,
) -> Result<Vec<Model>, DbErr> {
    let mine = Column::ClientId.eq(client_id);
    Entity::find().filter(mine).order_by_asc(Column::Seq).all(db).await
}

/// Every subscription in a status.
pub(crate) async fn in_status(
    db: &impl ConnectionTrait,
    status: &str,
) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::Status.eq(status)).all(db).await
}

/// The enabled subscriptions of a type on a channel, whatever their reward.
pub(crate) async fn listening(
    db: &impl ConnectionTrait,
    kind: &str,
    broadcaster_id: &str,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::BroadcasterUserId.eq(broadcaster_id))
        .filter(Column::Kind.eq(kind))
        .filter(Column::Status.eq(ENABLED))
        .order_by_asc(Column::Seq)
        .all(db)
        .await
}

/// Ends the verification of a subscription, unless it is gone or no longer pending.
pub(crate) async fn finish_verification(
    db: &impl ConnectionTrait,
    id: &str,
    status: &str,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(status))
        .filter(Column::Id.eq(id))
        .filter(Column::Status.eq(PENDING))
        .exec(db)
        .await?;
    Ok(())
}

/// Forgets a subscription of this client; `false` when there was none.
pub(crate) async fn delete(
    db: &impl ConnectionTrait,
    client_id: &str,
    id: &str,
) -> Result<bool, DbErr> {
    let gone = Entity::delete_many()
        .filter(Column::Id.eq(id))
        .filter(Column::ClientId.eq(client_id))
        .exec(db)
        .await?;
    Ok(gone.rows_affected > 0)
}
