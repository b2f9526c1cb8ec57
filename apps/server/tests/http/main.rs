//! The server's own code behind its front door, on fakes of every port.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod access;
mod campaigns;
mod catalogue;
mod channel;
mod characters;
mod combats;
mod commands;
mod configs;
mod connections;
mod criticality_rules;
mod evening;
mod eventsub;
mod executions;
mod foundry;
mod frames;
mod goals;
mod idempotency;
mod ledger;
mod lobby;
mod members;
mod offers;
mod openapi;
mod operations;
mod overlay_page;
mod overlays;
mod preferences;
mod problems;
mod records;
mod repeated_posts;
mod roles;
mod rolls;
mod sessions;
#[cfg(feature = "sandbox")]
mod sign_in;
mod stream;
mod support;
mod tables;
mod whole;
