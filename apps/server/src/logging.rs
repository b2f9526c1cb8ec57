//! The log: lines on standard error.

use crate::config::{Config, ConfigError, LogFormat};
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt;

/// Libraries that would write what must not be in a log, whatever the filter says: the sockets' write
/// handshakes with their tokens at debug, and the one for Redis repeats at each try what our adapter
/// says once.
const HUSHED: &str = "socketioxide=info,engineioxide=info,fred=off";

/// Starts the log. A log that was started before stays.
///
/// # Errors
/// When the filter cannot be read.
pub fn start(config: &Config) -> Result<(), ConfigError> {
    let filter = EnvFilter::try_new(format!("{},{HUSHED}", config.log)).map_err(|error| {
        ConfigError::wrong("log", format!("a filter such as info,gamification_core=debug: {error}"))
    })?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let started = match config.log_format {
        LogFormat::Text => lines.finish().try_init(),
        LogFormat::Json => lines.json().flatten_event(true).finish().try_init(),
    };
    // Tests start the program's parts more than once in a process.
    drop(started);
    Ok(())
}
