//! The chat of a streamer's channel.

use crate::ids::TwitchUserId;
use async_trait::async_trait;

/// What became of a line of chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChatOutcome {
    /// It was said.
    Said,
    /// Twitch took it and did not show it (`is_sent: false`), or refuses it for good.
    Dropped {
        /// Why, in Twitch's words.
        reason: String,
    },
    /// It was certainly not said, and may be tried again.
    NotNow {
        /// How long to wait, in seconds; `None` when Twitch did not tell.
        after_seconds: Option<u32>,
        /// What went wrong.
        reason: String,
    },
    /// Nobody knows whether it was said.
    Unknown {
        /// What went wrong.
        reason: String,
    },
}

/// Says lines in the chat of a channel.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait ChatNotices: Send + Sync {
    /// Says one line, at most 500 characters, as the channel's own account.
    async fn say(&self, channel: &TwitchUserId, text: &str) -> ChatOutcome;
}
