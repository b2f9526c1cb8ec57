//! A Twitch that runs here, with the rules of the real one.
//!
//! [`Sandbox::start`] serves, on a loopback port of its own:
//!
//! - `/oauth2/authorize` and `/activate`, the pages on which a person of the sandbox says who they
//!   are, and yes or no; `/oauth2/token` (application, authorisation code, device, refresh),
//!   `/oauth2/device`, `/oauth2/validate`, `/oauth2/revoke`; and `/auth/authorize`, which logs a
//!   sandbox user in without a browser, as the mock API of Twitch's own command line tool does;
//! - `/helix/users`, `/helix/streams`, `/helix/channel_points/custom_rewards`,
//!   `/helix/channel_points/custom_rewards/redemptions`, `/helix/chat/messages`,
//!   `/helix/eventsub/subscriptions` (over webhook, websocket and conduit),
//!   `/helix/eventsub/conduits` and their shards, with Twitch's answers, refusals and rate limit;
//! - `/ws`, EventSub over websockets: welcome, keepalive, ping, `session_reconnect`, close codes
//!   ([`WebsocketConfig`]);
//! - EventSub notifications of redemptions, rewards, streams, polls, withdrawn authorisations and
//!   lost shards, signed where they go to webhooks, and revocations;
//! - `/sandbox/…`, where a demo or a test plays the people: viewers who redeem and vote,
//!   moderators who settle by hand, streams that start and end, users who disconnect a client,
//!   streamers who change or delete a reward in the dashboard; where it ends or silences
//!   websockets; where it looks at all that happened; and where a [`FaultPlan`] lets things go
//!   wrong.
//!
//! It keeps its state in one SQLite file, so a restarted program finds the same Twitch. It is
//! reached over HTTP only. Nothing protects `/sandbox/…`: the program refuses to listen on an
//! address that is not loopback.
//!
//! Where it differs from Twitch on purpose: a webhook may be plain `http` when its host is
//! loopback, and settled redemptions are kept for ever. Without registered redirect addresses
//! every loopback one is good, there are no browser sessions, so that a login is always asked
//! for (unless `/oauth2/authorize` is told `answer_as=<login>`: then that person says yes at
//! once), and devices may ask for their tokens more often than they were told to.
//!
//! The program `twitch-sandbox` of this crate runs one by hand (`twitch-sandbox serve`).

mod chat_drops;
mod clock;
mod config;
mod control;
mod error;
mod eventsub;
mod faults;
mod helix;
mod oauth;
mod params;
mod rate_limit;
mod request_log;
mod rewards;
mod server;
mod state;
mod store;
mod views;

pub use config::{ClientCredentials, DatabaseLocation, SandboxConfig, WebsocketConfig};
pub use error::SandboxError;
pub use faults::{CallFault, CallFaults, EventFaults, FaultPlan};
pub use server::Sandbox;
