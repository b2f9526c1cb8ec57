//! What people chose for themselves; overlays whose address can be shown again, and when they were
//! last seen.

use crate::schema::{Done, one_of, one_of_null, owned_by, table};
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Columns of `overlay_tokens`. Those that were made before keep no sealed token.
const OF_OVERLAYS: [&str; 4] = ["sealed_token", "seen_at", "is_visible", "is_on_air"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_preferences(manager).await?;
        let [sealed_token, seen_at, is_visible, is_on_air] = OF_OVERLAYS;
        for column in [
            text_null(sealed_token),
            big_integer_null(seen_at),
            boolean_null(is_visible),
            boolean_null(is_on_air),
        ] {
            // SQLite adds one column at a time.
            let column = Table::alter().table("overlay_tokens").add_column(column).take();
            manager.alter_table(column).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in OF_OVERLAYS.into_iter().rev() {
            let column = Table::alter().table("overlay_tokens").drop_column(column).take();
            manager.alter_table(column).await?;
        }
        manager.drop_table(Table::drop().table("preferences").take()).await
    }
}

async fn create_preferences(manager: &SchemaManager<'_>) -> Done {
    let languages = ["en", "fr"];
    let preferences = table("preferences")
        .col(pk_uuid("user_id"))
        .col(one_of_null("language", &languages))
        .col(one_of_null("overlay_language", &languages))
        .col(one_of("overlay_theme", &["ember", "parchment", "contrast"]))
        .col(text_null("custom_css"))
        .foreign_key(&mut owned_by("user_id", "users"))
        .take();
    manager.create_table(preferences).await
}
