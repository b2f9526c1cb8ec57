use super::journal::{self, decided, end_of};
use super::resume::made_due;
use super::row::{from_row, is_due, is_unsettled, redemption};
use crate::codec::{from_word_opt, to_word};
use crate::error::{Stored, contention, corrupt, store_error};
use crate::rows;
use gamification_core::ids::{InstanceId, RedemptionId};
use gamification_core::ports::{Lock, SettlementUpdate};
use gamification_core::redemption::{Direction, JournalFact, Redemption, Settlement};
use gamification_core::time::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect, UpdateMany,
};

/// Keys that are written in one statement.
const KEYS_PER_STATEMENT: usize = 10_000;

/// Gives every pending row of the goal its direction; how many they were.
pub(super) async fn decide(
    c: &impl ConnectionTrait,
    instance: InstanceId,
    direction: Direction,
    now: Timestamp,
) -> Stored<u64> {
    let told = rows::execute(
        c,
        "INSERT INTO journal \
         (redemption_id, campaign_id, streamer_id, event_id, instance_id, fact, points, at) \
         SELECT id, campaign_id, streamer_id, event_id, instance_id, $1, cost, $2 \
         FROM redemptions WHERE instance_id = $3 AND settlement = 'pending'",
        [to_word(&decided(direction))?.into(), now.as_micros().into(), instance.0.into()],
    )
    .await?;
    let written = rows::execute(
        c,
        "UPDATE redemptions SET settlement = $1, direction = $2, next_attempt_at = $3 \
         WHERE instance_id = $4 AND settlement = 'pending'",
        [
            to_word(&Settlement::due(direction))?.into(),
            to_word(&direction)?.into(),
            now.as_micros().into(),
            instance.0.into(),
        ],
    )
    .await?;
    if told == written { Ok(written) } else { Err(contention("the goal's redemptions")) }
}

/// Of which channel, reward and direction rows are to be claimed.
#[derive(FromQueryResult)]
pub(crate) struct Claimable {
    reward_key: uuid::Uuid,
    settlement: String,
}

/// What is due longest on a channel that nobody settles at the moment. `NOT IN` rather than
/// `NOT EXISTS`: PostgreSQL would join, and sort all that is due instead of taking the first.
const CLAIMABLE: &str = "SELECT r.reward_key, r.settlement FROM redemptions r \
    JOIN rewards w ON w.key = r.reward_key AND w.twitch_id IS NOT NULL \
    WHERE r.settlement IN ('fulfil_due', 'refund_due') AND r.next_attempt_at <= $1 \
    AND r.streamer_id NOT IN (SELECT busy.streamer_id FROM redemptions busy \
        WHERE busy.lease_until IS NOT NULL AND busy.lease_until > $1) \
    ORDER BY r.next_attempt_at, r.id LIMIT 1";

/// The reward and direction of which rows would be claimed now.
pub(crate) async fn claimable(
    c: &impl ConnectionTrait,
    now: Timestamp,
) -> Stored<Option<Claimable>> {
    let found = rows::select::<Claimable>(c, CLAIMABLE, [now.as_micros().into()]).await?;
    Ok(found.into_iter().next())
}

/// Claims due rows of one reward and one direction, the longest due first.
pub(super) async fn claim_due(
    c: &impl ConnectionTrait,
    now: Timestamp,
    lease_until: Timestamp,
    limit: u32,
) -> Stored<Vec<Redemption>> {
    // Only one claims at a time, so that two cannot find the same channel free.
    rows::lock_mutex(c, "settlement_claim").await?;
    let Some(claimable) = claimable(c, now).await? else { return Ok(Vec::new()) };
    let found = redemption::Entity::find()
        .filter(is_unsettled())
        .filter(redemption::Column::RewardKey.eq(claimable.reward_key))
        .filter(redemption::Column::Settlement.eq(claimable.settlement))
        .filter(redemption::Column::NextAttemptAt.lte(now.as_micros()))
        .order_by_asc(redemption::Column::NextAttemptAt)
        .order_by_asc(redemption::Column::Id)
        .limit(u64::from(limit))
        // A row that somebody else is writing will be due another time.
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    let found = rows::all(c, found).await?;
    let ids: Vec<String> = found.iter().map(|row| row.id.clone()).collect();
    let leased = redemption::Entity::update_many()
        .col_expr(redemption::Column::LeaseUntil, Expr::val(lease_until.as_micros()))
        .col_expr(redemption::Column::Attempts, Expr::col(redemption::Column::Attempts).add(1_i64))
        .filter(redemption::Column::Id.is_in(ids))
        .filter(is_due())
        .exec(c);
    if leased.await.map_err(store_error)?.rows_affected != found.len() as u64 {
        return Err(contention("the claimed redemptions"));
    }
    let counted =
        |row: redemption::Model| from_row(redemption::Model { attempts: row.attempts + 1, ..row });
    found.into_iter().map(counted).collect()
}

