//! The parts of a transaction, one per aggregate. Every write asserts how many rows it wrote and
//! answers [`StoreError::Contention`] when it is not what was decided on.

mod game;
mod goals;
mod logins;
mod points;
mod table;

pub use game::{
    AccessRepository, CampaignRepository, CatalogueRepository, ConfigRepository, UserRepository,
};
pub use goals::{EventLog, InstanceRepository};
pub use logins::{LoginRepository, Outbox};
pub use points::{RedemptionRepository, RewardRepository, SettlementUpdate};
pub use table::{CommandRepository, CriticalityRuleRepository, RollRepository, VttRepository};

#[cfg(feature = "mocks")]
pub use self::{
    game::{
        MockAccessRepository, MockCampaignRepository, MockCatalogueRepository,
        MockConfigRepository, MockUserRepository,
    },
    goals::{MockEventLog, MockInstanceRepository},
    logins::{MockLoginRepository, MockOutbox},
    points::{MockRedemptionRepository, MockRewardRepository},
    table::{
        MockCommandRepository, MockCriticalityRuleRepository, MockRollRepository, MockVttRepository,
    },
};

use super::StoreError;

type Stored<T> = Result<T, StoreError>;

/// How a row is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// Others may change it meanwhile.
    None,
    /// Others may read and lock it shared, but not change it.
    Shared,
    /// Nobody else may lock or change it until the transaction ends.
    Exclusive,
}
