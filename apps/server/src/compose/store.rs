//! The database.

use super::ComposeError;
use crate::config::{Config, DatabaseUrl, SqliteSynchronous};
use gamification_core::ports::StoreError;
use gamification_db::{Database, DatabaseOptions};

pub(super) async fn connect(config: &Config) -> Result<Database, StoreError> {
    let options = DatabaseOptions {
        sqlite_synchronous: match config.sqlite_synchronous {
            SqliteSynchronous::Full => gamification_db::SqliteSynchronous::Full,
            SqliteSynchronous::Normal => gamification_db::SqliteSynchronous::Normal,
        },
        ..DatabaseOptions::default()
    };
    Database::connect(config.database.expose(), options).await
}

/// The database with its schema up to date. A file is nobody else's and migrates by itself;
/// PostgreSQL, which other nodes may be using, only when that was asked for.
pub(super) async fn open(config: &Config, migrate: bool) -> Result<Database, ComposeError> {
    let database = connect(config).await?;
    let pending = database.pending_migrations().await?;
    let may_migrate = migrate || matches!(config.database, DatabaseUrl::Sqlite(_));
    if !pending.is_empty() {
        if !may_migrate {
            return Err(ComposeError::Unmigrated(pending.len()));
        }
        database.migrate().await?;
        tracing::info!(applied = pending.len(), "the schema was brought up to date");
    }
    Ok(database)
}
