//! Event streams (6-interfaces §3): a snapshot first, then what was missed, then what happens.

mod endpoint;
mod feed;
mod frame;
mod opening;
mod reader;
mod snapshot;
mod viewer;

pub(crate) use endpoint::overlay_stream;
pub use endpoint::{LastEventId, open};
pub use feed::Hub;
pub use viewer::Viewer;
pub(crate) use viewer::working_overlay;
