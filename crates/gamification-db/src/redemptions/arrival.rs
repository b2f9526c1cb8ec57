use super::journal;
use super::row::{redemption, to_row};
use crate::codec::to_u32;
use crate::error::{Stored, store_error};
use gamification_core::ids::{CampaignId, EventId, RedemptionId, TwitchUserId};
use gamification_core::redemption::Redemption;
use gamification_core::time::Timestamp;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    TryInsertResult,
};
use std::collections::{BTreeMap, HashSet};

/// SQLite takes 32,766 parameters, a row has 24.
const ROWS_PER_STATEMENT: usize = 1_000;
/// Keys that are asked for in one statement.
const KEYS_PER_STATEMENT: usize = 10_000;

/// Which of these are in the ledger already.
pub(crate) async fn known(
    c: &impl ConnectionTrait,
    ids: &[RedemptionId],
) -> Stored<Vec<RedemptionId>> {
    let mut known = Vec::new();
    for some in ids.chunks(KEYS_PER_STATEMENT) {
        let found = redemption::Entity::find()
            .select_only()
            .column(redemption::Column::Id)
            .filter(redemption::Column::Id.is_in(some.iter().map(RedemptionId::as_str)))
            .into_tuple::<String>()
            .all(c);
        known.extend(found.await.map_err(store_error)?.into_iter().map(RedemptionId));
    }
    Ok(known)
}

/// Inserts those of the rows that are new, and their lines in the journal; the ids of the new ones,
/// in the order of `rows`.
pub(super) async fn record(
    c: &impl ConnectionTrait,
    rows: &[Redemption],
) -> Stored<Vec<RedemptionId>> {
    // By key: two batches that share rows meet them in the same order, and one id is one row.
    let by_id: BTreeMap<&str, &Redemption> =
        rows.iter().rev().map(|row| (row.id.as_str(), row)).collect();
    let sorted: Vec<&Redemption> = by_id.into_values().collect();
    let mut new = HashSet::new();
    let mut lines = Vec::new();
    for some in sorted.chunks(ROWS_PER_STATEMENT) {
        let models = some.iter().map(|row| to_row(row)).collect::<Stored<Vec<_>>>()?;
        let inserted: HashSet<String> = insert(c, models.clone()).await?.into_iter().collect();
        for (row, model) in some.iter().zip(&models).filter(|(_, m)| inserted.contains(&m.id)) {
            for fact in journal::of_arrival(row) {
                lines.push(journal::line(model, fact, row.received_at)?);
            }
        }
        new.extend(inserted);
    }
    journal::append(c, lines).await?;
    Ok(rows.iter().filter(|row| new.remove(&row.id.0)).map(|row| row.id.clone()).collect())
}

async fn insert(c: &impl ConnectionTrait, models: Vec<redemption::Model>) -> Stored<Vec<String>> {
    let models =
        models.into_iter().map(IntoActiveModel::<redemption::ActiveModel>::into_active_model);
    let inserted = redemption::Entity::insert_many(models)
        .on_conflict(OnConflict::column(redemption::Column::Id).do_nothing().to_owned())
        .try_insert()
        .exec_with_returning_keys(c)
        .await
        .map_err(store_error)?;
    Ok(match inserted {
        TryInsertResult::Inserted(keys) => keys,
        TryInsertResult::Empty | TryInsertResult::Conflicted => Vec::new(),
    })
}

/// How many clicks of these viewers count against their limit.
pub(super) async fn counted_by_viewers(
    c: &impl ConnectionTrait,
    campaign: CampaignId,
    event: EventId,
    viewers: &[TwitchUserId],
    since: Timestamp,
) -> Stored<Vec<(TwitchUserId, u32)>> {
    let mut counted = Vec::new();
    for some in viewers.chunks(KEYS_PER_STATEMENT) {
        let found = redemption::Entity::find()
            .select_only()
            .column(redemption::Column::ViewerId)
            .column_as(Expr::cust("COUNT(*)"), "clicks")
            .filter(redemption::Column::CampaignId.eq(campaign.0))
            .filter(redemption::Column::EventId.eq(event.0))
            .filter(redemption::Column::ViewerId.is_in(some.iter().map(TwitchUserId::as_str)))
            .filter(redemption::Column::ReceivedAt.gte(since.as_micros()))
            .filter(Expr::cust(
                "instance_id IS NOT NULL AND settlement <> 'refunded' \
                 AND (direction IS NULL OR direction <> 'refund')",
            ))
            .group_by(redemption::Column::ViewerId)
            .into_tuple::<(String, i64)>()
            .all(c);
        for (viewer, clicks) in found.await.map_err(store_error)? {
            counted.push((TwitchUserId(viewer), to_u32("COUNT(*)", clicks)?));
        }
    }
    Ok(counted)
}
