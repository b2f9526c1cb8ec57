use crate::schema::{Done, key, one_of, owned_by, table, unique_index};
use sea_orm_migration::{prelude::*, schema::*};

pub(super) const TABLES: &[&str] = &["streamer_configs", "campaign_configs", "events"];

pub(super) async fn create(manager: &SchemaManager<'_>) -> Done {
    create_events(manager).await?;
    let campaign_configs = table("campaign_configs")
        .col(uuid("campaign_id"))
        .col(uuid("event_id"))
        .col(boolean("is_enabled"))
        .col(big_integer_null("cost"))
        .col(big_integer_null("coefficient_hundredths"))
        .col(big_integer_null("minimum_objective"))
        .col(big_integer_null("duration_seconds"))
        .col(big_integer_null("cooldown_seconds"))
        .col(big_integer("max_contributions_per_viewer"))
        .primary_key(&mut key(&["campaign_id", "event_id"]))
        .foreign_key(&mut owned_by("campaign_id", "campaigns"))
        .foreign_key(&mut owned_by("event_id", "events"))
        .take();
    manager.create_table(campaign_configs).await?;

    let streamer_configs = table("streamer_configs")
        .col(uuid("campaign_id"))
        .col(uuid("streamer_id"))
        .col(uuid("event_id"))
        .col(boolean("is_enabled"))
        .col(big_integer_null("cost_override"))
        .col(text_null("switched_off_reason"))
        .primary_key(&mut key(&["campaign_id", "streamer_id", "event_id"]))
        .foreign_key(&mut owned_by("campaign_id", "campaigns"))
        .foreign_key(&mut owned_by("event_id", "events"))
        .take();
    manager.create_table(streamer_configs).await
}

async fn create_events(manager: &SchemaManager<'_>) -> Done {
    let events = table("events")
        .col(pk_uuid("id"))
        .col(in_byte_order(manager, text("slug")))
        .col(text("name_en"))
        .col(text_null("name_fr"))
        .col(text("description_en"))
        .col(text_null("description_fr"))
        .col(one_of("scope", &["individual", "group"]))
        .col(text("trigger_type"))
        .col(text("trigger_config"))
        .col(text("action_type"))
        .col(text("action_config"))
        .col(one_of("completion", &["auto", "immediate", "armed"]))
        .col(big_integer("cost"))
        .col(big_integer("coefficient_hundredths"))
        .col(big_integer("minimum_objective"))
        .col(big_integer("duration_seconds"))
        .col(big_integer("armed_ttl_seconds"))
        .col(text("cooldown"))
        .col(boolean("recalculate_objective"))
        .col(text("reward_colour"))
        .col(boolean("is_system"))
        .col(uuid_null("created_by"))
        .take();
    manager.create_table(events).await?;
    unique_index(manager, "events_by_slug", "events", &["slug"]).await
}

/// Sorted by bytes on both databases, whatever language PostgreSQL was set up for.
fn in_byte_order(manager: &SchemaManager<'_>, mut column: ColumnDef) -> ColumnDef {
    if manager.get_database_backend() == sea_orm::DbBackend::Postgres {
        column.extra("COLLATE \"C\"");
    }
    column
}
