use crate::schema::{Done, index, key, one_of, owned_by, table, unique_index};
use sea_orm_migration::{prelude::*, schema::*};

pub(super) const TABLES: &[&str] = &["audit", "idempotent_answers", "overlay_tokens", "api_keys"];

pub(super) async fn create(manager: &SchemaManager<'_>) -> Done {
    let api_keys = table("api_keys")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(one_of("role", &["admin", "gm", "streamer"]))
        .col(uuid_null("campaign_id"))
        .col(text("hash"))
        .col(big_integer("created_at"))
        .col(big_integer_null("expires_at"))
        .col(big_integer_null("revoked_at"))
        .take();
    manager.create_table(api_keys).await?;
    unique_index(manager, "api_keys_by_hash", "api_keys", &["hash"]).await?;

    let overlays = table("overlay_tokens")
        .col(pk_uuid("id"))
        .col(uuid("campaign_id"))
        .col(uuid("streamer_id"))
        .col(text("hash"))
        .col(big_integer("created_at"))
        .col(big_integer_null("revoked_at"))
        .foreign_key(&mut owned_by("campaign_id", "campaigns"))
        .take();
    manager.create_table(overlays).await?;
    unique_index(manager, "overlay_tokens_by_hash", "overlay_tokens", &["hash"]).await?;

    let answers = table("idempotent_answers")
        .col(uuid("user_id"))
        .col(text("key"))
        .col(text("request_hash"))
        .col(big_integer_null("status"))
        .col(text("body"))
        .col(big_integer("created_at"))
        .primary_key(&mut key(&["user_id", "key"]))
        .take();
    manager.create_table(answers).await?;

    let audit = table("audit")
        .col(pk_uuid("id"))
        .col(uuid_null("campaign_id"))
        .col(text("actor"))
        .col(text("action"))
        .col(text("details"))
        .col(big_integer("at"))
        .take();
    manager.create_table(audit).await?;
    index(manager, "audit_newest", "audit", &["campaign_id", "at", "id"]).await
}
