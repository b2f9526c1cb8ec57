//! Rolls of every game system that is known, as a Foundry client reports them: what is made of
//! each, and which goals it opens or consumes.
//!
//! Classes, letters and modifiers of dice are those that the systems register with Foundry.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod event;
mod expected;
mod filters;
mod one_die;
mod percentile;
mod pools;
mod shapes;
mod symbols;
mod year_zero;
