use crate::schema::{Done, index, key, one_of, owned_by, table, unique_index};
use sea_orm_migration::{prelude::*, schema::*};

pub(super) const TABLES: &[&str] = &["characters", "memberships", "campaigns"];

pub(super) async fn create(manager: &SchemaManager<'_>) -> Done {
    let campaigns = table("campaigns")
        .col(pk_uuid("id"))
        .col(uuid("owner_id"))
        .col(text("name"))
        .col(text_null("game_system"))
        .col(uuid_null("gm_character_id"))
        .col(text("session"))
        .col(text("policies"))
        .col(boolean("is_panicked"))
        .col(boolean("is_deleting"))
        .col(big_integer("created_at"))
        .take();
    manager.create_table(campaigns).await?;
    index(manager, "campaigns_by_owner", "campaigns", &["owner_id"]).await?;

    let memberships = table("memberships")
        .col(uuid("campaign_id"))
        .col(uuid("streamer_id"))
        .col(one_of("status", &["invited", "active", "left"]))
        .col(big_integer_null("authorised_until"))
        .primary_key(&mut key(&["campaign_id", "streamer_id"]))
        .foreign_key(&mut owned_by("campaign_id", "campaigns"))
        .take();
    manager.create_table(memberships).await?;
    index(manager, "memberships_by_streamer", "memberships", &["streamer_id"]).await?;

    let characters = table("characters")
        .col(pk_uuid("id"))
        .col(uuid("campaign_id"))
        .col(text("vtt_actor_id"))
        .col(text("name"))
        .col(one_of("kind", &["pc", "npc", "monster"]))
        .col(uuid_null("assigned_streamer_id"))
        .col(text("details"))
        .foreign_key(&mut owned_by("campaign_id", "campaigns"))
        .take();
    manager.create_table(characters).await?;
    let actor = ["campaign_id", "vtt_actor_id"];
    unique_index(manager, "characters_by_actor", "characters", &actor).await
}
