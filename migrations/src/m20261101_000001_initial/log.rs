use crate::schema::{Done, index, key, table};
use sea_orm_migration::{prelude::*, schema::*};

pub(super) const TABLES: &[&str] = &["event_log", "campaign_sequences"];

pub(super) async fn create(manager: &SchemaManager<'_>) -> Done {
    // The last number given out. Its row is locked until the transaction ends, so that numbers
    // become visible in their order.
    let sequences = table("campaign_sequences")
        .col(pk_uuid("campaign_id"))
        .col(big_integer("last_sequence"))
        .take();
    manager.create_table(sequences).await?;

    let log = table("event_log")
        .col(uuid("campaign_id"))
        .col(big_integer("sequence"))
        .col(big_integer("at"))
        .col(text("kind"))
        .col(text("visibility"))
        .col(uuid_null("instance_id"))
        .col(text("payload"))
        .primary_key(&mut key(&["campaign_id", "sequence"]))
        .take();
    manager.create_table(log).await?;
    index(manager, "event_log_oldest", "event_log", &["at"]).await
}
