//! Connections, set up the way that both databases need.

use crate::error::{Stored, store_error};
use gamification_core::ports::StoreError;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous as Synchronous};
use sea_orm::{ConnectOptions, DatabaseConnection};
use std::time::Duration;

/// How long a SQLite connection waits for another process that writes.
const SQLITE_BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// PostgreSQL's limits for one statement, one lock, and a transaction in which nothing happens.
const POSTGRES_TIMEOUTS_MILLIS: [(&str, &str); 3] = [
    ("statement_timeout", "30000"),
    ("lock_timeout", "5000"),
    ("idle_in_transaction_session_timeout", "30000"),
];
/// A connection that was idle for so long is tried before it is used.
const TEST_IDLE_FOR: Duration = Duration::from_secs(10);

/// When SQLite calls a commit durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SqliteSynchronous {
    /// When the disk has it: survives a power cut.
    #[default]
    Full,
    /// When the operating system has it: survives a crash of the program, but the newest commits
    /// may be lost in a power cut.
    Normal,
}

/// How a [`Database`](crate::Database) connects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DatabaseOptions {
    /// When SQLite calls a commit durable. PostgreSQL follows its own `synchronous_commit`.
    pub sqlite_synchronous: SqliteSynchronous,
    /// Connections that read from SQLite, beside the one that writes.
    pub sqlite_readers: u32,
    /// Connections to PostgreSQL. A hot row gets slower with more than a few per core.
    pub postgres_connections: u32,
    /// How long to wait for a free connection before the store counts as unavailable.
    pub acquire_timeout: Duration,
}

impl Default for DatabaseOptions {
    fn default() -> Self {
        Self {
            sqlite_synchronous: SqliteSynchronous::Full,
            sqlite_readers: 4,
            postgres_connections: 8,
            acquire_timeout: Duration::from_secs(10),
        }
    }
}

/// The two databases that are spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// What connections are used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Transactions that write.
    Write,
    /// Reads only.
    Read,
    /// Changing the schema: one connection, and no limit on how long it takes.
    Migrate,
}

/// Which database the address is of.
///
/// # Errors
/// `Unavailable` for any other scheme, and for a SQLite database in memory, which every connection
/// would have for itself.
pub(crate) fn dialect(url: &str) -> Stored<Dialect> {
    let is_in_memory = url.contains(":memory:") || url.contains("mode=memory");
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") if is_in_memory => {
            Err(StoreError::Unavailable("a SQLite database in memory cannot be shared".into()))
        }
        Some("sqlite") => Ok(Dialect::Sqlite),
        Some("postgres" | "postgresql") => Ok(Dialect::Postgres),
        _ => Err(StoreError::Unavailable("not a sqlite: or postgres: address".into())),
    }
}

/// Opens a pool.
pub(crate) async fn open(
    url: &str,
    options: DatabaseOptions,
    purpose: Purpose,
) -> Stored<DatabaseConnection> {
    let mut connect = ConnectOptions::new(url);
    connect
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .acquire_timeout(options.acquire_timeout)
        .test_before_acquire(false)
        .test_before_acquire_if_idle_for(TEST_IDLE_FOR);
    match dialect(url)? {
        Dialect::Sqlite => for_sqlite(&mut connect, options, purpose),
        Dialect::Postgres => for_postgres(&mut connect, options, purpose),
    }
    sea_orm::Database::connect(connect).await.map_err(store_error)
}

fn for_sqlite(connect: &mut ConnectOptions, options: DatabaseOptions, purpose: Purpose) {
    let synchronous = match options.sqlite_synchronous {
        SqliteSynchronous::Full => Synchronous::Full,
        SqliteSynchronous::Normal => Synchronous::Normal,
    };
    let is_reader = purpose == Purpose::Read;
    connect
        .max_connections(if is_reader { options.sqlite_readers.max(1) } else { 1 })
        .idle_timeout(None)
        .max_lifetime(None)
        .map_sqlx_sqlite_opts(move |sqlite| {
            let sqlite = sqlite
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(synchronous)
                .busy_timeout(SQLITE_BUSY_TIMEOUT)
                .foreign_keys(true);
            if is_reader { sqlite.pragma("query_only", "ON") } else { sqlite }
        });
}

fn for_postgres(connect: &mut ConnectOptions, options: DatabaseOptions, purpose: Purpose) {
    connect.set_application_name("gamification");
    if purpose == Purpose::Migrate {
        connect.max_connections(1);
        return;
    }
    connect
        .max_connections(options.postgres_connections.max(1))
        .map_sqlx_postgres_opts(|postgres| postgres.options(POSTGRES_TIMEOUTS_MILLIS));
}

#[cfg(test)]
mod tests;
