//! A Twitch that runs here, with the rules of the real one.
//!
//! [`Sandbox::start`] serves, on a loopback port of its own:
//!
//! - `/oauth2/token`, `/oauth2/validate`, `/oauth2/revoke`, and `/auth/authorize`, which logs a
//!   sandbox user in without a browser, as the mock API of Twitch's own command line tool does;
//! - `/helix/users`, `/helix/streams`, `/helix/channel_points/custom_rewards`,
//!   `/helix/channel_points/custom_rewards/redemptions`, `/helix/eventsub/subscriptions`
//!   (webhook transport, with the challenge), with Twitch's answers, refusals and rate limit;
//! - signed EventSub notifications of redemptions to the subscribed webhooks;
//! - `/sandbox/…`, where a demo or a test plays the people: viewers who redeem, moderators who
//!   settle by hand, streams that start and end.
//!
//! It keeps its state in one SQLite file, so a restarted program finds the same Twitch. It is
//! reached over HTTP only. Nothing protects `/sandbox/…`: the program refuses to listen on an
//! address that is not loopback.
//!
//! Where it differs from Twitch on purpose: a webhook may be plain `http` when its host is
//! loopback, and settled redemptions are kept for ever.

mod clock;
mod config;
mod control;
mod error;
mod eventsub;
mod helix;
mod oauth;
mod params;
mod rate_limit;
mod request_log;
mod server;
mod state;
mod store;
mod views;

pub use config::{ClientCredentials, DatabaseLocation, SandboxConfig};
pub use error::SandboxError;
pub use server::Sandbox;
