//! Where Redis is and how it is spoken to.

use crate::names::Names;
use fred::types::Builder;
use fred::types::RespVersion;
use fred::types::config::{
    Config, ConnectionConfig, PerformanceConfig, ReconnectPolicy, UnresponsiveConfig,
};
use std::time::Duration;

/// Messages that may wait for the listener; what is beyond becomes one
/// [`Wakeup::All`](gamification_core::ports::Wakeup::All).
const MESSAGES_WAITING_MAX: usize = 1_024;
const RECONNECT_DELAY_MS_MIN: u32 = 50;
const RECONNECT_DELAY_MS_MAX: u32 = 2_000;
const RECONNECT_DELAY_JITTER_MS: u32 = 50;
/// A server that takes longer to accept, to greet or to answer counts as gone.
const UNRESPONSIVE_AFTER: Duration = Duration::from_secs(2);
const KEY_PREFIX_CHARS_MAX: usize = 64;

/// What the adapter may be told beside the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedisOptions {
    /// Put before every key and channel: letters, digits, `:`, `.`, `_` and `-`, at most 64 of
    /// them. Empty by default; nodes with the same prefix on the same server belong together.
    pub key_prefix: String,
    /// How long a command may take before the cache counts as away; 250 ms by default. Zero counts
    /// as 1 ms, since the library would take it for "for ever".
    pub command_timeout: Duration,
}

impl Default for RedisOptions {
    fn default() -> Self {
        Self { key_prefix: String::new(), command_timeout: Duration::from_millis(250) }
    }
}

/// An address or option that can never work, whether the server is there or not. Says nothing of
/// the password in the address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RedisConfigError {
    /// Not `redis://[user:password@]host[:port][/database]`, nor the same with `rediss://`.
    #[error("the address of Redis is wrong: {0}")]
    Address(String),
    /// See [`RedisOptions::key_prefix`].
    #[error("{0:?} is no prefix for keys: up to 64 letters, digits, ':', '.', '_' or '-'")]
    KeyPrefix(String),
}

impl RedisOptions {
    pub(crate) fn names(&self) -> Result<Names, RedisConfigError> {
        // A `*` would be understood as part of the pattern that nodes listen to.
        let is_plain = |c: char| c.is_ascii_alphanumeric() || ":._-".contains(c);
        if self.key_prefix.len() > KEY_PREFIX_CHARS_MAX || !self.key_prefix.chars().all(is_plain) {
            return Err(RedisConfigError::KeyPrefix(self.key_prefix.clone()));
        }
        Ok(Names::with_prefix(&self.key_prefix))
    }

    pub(crate) fn command_timeout(&self) -> Duration {
        self.command_timeout.max(Duration::from_millis(1))
    }

    pub(crate) fn builder(&self, url: &str) -> Result<Builder, RedisConfigError> {
        // Clusters and sentinels have other rules for publishing and reconnecting: not supported.
        if !url.starts_with("redis://") && !url.starts_with("rediss://") {
            let expected = "it begins with redis:// or rediss://".to_owned();
            return Err(RedisConfigError::Address(expected));
        }
        let mut config = Config::from_url(url)
            .map_err(|error| RedisConfigError::Address(error.details().to_owned()))?;
        // With `true`, a client whose server is away at first never tries again.
        config.fail_fast = false;
        // A subscriber can answer a ping only in this version; Redis 6 and later speak it.
        config.version = RespVersion::RESP3;
        let mut builder = Builder::from_config(config);
        builder.set_policy(reconnect_for_ever());
        builder.set_connection_config(impatient());
        builder.set_performance_config(PerformanceConfig {
            default_command_timeout: self.command_timeout(),
            broadcast_channel_capacity: MESSAGES_WAITING_MAX,
            ..PerformanceConfig::default()
        });
        Ok(builder)
    }
}

fn reconnect_for_ever() -> ReconnectPolicy {
    let (min, max) = (RECONNECT_DELAY_MS_MIN, RECONNECT_DELAY_MS_MAX);
    let mut policy = ReconnectPolicy::new_exponential(0, min, max, 2);
    policy.set_jitter(RECONNECT_DELAY_JITTER_MS);
    policy
}

fn impatient() -> ConnectionConfig {
    ConnectionConfig {
        connection_timeout: UNRESPONSIVE_AFTER,
        internal_command_timeout: UNRESPONSIVE_AFTER,
        reconnect_on_auth_error: true,
        unresponsive: UnresponsiveConfig {
            max_timeout: Some(UNRESPONSIVE_AFTER),
            interval: Duration::from_millis(500),
        },
        ..ConnectionConfig::default()
    }
}
