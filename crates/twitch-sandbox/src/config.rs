//! What a sandbox is started with.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use crate::faults::FaultPlan;

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
    /// Where logins may lead back to, exactly as the developer console would have them. When
    /// empty, every `http` or `https` URL on a loopback host is good.
    pub redirect_urls: Vec<String>,
    /// Whether a refresh token is good for one refresh only, as it is for Twitch's public
    /// clients. Those of confidential clients stay good.
    pub rotate_refresh_tokens: bool,
    /// How EventSub over websockets behaves.
    pub websocket: WebsocketConfig,
    /// What goes wrong, from the start on; the control API can change it.
    pub faults: Option<FaultPlan>,
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
            redirect_urls: Vec::new(),
            rotate_refresh_tokens: false,
            websocket: WebsocketConfig::default(),
            faults: None,
        }
    }
}

/// How EventSub over websockets behaves. The default is what Twitch documents; a test that
/// cannot wait makes it quicker.
#[derive(Clone, Debug)]
pub struct WebsocketConfig {
    /// The least and the most seconds of silence before a keepalive that a client may ask for.
    pub keepalive_range_s: (u32, u32),
    /// The seconds of silence before a keepalive for a client that asks for nothing.
    pub default_keepalive_s: u32,
    /// How soon a new session must be used, or it is closed with 4003.
    pub subscribe_within: Duration,
    /// How often a client is pinged.
    pub ping_every: Duration,
    /// How soon a client must answer a ping, or it is closed with 4002.
    pub pong_within: Duration,
    /// How soon a client that was asked to reconnect must have left the old connection, or that
    /// is closed with 4004.
    pub reconnect_grace: Duration,
    /// How long subscriptions stay enabled after a connection broke without a word, or fell
    /// silent: nobody hears them, and they are in the way of new ones.
    pub unnoticed_for: Duration,
}

impl Default for WebsocketConfig {
    fn default() -> Self {
        Self {
            keepalive_range_s: (10, 600),
            default_keepalive_s: 10,
            subscribe_within: Duration::from_secs(10),
            ping_every: Duration::from_secs(30),
            pong_within: Duration::from_secs(10),
            reconnect_grace: Duration::from_secs(30),
            unnoticed_for: Duration::from_secs(10),
        }
    }
}

impl SandboxConfig {
    /// Every client that exists.
    pub(crate) fn clients(&self) -> impl Iterator<Item = &ClientCredentials> {
        std::iter::once(&self.client).chain(&self.further_clients)
    }

    /// The client of this id, when there is one.
    pub(crate) fn client_of(&self, client_id: &str) -> Option<&ClientCredentials> {
        self.clients().find(|client| client.client_id == client_id)
    }
}
