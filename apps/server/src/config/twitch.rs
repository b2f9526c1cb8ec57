//! Which Twitch there is, and how its events come here.

use super::{ConfigError, Secret, Settings};
use reqwest::Url;

/// Which Twitch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TwitchSource {
    /// The one that runs here.
    Sandbox,
    /// Something that speaks Twitch's protocol elsewhere, for tests.
    Mock {
        /// The root of its API.
        api_url: String,
        /// The root of its token service.
        auth_url: String,
        /// Where its EventSub websocket is; `None`: it has none.
        eventsub_url: Option<String>,
        /// Our client id there.
        client_id: String,
        /// The secret that goes with it.
        client_secret: Secret,
    },
    /// The one with the people.
    Real {
        /// Our client id, as Twitch's developer console shows it.
        client_id: String,
        /// The secret that goes with it.
        client_secret: Secret,
    },
}

/// How Twitch's events come here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventSubTransport {
    /// One connection per channel, from here: no public address is needed.
    Websocket,
    /// Twitch calls us.
    Webhook,
    /// One stream for many channels, fed into this kind of shard.
    Conduit(ConduitShard),
}

/// How the events of a conduit come here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConduitShard {
    /// Over one connection from here.
    Websocket,
    /// Twitch calls us.
    Webhook,
}

impl EventSubTransport {
    /// Whether Twitch has to reach us.
    #[must_use]
    pub const fn is_called_back(self) -> bool {
        matches!(self, Self::Webhook | Self::Conduit(ConduitShard::Webhook))
    }
}

/// The addresses of another Twitch.
const ADDRESSES: [&str; 3] = ["twitch_api_url", "twitch_auth_url", "twitch_eventsub_url"];

pub(super) fn source(
    settings: &Settings,
    public_url: Option<&str>,
) -> Result<TwitchSource, ConfigError> {
    for name in ADDRESSES {
        if settings.get(name).is_some() && public_url.is_some_and(is_public) {
            let reason = "another Twitch cannot be used together with a public https address";
            return Err(ConfigError::refused(name, reason));
        }
    }
    let client = client(settings)?;
    let [api_url, auth_url, eventsub_url] = ADDRESSES.map(|name| settings.get(name));
    let (Some(api_url), Some(auth_url)) = (api_url, auth_url) else {
        if let Some(missing) = only_some([api_url, auth_url], eventsub_url) {
            return Err(ConfigError::refused(missing, "the addresses of a mock go together"));
        }
        return Ok(client.map_or(TwitchSource::Sandbox, |(client_id, client_secret)| {
            TwitchSource::Real { client_id, client_secret }
        }));
    };
    let (client_id, client_secret) = client.ok_or_else(|| {
        ConfigError::refused("twitch_client_id", "the other Twitch needs a client id and a secret")
    })?;
    Ok(TwitchSource::Mock {
        api_url: api_url.to_owned(),
        auth_url: auth_url.to_owned(),
        eventsub_url: eventsub_url.map(websocket_url).transpose()?,
        client_id,
        client_secret,
    })
}

/// The address that is missing, when some are there.
fn only_some(needed: [Option<&str>; 2], eventsub_url: Option<&str>) -> Option<&'static str> {
    let is_any = eventsub_url.is_some() || needed.iter().any(Option::is_some);
    let missing = needed.iter().position(Option::is_none)?;
    is_any.then(|| ADDRESSES[missing])
}

fn client(settings: &Settings) -> Result<Option<(String, Secret)>, ConfigError> {
    let [id, secret] = ["twitch_client_id", "twitch_client_secret"].map(|name| settings.get(name));
    let missing = match (id, secret) {
        (Some(id), Some(secret)) => return Ok(Some((id.to_owned(), Secret::new(secret)))),
        (None, None) => return Ok(None),
        (None, Some(_)) => "twitch_client_id",
        (Some(_), None) => "twitch_client_secret",
    };
    Err(ConfigError::refused(missing, "the client id and its secret go together"))
}

fn websocket_url(value: &str) -> Result<String, ConfigError> {
    let is_one =
        Url::parse(value).is_ok_and(|url| matches!(url.scheme(), "ws" | "wss") && url.has_host());
    if is_one {
        return Ok(value.to_owned());
    }
    Err(ConfigError::wrong(ADDRESSES[2], "a ws:// or wss:// address"))
}

/// Whether a reader of that address may be anywhere: a mock must not stand in for Twitch there.
fn is_public(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return true };
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let loopback = host == "localhost"
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    url.scheme() == "https" && !loopback
}

pub(super) fn transport(
    settings: &Settings,
    twitch: &TwitchSource,
    public_url: Option<&str>,
) -> Result<EventSubTransport, ConfigError> {
    let has_websocket = !matches!(twitch, TwitchSource::Mock { eventsub_url: None, .. });
    let transport = match settings.get("eventsub_transport") {
        None if has_websocket => EventSubTransport::Websocket,
        None | Some("webhook") => EventSubTransport::Webhook,
        Some("websocket") => EventSubTransport::Websocket,
        Some("conduit") => EventSubTransport::Conduit(shard(settings)?),
        Some(_) => {
            let expected = "websocket, webhook or conduit";
            return Err(ConfigError::wrong("eventsub_transport", expected));
        }
    };
    let is_conduit = matches!(transport, EventSubTransport::Conduit(_));
    if !is_conduit && settings.get("conduit_shard").is_some() {
        let reason = "it is for the transport conduit";
        return Err(ConfigError::refused("conduit_shard", reason));
    }
    if !transport.is_called_back() && !has_websocket {
        let reason = "this transport needs the address of the mock's websocket";
        return Err(ConfigError::refused(ADDRESSES[2], reason));
    }
    let is_real = matches!(twitch, TwitchSource::Real { .. });
    if is_real && transport.is_called_back() && !public_url.is_some_and(is_callable) {
        let reason = "Twitch calls only public https addresses on port 443: set one, or use the \
                      transport websocket";
        return Err(ConfigError::refused("public_url", reason));
    }
    Ok(transport)
}

fn shard(settings: &Settings) -> Result<ConduitShard, ConfigError> {
    match settings.get("conduit_shard") {
        None | Some("websocket") => Ok(ConduitShard::Websocket),
        Some("webhook") => Ok(ConduitShard::Webhook),
        Some(_) => Err(ConfigError::wrong("conduit_shard", "websocket or webhook")),
    }
}

/// Whether Twitch calls that address.
fn is_callable(url: &str) -> bool {
    is_public(url) && Url::parse(url).is_ok_and(|url| url.port_or_known_default() == Some(443))
}
