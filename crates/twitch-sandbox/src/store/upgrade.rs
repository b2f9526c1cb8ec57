//! What older files lack. New tables need nothing here: they are made when they are missing.

use sea_orm::{ConnectionTrait, DbErr};

/// Brings the tables of version 1 up to version 2: subscriptions have other transports than
/// webhooks, other conditions, and a cost.
pub(super) async fn from_1_to_2(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let columns = [
        "method TEXT NOT NULL DEFAULT 'webhook'",
        "user_id VARCHAR NOT NULL DEFAULT ''",
        "session_id VARCHAR NOT NULL DEFAULT ''",
        "conduit_id VARCHAR NOT NULL DEFAULT ''",
        "subject_conduit_id VARCHAR NOT NULL DEFAULT ''",
        "cost BIGINT NOT NULL DEFAULT 0",
        "connected_at_ns BIGINT",
        "disconnected_at_ns BIGINT",
    ];
    for column in columns {
        db.execute_unprepared(&format!("ALTER TABLE subscriptions ADD COLUMN {column}")).await?;
    }
    Ok(())
}
