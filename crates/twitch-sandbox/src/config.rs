//! What a sandbox is started with.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// A client of the Twitch API: what the developer console of the real Twitch hands out.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientCredentials {
    /// The public id, sent as `Client-Id`.
    pub client_id: String,
    /// The secret that goes with it at the token endpoint.
    pub client_secret: String,
}

impl std::fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientCredentials").field("client_id", &self.client_id).finish()
    }
}

/// Where the sandbox keeps its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseLocation {
    /// A SQLite file, made when absent; one sandbox at a time.
    File(PathBuf),
    /// Nowhere: gone with the sandbox.
    Memory,
}

/// What a sandbox is started with. [`SandboxConfig::default`] suits a demo that need not
/// survive its process.
#[derive(Clone, Debug)]
pub struct SandboxConfig {
    /// Where to listen; must be loopback. Port 0 lets the system choose.
    pub bind: SocketAddr,
    /// Where the state is kept.
    pub database: DatabaseLocation,
    /// The client that our server is.
    pub client: ClientCredentials,
    /// Other clients that exist, for the rules about who made a reward.
    pub further_clients: Vec<ClientCredentials>,
    /// How long Twitch takes for each redemption id that it is told to settle.
    pub settlement_latency_per_id: Duration,
    /// How long Twitch takes for any Helix call, besides.
    pub call_latency: Duration,
    /// Points in a rate-limit bucket; it refills wholly in a minute. Each call costs one.
    pub rate_limit_points: u32,
    /// How long a user access token lives.
    pub user_token_lifetime: Duration,
    /// How often a notification is tried before it is given up.
    pub delivery_attempts: u32,
    /// The pause after the first failed try; it doubles after each further one.
    pub delivery_backoff: Duration,
    /// How long a webhook may take to answer.
    pub delivery_timeout: Duration,
}

impl Default for SandboxConfig {
    fn default() -> Self {
        Self {
            bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            database: DatabaseLocation::Memory,
            client: ClientCredentials {
                client_id: "sandboxclient0000000000000000".to_owned(),
                client_secret: "sandboxsecret0000000000000000".to_owned(),
            },
            further_clients: Vec::new(),
            settlement_latency_per_id: Duration::from_millis(20),
            call_latency: Duration::ZERO,
            rate_limit_points: 800,
            user_token_lifetime: Duration::from_secs(4 * 60 * 60),
            delivery_attempts: 6,
            delivery_backoff: Duration::from_millis(500),
            delivery_timeout: Duration::from_secs(10),
        }
    }
}

impl SandboxConfig {
    /// The client of this id, when there is one.
    pub(crate) fn client_of(&self, client_id: &str) -> Option<&ClientCredentials> {
        std::iter::once(&self.client)
            .chain(&self.further_clients)
            .find(|client| client.client_id == client_id)
    }
}
