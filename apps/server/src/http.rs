//! HTTP: the accept loop, and the layers that every request passes.

mod body_limit;
mod front;
mod routes;
mod serve;
mod stall;

pub use body_limit::BodyLimit;
pub use front::{Front, RequestId};
pub use routes::RouteTable;
pub use serve::{HttpLimits, serve};

/// The largest body that is read, in bytes, EventSub messages included (Twitch's are about 1 KiB).
pub const BODY_BYTES_MAX: usize = 256 * 1024;
