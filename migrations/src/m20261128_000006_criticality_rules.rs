//! The game masters' own rules of what is critical.

use crate::schema::{index, owned_by, table};
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let rules = table("criticality_rules")
            .col(pk_uuid("id"))
            .col(uuid("campaign_id"))
            .col(text("rule"))
            .col(big_integer("created_at"))
            .foreign_key(&mut owned_by("campaign_id", "campaigns"))
            .take();
        manager.create_table(rules).await?;
        let columns = &["campaign_id"];
        index(manager, "criticality_rules_of_campaign", "criticality_rules", columns).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("criticality_rules").take()).await
    }
}
