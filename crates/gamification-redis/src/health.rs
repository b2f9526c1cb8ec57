//! Whether Redis is there, and the two lines of log that tell.

use std::fmt::Display;
use std::sync::Arc;
use tokio::sync::watch;
use tracing::{info, warn};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    /// The first attempt is still under way.
    Connecting,
    Up,
    Away,
    /// Shut down on purpose.
    Closed,
}

/// Shared by everyone who speaks to Redis: whoever sees it fail says so, and all others stop asking
/// until the keeper has seen it work again. Clones are about the same link.
#[derive(Debug, Clone)]
pub(crate) struct Health {
    server: Arc<str>,
    link: watch::Sender<Link>,
}

impl Health {
    /// `server` is for the log: host and port.
    pub(crate) fn connecting(server: &str) -> Self {
        Self { server: server.into(), link: watch::Sender::new(Link::Connecting) }
    }

    pub(crate) fn is_up(&self) -> bool {
        *self.link.borrow() == Link::Up
    }

    /// Something failed. Logged when it is the first since Redis was there.
    pub(crate) fn lost(&self, cause: &dyn Display) {
        if self.becomes(Link::Away) {
            warn!(server = %self.server, %cause, "Redis is away; work goes on from the database");
        }
    }

    /// Everything works. Logged when it did not before.
    pub(crate) fn back(&self) {
        if self.becomes(Link::Up) {
            info!(server = %self.server, "Redis is reachable");
        }
    }

    /// From now on nothing is tried, and nothing logged.
    pub(crate) fn close(&self) {
        self.becomes(Link::Closed);
    }

    /// Until the first attempt has ended, either way.
    pub(crate) async fn settled(&self) {
        self.wait_for(|link| link != Link::Connecting).await;
    }

    pub(crate) async fn until_up(&self) {
        self.wait_for(|link| link == Link::Up).await;
    }

    pub(crate) async fn until_not_up(&self) {
        self.wait_for(|link| link != Link::Up).await;
    }

    /// Whether this was a change. What is closed stays closed.
    fn becomes(&self, next: Link) -> bool {
        self.link.send_if_modified(|link| {
            let is_change = *link != next && *link != Link::Closed;
            if is_change {
                *link = next;
            }
            is_change
        })
    }

    async fn wait_for(&self, is_awaited: impl Fn(Link) -> bool) {
        // It fails when all senders are gone, and we are one.
        let _ = self.link.subscribe().wait_for(|link| is_awaited(*link)).await;
    }
}
