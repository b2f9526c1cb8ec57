//! The adapter on real databases: a SQLite file in a temporary directory, and a database of its own
//! on the PostgreSQL that `GAMIFICATION_TEST_POSTGRES_URL` names.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod contract;
mod corruption;
mod game;
mod hot_path;
mod ledger;
mod locking;
mod migrations;
mod outbox;
mod setup;
mod support;
mod upgrade;
