//! Pairing and sockets, against a real local server and with fakes of every port.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod combat;
mod commands;
mod large;
mod pairing;
mod presence;
mod sockets;
mod storms;
mod table_events;
mod tokens;
mod world;
