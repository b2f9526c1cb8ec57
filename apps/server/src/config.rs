//! What the program is started with: defaults < file < environment < flags.
//!
//! Each setting has one name: `bind` in the file, `GAMIFICATION_BIND` in the environment, `--bind`
//! as a flag. What is wrong or unknown is refused by that name before anything starts.

mod secret;
mod source;

pub use secret::{Secret, SecretFile};
pub use source::{ConfigError, Settings};

use crate::http::HttpLimits;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Which database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A SQLite file; it migrates by itself.
    Sqlite(Secret),
    /// PostgreSQL; it migrates when it is told to.
    Postgres(Secret),
}

impl DatabaseUrl {
    /// The address, password included.
    #[must_use]
    pub fn expose(&self) -> &str {
        match self {
            Self::Sqlite(url) | Self::Postgres(url) => url.expose(),
        }
    }
}

/// When SQLite calls a commit durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SqliteSynchronous {
    /// When the disk has it.
    Full,
    /// When the operating system has it.
    Normal,
}

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
        /// Our client id there.
        client_id: String,
        /// The secret that goes with it.
        client_secret: Secret,
    },
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

/// Everything that the program is started with, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where to listen.
    pub bind: SocketAddr,
    /// Under which address clients reach it; `None`: where it listens.
    pub public_url: Option<String>,
    /// Where files are kept.
    pub data_dir: PathBuf,
    /// The database.
    pub database: DatabaseUrl,
    /// When SQLite calls a commit durable.
    pub sqlite_synchronous: SqliteSynchronous,
    /// Redis; `None` keeps cache and broadcast in the process.
    pub redis_url: Option<Secret>,
    /// Twitch.
    pub twitch: TwitchSource,
    /// What Twitch signs its messages with; `None`: a file in the data directory.
    pub eventsub_secret: Option<Secret>,
    /// 32 bytes in base64 from which other secrets are derived; `None`: a file in the data
    /// directory.
    pub secret_key: Option<Secret>,
    /// Which lines the log has, as `tracing` filters are written.
    pub log: String,
    /// How the log is written.
    pub log_format: LogFormat,
    /// How many clicks may wait to be committed.
    pub ingest_queue_max: usize,
    /// What one client may take of the server.
    pub http: HttpLimits,
}

impl Config {
    /// Reads and checks everything.
    ///
    /// # Errors
    /// The first setting that is wrong, by name.
    pub fn load(settings: &Settings) -> Result<Self, ConfigError> {
        let data_dir = PathBuf::from(settings.get("data_dir").unwrap_or("./data"));
        let public_url = settings.get("public_url").map(public_url).transpose()?;
        let twitch = twitch(settings, public_url.as_deref())?;
        only_webhook(settings)?;
        let defaults = HttpLimits::default();
        let connections_max = settings.number("connections_max", defaults.connections_max, 16)?;
        let http = HttpLimits { connections_max, ..defaults };
        Ok(Self {
            bind: settings.parsed("bind", "127.0.0.1:8080", "an address such as 127.0.0.1:8080")?,
            public_url,
            database: database(settings, &data_dir)?,
            sqlite_synchronous: sqlite_synchronous(settings)?,
            redis_url: settings.get("redis_url").map(redis_url).transpose()?,
            twitch,
            eventsub_secret: settings.get("eventsub_secret").map(eventsub_secret).transpose()?,
            secret_key: settings.get("secret_key").map(secret_key).transpose()?,
            log: settings.get("log").unwrap_or(LOG_DEFAULT).to_owned(),
            log_format: log_format(settings)?,
            ingest_queue_max: settings.number("ingest_queue_max", 20_000, 1)?,
            http,
            data_dir,
        })
    }
}

fn public_url(value: &str) -> Result<String, ConfigError> {
    let wrong = || ConfigError::wrong("public_url", "an http or https address without a path");
    let url = reqwest::Url::parse(value).map_err(|_| wrong())?;
    let is_plain = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none();
    if is_plain { Ok(value.trim_end_matches('/').to_owned()) } else { Err(wrong()) }
}

/// Whether a reader of that address may be anywhere: a mock must not stand in for Twitch there.
fn is_public(url: &str) -> bool {
    let Ok(url) = reqwest::Url::parse(url) else { return true };
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let loopback = host == "localhost"
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    url.scheme() == "https" && !loopback
}

