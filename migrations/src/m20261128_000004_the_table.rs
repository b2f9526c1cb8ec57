//! Who is connected to a table and what runs there; commands that belong to no goal, and commands
//! that take others back.

use crate::schema::{Done, index, one_of, owned_by, raw, table, unique_index};
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let features = text_null("acting_features").take();
        let connections = Table::alter().table("vtt_connections").add_column(features).take();
        manager.alter_table(connections).await?;
        create_clients(manager).await?;
        create_combats(manager).await?;
        replace_commands(manager).await
    }

    /// Commands without a goal are lost: the program before had no place for them. The column stays
    /// one that may be empty, which that program does not notice.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        raw(manager, "DELETE FROM vtt_commands WHERE instance_id IS NULL").await?;
        raw(manager, "DROP INDEX vtt_commands_undone_once").await?;
        let undoes = Table::alter().table("vtt_commands").drop_column("undoes").take();
        manager.alter_table(undoes).await?;
        for table in ["vtt_combats", "vtt_clients"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        let features =
            Table::alter().table("vtt_connections").drop_column("acting_features").take();
        manager.alter_table(features).await
    }
}

async fn create_clients(manager: &SchemaManager<'_>) -> Done {
    let clients = table("vtt_clients")
        .col(text("socket").primary_key().take())
        .col(uuid("connection_id"))
        .col(text("node"))
        .col(one_of("kind", &["published", "our_module"]))
        .col(text_null("version"))
        .col(boolean("is_active_gm"))
        .col(big_integer("connected_at"))
        .col(big_integer("seen_until"))
        .foreign_key(&mut owned_by("connection_id", "vtt_connections"))
        .take();
    manager.create_table(clients).await?;
    index(manager, "vtt_clients_of_connection", "vtt_clients", &["connection_id"]).await
}

async fn create_combats(manager: &SchemaManager<'_>) -> Done {
    let combats = table("vtt_combats")
        .col(pk_uuid("connection_id"))
        .col(text("combat"))
        .col(big_integer_null("ends_at"))
        .foreign_key(&mut owned_by("connection_id", "vtt_connections"))
        .take();
    manager.create_table(combats).await?;
    raw(
        manager,
        "CREATE INDEX vtt_combats_ending ON vtt_combats (ends_at) WHERE ends_at IS NOT NULL",
    )
    .await
}

/// SQLite cannot let a column be empty that was not: the table is made anew, with its rows.
async fn replace_commands(manager: &SchemaManager<'_>) -> Done {
    let statuses = ["pending", "sent", "confirmed", "assumed", "failed", "unknown", "expired"];
    raw(manager, "ALTER TABLE vtt_commands RENAME TO vtt_commands_before").await?;
    let commands = table("vtt_commands")
        .col(pk_uuid("id"))
        .col(uuid_null("instance_id"))
        .col(uuid("campaign_id"))
        .col(uuid("connection_id"))
        .col(big_integer("step"))
        .col(text("kind"))
        .col(text("payload"))
        .col(boolean("is_required"))
        .col(one_of("status", &statuses))
        .col(big_integer("attempts"))
        .col(big_integer_null("sent_at"))
        .col(text_null("socket"))
        .col(boolean("is_repeatable"))
        .col(big_integer_null("assume_at"))
        .col(big_integer("deadline"))
        .col(text_null("result"))
        .col(uuid_null("undoes"))
        .take();
    manager.create_table(commands).await?;
    let columns = "id, instance_id, campaign_id, connection_id, step, kind, payload, is_required, \
                   status, attempts, sent_at, socket, is_repeatable, assume_at, deadline, result";
    let copy =
        format!("INSERT INTO vtt_commands ({columns}) SELECT {columns} FROM vtt_commands_before");
    raw(manager, &copy).await?;
    raw(manager, "DROP TABLE vtt_commands_before").await?;
    unique_index(manager, "vtt_commands_steps", "vtt_commands", &["instance_id", "step"]).await?;
    for sql in [
        "CREATE INDEX vtt_commands_open ON vtt_commands (instance_id, step) \
         WHERE status IN ('pending', 'sent')",
        "CREATE INDEX vtt_commands_sent ON vtt_commands (connection_id, kind, sent_at) \
         WHERE sent_at IS NOT NULL",
        "CREATE UNIQUE INDEX vtt_commands_undone_once ON vtt_commands (undoes) \
         WHERE undoes IS NOT NULL AND status NOT IN ('failed', 'expired')",
    ] {
        raw(manager, sql).await?;
    }
    Ok(())
}
