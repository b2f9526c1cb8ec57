//! Where settings come from, before anybody knows what they mean.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::str::FromStr;

/// What the environment's names begin with.
const PREFIX: &str = "GAMIFICATION_";
/// Variables of the tests, not of the program.
const TEST_PREFIX: &str = "GAMIFICATION_TEST_";

/// Every setting that there is.
const NAMES: [&str; 23] = [
    "bind",
    "conduit_shard",
    "connections_max",
    "data_dir",
    "database_url",
    "eventsub_secret",
    "eventsub_transport",
    "ingest_queue_max",
    "log",
    "log_format",
    "open_signup",
    "public_url",
    "redis_url",
    "secret_key",
    "secret_keys_old",
    "session_days",
    "sqlite_synchronous",
    "twitch_api_url",
    "twitch_auth_url",
    "twitch_client_id",
    "twitch_client_secret",
    "twitch_eventsub_url",
    "twitch_poll_seconds",
];

/// What is wrong with the configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A setting has a value that it cannot have.
    #[error("{name} (or {PREFIX}{}) must be {expected}", .name.to_uppercase())]
    Wrong {
        /// Which.
        name: String,
        /// What it should be.
        expected: String,
    },
    /// A setting cannot be used like this.
    #[error("{name} (or {PREFIX}{}) cannot be used: {reason}", .name.to_uppercase())]
    Refused {
        /// Which.
        name: String,
        /// Why.
        reason: String,
    },
    /// There is no such setting.
    #[error("{0} is no setting")]
    Unknown(String),
    /// The file cannot be read.
    #[error("the configuration file {path}: {reason}")]
    File {
        /// Which.
        path: String,
        /// Why.
        reason: String,
    },
}

impl ConfigError {
    pub(crate) fn wrong(name: &str, expected: impl fmt::Display) -> Self {
        Self::Wrong { name: name.to_owned(), expected: expected.to_string() }
    }

    pub(super) fn refused(name: &str, reason: impl fmt::Display) -> Self {
        Self::Refused { name: name.to_owned(), reason: reason.to_string() }
    }
}

/// Settings as texts; what is added later wins.
#[derive(Clone, Default)]
pub struct Settings(BTreeMap<String, String>);

impl Settings {
    /// Adds what the file says: TOML, one `name = value` per line.
    ///
    /// # Errors
    /// When it cannot be read, or names something unknown.
    pub fn add_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let broken =
            |reason: String| ConfigError::File { path: path.display().to_string(), reason };
        let text = std::fs::read_to_string(path).map_err(|error| broken(error.to_string()))?;
        // toml's own words quote the line, which may hold a secret.
        let table = toml::from_str::<toml::Table>(&text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            broken(format!("line {line}: {} (texts are written in quotes)", error.message()))
        })?;
        for (name, value) in table {
            let value = match value {
                toml::Value::String(text) => text,
                toml::Value::Integer(number) => number.to_string(),
                toml::Value::Boolean(flag) => flag.to_string(),
                _ => return Err(ConfigError::wrong(&name, "a string, a number or true or false")),
            };
            self.add(&name, value)?;
        }
        Ok(())
    }

    /// Adds what the environment says under our prefix.
    ///
    /// # Errors
    /// When it names something unknown, or is not UTF-8.
    pub fn add_environment(
        &mut self,
        variables: impl IntoIterator<Item = (std::ffi::OsString, std::ffi::OsString)>,
    ) -> Result<(), ConfigError> {
        for (variable, value) in variables {
            let Some(variable) = variable.to_str() else { continue };
            if variable.starts_with(TEST_PREFIX) {
                continue;
            }
            if let Some(name) = variable.strip_prefix(PREFIX) {
                let value = value.into_string();
                let value = value.map_err(|_| ConfigError::wrong(variable, "UTF-8"))?;
                let known = self.add(&name.to_lowercase(), value);
                known.map_err(|_| ConfigError::Unknown(variable.to_owned()))?;
            }
        }
        Ok(())
    }

    /// Adds one setting.
    ///
    /// # Errors
    /// When there is no such setting.
    pub fn add(&mut self, name: &str, value: String) -> Result<(), ConfigError> {
        if !NAMES.contains(&name) {
            return Err(ConfigError::Unknown(name.to_owned()));
        }
        self.0.insert(name.to_owned(), value);
        Ok(())
    }

    /// The setting, when it is set to something.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        debug_assert!(NAMES.contains(&name), "{name} is not listed");
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub(super) fn parsed<T: FromStr>(
        &self,
        name: &str,
        default: &str,
        expected: &str,
    ) -> Result<T, ConfigError> {
        let value = self.get(name).unwrap_or(default);
        value.parse().map_err(|_| ConfigError::wrong(name, expected))
    }

    pub(super) fn number(
        &self,
        name: &str,
        default: usize,
        minimum: usize,
    ) -> Result<usize, ConfigError> {
        let expected = format!("a whole number from {minimum} to 1000000");
        let number = self.parsed(name, &default.to_string(), &expected)?;
        if (minimum..=1_000_000).contains(&number) {
            return Ok(number);
        }
        Err(ConfigError::wrong(name, expected))
    }
}
