use crate::schema::{Done, index, one_of, raw, table};
use sea_orm_migration::{prelude::*, schema::*};

pub(super) const TABLES: &[&str] = &["rewards"];

pub(super) async fn create(manager: &SchemaManager<'_>) -> Done {
    let statuses = ["creating", "active", "paused", "deleting", "orphaned", "deleted"];
    let rewards = table("rewards")
        .col(pk_uuid("key"))
        .col(text_null("twitch_id"))
        .col(uuid("streamer_id"))
        .col(uuid("campaign_id"))
        .col(uuid("event_id"))
        .col(one_of("status", &statuses))
        .col(text("spec"))
        .col(text_null("paused_because"))
        .col(big_integer("changed_at"))
        .col(big_integer("failed_attempts"))
        .col(big_integer_null("next_attempt_at"))
        .col(text_null("last_error"))
        .col(big_integer_null("deletion_failed_at"))
        .col(big_integer_null("empty_since"))
        .col(big_integer("created_at"))
        .col(big_integer_null("retired_at"))
        .take();
    manager.create_table(rewards).await?;
    for sql in [
        "CREATE UNIQUE INDEX rewards_by_twitch_id ON rewards (twitch_id) \
         WHERE twitch_id IS NOT NULL",
        "CREATE UNIQUE INDEX rewards_one_live_per_opt_in \
         ON rewards (campaign_id, streamer_id, event_id) \
         WHERE status IN ('creating', 'active', 'paused')",
        "CREATE INDEX rewards_not_deleted ON rewards (key) WHERE status <> 'deleted'",
    ] {
        raw(manager, sql).await?;
    }
    index(manager, "rewards_of_event", "rewards", &["event_id"]).await
}
