//! Twitch: the real one, the sandbox that runs beside the server, or a mock elsewhere. Each is spoken
//! to over the network only.

use super::ComposeError;
use crate::config::{ConduitShard, Config, EventSubTransport, Secret, TwitchSource};
#[cfg(feature = "sandbox")]
use crate::sandbox::SandboxControl;
use crate::webhook::EVENTSUB_PATH;
use gamification_core::ports::Clock;
use gamification_twitch::{ConduitShards, EventSubConfig, TokenVault, TwitchAdapter, TwitchConfig};
use std::sync::Arc;

/// The Twitch that is used, and kept alive where it is ours.
pub(crate) enum Twitch {
    /// The one that runs here.
    #[cfg(feature = "sandbox")]
    Sandbox(super::sandbox::SandboxTwitch),
    /// A mock that somebody else runs.
    Mock,
    /// The one with the people.
    Real,
}

/// The addresses of the real one.
const REAL_API: &str = "https://api.twitch.tv/helix";
const REAL_AUTH: &str = "https://id.twitch.tv";
const REAL_WEBSOCKET: &str = "wss://eventsub.wss.twitch.tv/ws";

/// `local_url`: where the server will listen; `None` when nothing is to be delivered to this
/// program.
pub(super) async fn connect(
    config: &Config,
    local_url: Option<&str>,
    secret: &Secret,
    clock: Arc<dyn Clock>,
    vault: Arc<dyn TokenVault>,
) -> Result<(Twitch, TwitchAdapter), ComposeError> {
    let Found { twitch, mut settings, websocket_url } = find(config, local_url.is_none()).await?;
    if let Some(local) = local_url {
        // A sandbox is on this machine, whatever the world calls the server.
        let base = config.public_url.as_deref().filter(|_| !twitch.is_sandbox()).unwrap_or(local);
        let callback_url = format!("{base}{EVENTSUB_PATH}");
        let transport = config.eventsub_transport;
        settings.eventsub = eventsub(transport, callback_url, secret, websocket_url);
    }
    Ok((twitch, TwitchAdapter::new(settings, clock, vault)?))
}

/// A Twitch, and how it is spoken to; events are not subscribed to yet.
struct Found {
    twitch: Twitch,
    settings: TwitchConfig,
    /// Where its events are listened to.
    websocket_url: String,
}

async fn find(config: &Config, is_beside_a_server: bool) -> Result<Found, ComposeError> {
    Ok(match &config.twitch {
        TwitchSource::Sandbox => {
            let (twitch, settings) = sandbox(config, is_beside_a_server).await?;
            let websocket_url = format!("{}/ws", settings.auth_url.replacen("http", "ws", 1));
            Found { twitch, settings, websocket_url }
        }
        TwitchSource::Mock { api_url, auth_url, eventsub_url, client_id, client_secret } => {
            tracing::warn!(api_url, auth_url, "NOT THE REAL TWITCH: a mock at another address");
            let settings = TwitchConfig {
                client_id: client_id.clone(),
                client_secret: client_secret.expose().to_owned(),
                api_url: api_url.clone(),
                auth_url: auth_url.clone(),
                eventsub: EventSubConfig::Off,
                logs_in_without_people: true,
            };
            // Without one, the configuration has chosen another transport.
            let websocket_url = eventsub_url.clone().unwrap_or_default();
            Found { twitch: Twitch::Mock, settings, websocket_url }
        }
        TwitchSource::Real { client_id, client_secret } => {
            let settings = TwitchConfig {
                client_id: client_id.clone(),
                client_secret: client_secret.expose().to_owned(),
                api_url: REAL_API.to_owned(),
                auth_url: REAL_AUTH.to_owned(),
                eventsub: EventSubConfig::Off,
                logs_in_without_people: false,
            };
            Found { twitch: Twitch::Real, settings, websocket_url: REAL_WEBSOCKET.to_owned() }
        }
    })
}

fn eventsub(
    transport: EventSubTransport,
    callback_url: String,
    secret: &Secret,
    websocket_url: String,
) -> EventSubConfig {
    let secret = secret.expose().to_owned();
    match transport {
        EventSubTransport::Websocket => EventSubConfig::Websocket { url: websocket_url },
        EventSubTransport::Webhook => EventSubConfig::Webhook { callback_url, secret },
        EventSubTransport::Conduit(ConduitShard::Websocket) => {
            EventSubConfig::Conduit { shards: ConduitShards::Websocket { url: websocket_url } }
        }
        EventSubTransport::Conduit(ConduitShard::Webhook) => {
            EventSubConfig::Conduit { shards: ConduitShards::Webhook { callback_url, secret } }
        }
    }
}

#[cfg(feature = "sandbox")]
async fn sandbox(
    config: &Config,
    is_beside_a_server: bool,
) -> Result<(Twitch, TwitchConfig), ComposeError> {
    let sandbox = super::sandbox::SandboxTwitch::start(config, is_beside_a_server).await?;
    let settings = sandbox.settings();
    Ok((Twitch::Sandbox(sandbox), settings))
}

#[cfg(not(feature = "sandbox"))]
async fn sandbox(
    _config: &Config,
    _is_beside_a_server: bool,
) -> Result<(Twitch, TwitchConfig), ComposeError> {
    Err(ComposeError::NoSandbox)
}

impl Twitch {
    pub(crate) const fn is_sandbox(&self) -> bool {
        match self {
            #[cfg(feature = "sandbox")]
            Self::Sandbox(_) => true,
            Self::Mock | Self::Real => false,
        }
    }

    /// The word for it in answers and pages.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            #[cfg(feature = "sandbox")]
            Self::Sandbox(_) => "sandbox",
            Self::Mock => "mock",
            Self::Real => "real",
        }
    }

    /// What speaks for the sandbox's people, beside the server at that address; `None` where it is
    /// another Twitch.
    #[cfg(feature = "sandbox")]
    pub(super) fn control(
        &self,
        server_url: &str,
    ) -> Result<Option<Arc<SandboxControl>>, ComposeError> {
        match self {
            Self::Sandbox(sandbox) => Ok(Some(Arc::new(sandbox.control(server_url)?))),
            Self::Mock | Self::Real => Ok(None),
        }
    }

    /// Makes an account of that login where accounts can be made up.
    pub(crate) async fn invent_account(&self, login: &str) {
        match self {
            #[cfg(feature = "sandbox")]
            Self::Sandbox(sandbox) => sandbox.invent_account(login).await,
            Self::Mock | Self::Real => tracing::debug!(login, "an account cannot be made up here"),
        }
    }

    pub(crate) async fn shutdown(self) {
        match self {
            #[cfg(feature = "sandbox")]
            Self::Sandbox(sandbox) => sandbox.shutdown().await,
            Self::Mock | Self::Real => {}
        }
    }
}
