//! Events of the sandbox, by each of the three ways.

mod conduit;
mod listener;
mod webhook;
mod webhook_neighbours;
mod websocket;
mod websocket_faults;
