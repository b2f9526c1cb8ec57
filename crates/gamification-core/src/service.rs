//! The use cases: begin, lock, decide, write, commit. Each is one method of [`Gamification`].

mod access;
mod audiences;
mod auditing;
mod campaigns;
mod catalogue;
mod changes;
mod characters;
mod combat;
mod commands;
mod configs;
mod confirmation;
mod context;
mod contribute;
mod criticality_rules;
mod end;
mod error;
mod execution;
mod inspection;
mod logins;
mod members;
mod missed;
mod notices;
mod offer;
mod open;
mod opt_in;
mod overlays;
mod panic;
mod pending;
mod polls;
mod preferences;
mod preflight;
mod preview;
mod retirement;
mod rewards;
mod roll;
mod seat;
mod sessions;
mod settlement;
mod stopping;
mod surroundings;
mod table;
mod undo;

pub use access::{NewKey, TwitchProfile};
pub use auditing::Claim;
pub use campaigns::{CampaignChanges, NewCampaign};
pub use catalogue::EventChanges;
pub use characters::{EffectEnd, EffectEndReason};
pub use configs::ConfigChanges;
pub use contribute::Contribution;
pub use error::{Conflict, ServiceError};
pub use logins::NewLogin;
pub use members::AUTHORISATION_SECONDS_MAX;
pub use missed::Missed;
pub use offer::{Offer, OfferState};
pub use opt_in::OptIn;
pub use polls::{PollChoice, PollState};
pub use preview::PreviewDraft;
pub use roll::{IncomingRoll, RollReceipt};
pub use table::{CharacterReport, Fitness, TableClient, TableGone, TableLease, TableSocket};

use crate::action::ActionRegistry;
use crate::ports::{
    Audience, ChatNotices, Clock, EventBroadcaster, IdGenerator, PendingExecutions, Queries,
    Random, Store, StoreError, TwitchRewards, VttCommands,
};
use crate::time::Timestamp;
use crate::trigger::TriggerRegistry;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// Everything that the use cases need of the world.
#[derive(Clone)]
pub struct Ports {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// New keys.
    pub ids: Arc<dyn IdGenerator>,
    /// Chance.
    pub random: Arc<dyn Random>,
    /// Transactions.
    pub store: Arc<dyn Store>,
    /// Reads.
    pub queries: Arc<dyn Queries>,
    /// Rewards and redemptions on Twitch.
    pub rewards: Arc<dyn TwitchRewards>,
    /// Audiences.
    pub audience: Arc<dyn Audience>,
    /// The chats of channels.
    pub chat: Arc<dyn ChatNotices>,
    /// The table.
    pub vtt: Arc<dyn VttCommands>,
    /// The cache of what waits for the table.
    pub pending: Arc<dyn PendingExecutions>,
    /// Wake-ups.
    pub broadcaster: Arc<dyn EventBroadcaster>,
}

/// The service: rules, registries and ports. Cheap to share behind an [`Arc`].
pub struct Gamification {
    ports: Ports,
    triggers: TriggerRegistry,
    actions: ActionRegistry,
}

/// What a use case answers.
pub type Served<T> = Result<T, ServiceError>;

/// One attempt at a use case. Boxed, so that the compiler can see that it may move between threads.
type Work<'a, T> = Pin<Box<dyn Future<Output = Served<T>> + Send + 'a>>;

/// How often a use case is tried when the store is contended.
const ATTEMPTS_MAX: u32 = 3;

impl Gamification {
    /// The service with these ports and handlers.
    #[must_use]
    pub fn new(ports: Ports, triggers: TriggerRegistry, actions: ActionRegistry) -> Self {
        Self { ports, triggers, actions }
    }

    /// The ports, for what embeds the service.
    #[must_use]
    pub const fn ports(&self) -> &Ports {
        &self.ports
    }

    /// The kinds of triggers that exist.
    #[must_use]
    pub const fn triggers(&self) -> &TriggerRegistry {
        &self.triggers
    }

    /// The kinds of actions that exist.
    #[must_use]
    pub const fn actions(&self) -> &ActionRegistry {
        &self.actions
    }

    fn now(&self) -> Timestamp {
        self.ports.clock.now()
    }

    fn next_id<T: From<uuid::Uuid>>(&self) -> T {
        self.ports.ids.next_id().into()
    }

    /// Runs a use case again when nothing was written because of somebody else's transaction.
    async fn retrying<'a, T>(&self, mut attempt: impl FnMut() -> Work<'a, T> + Send) -> Served<T> {
        let mut attempts = 1;
        loop {
            match attempt().await {
                Err(ServiceError::Store(StoreError::Contention(_))) if attempts < ATTEMPTS_MAX => {
                    attempts += 1;
                }
                outcome => return outcome,
            }
        }
    }
}
