//! The built program from outside: commands, HTTP, signed webhooks, sockets, streams, and being
//! killed. Each test has a data directory and a port of its own.

#![cfg(feature = "sandbox")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod crash;
mod demo;
mod evening;
mod eventsub;
mod fixtures;
mod practice;
mod program;
mod status;
mod storm;
mod streams;
mod thread;
mod twitch;
