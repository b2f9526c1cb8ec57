//! The use cases as people meet them, on the wired world of fakes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

mod batches;
mod combat;
mod combat_facts;
mod confirmation;
mod consumption;
mod cooldowns;
mod counting;
mod dead_logins;
mod effects;
mod groups;
mod missed;
mod published_client;
mod rally;
mod refusals;
mod remembering_client;
mod retirement;
mod rewards;
mod rolls;
mod settlement;
mod settling_at_once;
mod store_faults;
mod support;
#[path = "../handlers/table.rs"]
mod table;
mod table_characters;
mod twitch_faults;
mod two_browsers;
mod viewer_limits;
