use crate::schema::{Done, index, one_of, one_of_null, raw, table};
use sea_orm_migration::{prelude::*, schema::*};

pub(super) const TABLES: &[&str] = &["mutexes", "journal", "redemptions"];

pub(super) async fn create(manager: &SchemaManager<'_>) -> Done {
    create_redemptions(manager).await?;
    create_journal(manager).await?;
    // One row per kind of work that must not be done by two at once, to be locked by who does it.
    manager.create_table(table("mutexes").col(text("name").primary_key().take()).take()).await?;
    raw(manager, "INSERT INTO mutexes (name) VALUES ('settlement_claim'), ('pairing_code')").await
}

async fn create_redemptions(manager: &SchemaManager<'_>) -> Done {
    let redemptions = table("redemptions")
        .col(text("id").primary_key().take())
        .col(uuid("reward_key"))
        .col(uuid("streamer_id"))
        .col(uuid("campaign_id"))
        .col(uuid("event_id"))
        .col(text("viewer_id"))
        .col(text("viewer_name"))
        .col(big_integer("cost"))
        .col(big_integer("redeemed_at"))
        .col(big_integer("received_at"))
        .col(one_of("source", &["webhook", "websocket", "poll"]))
        .col(uuid_null("instance_id"))
        .col(text_null("refusal"))
        .col(one_of(
            "settlement",
            &["pending", "fulfil_due", "refund_due", "fulfilled", "refunded", "stuck"],
        ))
        .col(one_of_null("direction", &["fulfil", "refund"]))
        .col(one_of_null("settled_by", &["us", "external"]))
        .col(big_integer_null("settled_at"))
        .col(big_integer("attempts"))
        .col(big_integer("next_attempt_at"))
        .col(text_null("last_error"))
        .col(text_null("stuck_reason"))
        .col(big_integer("stuck_count"))
        .col(big_integer("retried_count"))
        .col(big_integer_null("lease_until"))
        .take();
    manager.create_table(redemptions).await?;
    let newest = ["campaign_id", "received_at", "id"];
    index(manager, "redemptions_newest", "redemptions", &newest).await?;
    for sql in [
        "CREATE INDEX redemptions_of_instance ON redemptions (instance_id, settlement) \
         WHERE instance_id IS NOT NULL",
        "CREATE INDEX redemptions_counted_by_viewer \
         ON redemptions (campaign_id, event_id, viewer_id) WHERE instance_id IS NOT NULL",
        "CREATE INDEX redemptions_due ON redemptions (next_attempt_at, id) \
         WHERE settlement IN ('fulfil_due', 'refund_due')",
        "CREATE INDEX redemptions_unsettled_of_reward \
         ON redemptions (reward_key, next_attempt_at, id) WHERE settlement NOT IN ('fulfilled', 'refunded')",
        "CREATE INDEX redemptions_leased ON redemptions (streamer_id, lease_until) \
         WHERE lease_until IS NOT NULL",
    ] {
        raw(manager, sql).await?;
    }
    Ok(())
}

async fn create_journal(manager: &SchemaManager<'_>) -> Done {
    let journal = table("journal")
        .col(big_pk_auto("id"))
        .col(text("redemption_id"))
        .col(uuid("campaign_id"))
        .col(uuid("streamer_id"))
        .col(uuid("event_id"))
        .col(uuid_null("instance_id"))
        .col(one_of(
            "fact",
            &[
                "received",
                "counted",
                "refused",
                "fulfil_decided",
                "refund_decided",
                "fulfilled",
                "refunded",
                "stuck",
                "retried",
            ],
        ))
        .col(big_integer("points"))
        .col(big_integer("at"))
        .take();
    manager.create_table(journal).await?;
    let redemption = ["campaign_id", "redemption_id"];
    index(manager, "journal_of_redemption", "journal", &redemption).await?;
    raw(
        manager,
        "CREATE INDEX journal_counted_for_instance ON journal (instance_id) WHERE fact = 'counted'",
    )
    .await
}
