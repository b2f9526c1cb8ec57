//! The database as one object per transaction (3-architecture §3).

use super::{
    AccessRepository, CampaignRepository, CatalogueRepository, CommandRepository, ConfigRepository,
    CriticalityRuleRepository, EventLog, InstanceRepository, LoginRepository, Outbox,
    RedemptionRepository, RewardRepository, RollRepository, UserRepository, VttRepository,
};
use async_trait::async_trait;

/// Why the store could not do something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A row with that key is there already.
    #[error("{0} exists already")]
    AlreadyExists(String),
    /// A row that must be there is not.
    #[error("{0} does not exist")]
    Missing(String),
    /// A row cannot be understood; somebody else wrote to the database.
    #[error("the store holds something unreadable: {0}")]
    Corrupt(String),
    /// Somebody else changed the same rows. Nothing was written; the use case may be repeated.
    #[error("the store is contended: {0}")]
    Contention(String),
    /// The database cannot be reached. Nothing was written, as far as can be known.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
}

/// Begins transactions.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Store: Send + Sync {
    /// Begins a transaction that may write.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database cannot be reached.
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError>;
}

/// One transaction. Dropping it without [`commit`](Self::commit) undoes everything.
///
/// Rows are locked in one order everywhere: campaign and config rows, then paired worlds, then
/// goals by id, then logins, then redemptions, then commands, then the outbox, then the campaign's
/// event sequence. Nothing but the store is awaited between `begin` and `commit`.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait UnitOfWork: Send {
    /// People.
    fn users(&mut self) -> &mut dyn UserRepository;
    /// Games, their members and characters.
    fn campaigns(&mut self) -> &mut dyn CampaignRepository;
    /// Kinds of goals.
    fn catalogue(&mut self) -> &mut dyn CatalogueRepository;
    /// The GM's settings and the streamers' opt-ins.
    fn configs(&mut self) -> &mut dyn ConfigRepository;
    /// Goals.
    fn instances(&mut self) -> &mut dyn InstanceRepository;
    /// The ledger.
    fn redemptions(&mut self) -> &mut dyn RedemptionRepository;
    /// What we put on Twitch.
    fn rewards(&mut self) -> &mut dyn RewardRepository;
    /// What the table is asked to do.
    fn commands(&mut self) -> &mut dyn CommandRepository;
    /// What was rolled.
    fn rolls(&mut self) -> &mut dyn RollRepository;
    /// What game masters call critical.
    fn criticality_rules(&mut self) -> &mut dyn CriticalityRuleRepository;
    /// Paired worlds.
    fn vtt(&mut self) -> &mut dyn VttRepository;
    /// Keys, overlay addresses, audit.
    fn access(&mut self) -> &mut dyn AccessRepository;
    /// Logins with Twitch, and signed-in browsers.
    fn logins(&mut self) -> &mut dyn LoginRepository;
    /// What must happen outside.
    fn outbox(&mut self) -> &mut dyn Outbox;
    /// What became true.
    fn log(&mut self) -> &mut dyn EventLog;
    /// Makes everything durable.
    ///
    /// # Errors
    /// [`StoreError::Contention`] when nothing was written and the use case may be repeated.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}
