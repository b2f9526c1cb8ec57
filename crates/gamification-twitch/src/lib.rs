//! Twitch: logins, rewards, redemptions, audience, chat and EventSub messages.
//!
//! Inwards, [`webhook`] tells whether a message is Twitch's and [`envelope`] what it says; neither
//! does any I/O. Outwards, [`TwitchAdapter`] implements the core's
//! [`TwitchRewards`](gamification_core::ports::TwitchRewards),
//! [`Audience`](gamification_core::ports::Audience) and
//! [`ChatNotices`](gamification_core::ports::ChatNotices) over HTTP, against whatever speaks
//! Twitch's protocol at the configured addresses, with tokens out of a [`TokenVault`].
//!
//! What goes over the wire are the types of `twitch_api`, sent through one small client of ours:
//! it sets the address, keeps the rate-limit headers that `twitch_api` drops, renews logins, and
//! tells a refusal from a doubt. `twitch_api`'s own webhook verification is not used: it panics on
//! a signature of the wrong length, and fails on every kind of message that it does not know.

mod accounts;
mod adapter;
mod audience;
mod chat;
mod config;
pub mod envelope;
mod eventsub;
mod helix;
mod logins;
mod oauth;
mod rewards;
pub mod scopes;
mod turns;
mod vault;
pub mod webhook;

pub use accounts::{AccountsError, ChannelKind, TwitchAccount, TwitchAccounts};
pub use adapter::{SetupError, TwitchAdapter};
pub use audience::HelixAudience;
pub use chat::HelixChat;
pub use config::TwitchConfig;
pub use eventsub::{
    ConduitShards, EventSubConfig, EventSubLink, EventSubSink, SinkBusy, SubscriptionState,
};
pub use oauth::{DeviceAnswer, DeviceCode, LoginHealth, OAuthError, TwitchLogins};
pub use rewards::HelixRewards;
pub use vault::{HeldLogin, TokenVault, Tokens, VaultError};
