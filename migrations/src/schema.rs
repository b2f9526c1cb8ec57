//! The few words that all tables are described with.

use sea_orm_migration::prelude::*;

pub(crate) type Done = Result<(), DbErr>;

/// A table without columns yet.
pub(crate) fn table(name: &'static str) -> TableCreateStatement {
    Table::create().table(name).take()
}

/// A text that is one of these words.
pub(crate) fn one_of(name: &'static str, words: &[&'static str]) -> ColumnDef {
    ColumnDef::new(name).text().not_null().check(is_one_of(name, words)).take()
}

/// A text that is one of these words, or nothing.
pub(crate) fn one_of_null(name: &'static str, words: &[&'static str]) -> ColumnDef {
    ColumnDef::new(name).text().null().check(is_one_of(name, words)).take()
}

fn is_one_of(name: &'static str, words: &[&'static str]) -> Expr {
    Expr::col(name).is_in(words.iter().copied())
}

/// The primary key over several columns.
pub(crate) fn key(columns: &[&'static str]) -> IndexCreateStatement {
    let mut key = Index::create();
    for column in columns {
        key.col(*column);
    }
    key
}

/// Rows go with the row that they refer to.
pub(crate) fn owned_by(column: &'static str, owner: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from_col(column)
        .to(owner, "id")
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}

/// An index that finds rows by these columns.
pub(crate) async fn index(
    manager: &SchemaManager<'_>,
    name: &'static str,
    table: &'static str,
    columns: &[&'static str],
) -> Done {
    manager.create_index(key(columns).name(name).table(table).take()).await
}

/// An index that lets no two rows have the same values in these columns.
pub(crate) async fn unique_index(
    manager: &SchemaManager<'_>,
    name: &'static str,
    table: &'static str,
    columns: &[&'static str],
) -> Done {
    manager.create_index(key(columns).name(name).table(table).unique().take()).await
}

/// What the schema builder cannot say: an index over some of the rows.
pub(crate) async fn raw(manager: &SchemaManager<'_>, sql: &str) -> Done {
    manager.get_connection().execute_unprepared(sql).await.map(|_| ())
}
