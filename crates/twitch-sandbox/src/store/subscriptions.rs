//! EventSub subscriptions.

use sea_orm::prelude::*;
use sea_orm::{NotSet, QueryOrder, Set};

use super::entities::subscription::{ActiveModel, Column, Entity, Method, Model};
use crate::clock;
use crate::eventsub::EventKind;

/// Verified: notifications are sent.
pub(crate) const ENABLED: &str = "enabled";
/// The challenge is on its way.
pub(crate) const PENDING: &str = "webhook_callback_verification_pending";
/// The challenge was not answered as it must be.
pub(crate) const FAILED: &str = "webhook_callback_verification_failed";
/// A user disconnected the client.
pub(crate) const AUTHORIZATION_REVOKED: &str = "authorization_revoked";
/// The conduit that it went over was deleted.
pub(crate) const CONDUIT_DELETED: &str = "conduit_deleted";

/// Keeps a new subscription; its `seq` is ignored and given.
pub(crate) async fn insert(db: &impl ConnectionTrait, model: Model) -> Result<Model, DbErr> {
    let mut row = ActiveModel::from(model);
    row.seq = NotSet;
    row.insert(db).await
}

pub(crate) async fn by_id(db: &impl ConnectionTrait, id: &str) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::Id.eq(id)).one(db).await
}

/// Every subscription, of whatever client, oldest first.
pub(crate) async fn all(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    Entity::find().order_by_asc(Column::Seq).all(db).await
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

/// The enabled subscriptions of a type that a client has about itself.
pub(crate) async fn of_client_listening(
    db: &impl ConnectionTrait,
    kind: &str,
    client_id: &str,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::ClientId.eq(client_id))
        .filter(Column::Kind.eq(kind))
        .filter(Column::Status.eq(ENABLED))
        .order_by_asc(Column::Seq)
        .all(db)
        .await
}

/// Ends every living subscription of a client that needs something that this user granted, and
/// gives them as they are then.
pub(crate) async fn withdraw_authorization(
    db: &impl ConnectionTrait,
    client_id: &str,
    user_id: &str,
) -> Result<Vec<Model>, DbErr> {
    let mut revoked = Vec::new();
    for each in of_client(db, client_id).await? {
        let rests_on_user = each.broadcaster_user_id == user_id
            && EventKind::named(&each.kind).is_some_and(|kind| !kind.scopes().is_empty());
        if (rests_on_user || each.user_id == user_id) && is_living(&each) {
            let mut row = ActiveModel::from(each);
            row.status = Set(AUTHORIZATION_REVOKED.to_owned());
            revoked.push(row.update(db).await?);
        }
    }
    Ok(revoked)
}

/// Whether events come, or will come when the challenge is answered.
pub(crate) fn is_living(subscription: &Model) -> bool {
    [ENABLED, PENDING].contains(&subscription.status.as_str())
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

/// Gives a subscription another status.
pub(crate) async fn set_status(
    db: &impl ConnectionTrait,
    id: &str,
    status: &str,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(status))
        .filter(Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// Disables the enabled subscriptions of a websocket session that is gone.
pub(crate) async fn end_session(
    db: &impl ConnectionTrait,
    session_id: &str,
    status: &str,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(status))
        .col_expr(Column::DisconnectedAtNs, Expr::value(clock::now_ns()))
        .filter(Column::SessionId.eq(session_id))
        .filter(Column::Status.eq(ENABLED))
        .exec(db)
        .await?;
    Ok(())
}

/// Disables every enabled websocket subscription.
pub(crate) async fn end_every_session(
    db: &impl ConnectionTrait,
    status: &str,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(status))
        .col_expr(Column::DisconnectedAtNs, Expr::value(clock::now_ns()))
        .filter(Column::Method.eq(Method::Websocket))
        .filter(Column::Status.eq(ENABLED))
        .exec(db)
        .await?;
    Ok(())
}

/// Disables the enabled subscriptions of a conduit that was deleted.
pub(crate) async fn end_conduit(db: &impl ConnectionTrait, conduit_id: &str) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(CONDUIT_DELETED))
        .filter(Column::ConduitId.eq(conduit_id))
        .filter(Column::Status.eq(ENABLED))
        .exec(db)
        .await?;
    Ok(())
}

/// Forgets a subscription.
pub(crate) async fn delete(db: &impl ConnectionTrait, id: &str) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::Id.eq(id)).exec(db).await?;
    Ok(())
}
