//! Twitch: the sandbox that runs beside the server, or a mock elsewhere. Either is spoken to over
//! HTTP only.

use super::ComposeError;
use crate::config::{Config, Secret, TwitchSource};
use crate::webhook::EVENTSUB_PATH;
use gamification_core::ports::Clock;
use gamification_twitch::{EventSubConfig, TwitchAdapter, TwitchConfig};
use std::sync::Arc;

/// The Twitch that is used, and kept alive where it is ours.
pub(crate) enum Twitch {
    /// The one that runs here.
    #[cfg(feature = "sandbox")]
    Sandbox(super::sandbox::SandboxTwitch),
    /// One that somebody else runs.
    Elsewhere,
}

/// `local_url`: where the server will listen; `None` when nothing is to be delivered to this
/// program.
pub(super) async fn connect(
    config: &Config,
    local_url: Option<&str>,
    secret: &Secret,
    clock: Arc<dyn Clock>,
) -> Result<(Twitch, TwitchAdapter), ComposeError> {
    let (twitch, mut settings, base) = match &config.twitch {
        TwitchSource::Sandbox => {
            let (twitch, settings) = sandbox(config, local_url.is_none()).await?;
            // It is on this machine, whatever the world calls the server.
            (twitch, settings, local_url)
        }
        TwitchSource::Mock { api_url, auth_url, client_id, client_secret } => {
            tracing::warn!(api_url, auth_url, "NOT THE REAL TWITCH: a mock at another address");
            let settings = TwitchConfig {
                client_id: client_id.clone(),
                client_secret: client_secret.expose().to_owned(),
                api_url: api_url.clone(),
                auth_url: auth_url.clone(),
                eventsub: None,
            };
            let public = local_url.map(|local| config.public_url.as_deref().unwrap_or(local));
            (Twitch::Elsewhere, settings, public)
        }
    };
    settings.eventsub = base.map(|base| EventSubConfig {
        callback_url: format!("{base}{EVENTSUB_PATH}"),
        secret: secret.expose().to_owned(),
    });
    Ok((twitch, TwitchAdapter::new(settings, clock)?))
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
            Self::Elsewhere => false,
        }
    }

    /// Makes an account of that login where accounts can be made up.
    pub(crate) async fn invent_account(&self, login: &str) {
        match self {
            #[cfg(feature = "sandbox")]
            Self::Sandbox(sandbox) => sandbox.invent_account(login).await,
            Self::Elsewhere => tracing::debug!(login, "an account cannot be made up here"),
        }
    }

    pub(crate) async fn shutdown(self) {
        match self {
            #[cfg(feature = "sandbox")]
            Self::Sandbox(sandbox) => sandbox.shutdown().await,
            Self::Elsewhere => {}
        }
    }
}
