//! The adapter against a Twitch over HTTP: the sandbox, with a proxy before it that can fail.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod audience;
mod contract;
mod deliveries;
mod http_server;
mod logins;
mod proxy;
mod rewards;
mod settling;
mod settling_in_doubt;
mod world;
