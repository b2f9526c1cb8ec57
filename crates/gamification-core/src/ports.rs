//! What the rules need of the world. Each port is an object-safe trait that an adapter implements;
//! with the feature `mocks`, each has a mock named `Mock…`.

mod broadcast;
mod chat;
mod determinism;
mod pending;
mod queries;
mod repositories;
mod store;
mod twitch;
mod vtt;

pub use broadcast::{EventBroadcaster, Wakeup, WakeupStream};
pub use chat::{ChatNotices, ChatOutcome};
pub use determinism::{Clock, IdGenerator, Random};
pub use pending::{PendingExecution, PendingExecutions, PortUnavailable};
pub use queries::{
    InstanceFilter, MemberRow, Page, PageRequest, Queries, RedemptionFilter, RollFilter,
};
pub use repositories::{
    AccessRepository, CampaignRepository, CatalogueRepository, CommandRepository, ConfigRepository,
    CriticalityRuleRepository, EventLog, InstanceRepository, Lock, LoginRepository, Outbox,
    RedemptionRepository, RewardRepository, RollRepository, SettlementUpdate, UserRepository,
    VttRepository,
};
pub use store::{Store, StoreError, UnitOfWork};
pub use twitch::{Audience, RewardChange, RewardError, TwitchReward, TwitchRewards};
pub use vtt::{SendOutcome, VttCommands};

#[cfg(feature = "mocks")]
pub use mocks::*;

#[cfg(feature = "mocks")]
mod mocks {
    pub use super::broadcast::MockEventBroadcaster;
    pub use super::chat::MockChatNotices;
    pub use super::determinism::{MockClock, MockIdGenerator, MockRandom};
    pub use super::pending::MockPendingExecutions;
    pub use super::queries::MockQueries;
    pub use super::repositories::{
        MockAccessRepository, MockCampaignRepository, MockCatalogueRepository,
        MockCommandRepository, MockConfigRepository, MockCriticalityRuleRepository, MockEventLog,
        MockInstanceRepository, MockLoginRepository, MockOutbox, MockRedemptionRepository,
        MockRewardRepository, MockRollRepository, MockUserRepository, MockVttRepository,
    };
    pub use super::store::{MockStore, MockUnitOfWork};
    pub use super::twitch::{MockAudience, MockTwitchRewards};
    pub use super::vtt::MockVttCommands;
}