fn twitch(settings: &Settings, public_url: Option<&str>) -> Result<TwitchSource, ConfigError> {
    const ADDRESSES: [&str; 3] = ["twitch_api_url", "twitch_auth_url", "twitch_eventsub_url"];
    for name in ADDRESSES {
        if settings.get(name).is_some() && public_url.is_some_and(is_public) {
            let reason = "another Twitch cannot be used together with a public https address";
            return Err(ConfigError::refused(name, reason));
        }
    }
    let client = settings.get("twitch_client_id").zip(settings.get("twitch_client_secret"));
    for name in ["twitch_client_id", "twitch_client_secret"] {
        if settings.get(name).is_some() && client.is_none() {
            let reason = "the client id and its secret go together";
            return Err(ConfigError::refused(name, reason));
        }
    }
    let addresses = (settings.get("twitch_api_url"), settings.get("twitch_auth_url"));
    let (Some(api_url), Some(auth_url)) = addresses else {
        if addresses != (None, None) {
            let name = if addresses.0.is_none() { ADDRESSES[0] } else { ADDRESSES[1] };
            return Err(ConfigError::refused(name, "the two addresses go together"));
        }
        if client.is_some() {
            let reason = "logins with the real Twitch do not exist yet: leave the credentials out, \
                          and the sandbox Twitch runs beside the server";
            return Err(ConfigError::refused("twitch_client_id", reason));
        }
        return Ok(TwitchSource::Sandbox);
    };
    let (client_id, client_secret) = client.ok_or_else(|| {
        ConfigError::refused("twitch_client_id", "the other Twitch needs a client id and a secret")
    })?;
    Ok(TwitchSource::Mock {
        api_url: api_url.to_owned(),
        auth_url: auth_url.to_owned(),
        client_id: client_id.to_owned(),
        client_secret: Secret::new(client_secret),
    })
}

fn only_webhook(settings: &Settings) -> Result<(), ConfigError> {
    if settings.get("twitch_eventsub_url").is_some() {
        let reason = "it is for the transport websocket, which does not exist yet";
        return Err(ConfigError::refused("twitch_eventsub_url", reason));
    }
    match settings.get("eventsub_transport") {
        None | Some("webhook") => Ok(()),
        Some("websocket" | "conduit") => {
            let reason = "only the transport webhook exists yet";
            Err(ConfigError::refused("eventsub_transport", reason))
        }
        Some(_) => Err(ConfigError::wrong("eventsub_transport", "webhook, websocket or conduit")),
    }
}

fn database(settings: &Settings, data_dir: &Path) -> Result<DatabaseUrl, ConfigError> {
    let Some(url) = settings.get("database_url") else {
        let file = data_dir.join("gamification.db");
        let url = format!("sqlite://{}?mode=rwc", file.display());
        return Ok(DatabaseUrl::Sqlite(Secret::new(&url)));
    };
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") => Ok(DatabaseUrl::Sqlite(Secret::new(url))),
        Some("postgres" | "postgresql") => Ok(DatabaseUrl::Postgres(Secret::new(url))),
        _ => Err(ConfigError::wrong("database_url", "a sqlite: or postgres: address")),
    }
}

fn sqlite_synchronous(settings: &Settings) -> Result<SqliteSynchronous, ConfigError> {
    match settings.get("sqlite_synchronous") {
        None | Some("full") => Ok(SqliteSynchronous::Full),
        Some("normal") => Ok(SqliteSynchronous::Normal),
        Some(_) => Err(ConfigError::wrong("sqlite_synchronous", "full or normal")),
    }
}

fn redis_url(value: &str) -> Result<Secret, ConfigError> {
    if ["redis://", "rediss://"].iter().any(|scheme| value.starts_with(scheme)) {
        return Ok(Secret::new(value));
    }
    Err(ConfigError::wrong("redis_url", "a redis:// or rediss:// address"))
}

fn eventsub_secret(value: &str) -> Result<Secret, ConfigError> {
    if (10..=100).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(Secret::new(value));
    }
    Err(ConfigError::wrong("eventsub_secret", "10 to 100 visible ASCII characters"))
}

fn secret_key(value: &str) -> Result<Secret, ConfigError> {
    let key = Secret::new(value);
    key.key_bytes().map(|_| key.clone()).ok_or_else(|| ConfigError::wrong("secret_key", KEY_FORM))
}

/// Our own facts, and from others only what is wrong.
const LOG_DEFAULT: &str = "info,poem=warn,sea_orm_migration=warn";

/// What a secret key looks like.
pub(crate) const KEY_FORM: &str = "32 bytes in base64";

fn log_format(settings: &Settings) -> Result<LogFormat, ConfigError> {
    match settings.get("log_format") {
        None | Some("text") => Ok(LogFormat::Text),
        Some("json") => Ok(LogFormat::Json),
        Some(_) => Err(ConfigError::wrong("log_format", "text or json")),
    }
}

#[cfg(test)]
mod tests;
