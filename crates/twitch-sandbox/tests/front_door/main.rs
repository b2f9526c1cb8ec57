//! The sandbox as its callers see it: over HTTP, nothing else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

mod control;
mod eventsub;
mod harness;
mod redemptions;
mod restart;
mod rewards;
mod streams_and_users;
mod tokens;
mod twitch_api_types;
mod webhook;
