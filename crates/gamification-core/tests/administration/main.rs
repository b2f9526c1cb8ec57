//! What game masters, streamers and administrators do, on the store in memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod access;
mod campaigns;
mod catalogue;
mod characters;
mod configs;
mod criticality_rules;
mod game;
mod login_sessions;
mod logins;
mod members;
mod opt_in;
mod preferences;
mod preview;
mod sessions;
