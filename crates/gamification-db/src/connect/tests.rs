use super::*;
use sea_orm::{ConnectionTrait, FromQueryResult, TransactionTrait};
use tempfile::TempDir;

#[test]
fn the_address_tells_the_database() {
    assert_eq!(dialect("sqlite://data.db?mode=rwc"), Ok(Dialect::Sqlite));
    assert_eq!(dialect("postgres://u@h/d"), Ok(Dialect::Postgres));
    assert_eq!(dialect("postgresql://u@h/d"), Ok(Dialect::Postgres));
}

#[test]
fn other_addresses_are_refused() {
    for url in ["mysql://u@h/d", "data.db", "", "sqlite::memory:", "sqlite://x?mode=memory"] {
        assert!(matches!(dialect(url), Err(StoreError::Unavailable(_))), "{url}");
    }
}

/// What a connection says of itself.
#[derive(Debug, PartialEq, Eq, FromQueryResult)]
struct Settings {
    journal_mode: String,
    synchronous: i64,
    busy_timeout_millis: i64,
    foreign_keys: i64,
    query_only: i64,
}

const SETTINGS: &str = "SELECT j.journal_mode, s.synchronous, t.timeout AS busy_timeout_millis, \
    f.foreign_keys, q.query_only FROM pragma_journal_mode j, pragma_synchronous s, \
    pragma_busy_timeout t, pragma_foreign_keys f, pragma_query_only q";

async fn settings(c: &impl ConnectionTrait) -> Settings {
    let found = crate::rows::select::<Settings>(c, SETTINGS, []).await.unwrap();
    found.into_iter().next().unwrap()
}

#[tokio::test]
async fn every_sqlite_connection_waits_checks_references_and_commits_durably() {
    let dir = TempDir::new().unwrap();
    let url = format!("sqlite://{}?mode=rwc", dir.path().join("test.db").display());
    let options = DatabaseOptions::default();
    let expected = |query_only| Settings {
        journal_mode: "wal".to_owned(),
        synchronous: 2,
        busy_timeout_millis: 5_000,
        foreign_keys: 1,
        query_only,
    };
    for purpose in [Purpose::Migrate, Purpose::Write] {
        let one = open(&url, options, purpose).await.unwrap();
        assert_eq!(settings(&one).await, expected(0), "{purpose:?}");
    }
    let readers = open(&url, options, Purpose::Read).await.unwrap();
    let mut busy = Vec::new();
    for _ in 0..options.sqlite_readers {
        let reader = readers.begin().await.unwrap();
        assert_eq!(settings(&reader).await, expected(1));
        busy.push(reader);
    }
}

#[tokio::test]
async fn sqlite_commits_without_waiting_for_the_disk_only_when_told_to() {
    let dir = TempDir::new().unwrap();
    let url = format!("sqlite://{}?mode=rwc", dir.path().join("test.db").display());
    let options = DatabaseOptions {
        sqlite_synchronous: SqliteSynchronous::Normal,
        ..DatabaseOptions::default()
    };
    let writer = open(&url, options, Purpose::Write).await.unwrap();
    assert_eq!(settings(&writer).await.synchronous, 1);
}

#[tokio::test]
async fn a_reader_of_sqlite_cannot_write() {
    let dir = TempDir::new().unwrap();
    let url = format!("sqlite://{}?mode=rwc", dir.path().join("test.db").display());
    let reader = open(&url, DatabaseOptions::default(), Purpose::Read).await.unwrap();
    assert!(reader.execute_unprepared("CREATE TABLE t (x INTEGER)").await.is_err());
}
