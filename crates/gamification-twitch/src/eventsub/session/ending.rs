//! How a session ends, and when to begin anew.

/// When to begin anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::eventsub) enum Retry {
    /// At once: the loss is nobody's fault.
    AtOnce,
    /// After a pause that grows.
    BackOff,
    /// Not soon: something is wrong on our side.
    Slowly,
}

/// Why a session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::eventsub) struct Ended {
    /// When to begin anew.
    pub(in crate::eventsub) retry: Retry,
    /// In words.
    pub(in crate::eventsub) reason: &'static str,
}

impl Ended {
    /// What Twitch's close codes mean; `None` is a loss without one.
    pub(super) fn of_code(code: Option<u16>) -> Self {
        let (retry, reason) = match code {
            Some(4000) => (Retry::BackOff, "Twitch had an internal error (4000)"),
            Some(4001) => (Retry::Slowly, "Twitch says that we sent something (4001)"),
            Some(4002) => (Retry::AtOnce, "Twitch missed a pong (4002)"),
            Some(4003) => (Retry::Slowly, "nothing was subscribed to in time (4003)"),
            Some(4004) => (Retry::AtOnce, "the time to reconnect was over (4004)"),
            Some(4005) => (Retry::AtOnce, "Twitch had a network timeout (4005)"),
            Some(4006) => (Retry::AtOnce, "Twitch had a network error (4006)"),
            Some(4007) => (Retry::AtOnce, "the address to reconnect to was not good (4007)"),
            Some(_) => (Retry::BackOff, "Twitch closed the connection"),
            None => (Retry::AtOnce, "the connection was lost"),
        };
        Self { retry, reason }
    }
}
