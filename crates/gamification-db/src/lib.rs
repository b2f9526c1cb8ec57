//! The store of `gamification-core` on SQLite and PostgreSQL, from one code path.
//!
//! [`Database`] implements the ports [`Store`](gamification_core::ports::Store) and
//! [`Queries`](gamification_core::ports::Queries). What holds on both databases:
//!
//! - **Writers** take one transaction each: `BEGIN IMMEDIATE` on SQLite, row locks in the order that
//!   the ports name on PostgreSQL. SQLite has one connection that writes and a few that only read; more
//!   writers would starve each other for seconds.
//! - **Guards are indexes**: one open goal per scope, one live reward per opt-in, one row per
//!   redemption and roll. A conflicting insert does nothing, and the count of rows tells.
//! - **Reading is total**: a row that the core cannot understand is
//!   [`StoreError::Corrupt`](gamification_core::ports::StoreError::Corrupt).
//!
//! One file per aggregate: its rows, how they map to the core's types, and its part of the ports.

mod access;
mod campaigns;
mod catalogue;
mod characters;
mod codec;
mod commands;
mod configs;
mod connect;
mod criticality_rules;
mod database;
mod error;
mod instances;
mod ledger;
mod log;
mod logins;
mod outbox;
mod overlays;
mod page;
mod preferences;
mod queries;
mod redemptions;
mod rewards;
mod rolls;
mod rows;
mod stats;
mod tables;
mod unit;
mod users;
mod vtt;

pub use connect::{DatabaseOptions, SqliteSynchronous};
pub use database::Database;
