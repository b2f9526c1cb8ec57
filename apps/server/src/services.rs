//! What the handlers share.

use crate::config::Secret;
use crate::foundry_module::ModulePackage;
use crate::ingest::Ingest;
use crate::metrics::Metrics;
use crate::overlay_sightings::SightingBoard;
use crate::people::AccountDirectory;
#[cfg(feature = "sandbox")]
use crate::sandbox::SandboxControl;
use crate::seal::Seal;
use crate::sign_in::SignIn;
use crate::stream::Hub;
use crate::twitch_events::TwitchEvents;
use gamification_core::service::Gamification;
use gamification_foundry::TableServer;
use gamification_foundry::pairing::Pairing;
use gamification_twitch::envelope::Revocation;
use gamification_twitch::{EventSubLink, SubscriptionState};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What Twitch sends us, and how each part of it stands.
pub trait SubscriptionDirectory: Send + Sync {
    /// Every subscription of ours, as Twitch last told.
    fn subscriptions(&self) -> Vec<SubscriptionState>;
    /// Twitch told through the webhook that a subscription ended.
    fn ended(&self, revocation: &Revocation);
    /// Something happened after which subscriptions have to be looked at.
    fn nudge(&self);
}

impl SubscriptionDirectory for EventSubLink {
    fn subscriptions(&self) -> Vec<SubscriptionState> {
        Self::subscriptions(self)
    }

    fn ended(&self, revocation: &Revocation) {
        Self::ended(self, revocation);
    }

    fn nudge(&self) {
        Self::nudge(self);
    }
}

/// What the handlers share; handed to them as `Data<&Shared>`.
pub type Shared = Arc<Services>;

/// The use cases with what the edges need beside them.
pub struct Services {
    /// The use cases.
    pub core: Arc<Gamification>,
    /// The way of clicks into the ledger.
    pub ingest: Ingest,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Who has which account on Twitch.
    pub accounts: Arc<dyn AccountDirectory>,
    /// What Twitch sends us.
    pub subscriptions: Arc<dyn SubscriptionDirectory>,
    /// Takes what Twitch tells.
    pub twitch_events: TwitchEvents,
    /// Pairing of worlds, and their tokens.
    pub pairing: Arc<Pairing>,
    /// The sockets of the tables.
    pub tables: TableServer,
    /// Our Foundry module, as this server hands it out.
    pub foundry_module: ModulePackage,
    /// The feeds of the event streams.
    pub streams: Hub,
    /// What overlays told of themselves and is not written yet.
    pub sightings: Arc<SightingBoard>,
    /// Sign-in with Twitch.
    pub sign_in: SignIn,
    /// Seals what is kept and read back.
    pub seal: Seal,
    /// What Twitch signs its messages with.
    pub eventsub_secret: Secret,
    /// The address under which clients reach this server, without a slash at its end.
    pub public_url: String,
    /// Which Twitch: `sandbox`, `mock` or `real`.
    pub twitch: &'static str,
    /// The people of the sandbox Twitch, where it is that one.
    #[cfg(feature = "sandbox")]
    pub sandbox: Option<Arc<SandboxControl>>,
    /// Work that goes on when its client has hung up; a shutdown waits for it.
    pub tasks: TaskTracker,
    /// Ends when the server is to stop.
    pub shutdown: CancellationToken,
}

impl Services {
    /// Whether clients reach the server over https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}
