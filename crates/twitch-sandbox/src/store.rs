//! The state of this Twitch, in one SQLite database.
//!
//! One connection only: writers then never wait for each other inside SQLite, and every
//! transaction sees the whole truth. Never use the pool while holding a transaction.

pub(crate) mod conduits;
pub(crate) mod entities;
pub(crate) mod ledger;
pub(crate) mod logins;
pub(crate) mod redemptions;
pub(crate) mod rewards;
pub(crate) mod subscriptions;
pub(crate) mod talk;
pub(crate) mod tokens;
mod upgrade;
pub(crate) mod users;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    DbErr, EntityTrait, Schema, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait,
};
use std::time::Duration;

use crate::config::DatabaseLocation;
use crate::error::SandboxError;
use entities::{
    access_token, balance, conduit, conduit_shard, grant, redemption, reward, stream, subscription,
    user,
};

/// The version of the tables, kept in `PRAGMA user_version`.
const SCHEMA: i64 = 2;

/// How long a caller waits for the connection before it is refused.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(60);

/// The database, with its tables.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    pub(crate) db: DatabaseConnection,
}

impl Store {
    /// Opens the database, brings an older one up to date, makes the tables that are missing,
    /// and the first users when it is empty.
    pub(crate) async fn open(location: &DatabaseLocation) -> Result<Self, SandboxError> {
        let db = Database::connect(options(location)).await?;
        let store = Self { db };
        let found = store.schema_version().await?;
        if !(0..=SCHEMA).contains(&found) {
            return Err(SandboxError::Schema { found, expected: SCHEMA });
        }
        let tx = store.begin().await?;
        if found == 1 {
            upgrade::from_1_to_2(&tx).await?;
        }
        create_tables(&tx).await?;
        users::seed_when_empty(&tx).await?;
        tx.execute_unprepared(&format!("PRAGMA user_version = {SCHEMA}")).await?;
        tx.commit().await?;
        Ok(store)
    }

    /// Starts a transaction that may write. Dropping it undoes it.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.db.begin_with_options(options).await
    }

    async fn schema_version(&self) -> Result<i64, DbErr> {
        let query = Statement::from_string(DbBackend::Sqlite, "PRAGMA user_version");
        match self.db.query_one_raw(query).await? {
            Some(row) => row.try_get_by_index(0),
            None => Ok(0),
        }
    }
}

fn options(location: &DatabaseLocation) -> ConnectOptions {
    // The name in the URL of a file is replaced below: a path may hold what a URL may not.
    let mut options = ConnectOptions::new(match location {
        DatabaseLocation::Memory => "sqlite::memory:",
        DatabaseLocation::File(_) => "sqlite:sandbox",
    });
    options
        .max_connections(1)
        .min_connections(1)
        // A database in memory lives as long as its connection.
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .sqlx_logging(false);
    if let DatabaseLocation::File(path) = location {
        let path = path.clone();
        options.map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .filename(&path)
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Normal)
        });
    }
    options
}

async fn create_tables(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    create_table(db, user::Entity).await?;
    create_table(db, balance::Entity).await?;
    create_table(db, stream::Entity).await?;
    create_table(db, access_token::Entity).await?;
    create_table(db, grant::Entity).await?;
    create_table(db, reward::Entity).await?;
    create_table(db, redemption::Entity).await?;
    create_table(db, entities::ledger::settlement::Entity).await?;
    create_table(db, entities::ledger::reward_change::Entity).await?;
    create_table(db, entities::logins::authorization_code::Entity).await?;
    create_table(db, entities::logins::device_code::Entity).await?;
    create_table(db, entities::talk::chat_message::Entity).await?;
    create_table(db, entities::talk::poll::Entity).await?;
    create_table(db, conduit::Entity).await?;
    create_table(db, conduit_shard::Entity).await?;
    create_table(db, subscription::Entity).await
}

async fn create_table<E: EntityTrait>(db: &impl ConnectionTrait, entity: E) -> Result<(), DbErr> {
    let schema = Schema::new(DbBackend::Sqlite);
    db.execute(schema.create_table_from_entity(entity).if_not_exists()).await?;
    for mut index in schema.create_index_from_entity(entity) {
        db.execute(index.if_not_exists()).await?;
    }
    Ok(())
}
