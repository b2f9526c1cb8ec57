//! The link to Foundry VTT: pairing, sockets, rolls and commands.
//!
//! * [`wire`] reads the events of the protocol; pure.
//! * [`pairing`] pairs worlds and hands out their tokens; the server maps HTTP routes to it.
//! * [`FoundryLink`] knows the live sockets and sends commands; it is made first.
//! * [`socket_service`] makes the [`TableServer`] that an HTTP server mounts at `/socket.io/`.

mod link;
pub mod pairing;
mod sockets;
pub mod wire;

pub use link::{FoundryLink, Notice};
pub use sockets::{LinkTiming, MAX_PAYLOAD_BYTES, TableServer, socket_service};
