//! The schema of the store, for SQLite and PostgreSQL from one source, and the built-in events.
//!
//! The rules for writing one are in this crate's `README.md`. What every table relies on:
//!
//! - moments are whole microseconds since 1970 in a `BIGINT`, ids are `UUID`, states are the words
//!   that the core gives them, held to by a `CHECK`;
//! - values that the database never looks into are JSON in a text column: written and read back
//!   exactly, on both databases;
//! - the ledger (`redemptions`, `journal`, `instances`, `rewards`) has no foreign keys: its rows
//!   outlive the campaign that they belong to.

mod m20261101_000001_initial;
mod m20261101_000002_builtin_events;
mod m20261122_000003_logins_and_outbox;
mod m20261128_000004_the_table;
mod m20261128_000005_spell_and_monster_events;
mod m20261128_000006_criticality_rules;
mod m20261128_000007_what_people_see;
mod schema;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

/// Every step of the schema, in the order in which they run.
#[derive(Debug, Clone, Copy)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261101_000001_initial::Migration),
            Box::new(m20261101_000002_builtin_events::Migration),
            Box::new(m20261122_000003_logins_and_outbox::Migration),
            Box::new(m20261128_000004_the_table::Migration),
            Box::new(m20261128_000005_spell_and_monster_events::Migration),
            Box::new(m20261128_000006_criticality_rules::Migration),
            Box::new(m20261128_000007_what_people_see::Migration),
        ]
    }
}
