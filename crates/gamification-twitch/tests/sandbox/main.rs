//! The adapter against a Twitch over HTTP: the sandbox, with a proxy before it that can fail.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod accounts;
mod audience;
mod chat;
mod contract;
mod eventsub;
mod http_server;
mod logins;
mod mock;
mod proxy;
mod renewals;
mod rewards;
mod scopes;
mod settling;
mod settling_in_doubt;
mod settling_pace;
mod sign_in;
mod validation;
mod vault;
mod world;
