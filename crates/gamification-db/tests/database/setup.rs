use crate::support::{Fresh, Kind};
use gamification_core::ports::{Queries, Store, StoreError};
use gamification_db::{Database, DatabaseOptions};
use gamification_testkit::fixtures;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

fn url_of(path: &Path) -> String {
    format!("sqlite://{}?mode=rwc", path.display())
}

async fn connect(url: &str) -> Result<Database, StoreError> {
    let options =
        DatabaseOptions { acquire_timeout: Duration::from_secs(2), ..DatabaseOptions::default() };
    Database::connect(url, options).await
}

fn is_unavailable<T>(outcome: &Result<T, StoreError>) -> bool {
    matches!(outcome, Err(StoreError::Unavailable(_)))
}

#[tokio::test]
async fn what_was_committed_is_there_after_a_restart() {
    let fresh = Fresh::of(Kind::Sqlite).await;
    let database = fresh.migrated().await;
    let mut uow = database.begin().await.unwrap();
    uow.users().save(&fixtures::gm()).await.unwrap();
    uow.commit().await.unwrap();
    database.close().await.unwrap();
    let again = fresh.connect().await;
    assert!(again.is_migrated().await.unwrap());
    assert_eq!(again.user(fixtures::gm().id).await.unwrap(), Some(fixtures::gm()));
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_is_unavailable() {
    let dir = TempDir::new().unwrap();
    let missing = format!("sqlite://{}", dir.path().join("missing.db").display());
    assert!(is_unavailable(&connect(&missing).await), "a file that is not to be made");
    let nowhere = url_of(&dir.path().join("no").join("such").join("folder.db"));
    assert!(is_unavailable(&connect(&nowhere).await));
    // Port 1 of this machine: nobody listens there.
    assert!(is_unavailable(&connect("postgres://nobody@127.0.0.1:1/nothing").await));
    assert!(is_unavailable(&connect("mysql://root@127.0.0.1/x").await));
}

#[tokio::test]
async fn a_file_that_is_no_database_is_corrupt() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("text.db");
    std::fs::write(&path, "these are words, not pages of a database. ".repeat(200)).unwrap();
    let outcome = connect(&url_of(&path)).await;
    assert!(matches!(outcome, Err(StoreError::Corrupt(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_database_without_a_schema_is_unavailable_not_empty() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let fresh = Fresh::of(kind).await;
        let database = fresh.connect().await;
        assert!(is_unavailable(&database.has_no_users().await), "{kind:?}");
        assert!(database.ping().await.is_ok(), "{kind:?}");
    }
}

#[tokio::test]
async fn a_setting_of_a_campaign_that_does_not_exist_is_missing_it() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let fresh = Fresh::of(kind).await;
        let database = fresh.migrated().await;
        let event = fixtures::invert_event();
        let config = fixtures::campaign_config(&fixtures::campaign(1), event.id);
        let mut uow = database.begin().await.unwrap();
        uow.catalogue().insert(&event).await.unwrap();
        let saved = uow.configs().save_campaign_config(&config).await;
        assert!(matches!(saved, Err(StoreError::Missing(_))), "{kind:?} {saved:?}");
    }
}

#[tokio::test]
async fn nothing_that_is_printed_of_a_database_holds_its_password() {
    let fresh = Fresh::of(Kind::Postgres).await;
    let url = fresh.url.replace("postgres@", "postgres:hunter2@");
    let database = Database::connect(&url, DatabaseOptions::default()).await.unwrap();
    assert!(!format!("{database:?}").contains("hunter2"));
    let refused = connect("postgres://nobody:hunter2@127.0.0.1:1/nothing").await.unwrap_err();
    assert!(!format!("{refused:?} {refused}").contains("hunter2"));
}

#[tokio::test]
async fn a_closed_database_is_unavailable() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let fresh = Fresh::of(kind).await;
        let database = fresh.migrated().await;
        database.close().await.unwrap();
        assert!(is_unavailable(&database.begin().await.map(|_| ())), "{kind:?}");
        assert!(is_unavailable(&database.ping().await), "{kind:?}");
    }
}
