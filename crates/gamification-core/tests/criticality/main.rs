//! Every row of the table of criticals, the GM's rules and properties, through the public face
//! of the crate.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

mod checks;
mod gm_rules;
mod pools;
mod properties;
mod rolls;
