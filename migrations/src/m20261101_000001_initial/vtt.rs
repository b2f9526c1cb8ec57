use crate::schema::{Done, index, one_of, owned_by, raw, table, unique_index};
use sea_orm_migration::{prelude::*, schema::*};

pub(super) const TABLES: &[&str] =
    &["vtt_commands", "dice_rolls", "vtt_credentials", "vtt_pairings", "vtt_connections"];

pub(super) async fn create(manager: &SchemaManager<'_>) -> Done {
    create_connections(manager).await?;
    create_pairings(manager).await?;
    create_credentials(manager).await?;
    create_rolls(manager).await?;
    create_commands(manager).await
}

async fn create_connections(manager: &SchemaManager<'_>) -> Done {
    let connections = table("vtt_connections")
        .col(pk_uuid("id"))
        .col(uuid("owner_id"))
        .col(uuid_null("campaign_id"))
        .col(text("world_id"))
        .col(text("world_name"))
        .col(text("game_system"))
        .col(text("module_version"))
        .col(big_integer_null("revoked_at"))
        .col(text("api_key_hash"))
        .col(big_integer_null("present_until"))
        .col(text_null("acting_node"))
        .col(text_null("acting_socket"))
        .col(big_integer_null("acting_epoch"))
        .col(boolean_null("acting_remembers_commands"))
        .col(big_integer_null("acting_until"))
        .col(boolean("is_in_combat"))
        .col(big_integer("created_at"))
        .foreign_key(&mut owned_by("campaign_id", "campaigns"))
        .take();
    manager.create_table(connections).await?;
    index(manager, "vtt_connections_of_campaign", "vtt_connections", &["campaign_id"]).await?;
    let world = ["owner_id", "world_id"];
    index(manager, "vtt_connections_of_world", "vtt_connections", &world).await?;
    index(manager, "vtt_connections_by_api_key", "vtt_connections", &["api_key_hash"]).await
}

async fn create_pairings(manager: &SchemaManager<'_>) -> Done {
    let pairings = table("vtt_pairings")
        .col(pk_uuid("id"))
        .col(text("code"))
        .col(text("world_id"))
        .col(text("world_name"))
        .col(text("game_system"))
        .col(text("module_version"))
        .col(text("requested_from"))
        .col(big_integer("expires_at"))
        .col(uuid_null("connection_id"))
        .col(big_integer_null("completed_at"))
        .foreign_key(&mut owned_by("connection_id", "vtt_connections"))
        .take();
    manager.create_table(pairings).await?;
    index(manager, "vtt_pairings_by_code", "vtt_pairings", &["code"]).await?;
    index(manager, "vtt_pairings_of_connection", "vtt_pairings", &["connection_id"]).await
}

async fn create_credentials(manager: &SchemaManager<'_>) -> Done {
    let credentials = table("vtt_credentials")
        .col(pk_uuid("id"))
        .col(uuid("connection_id"))
        .col(text("session_hash"))
        .col(big_integer("session_expires_at"))
        .col(text("refresh_hash"))
        .col(big_integer("refresh_expires_at"))
        .col(big_integer_null("replaced_at"))
        .col(big_integer_null("revoked_at"))
        .foreign_key(&mut owned_by("connection_id", "vtt_connections"))
        .take();
    manager.create_table(credentials).await?;
    index(manager, "vtt_credentials_of_connection", "vtt_credentials", &["connection_id"]).await?;
    unique_index(manager, "vtt_credentials_by_session", "vtt_credentials", &["session_hash"])
        .await?;
    unique_index(manager, "vtt_credentials_by_refresh", "vtt_credentials", &["refresh_hash"]).await
}

async fn create_rolls(manager: &SchemaManager<'_>) -> Done {
    let rolls = table("dice_rolls")
        .col(pk_uuid("id"))
        .col(uuid("campaign_id"))
        .col(uuid("connection_id"))
        .col(text("message_id"))
        .col(big_integer("roll_index"))
        .col(text_null("actor_id"))
        .col(text("character_name"))
        .col(text("input"))
        .col(big_integer("result"))
        .col(text_null("critical"))
        .col(boolean("is_hidden"))
        .col(one_of("attribution", &["streamer", "nobody", "pending"]))
        .col(uuid_null("streamer_id"))
        .col(big_integer("rolled_at"))
        .foreign_key(&mut owned_by("campaign_id", "campaigns"))
        .take();
    manager.create_table(rolls).await?;
    let seen = ["connection_id", "message_id", "roll_index"];
    unique_index(manager, "dice_rolls_seen_once", "dice_rolls", &seen).await?;
    index(manager, "dice_rolls_newest", "dice_rolls", &["campaign_id", "rolled_at", "id"]).await
}

async fn create_commands(manager: &SchemaManager<'_>) -> Done {
    let statuses = ["pending", "sent", "confirmed", "assumed", "failed", "unknown", "expired"];
    let commands = table("vtt_commands")
        .col(pk_uuid("id"))
        .col(uuid("instance_id"))
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
        .take();
    manager.create_table(commands).await?;
    unique_index(manager, "vtt_commands_steps", "vtt_commands", &["instance_id", "step"]).await?;
    raw(
        manager,
        "CREATE INDEX vtt_commands_open ON vtt_commands (instance_id, step) \
         WHERE status IN ('pending', 'sent')",
    )
    .await?;
    raw(
        manager,
        "CREATE INDEX vtt_commands_sent ON vtt_commands (connection_id, kind, sent_at) \
         WHERE sent_at IS NOT NULL",
    )
    .await
}
