//! How Twitch's events come here.

use crate::adapter::SetupError;
use reqwest::Url;
use std::fmt;

/// How Twitch's events come here.
#[derive(Clone, PartialEq, Eq)]
pub enum EventSubConfig {
    /// Not at all: only polling finds redemptions.
    Off,
    /// Twitch calls a public address of ours.
    Webhook {
        /// The full address of our webhook, as Twitch sees it. It is also the mark by which our
        /// subscriptions are told from those of other installations under the same client id.
        callback_url: String,
        /// What the messages are signed with, 10–100 ASCII characters. It has to stay the same
        /// over restarts: Twitch goes on signing with the one a subscription was made with.
        secret: String,
    },
    /// We call Twitch, one connection for each channel, with the channel's own token.
    Websocket {
        /// Such as `wss://eventsub.wss.twitch.tv/ws`.
        url: String,
    },
    /// One conduit for all channels, with the application's own token.
    Conduit {
        /// Where the conduit leads.
        shards: ConduitShards,
    },
}

/// Where the one shard of a conduit leads.
#[derive(Clone, PartialEq, Eq)]
pub enum ConduitShards {
    /// To a public address of ours.
    Webhook {
        /// As [`EventSubConfig::Webhook`] has it.
        callback_url: String,
        /// As [`EventSubConfig::Webhook`] has it.
        secret: String,
    },
    /// Into a connection that we have opened.
    Websocket {
        /// As [`EventSubConfig::Websocket`] has it.
        url: String,
    },
}

impl EventSubConfig {
    /// Checks addresses and the secret.
    ///
    /// # Errors
    /// When one of them cannot be used.
    pub(crate) fn check(&self) -> Result<(), SetupError> {
        match self {
            Self::Off => Ok(()),
            Self::Webhook { callback_url, secret }
            | Self::Conduit { shards: ConduitShards::Webhook { callback_url, secret } } => {
                check_address("callback_url", callback_url, &["http", "https"])?;
                if (10..=100).contains(&secret.len()) && secret.is_ascii() {
                    return Ok(());
                }
                Err(SetupError::Secret)
            }
            Self::Websocket { url }
            | Self::Conduit { shards: ConduitShards::Websocket { url } } => {
                check_address("websocket_url", url, &["ws", "wss"])
            }
        }
    }
}

fn check_address(setting: &'static str, value: &str, schemes: &[&str]) -> Result<(), SetupError> {
    let is_good =
        Url::parse(value).is_ok_and(|url| schemes.contains(&url.scheme()) && url.has_host());
    if is_good { Ok(()) } else { Err(SetupError::Address { setting, value: value.to_owned() }) }
}

impl fmt::Debug for EventSubConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("Off"),
            Self::Webhook { callback_url, .. } => f
                .debug_struct("Webhook")
                .field("callback_url", callback_url)
                .finish_non_exhaustive(),
            Self::Websocket { url } => f.debug_struct("Websocket").field("url", url).finish(),
            Self::Conduit { shards } => f.debug_struct("Conduit").field("shards", shards).finish(),
        }
    }
}

impl fmt::Debug for ConduitShards {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Webhook { callback_url, .. } => f
                .debug_struct("Webhook")
                .field("callback_url", callback_url)
                .finish_non_exhaustive(),
            Self::Websocket { url } => f.debug_struct("Websocket").field("url", url).finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "hush-events";

    fn webhook(callback_url: &str, secret: &str) -> EventSubConfig {
        EventSubConfig::Webhook { callback_url: callback_url.into(), secret: secret.into() }
    }

    #[test]
    fn secrets_do_not_appear_in_debug_output() {
        let callback_url = "https://example.org/hook".to_owned();
        let secret = SECRET.to_owned();
        let shards = ConduitShards::Webhook { callback_url, secret };
        for config in
            [webhook("https://example.org/hook", SECRET), EventSubConfig::Conduit { shards }]
        {
            let shown = format!("{config:?}");
            assert!(shown.contains("/hook") && !shown.contains("hush"), "{shown}");
        }
    }

    #[test]
    fn an_address_has_the_scheme_of_its_transport() {
        let socket = |url: &str| EventSubConfig::Websocket { url: url.into() }.check();
        assert!(socket("wss://eventsub.wss.twitch.tv/ws").is_ok());
        assert!(matches!(socket("https://example.org"), Err(SetupError::Address { .. })));
        assert!(webhook("https://example.org/hook", SECRET).check().is_ok());
        let refused = webhook("wss://example.org/hook", SECRET).check();
        assert!(matches!(refused, Err(SetupError::Address { .. })));
        let short = webhook("https://example.org/hook", "short").check();
        assert!(matches!(short, Err(SetupError::Secret)));
    }
}
