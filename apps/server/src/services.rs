//! What the handlers share.

use crate::config::Secret;
use crate::ingest::Ingest;
use crate::metrics::Metrics;
use crate::people::AccountDirectory;
use crate::seal::Seal;
use crate::stream::Hub;
use gamification_core::service::Gamification;
use gamification_foundry::TableServer;
use gamification_foundry::pairing::Pairing;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

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
    /// Pairing of worlds, and their tokens.
    pub pairing: Arc<Pairing>,
    /// The sockets of the tables.
    pub tables: TableServer,
    /// The feeds of the event streams.
    pub streams: Hub,
    /// Seals what is kept and read back.
    pub seal: Seal,
    /// What Twitch signs its messages with.
    pub eventsub_secret: Secret,
    /// The address under which clients reach this server, without a slash at its end.
    pub public_url: String,
    /// Whether Twitch is the one that runs here.
    pub is_sandbox: bool,
    /// Work that goes on when its client has hung up; a shutdown waits for it.
    pub tasks: TaskTracker,
    /// Ends when the server is to stop.
    pub shutdown: CancellationToken,
}
