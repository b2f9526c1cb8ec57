//! Logins with Twitch, signed-in browsers, effects that wait to happen outside, and whether a
//! channel's chat is told of goals.

use crate::schema::{Done, index, one_of, one_of_null, owned_by, raw, table, unique_index};
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_logins(manager).await?;
        create_sessions(manager).await?;
        create_outbox(manager).await?;
        let notices = boolean("has_chat_notices").default(false).take();
        manager.alter_table(Table::alter().table("memberships").add_column(notices).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let notices = Table::alter().table("memberships").drop_column("has_chat_notices").take();
        manager.alter_table(notices).await?;
        raw(manager, "DELETE FROM mutexes WHERE name = 'outbox_take'").await?;
        for table in ["outbox", "login_sessions", "twitch_logins"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

async fn create_logins(manager: &SchemaManager<'_>) -> Done {
    let losses = ["refused", "revoked", "scope_missing", "unreadable"];
    let logins = table("twitch_logins")
        .col(pk_uuid("user_id"))
        .col(text("twitch_id"))
        .col(one_of("state", &["connected", "needs_login"]))
        .col(one_of_null("loss_reason", &losses))
        .col(big_integer_null("needs_login_since"))
        .col(big_integer("generation"))
        .col(text("scopes"))
        .col(text("key_id"))
        .col(text("sealed_tokens"))
        .col(big_integer("expires_at"))
        .col(big_integer("validated_at"))
        .col(big_integer("logged_in_at"))
        .take();
    manager.create_table(logins).await?;
    unique_index(manager, "twitch_logins_by_twitch_id", "twitch_logins", &["twitch_id"]).await
}

async fn create_sessions(manager: &SchemaManager<'_>) -> Done {
    let sessions = table("login_sessions")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(text("hash"))
        .col(big_integer("created_at"))
        .col(big_integer("expires_at"))
        .col(big_integer_null("ended_at"))
        .take();
    manager.create_table(sessions).await?;
    unique_index(manager, "login_sessions_by_hash", "login_sessions", &["hash"]).await?;
    index(manager, "login_sessions_expiring", "login_sessions", &["expires_at"]).await
}

async fn create_outbox(manager: &SchemaManager<'_>) -> Done {
    let outbox = table("outbox")
        .col(pk_uuid("id"))
        .col(uuid("campaign_id"))
        .col(uuid("streamer_id"))
        .col(text("effect"))
        .col(one_of("status", &["waiting", "taken", "done", "failed"]))
        .col(big_integer("attempts"))
        .col(big_integer("next_attempt_at"))
        .col(big_integer_null("lease_until"))
        .col(big_integer("created_at"))
        .col(big_integer_null("settled_at"))
        .col(text_null("last_error"))
        .foreign_key(&mut owned_by("campaign_id", "campaigns"))
        .take();
    manager.create_table(outbox).await?;
    index(manager, "outbox_of_campaign", "outbox", &["campaign_id"]).await?;
    for sql in [
        "CREATE INDEX outbox_waiting ON outbox (next_attempt_at) WHERE status = 'waiting'",
        "CREATE INDEX outbox_taken ON outbox (lease_until, streamer_id) WHERE status = 'taken'",
        "CREATE INDEX outbox_settled ON outbox (settled_at, streamer_id) \
         WHERE settled_at IS NOT NULL",
        "INSERT INTO mutexes (name) VALUES ('outbox_take')",
    ] {
        raw(manager, sql).await?;
    }
    Ok(())
}
