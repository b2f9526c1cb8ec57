use crate::schema::{Done, one_of, table, unique_index};
use sea_orm_migration::{prelude::*, schema::*};

pub(super) const TABLES: &[&str] = &["users"];

pub(super) async fn create(manager: &SchemaManager<'_>) -> Done {
    let users = table("users")
        .col(pk_uuid("id"))
        .col(text("twitch_id"))
        .col(text("login"))
        .col(text("display_name"))
        .col(one_of("broadcaster_type", &["normal", "affiliate", "partner"]))
        .col(text("language"))
        .col(boolean("is_admin"))
        .col(boolean("may_create_campaigns"))
        .take();
    manager.create_table(users).await?;
    unique_index(manager, "users_by_twitch_id", "users", &["twitch_id"]).await?;
    crate::schema::raw(manager, "CREATE INDEX users_by_login ON users (lower(login))").await
}
