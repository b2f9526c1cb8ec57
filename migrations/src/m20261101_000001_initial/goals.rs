use crate::schema::{Done, index, key, one_of, one_of_null, owned_by, raw, table};
use sea_orm_migration::{prelude::*, schema::*};

pub(super) const TABLES: &[&str] = &["fired_triggers", "instance_participants", "instances"];

pub(super) async fn create(manager: &SchemaManager<'_>) -> Done {
    let instances = table("instances")
        .col(pk_uuid("id"))
        .col(uuid("campaign_id"))
        .col(uuid("event_id"))
        .col(text("scope_key"))
        .col(text("label"))
        .col(text("terms"))
        .col(text("trigger_data"))
        .col(text("participants"))
        .col(big_integer("target"))
        .col(big_integer("progress"))
        .col(big_integer("started_at"))
        .col(text("state"))
        // What follows repeats parts of `state` for the indexes; a row in which they disagree is
        // refused when it is read.
        .col(one_of("status", &["active", "armed", "completed", "expired", "cancelled"]))
        .col(one_of_null("execution_status", &["pending", "executed", "failed"]))
        .col(boolean("is_open"))
        .col(big_integer_null("deadline_at"))
        .col(big_integer_null("completed_at"))
        .col(one_of_null("cooldown_kind", &["until", "until_released", "until_executed"]))
        .col(big_integer_null("cooldown_ends_at"))
        .col(uuid_null("cooldown_event_id"))
        .take();
    manager.create_table(instances).await?;
    raw(
        manager,
        "CREATE UNIQUE INDEX instances_one_open_per_scope \
         ON instances (campaign_id, event_id, scope_key) WHERE is_open",
    )
    .await?;
    raw(manager, "CREATE INDEX instances_overdue ON instances (deadline_at) WHERE is_open").await?;
    raw(
        manager,
        "CREATE INDEX instances_cooling ON instances (campaign_id, event_id, scope_key) \
         WHERE cooldown_kind IS NOT NULL",
    )
    .await?;
    let newest = ["campaign_id", "started_at", "id"];
    index(manager, "instances_newest", "instances", &newest).await?;

    let participants = table("instance_participants")
        .col(uuid("instance_id"))
        .col(uuid("streamer_id"))
        .primary_key(&mut key(&["instance_id", "streamer_id"]))
        .foreign_key(&mut owned_by("instance_id", "instances"))
        .take();
    manager.create_table(participants).await?;

    let fired = table("fired_triggers")
        .col(uuid("campaign_id"))
        .col(uuid("event_id"))
        .col(text("once_key"))
        .col(big_integer("at"))
        .primary_key(&mut key(&["campaign_id", "event_id", "once_key"]))
        .foreign_key(&mut owned_by("campaign_id", "campaigns"))
        .take();
    manager.create_table(fired).await
}
