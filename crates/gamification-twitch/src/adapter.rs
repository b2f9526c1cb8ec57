//! Putting the adapter together.

use crate::accounts::TwitchAccounts;
use crate::audience::HelixAudience;
use crate::chat::HelixChat;
use crate::config::TwitchConfig;
use crate::eventsub::EventSubLink;
use crate::helix::{Helix, REQUEST_TIMEOUT, Wire};
use crate::logins::Logins;
use crate::oauth::TwitchLogins;
use crate::oauth::addresses::Addresses;
use crate::oauth::endpoint::TokenEndpoint;
use crate::rewards::HelixRewards;
use crate::vault::TokenVault;
use gamification_core::ports::Clock;
use reqwest::Url;
use std::sync::Arc;

/// Why the adapter cannot start.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// An address is not one.
    #[error("{setting} is not an address that can be used: {value}")]
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
    /// The port [`ChatNotices`](gamification_core::ports::ChatNotices).
    pub chat: Arc<HelixChat>,
    /// People by their login name or id.
    pub accounts: Arc<TwitchAccounts>,
    /// Logging in.
    pub logins: Arc<TwitchLogins>,
    /// Events of Twitch.
    pub eventsub: Arc<EventSubLink>,
}

impl TwitchAdapter {
    /// Checks the settings; calls nobody yet. When the process has no rustls provider, ring is
    /// installed. Tokens of people are read from the vault and kept there.
    ///
    /// # Errors
    /// When a setting cannot be used.
    pub fn new(
        config: TwitchConfig,
        clock: Arc<dyn Clock>,
        vault: Arc<dyn TokenVault>,
    ) -> Result<Self, SetupError> {
        let api_url = address("api_url", &config.api_url)?;
        let addresses = Addresses::of(&address("auth_url", &config.auth_url)?);
        config.eventsub.check()?;
        let http = http_client()?;
        let wire = Arc::new(Wire::new(http.clone(), api_url, config.client_id.clone()));
        let (id, secret) = (config.client_id.clone(), config.client_secret);
        let endpoint = TokenEndpoint::new(http, addresses, id, secret, Arc::clone(&clock));
        let needs_no_people = config.logs_in_without_people;
        let logins =
            Logins::new(endpoint, Arc::clone(&wire), vault, Arc::clone(&clock), needs_no_people);
        let logins = Arc::new(logins);
        let helix = Arc::new(Helix::new(wire, Arc::clone(&logins), Arc::clone(&clock)));
        let eventsub = EventSubLink::new(
            Arc::clone(&helix),
            config.eventsub,
            config.client_id,
            Arc::clone(&clock),
        );
        let eventsub = Arc::new(eventsub);
        Ok(Self {
            rewards: Arc::new(HelixRewards::new(Arc::clone(&helix), Arc::clone(&eventsub))),
            audience: Arc::new(HelixAudience::new(Arc::clone(&helix), clock)),
            chat: Arc::new(HelixChat::new(Arc::clone(&helix))),
            accounts: Arc::new(TwitchAccounts::new(helix)),
            logins: Arc::new(TwitchLogins::new(logins)),
            eventsub,
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
