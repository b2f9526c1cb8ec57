//! What must happen outside, at most once each.

use crate::codec::{from_json, from_word, to_json, to_u32, to_word};
use crate::error::{Stored, contention, store_error};
use crate::rows;
use crate::unit::Unit;
use async_trait::async_trait;
use gamification_core::ids::{CampaignId, OutboxId, StreamerId};
use gamification_core::outbox::{OutboxEntry, OutboxStatus};
use gamification_core::ports::{Outbox, StoreError};
use gamification_core::time::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, UpdateMany};

pub(crate) mod entry {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "outbox")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) campaign_id: Uuid,
        pub(crate) streamer_id: Uuid,
        pub(crate) effect: String,
        pub(crate) status: String,
        pub(crate) attempts: i64,
        pub(crate) next_attempt_at: i64,
        /// Until when who took it is at it.
        pub(crate) lease_until: Option<i64>,
        pub(crate) created_at: i64,
        /// When it was done or failed.
        pub(crate) settled_at: Option<i64>,
        pub(crate) last_error: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(entry: &OutboxEntry) -> Stored<entry::Model> {
    Ok(entry::Model {
        id: entry.id.0,
        campaign_id: entry.campaign_id.0,
        streamer_id: entry.streamer_id.0,
        effect: to_json(&entry.effect)?,
        status: to_word(&entry.status)?,
        attempts: entry.attempts.into(),
        next_attempt_at: entry.next_attempt_at.as_micros(),
        lease_until: None,
        created_at: entry.created_at.as_micros(),
        settled_at: None,
        last_error: entry.last_error.clone(),
    })
}

fn from_row(row: entry::Model) -> Stored<OutboxEntry> {
    Ok(OutboxEntry {
        id: OutboxId(row.id),
        campaign_id: CampaignId(row.campaign_id),
        streamer_id: StreamerId(row.streamer_id),
        effect: from_json("outbox.effect", &row.effect)?,
        created_at: Timestamp::from_micros(row.created_at),
        status: from_word("outbox.status", &row.status)?,
        attempts: to_u32("outbox.attempts", row.attempts)?,
        next_attempt_at: Timestamp::from_micros(row.next_attempt_at),
        last_error: row.last_error,
    })
}

#[derive(FromQueryResult)]
struct Takeable {
    id: uuid::Uuid,
}

/// The oldest that is due of each channel on which nothing is taken, nor was done or failed lately.
const TAKEABLE: &str = "SELECT id FROM (SELECT id, created_at, \
        ROW_NUMBER() OVER (PARTITION BY streamer_id ORDER BY created_at, id) AS place \
        FROM outbox WHERE status = 'waiting' AND next_attempt_at <= $1 \
        AND streamer_id NOT IN (SELECT streamer_id FROM outbox WHERE status = 'taken') \
        AND streamer_id NOT IN (SELECT streamer_id FROM outbox \
            WHERE settled_at IS NOT NULL AND settled_at > $2)) AS due \
    WHERE place = 1 ORDER BY created_at, id LIMIT $3";

fn with_status(id: OutboxId, status: OutboxStatus) -> Stored<UpdateMany<entry::Entity>> {
    use entry::Column;
    Ok(entry::Entity::update_many()
        .col_expr(Column::Status, Expr::val(to_word(&status)?))
        .col_expr(Column::LeaseUntil, Expr::val(Option::<i64>::None))
        .filter(Column::Id.eq(id.0))
        .filter(Column::Status.eq(to_word(&OutboxStatus::Taken)?)))
}

impl Unit {
    async fn end_taken(&self, update: UpdateMany<entry::Entity>) -> Stored<()> {
        let ended = update.exec(self.tx()).await.map_err(store_error)?;
        if ended.rows_affected == 1 { Ok(()) } else { Err(contention("the taken effect")) }
    }

    /// Gives up what was taken and whose lease is over.
    async fn fail_lost(&self, now: Timestamp) -> Stored<()> {
        let text = "UPDATE outbox SET status = 'failed', last_error = 'unknown', \
             lease_until = NULL, settled_at = $1 WHERE status = 'taken' AND lease_until <= $1";
        rows::execute(self.tx(), text, [now.as_micros().into()]).await.map(|_| ())
    }
}

#[async_trait]
impl Outbox for Unit {
    async fn push(&mut self, entries: &[OutboxEntry]) -> Stored<()> {
        for entry in entries {
            if !rows::insert_new::<entry::Entity, _>(self.tx(), to_row(entry)?).await? {
                return Err(StoreError::AlreadyExists(format!("effect {}", entry.id)));
            }
        }
        Ok(())
    }

    async fn take(
        &mut self,
        now: Timestamp,
        lease_until: Timestamp,
        quiet_since: Timestamp,
        limit: u32,
    ) -> Stored<Vec<OutboxEntry>> {
        use entry::Column;
        // Only one takes at a time, so that two cannot find the same channel quiet.
        rows::lock_mutex(self.tx(), "outbox_take").await?;
        self.fail_lost(now).await?;
        let values =
            [now.as_micros().into(), quiet_since.as_micros().into(), i64::from(limit).into()];
        let ids = rows::select::<Takeable>(self.tx(), TAKEABLE, values).await?;
        let taken = entry::Entity::update_many()
            .col_expr(Column::Status, Expr::val(to_word(&OutboxStatus::Taken)?))
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1_i64))
            .col_expr(Column::LeaseUntil, Expr::val(lease_until.as_micros()))
            .filter(Column::Id.is_in(ids.into_iter().map(|row| row.id)))
            .filter(Column::Status.eq(to_word(&OutboxStatus::Waiting)?))
            .exec_with_returning(self.tx());
        let taken = taken.await.map_err(store_error)?.into_iter().map(from_row);
        let mut taken = taken.collect::<Stored<Vec<_>>>()?;
        taken.sort_by_key(|entry| (entry.created_at, entry.id));
        Ok(taken)
    }

    async fn complete(&mut self, id: OutboxId, now: Timestamp) -> Stored<()> {
        let done = with_status(id, OutboxStatus::Done)?
            .col_expr(entry::Column::SettledAt, Expr::val(now.as_micros()))
            .col_expr(entry::Column::LastError, Expr::val(Option::<String>::None));
        self.end_taken(done).await
    }

    async fn postpone(&mut self, id: OutboxId, until: Timestamp, error: &str) -> Stored<()> {
        let later = with_status(id, OutboxStatus::Waiting)?
            .col_expr(entry::Column::NextAttemptAt, Expr::val(until.as_micros()))
            .col_expr(entry::Column::LastError, Expr::val(error));
        self.end_taken(later).await
    }

    async fn park(&mut self, id: OutboxId, now: Timestamp, error: &str) -> Stored<()> {
        let failed = with_status(id, OutboxStatus::Failed)?
            .col_expr(entry::Column::SettledAt, Expr::val(now.as_micros()))
            .col_expr(entry::Column::LastError, Expr::val(error));
        self.end_taken(failed).await
    }

    async fn prune(&mut self, before: Timestamp) -> Stored<u64> {
        let old = entry::Entity::delete_many()
            .filter(entry::Column::SettledAt.is_not_null())
            .filter(entry::Column::SettledAt.lt(before.as_micros()))
            .exec(self.tx());
        Ok(old.await.map_err(store_error)?.rows_affected)
    }
}
