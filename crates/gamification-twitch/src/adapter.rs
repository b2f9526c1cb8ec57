//! Putting the adapter together.

use crate::accounts::TwitchAccounts;
use crate::audience::HelixAudience;
use crate::config::{EventSubConfig, TwitchConfig};
use crate::helix::{Helix, REQUEST_TIMEOUT};
use crate::logins::SandboxLogins;
use crate::rewards::HelixRewards;
use crate::subscriptions::Subscriptions;
use gamification_core::ports::Clock;
use reqwest::Url;
use std::sync::Arc;

/// Why the adapter cannot start.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// An address is not one.
    #[error("{setting} is not an http or https address: {value}")]
    Address {
        /// Which setting.
        setting: &'static str,
        /// What it says.
        value: String,
    },
    /// Twitch would not take the secret.
    #[error("the EventSub secret must have 10 to 100 ASCII characters")]
    Secret,
    /// The HTTP client cannot be made.
    #[error("the HTTP client for Twitch cannot be made")]
    HttpClient(#[source] reqwest::Error),
}

/// Twitch, as the core and the program see it. The parts share connections and logins.
#[derive(Clone)]
pub struct TwitchAdapter {
    /// The port [`TwitchRewards`](gamification_core::ports::TwitchRewards).
    pub rewards: Arc<HelixRewards>,
    /// The port [`Audience`](gamification_core::ports::Audience).
    pub audience: Arc<HelixAudience>,
    /// People by their login name.
    pub accounts: Arc<TwitchAccounts>,
}

impl TwitchAdapter {
    /// Checks the settings; calls nobody yet. When the process has no rustls provider, ring is
    /// installed.
    ///
    /// # Errors
    /// When a setting cannot be used.
    pub fn new(config: TwitchConfig, clock: Arc<dyn Clock>) -> Result<Self, SetupError> {
        let api_url = address("api_url", &config.api_url)?;
        let auth_url = address("auth_url", &config.auth_url)?;
        config.eventsub.as_ref().map(check_eventsub).transpose()?;
        let http = http_client()?;
        let client_id = config.client_id;
        let logins =
            SandboxLogins::new(http.clone(), &auth_url, client_id.clone(), &config.client_secret);
        let helix = Arc::new(Helix::new(http, api_url, client_id, logins, Arc::clone(&clock)));
        let subscriptions = Subscriptions::new(Arc::clone(&helix), config.eventsub);
        Ok(Self {
            rewards: Arc::new(HelixRewards::new(Arc::clone(&helix), subscriptions)),
            audience: Arc::new(HelixAudience::new(Arc::clone(&helix), clock)),
            accounts: Arc::new(TwitchAccounts::new(helix)),
        })
    }
}

fn http_client() -> Result<reqwest::Client, SetupError> {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Without one the client below panics; losing a race to another thread is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
    reqwest::Client::builder()
        .timeout(REQUEST_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(SetupError::HttpClient)
}

fn address(setting: &'static str, value: &str) -> Result<Url, SetupError> {
    Url::parse(value)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or_else(|| SetupError::Address { setting, value: value.to_owned() })
}

fn check_eventsub(config: &EventSubConfig) -> Result<(), SetupError> {
    address("callback_url", &config.callback_url)?;
    if (10..=100).contains(&config.secret.len()) && config.secret.is_ascii() {
        return Ok(());
    }
    Err(SetupError::Secret)
}
