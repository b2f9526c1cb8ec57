//! Rewards, redemptions, audience and EventSub messages of Twitch.
//!
//! Inwards, [`webhook`] tells whether a message is Twitch's and [`envelope`] what it says; neither
//! does any I/O. Outwards, [`TwitchAdapter`] implements the core's
//! [`TwitchRewards`](gamification_core::ports::TwitchRewards) and
//! [`Audience`](gamification_core::ports::Audience) over HTTP, against whatever speaks Twitch's
//! protocol at the configured addresses.
//!
//! What goes over the wire are the types of `twitch_api`, sent through one small client of ours:
//! it sets the address, keeps the rate-limit headers that `twitch_api` drops, renews logins, and
//! tells a refusal from a doubt. `twitch_api`'s own webhook verification is not used: it panics on
//! a signature of the wrong length, and fails on every kind of message that it does not know.

mod accounts;
mod adapter;
mod audience;
mod config;
pub mod envelope;
mod helix;
mod logins;
mod rewards;
mod subscriptions;
mod turns;
pub mod webhook;

pub use accounts::{AccountsError, ChannelKind, TwitchAccount, TwitchAccounts};
pub use adapter::{SetupError, TwitchAdapter};
pub use audience::HelixAudience;
pub use config::{EventSubConfig, TwitchConfig};
pub use rewards::HelixRewards;
