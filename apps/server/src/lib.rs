//! The server: HTTP in, use cases out. The binary parses its arguments and calls this; tests call
//! the same code.

pub mod api;
pub mod app;
pub mod auth;
pub mod cli;
pub mod compose;
pub mod config;
#[cfg(feature = "sandbox")]
pub mod demo;
pub mod determinism;
#[cfg(feature = "sandbox")]
pub mod door;
mod foundry_http;
pub mod foundry_module;
pub mod health;
pub mod http;
pub mod idempotency;
pub mod ingest;
pub mod keys;
pub mod logging;
pub mod metrics;
mod offers;
pub mod overlay_css;
pub mod overlay_sightings;
pub mod overlay_tokens;
pub mod people;
#[cfg(feature = "sandbox")]
mod practice_table;
pub mod problem;
mod redemptions;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod seal;
pub mod services;
pub mod sign_in;
#[cfg(feature = "sandbox")]
mod simulate;
pub mod stream;
pub mod tables;
pub mod twitch_events;
pub mod vault;
mod web;
pub mod webhook;
pub mod worker;
