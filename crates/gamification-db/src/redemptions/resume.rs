//! What waited for a login goes on.

use super::journal;
use super::row::{is_due, is_unsettled, redemption};
use crate::codec::to_word;
use crate::error::{Stored, contention, store_error};
use crate::rows;
use gamification_core::ids::StreamerId;
use gamification_core::ports::Lock;
use gamification_core::redemption::{Direction, JournalFact, Settlement, StuckReason};
use gamification_core::time::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, UpdateMany};

/// Keys that are written in one statement.
const KEYS_PER_STATEMENT: usize = 10_000;

/// What a person, or the login that they gave back, does to stuck rows: they are due in that
/// direction again, at once. Filtered for rows that are still stuck.
pub(super) fn made_due(
    direction: Direction,
    now: Timestamp,
) -> Stored<UpdateMany<redemption::Entity>> {
    use redemption::Column;
    Ok(redemption::Entity::update_many()
        .col_expr(Column::Settlement, Expr::val(to_word(&Settlement::due(direction))?))
        .col_expr(Column::StuckReason, Expr::val(Option::<String>::None))
        .col_expr(Column::NextAttemptAt, Expr::val(now.as_micros()))
        .col_expr(Column::RetriedCount, Expr::col(Column::RetriedCount).add(1_i64))
        .col_expr(Column::LeaseUntil, Expr::val(Option::<i64>::None))
        .filter(Column::Settlement.eq(to_word(&Settlement::Stuck)?)))
}

/// Makes the channel's rows that wait due at once, those that are stuck for its login included; how
/// many were not due before.
pub(super) async fn resume(
    c: &impl ConnectionTrait,
    streamer: StreamerId,
    now: Timestamp,
) -> Stored<u64> {
    use redemption::Column;
    let hastened = redemption::Entity::update_many()
        .col_expr(Column::NextAttemptAt, Expr::val(now.as_micros()))
        .filter(is_due())
        .filter(Column::StreamerId.eq(streamer.0))
        .filter(Column::NextAttemptAt.gt(now.as_micros()))
        .exec(c);
    let mut resumed = hastened.await.map_err(store_error)?.rows_affected;
    for direction in [Direction::Fulfil, Direction::Refund] {
        resumed += resume_stuck(c, streamer, direction, now).await?;
    }
    Ok(resumed)
}

async fn resume_stuck(
    c: &impl ConnectionTrait,
    streamer: StreamerId,
    direction: Direction,
    now: Timestamp,
) -> Stored<u64> {
    use redemption::Column;
    let found = redemption::Entity::find()
        .filter(is_unsettled())
        .filter(Column::StreamerId.eq(streamer.0))
        .filter(Column::Settlement.eq(to_word(&Settlement::Stuck)?))
        .filter(Column::StuckReason.eq(to_word(&StuckReason::LoginNeeded)?))
        .filter(Column::Direction.eq(to_word(&direction)?))
        .order_by_asc(Column::Id);
    let stuck = rows::all(c, rows::locked(found, Lock::Exclusive)).await?;
    for some in stuck.chunks(KEYS_PER_STATEMENT) {
        let ids = some.iter().map(|row| row.id.as_str());
        let retried = made_due(direction, now)?.filter(Column::Id.is_in(ids)).exec(c);
        if retried.await.map_err(store_error)?.rows_affected != some.len() as u64 {
            return Err(contention("the stuck redemptions"));
        }
    }
    let told = stuck.iter().map(|row| journal::line(row, JournalFact::Retried, now));
    journal::append(c, told.collect::<Stored<_>>()?).await?;
    Ok(stuck.len() as u64)
}
