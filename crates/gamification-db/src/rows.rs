//! The statements that every table needs. Each counts the rows that it wrote: a violated guard is
//! seen in the count, never in an error, which would abort a PostgreSQL transaction.

use crate::error::{Stored, contention, store_error};
use crate::page;
use gamification_core::ports::{Lock, PageRequest};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult,
    IntoActiveModel, Iterable, PrimaryKeyToColumn, QueryFilter, QueryOrder, QuerySelect, Select,
    Statement, TryInsertResult, Value,
};

/// Inserts a row unless it conflicts with one that is there, by any key; whether it did.
pub(crate) async fn insert_new<E, C>(c: &C, row: E::Model) -> Stored<bool>
where
    E: EntityTrait,
    E::ActiveModel: Send,
    E::Model: IntoActiveModel<E::ActiveModel>,
    C: ConnectionTrait,
{
    let inserted = E::insert(row.into_active_model())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(c)
        .await
        .map_err(store_error)?;
    Ok(matches!(inserted, TryInsertResult::Inserted(1)))
}

/// Inserts the row, or replaces the one with its primary key.
pub(crate) async fn upsert<E, C>(c: &C, row: E::Model) -> Stored<()>
where
    E: EntityTrait,
    E::ActiveModel: Send,
    E::Model: IntoActiveModel<E::ActiveModel>,
    C: ConnectionTrait,
{
    let is_key = |column: &E::Column| E::PrimaryKey::from_column(*column).is_some();
    let rest = E::Column::iter().filter(|column| !is_key(column));
    let replace = OnConflict::columns(E::PrimaryKey::iter()).update_columns(rest).to_owned();
    let written = E::insert(row.into_active_model())
        .on_conflict(replace)
        .exec_without_returning(c)
        .await
        .map_err(store_error)?;
    exactly_one::<E>(written)
}

/// Replaces the row with the primary key of this one, which must be there.
pub(crate) async fn replace<E, C>(c: &C, row: E::Model) -> Stored<()>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    C: ConnectionTrait,
{
    let row = row.into_active_model().reset_all();
    let mut update = E::update_many();
    for key in E::PrimaryKey::iter() {
        let column = key.into_column();
        if let ActiveValue::Set(value) = row.get(column) {
            update = update.filter(column.eq(value));
        }
    }
    let written = update.set(row).exec(c).await.map_err(store_error)?;
    exactly_one::<E>(written.rows_affected)
}

fn exactly_one<E: EntityTrait>(written: u64) -> Stored<()> {
    if written == 1 { Ok(()) } else { Err(contention(E::default().table_name())) }
}

/// The same rows, locked until the transaction ends. SQLite locks the whole database instead.
pub(crate) fn locked<E: EntityTrait>(rows: Select<E>, lock: Lock) -> Select<E> {
    match lock {
        Lock::None => rows,
        Lock::Shared => rows.lock_shared(),
        Lock::Exclusive => rows.lock_exclusive(),
    }
}

/// One statement in the SQL that both databases understand, with parameters `$1`, `$2` ….
pub(crate) fn sql(
    c: &impl ConnectionTrait,
    text: &str,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    Statement::from_sql_and_values(c.get_database_backend(), text, values)
}

/// Runs a statement that writes; how many rows it wrote.
pub(crate) async fn execute(
    c: &impl ConnectionTrait,
    text: &str,
    values: impl IntoIterator<Item = Value> + Send,
) -> Stored<u64> {
    let done = c.execute_raw(sql(c, text, values)).await.map_err(store_error)?;
    Ok(done.rows_affected())
}

/// Runs a statement that reads.
pub(crate) async fn select<T: FromQueryResult>(
    c: &impl ConnectionTrait,
    text: &str,
    values: impl IntoIterator<Item = Value> + Send,
) -> Stored<Vec<T>> {
    T::find_by_statement(sql(c, text, values)).all(c).await.map_err(store_error)
}

/// All of these rows.
pub(crate) async fn all<E: EntityTrait>(
    c: &impl ConnectionTrait,
    rows: Select<E>,
) -> Stored<Vec<E::Model>> {
    rows.all(c).await.map_err(store_error)
}

/// The first of these rows.
pub(crate) async fn first<E: EntityTrait>(
    c: &impl ConnectionTrait,
    rows: Select<E>,
) -> Stored<Option<E::Model>> {
    // Without this, PostgreSQL sends them all.
    rows.limit(1).one(c).await.map_err(store_error)
}

/// One page of these rows and one row more, the newest first, from where the last page ended.
pub(crate) async fn newest<E: EntityTrait>(
    c: &impl ConnectionTrait,
    rows: Select<E>,
    (moment, key): (E::Column, E::Column),
    page: &PageRequest,
    after: Option<(i64, Value)>,
) -> Stored<Vec<E::Model>> {
    let mut rows = rows.order_by_desc(moment).order_by_desc(key).limit(page::rows_to_read(page));
    if let Some((micros, last)) = after {
        let place = [Expr::col(moment.as_column_ref()), Expr::col(key.as_column_ref())];
        let end = [Expr::val(micros), Expr::val(last)];
        rows = rows.filter(Expr::tuple(place).lt(Expr::tuple(end)));
    }
    all(c, rows).await
}

/// Waits until nobody else does this kind of work, and keeps others from it until the transaction
/// ends. SQLite has one writer anyway.
pub(crate) async fn lock_mutex(c: &impl ConnectionTrait, name: &str) -> Stored<()> {
    let row = Query::select()
        .column("name")
        .from("mutexes")
        .and_where(Expr::col("name").eq(name))
        .lock_exclusive()
        .take();
    let locked = c.query_one(&row).await.map_err(store_error)?;
    locked.map(|_| ()).ok_or_else(|| contention("the row to be locked"))
}