fn written(update: &SettlementUpdate, now: Timestamp) -> Stored<UpdateMany<redemption::Entity>> {
    use redemption::Column;
    let next = redemption::Entity::update_many()
        .col_expr(Column::LeaseUntil, Expr::val(Option::<i64>::None));
    let due = || next.clone().filter(is_due());
    Ok(match update {
        SettlementUpdate::Settled { direction, by } => next
            .clone()
            .filter(is_unsettled())
            .col_expr(Column::StuckReason, Expr::val(Option::<String>::None))
            .col_expr(Column::Settlement, Expr::val(to_word(&Settlement::done(*direction))?))
            .col_expr(Column::SettledBy, Expr::val(to_word(by)?))
            .col_expr(Column::SettledAt, Expr::val(now.as_micros()))
            .col_expr(Column::LastError, Expr::val(Option::<String>::None)),
        SettlementUpdate::Postponed { next_attempt_at, error } => due()
            .col_expr(Column::NextAttemptAt, Expr::val(next_attempt_at.as_micros()))
            .col_expr(Column::LastError, Expr::val(error.as_str())),
        SettlementUpdate::Waiting { next_attempt_at, error } => due()
            .col_expr(Column::Attempts, untried())
            .col_expr(Column::NextAttemptAt, Expr::val(next_attempt_at.as_micros()))
            .col_expr(Column::LastError, Expr::val(error.as_str())),
        SettlementUpdate::Stuck { reason } => due()
            .col_expr(Column::Settlement, Expr::val(to_word(&Settlement::Stuck)?))
            .col_expr(Column::StuckReason, Expr::val(to_word(reason)?))
            .col_expr(Column::StuckCount, Expr::col(Column::StuckCount).add(1_i64)),
    })
}

/// One attempt less: that of the claim.
fn untried() -> Expr {
    let attempts = || Expr::col(redemption::Column::Attempts);
    Expr::case(attempts().gt(0_i64), attempts().sub(1_i64)).finally(0_i64).into()
}

const fn fact_of(update: &SettlementUpdate) -> Option<JournalFact> {
    match update {
        SettlementUpdate::Settled { direction, .. } => end_of(Settlement::done(*direction)),
        SettlementUpdate::Stuck { .. } => Some(JournalFact::Stuck),
        SettlementUpdate::Postponed { .. } | SettlementUpdate::Waiting { .. } => None,
    }
}

/// Writes outcomes and ends leases, those that are alike in one statement; the ids of the rows that
/// changed.
pub(super) async fn apply(
    c: &impl ConnectionTrait,
    outcomes: &[(RedemptionId, SettlementUpdate)],
    now: Timestamp,
) -> Stored<Vec<RedemptionId>> {
    let mut alike: Vec<(&SettlementUpdate, Vec<&str>)> = Vec::new();
    for (id, update) in outcomes {
        match alike.iter_mut().find(|(known, _)| *known == update) {
            Some((_, ids)) => ids.push(id.as_str()),
            None => alike.push((update, vec![id.as_str()])),
        }
    }
    let mut changed = Vec::new();
    let mut lines = Vec::new();
    for (update, mut ids) in alike {
        ids.sort_unstable();
        for some in ids.chunks(KEYS_PER_STATEMENT) {
            let rows = written(update, now)?
                .filter(redemption::Column::Id.is_in(some.iter().copied()))
                .exec_with_returning(c);
            for row in rows.await.map_err(store_error)? {
                if let Some(fact) = fact_of(update) {
                    lines.push(journal::line(&row, fact, now)?);
                }
                changed.push(RedemptionId(row.id));
            }
        }
    }
    journal::append(c, lines).await?;
    Ok(changed)
}

/// Makes a stuck row due again, in its direction.
pub(super) async fn retry(
    c: &impl ConnectionTrait,
    id: &RedemptionId,
    now: Timestamp,
) -> Stored<bool> {
    use redemption::Column;
    let found = redemption::Entity::find_by_id(id.0.clone())
        .filter(Column::Settlement.eq(to_word(&Settlement::Stuck)?));
    let Some(row) = rows::first(c, rows::locked(found, Lock::Exclusive)).await? else {
        return Ok(false);
    };
    let direction = from_word_opt("redemptions.direction", row.direction.as_deref())?
        .ok_or_else(|| corrupt("redemptions.direction", "stuck without a direction"))?;
    let retried = made_due(direction, now)?.filter(Column::Id.eq(id.as_str())).exec(c);
    if retried.await.map_err(store_error)?.rows_affected != 1 {
        return Err(contention("the stuck redemption"));
    }
    journal::append(c, vec![journal::line(&row, JournalFact::Retried, now)?]).await?;
    Ok(true)
}
