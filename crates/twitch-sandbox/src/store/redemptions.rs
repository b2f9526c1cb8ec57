//! Redemptions, and the only way they change.

use sea_orm::prelude::*;
use sea_orm::{NotSet, Order, QueryOrder, QuerySelect, Set};

use super::entities::redemption::{ActiveModel, Column, Entity, Model, Status};
use super::ledger::{self, SettledBy};
use super::users;
use crate::clock;

/// Keeps a new redemption; its `seq` is ignored and given.
pub(crate) async fn insert(db: &impl ConnectionTrait, model: Model) -> Result<Model, DbErr> {
    if model.skipped_queue {
        ledger::settled(db, &model.id, model.status, SettledBy::QueueSkipped).await?;
    }
    let mut row = ActiveModel::from(model);
    row.seq = NotSet;
    row.insert(db).await
}

pub(crate) async fn by_id(db: &impl ConnectionTrait, id: &str) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::Id.eq(id)).one(db).await
}

/// Those of these redemptions that belong to this reward, oldest first.
pub(crate) async fn of_reward_by_ids(
    db: &impl ConnectionTrait,
    reward_id: &str,
    ids: &[String],
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::RewardId.eq(reward_id))
        .filter(Column::Id.is_in(ids))
        .order_by_asc(Column::Seq)
        .all(db)
        .await
}

/// One page of a reward's redemptions in one status, after the one numbered `after`.
pub(crate) async fn page(
    db: &impl ConnectionTrait,
    reward_id: &str,
    status: Status,
    newest_first: bool,
    after: Option<i64>,
    limit: usize,
) -> Result<Vec<Model>, DbErr> {
    let mut query =
        Entity::find().filter(Column::RewardId.eq(reward_id)).filter(Column::Status.eq(status));
    if let Some(seq) = after {
        query = query.filter(if newest_first { Column::Seq.lt(seq) } else { Column::Seq.gt(seq) });
    }
    let order = if newest_first { Order::Desc } else { Order::Asc };
    query.order_by(Column::Seq, order).limit(limit as u64).all(db).await
}

/// Everything, narrowed by what is given, oldest first.
pub(crate) async fn search(
    db: &impl ConnectionTrait,
    broadcaster_id: Option<&str>,
    reward_id: Option<&str>,
    status: Option<Status>,
) -> Result<Vec<Model>, DbErr> {
    let mut query = Entity::find().order_by_asc(Column::Seq);
    if let Some(id) = broadcaster_id {
        query = query.filter(Column::BroadcasterId.eq(id));
    }
    if let Some(id) = reward_id {
        query = query.filter(Column::RewardId.eq(id));
    }
    if let Some(status) = status {
        query = query.filter(Column::Status.eq(status));
    }
    query.all(db).await
}

/// How often a reward was redeemed since an instant, by everybody or by one user. Cancelled
/// redemptions count too, as they do on Twitch.
pub(crate) async fn count_since(
    db: &impl ConnectionTrait,
    reward_id: &str,
    since_ns: i64,
    user_id: Option<&str>,
) -> Result<i64, DbErr> {
    let mut query = Entity::find()
        .filter(Column::RewardId.eq(reward_id))
        .filter(Column::RedeemedAtNs.gte(since_ns));
    if let Some(user_id) = user_id {
        query = query.filter(Column::UserId.eq(user_id));
    }
    Ok(i64::try_from(query.count(db).await?).unwrap_or(i64::MAX))
}

/// Settles redemptions that are all UNFULFILLED, within the caller's transaction; cancelling
/// gives the points back. The caller has checked the status within the same transaction.
pub(crate) async fn settle(
    db: &impl ConnectionTrait,
    redemptions: Vec<Model>,
    status: Status,
    by: SettledBy<'_>,
) -> Result<Vec<Model>, DbErr> {
    let settled_at_ns = clock::now_ns();
    let mut settled = Vec::with_capacity(redemptions.len());
    for redemption in redemptions {
        if status == Status::Canceled {
            give_back(db, &redemption).await?;
        }
        ledger::settled(db, &redemption.id, status, by).await?;
        let mut row = ActiveModel::from(redemption);
        row.status = Set(status);
        row.settled_at_ns = Set(Some(settled_at_ns));
        settled.push(row.update(db).await?);
    }
    Ok(settled)
}

async fn give_back(db: &impl ConnectionTrait, redemption: &Model) -> Result<(), DbErr> {
    let Some(viewer) = users::by_id(db, &redemption.user_id).await? else { return Ok(()) };
    let points = users::points(db, &viewer, &redemption.broadcaster_id).await?;
    let after = points.saturating_add(redemption.cost);
    users::set_points(db, &viewer.id, &redemption.broadcaster_id, after).await
}
