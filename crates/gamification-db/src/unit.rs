use crate::error::{Stored, store_error};
use async_trait::async_trait;
use gamification_core::ports::{
    AccessRepository, CampaignRepository, CatalogueRepository, CommandRepository, ConfigRepository,
    CriticalityRuleRepository, EventLog, InstanceRepository, LoginRepository, Outbox,
    RedemptionRepository, RewardRepository, RollRepository, UnitOfWork, UserRepository,
    VttRepository,
};
use sea_orm::DatabaseTransaction;

/// One transaction. Each aggregate's file makes it that aggregate's repository.
pub(crate) struct Unit {
    transaction: DatabaseTransaction,
}

impl Unit {
    pub(crate) const fn new(transaction: DatabaseTransaction) -> Self {
        Self { transaction }
    }

    pub(crate) const fn tx(&self) -> &DatabaseTransaction {
        &self.transaction
    }
}

#[async_trait]
impl UnitOfWork for Unit {
    fn users(&mut self) -> &mut dyn UserRepository {
        self
    }

    fn campaigns(&mut self) -> &mut dyn CampaignRepository {
        self
    }

    fn catalogue(&mut self) -> &mut dyn CatalogueRepository {
        self
    }

    fn configs(&mut self) -> &mut dyn ConfigRepository {
        self
    }

    fn instances(&mut self) -> &mut dyn InstanceRepository {
        self
    }

    fn redemptions(&mut self) -> &mut dyn RedemptionRepository {
        self
    }

    fn rewards(&mut self) -> &mut dyn RewardRepository {
        self
    }

    fn commands(&mut self) -> &mut dyn CommandRepository {
        self
    }

    fn rolls(&mut self) -> &mut dyn RollRepository {
        self
    }

    fn criticality_rules(&mut self) -> &mut dyn CriticalityRuleRepository {
        self
    }

    fn vtt(&mut self) -> &mut dyn VttRepository {
        self
    }

    fn access(&mut self) -> &mut dyn AccessRepository {
        self
    }

    fn logins(&mut self) -> &mut dyn LoginRepository {
        self
    }

    fn outbox(&mut self) -> &mut dyn Outbox {
        self
    }

    fn log(&mut self) -> &mut dyn EventLog {
        self
    }

    async fn commit(self: Box<Self>) -> Stored<()> {
        self.transaction.commit().await.map_err(store_error)
    }
}
