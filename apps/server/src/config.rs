//! What the program is started with: defaults < file < environment < flags.
//!
//! Each setting has one name: `bind` in the file, `GAMIFICATION_BIND` in the environment, `--bind`
//! as a flag. What is wrong or unknown is refused by that name before anything starts.

mod secret;
mod source;
mod twitch;

pub use secret::{Secret, SecretFile};
pub use source::{ConfigError, Settings};
pub use twitch::{ConduitShard, EventSubTransport, TwitchSource};

use crate::http::HttpLimits;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

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
    /// How Twitch's events come here.
    pub eventsub_transport: EventSubTransport,
    /// How often Twitch is asked what its events may have left out.
    pub twitch_poll: Duration,
    /// What Twitch signs its messages with; `None`: a file in the data directory.
    pub eventsub_secret: Option<Secret>,
    /// 32 bytes in base64 from which other secrets are derived; `None`: a file in the data
    /// directory.
    pub secret_key: Option<Secret>,
    /// Keys that were the secret key before, each 32 bytes in base64: what was sealed with them can
    /// still be read.
    pub secret_keys_old: Vec<Secret>,
    /// Whether everybody who signs in may make campaigns; else an administrator admits them.
    pub open_signup: bool,
    /// For how many days a browser stays signed in.
    pub session_days: u32,
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
        let twitch = twitch::source(settings, public_url.as_deref())?;
        let eventsub_transport = twitch::transport(settings, &twitch, public_url.as_deref())?;
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
            eventsub_transport,
            twitch_poll: twitch_poll(settings)?,
            eventsub_secret: settings.get("eventsub_secret").map(eventsub_secret).transpose()?,
            secret_key: settings.get("secret_key").map(secret_key).transpose()?,
            secret_keys_old: secret_keys_old(settings)?,
            open_signup: settings.parsed("open_signup", "false", "true or false")?,
            session_days: session_days(settings)?,
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

fn twitch_poll(settings: &Settings) -> Result<Duration, ConfigError> {
    let seconds: u64 = settings.parsed("twitch_poll_seconds", "60", "a number of seconds")?;
    if !(1..=3600).contains(&seconds) {
        return Err(ConfigError::wrong("twitch_poll_seconds", "1 to 3600"));
    }
    Ok(Duration::from_secs(seconds))
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

fn secret_keys_old(settings: &Settings) -> Result<Vec<Secret>, ConfigError> {
    let keys = settings.get("secret_keys_old").unwrap_or_default().split(',').map(str::trim);
    let keys: Vec<Secret> = keys.filter(|key| !key.is_empty()).map(Secret::new).collect();
    if keys.iter().all(|key| key.key_bytes().is_some()) {
        return Ok(keys);
    }
    let expected = format!("{KEY_FORM} each, separated by commas");
    Err(ConfigError::wrong("secret_keys_old", expected))
}

fn session_days(settings: &Settings) -> Result<u32, ConfigError> {
    let expected = format!("a whole number from 1 to {SESSION_DAYS_MAX}");
    let days = settings.parsed("session_days", "30", &expected)?;
    if (1..=SESSION_DAYS_MAX).contains(&days) {
        return Ok(days);
    }
    Err(ConfigError::wrong("session_days", expected))
}

/// The longest that a browser may stay signed in; browsers forget cookies after 400 days.
const SESSION_DAYS_MAX: u32 = 365;

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
