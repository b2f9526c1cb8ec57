//! The sandbox as its callers see it: over HTTP, nothing else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

mod authorisations;
mod chat;
mod conduits;
mod control;
mod eventsub;
mod faults;
mod harness;
mod ledger;
mod logins;
mod polls;
mod program;
mod redemptions;
mod restart;
mod reward_events;
mod rewards;
mod socket;
mod streams_and_users;
mod tokens;
mod twitch_api_types;
mod upgrade;
mod webhook;
mod websocket;
mod websocket_ends;
