use crate::connect::{self, DatabaseOptions, Dialect, Purpose};
use crate::error::{Stored, store_error};
use crate::unit::Unit;
use async_trait::async_trait;
use gamification_core::ports::{Queries, Store, StoreError, UnitOfWork};
use gamification_migrations::Migrator;
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, IsolationLevel,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::{MigratorTrait, SchemaManager};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Who migrates holds this PostgreSQL advisory lock; the number has no meaning.
const MIGRATION_LOCK: i64 = 0x67_61_6d_69_66_79;

/// The store, on SQLite or PostgreSQL. Cloning it shares the connections.
#[derive(Clone)]
pub struct Database {
    url: Arc<str>,
    options: DatabaseOptions,
    dialect: Dialect,
    writes: DatabaseConnection,
    reads: DatabaseConnection,
}

impl std::fmt::Debug for Database {
    /// Without the address, which may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database")
            .field("dialect", &self.dialect)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl Database {
    /// Connects to `sqlite://path?mode=rwc` or `postgres://user:password@host/database`. The schema
    /// is neither checked nor changed: see [`migrate`](Self::migrate).
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the address is neither of the two, names a SQLite database
    /// in memory, or the database does not answer in time.
    pub async fn connect(url: &str, options: DatabaseOptions) -> Result<Self, StoreError> {
        let dialect = connect::dialect(url)?;
        let writes = connect::open(url, options, Purpose::Write).await?;
        let reads = match dialect {
            Dialect::Sqlite => connect::open(url, options, Purpose::Read).await?,
            Dialect::Postgres => writes.clone(),
        };
        Ok(Self { url: url.into(), options, dialect, writes, reads })
    }

    /// The port through which use cases write.
    #[must_use]
    pub fn store(&self) -> Arc<dyn Store> {
        Arc::new(self.clone())
    }

    /// The port through which everybody reads.
    #[must_use]
    pub fn queries(&self) -> Arc<dyn Queries> {
        Arc::new(self.clone())
    }

    /// Brings the schema up to date: all steps or none. Several programs may try at once; one does
    /// it, the others wait. A schema that is newer than this program is left as it is.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer or refuses a step.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let connection = connect::open(&self.url, self.options, Purpose::Migrate).await?;
        let done = self.migrate_on(&connection).await;
        connection.close().await.map_err(store_error)?;
        done
    }

    async fn migrate_on(&self, connection: &DatabaseConnection) -> Stored<()> {
        let transaction = begin_write(connection).await?;
        if self.dialect == Dialect::Postgres {
            let lock = format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})");
            transaction.execute_unprepared(&lock).await.map_err(store_error)?;
        }
        if !pending(&transaction).await?.is_empty() {
            Migrator::up(&transaction, None).await.map_err(store_error)?;
        }
        transaction.commit().await.map_err(store_error)
    }

    /// The names of the schema's steps that this program needs and the database has not seen.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, StoreError> {
        let transaction = self.begin_read().await?;
        pending(&transaction).await
    }

    /// Whether the schema has everything that this program needs.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer.
    pub async fn is_migrated(&self) -> Result<bool, StoreError> {
        Ok(self.pending_migrations().await?.is_empty())
    }

    /// Closes all connections, after the transactions that are running.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database cannot be told.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.reads.close_by_ref().await.map_err(store_error)?;
        self.writes.close_by_ref().await.map_err(store_error)
    }

    pub(crate) const fn reads(&self) -> &DatabaseConnection {
        &self.reads
    }

    /// A transaction in which all reads see the same moment.
    pub(crate) async fn begin_read(&self) -> Stored<DatabaseTransaction> {
        let options = match self.dialect {
            Dialect::Sqlite => TransactionOptions::default(),
            Dialect::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                sqlite_transaction_mode: None,
            },
        };
        self.reads.begin_with_options(options).await.map_err(store_error)
    }
}

/// SQLite has to be told at once that it will be written: a transaction that reads first and writes
/// after somebody else did fails without waiting. PostgreSQL ignores it.
async fn begin_write(connection: &DatabaseConnection) -> Stored<DatabaseTransaction> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    connection.begin_with_options(options).await.map_err(store_error)
}

async fn pending(transaction: &DatabaseTransaction) -> Stored<Vec<String>> {
    let steps = Migrator::migrations();
    let mut names: BTreeSet<_> = steps.iter().map(|step| step.name().to_owned()).collect();
    let manager = SchemaManager::new(transaction);
    if manager.has_table("seaql_migrations").await.map_err(store_error)? {
        let applied = crate::rows::sql(transaction, "SELECT version FROM seaql_migrations", []);
        for row in transaction.query_all_raw(applied).await.map_err(store_error)? {
            names.remove(&row.try_get_by_index::<String>(0).map_err(store_error)?);
        }
    }
    Ok(names.into_iter().collect())
}

#[async_trait]
impl Store for Database {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        Ok(Box::new(Unit::new(begin_write(&self.writes).await?)))
    }
}
