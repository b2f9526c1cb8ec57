//! The socket side: a Socket.IO server for the namespace `/vtt`.

mod cut_off;
mod desk;
mod events;
mod mount;
mod table_events;
mod updates;
mod views;

pub use mount::{MAX_PAYLOAD_BYTES, TableServer, socket_service};

use std::time::Duration;

/// How often and how long; the defaults are the protocol's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkTiming {
    /// Between two `ping` events: 30 s.
    pub ping_period: Duration,
    /// Between two renewals of presence and of the acting lease: 10 s, a third of their length.
    pub renew_period: Duration,
    /// How long a client has to introduce itself before it counts as one that does not: 1 s. What is
    /// handed to such a one is never sent again.
    pub hello_grace: Duration,
}

impl Default for LinkTiming {
    fn default() -> Self {
        Self {
            ping_period: Duration::from_secs(30),
            renew_period: Duration::from_secs(10),
            hello_grace: Duration::from_secs(1),
        }
    }
}
