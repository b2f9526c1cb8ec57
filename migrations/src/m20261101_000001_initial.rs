//! Every table that the first release needs, one file per aggregate.

mod access;
mod campaigns;
mod catalogue;
mod goals;
mod ledger;
mod log;
mod people;
mod rewards;
mod vtt;

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        people::create(manager).await?;
        campaigns::create(manager).await?;
        catalogue::create(manager).await?;
        goals::create(manager).await?;
        ledger::create(manager).await?;
        rewards::create(manager).await?;
        vtt::create(manager).await?;
        access::create(manager).await?;
        log::create(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let groups: [&[&'static str]; 9] = [
            log::TABLES,
            access::TABLES,
            vtt::TABLES,
            rewards::TABLES,
            ledger::TABLES,
            goals::TABLES,
            catalogue::TABLES,
            campaigns::TABLES,
            people::TABLES,
        ];
        for table in groups.into_iter().flatten() {
            manager.drop_table(Table::drop().table(*table).take()).await?;
        }
        Ok(())
    }
}
