//! One websocket session, as a pure machine: messages and the time go in, what to do comes out.
//!
//! A session lives on one connection, on two while Twitch moves it (`session_reconnect`), and ends
//! with the first loss: what follows is a new session with new subscriptions.

mod ending;

pub(super) use ending::{Ended, Retry};

use super::frame::Frame;
use crate::envelope::{Notification, Revocation};
use std::time::Duration;
use tokio::time::Instant;

/// How long connecting and being welcomed may take.
const WELCOME_WITHIN: Duration = Duration::from_secs(10);

/// Twitch closes the connection that a session leaves 30 s after it said so.
const MOVED_WITHIN: Duration = Duration::from_secs(30);

/// How long the connection that a session has left is still read: what Twitch sent there before
/// the new welcome may be under way.
const DRAINED_AFTER: Duration = Duration::from_secs(1);

/// The keepalive of a session whose welcome does not tell it: Twitch's default.
const DEFAULT_KEEPALIVE: Duration = Duration::from_secs(10);

/// A connection of the session, in the order of opening.
pub(super) type SocketId = u32;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Input {
    /// A connection said something.
    Frame(SocketId, Frame),
    /// A connection is gone, or never came to be; with Twitch's code when it gave one.
    Closed(SocketId, Option<u16>),
    /// Time has passed.
    Tick,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Action {
    /// Connect to this address.
    Open(SocketId, String),
    /// Leave this connection.
    Leave(SocketId),
    /// Tell this to whoever wants to hear.
    Tell(Heard),
    /// Leave all connections; the session is over.
    End(Ended),
}

/// What a session tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Heard {
    /// The session is there: subscribe within 10 s.
    Welcome { session_id: String },
    /// The session goes on over another connection, with all of its subscriptions.
    Moved { session_id: String },
    /// An event.
    Notification(Notification),
    /// A subscription has ended.
    Revocation(Revocation),
}

#[derive(Debug)]
enum Phase {
    /// The first connection has not been welcomed.
    Joining { until: Instant },
    /// Welcomed.
    Live,
    /// The next connection has not been welcomed; the current one goes on as long as it can.
    Moving { to: SocketId, until: Instant, is_old_alive: bool },
    /// Over.
    Over,
}

/// One session.
#[derive(Debug)]
pub(super) struct Session {
    phase: Phase,
    current: SocketId,
    /// The connection that was left, and until when it is read.
    left: Option<(SocketId, Instant)>,
    keepalive: Duration,
    heard_at: Instant,
    next: SocketId,
}

impl Session {
    /// A session whose first connection, 0, is being opened.
    pub(super) const FIRST: SocketId = 0;

    pub(super) fn new(now: Instant) -> Self {
        Self {
            phase: Phase::Joining { until: now + WELCOME_WITHIN },
            current: Self::FIRST,
            left: None,
            keepalive: DEFAULT_KEEPALIVE,
            heard_at: now,
            next: Self::FIRST + 1,
        }
    }

    /// When to [`Tick`](Input::Tick) at the latest.
    pub(super) fn deadline(&self) -> Instant {
        let own = match self.phase {
            Phase::Joining { until } => until,
            Phase::Live => self.silent_until(),
            Phase::Moving { until, is_old_alive: true, .. } => until.min(self.silent_until()),
            Phase::Moving { until, .. } => until,
            Phase::Over => return self.heard_at,
        };
        self.left.map_or(own, |(_, until)| own.min(until))
    }

    /// The longest silence, with half of it as grace, 1–5 s.
    fn silent_until(&self) -> Instant {
        let grace = (self.keepalive / 2).clamp(Duration::from_secs(1), Duration::from_secs(5));
        self.heard_at + self.keepalive + grace
    }

    /// Takes what happened; `is_allowed` tells whether an address is Twitch's.
    pub(super) fn step(
        &mut self,
        input: Input,
        now: Instant,
        is_allowed: impl Fn(&str) -> bool,
    ) -> Vec<Action> {
        let mut actions = match input {
            _ if matches!(self.phase, Phase::Over) => return Vec::new(),
            Input::Frame(socket, frame) => self.frame(socket, frame, now, is_allowed),
            Input::Closed(socket, code) => self.closed(socket, code),
            Input::Tick => Vec::new(),
        };
        if !matches!(self.phase, Phase::Over) {
            actions.extend(self.pass_time(now));
        }
        actions
    }

    fn frame(
        &mut self,
        socket: SocketId,
        frame: Frame,
        now: Instant,
        is_allowed: impl Fn(&str) -> bool,
    ) -> Vec<Action> {
        if socket == self.current {
            self.heard_at = now;
        }
        match frame {
            Frame::Welcome { session_id, keepalive } => {
                self.welcomed(socket, session_id, keepalive, now)
            }
            Frame::Notification(it) => vec![Action::Tell(Heard::Notification(it))],
            Frame::Revocation(it) => vec![Action::Tell(Heard::Revocation(it))],
            Frame::Reconnect { url } if socket == self.current => {
                self.asked_to_move(url, now, is_allowed)
            }
            Frame::Reconnect { .. } | Frame::Keepalive => Vec::new(),
            Frame::Unusable { reason } => {
                tracing::warn!(reason, "a websocket message of Twitch was ignored");
                Vec::new()
            }
        }
    }

    fn welcomed(
        &mut self,
        socket: SocketId,
        session_id: String,
        keepalive: Option<Duration>,
        now: Instant,
    ) -> Vec<Action> {
        let heard = match self.phase {
            Phase::Joining { .. } if socket == self.current => Heard::Welcome { session_id },
            Phase::Moving { to, is_old_alive, .. } if socket == to => {
                self.left = is_old_alive.then_some((self.current, now + DRAINED_AFTER));
                self.current = to;
                Heard::Moved { session_id }
            }
            _ => return Vec::new(),
        };
        self.phase = Phase::Live;
        self.keepalive = keepalive.unwrap_or(self.keepalive);
        self.heard_at = now;
        vec![Action::Tell(heard)]
    }

    fn asked_to_move(
        &mut self,
        url: String,
        now: Instant,
        is_allowed: impl Fn(&str) -> bool,
    ) -> Vec<Action> {
        if !matches!(self.phase, Phase::Live) {
            return Vec::new();
        }
        if !is_allowed(&url) {
            tracing::warn!("Twitch asked to reconnect to an address that is not its own");
            return self.end(Retry::BackOff, "asked to reconnect to a foreign address");
        }
        let to = self.next;
        self.next += 1;
        self.phase = Phase::Moving { to, until: now + MOVED_WITHIN, is_old_alive: true };
        vec![Action::Open(to, url)]
    }

    fn closed(&mut self, socket: SocketId, code: Option<u16>) -> Vec<Action> {
        if self.left.is_some_and(|(left, _)| left == socket) {
            self.left = None;
            return Vec::new();
        }
        match &mut self.phase {
            Phase::Moving { is_old_alive, .. } if socket == self.current => {
                *is_old_alive = false;
                Vec::new()
            }
            Phase::Moving { to, .. } if socket == *to => {
                self.end(Retry::AtOnce, "the connection to move to was lost")
            }
            Phase::Joining { .. } if socket == self.current => {
                let Ended { retry, reason } = Ended::of_code(code);
                let retry = if retry == Retry::AtOnce { Retry::BackOff } else { retry };
                self.end(retry, reason)
            }
            Phase::Live if socket == self.current => {
                let Ended { retry, reason } = Ended::of_code(code);
                self.end(retry, reason)
            }
            _ => Vec::new(),
        }
    }

    fn pass_time(&mut self, now: Instant) -> Vec<Action> {
        let mut actions = Vec::new();
        if let Some((socket, until)) = self.left
            && until <= now
        {
            self.left = None;
            actions.push(Action::Leave(socket));
        }
        let is_silent = self.silent_until() <= now;
        actions.extend(match self.phase {
            Phase::Joining { until } if until <= now => {
                self.end(Retry::BackOff, "no welcome in time")
            }
            Phase::Moving { until, .. } if until <= now => {
                self.end(Retry::AtOnce, "no welcome where Twitch asked to move to")
            }
            Phase::Live if is_silent => self.end(Retry::AtOnce, "silent for too long"),
            // The next connection may still be welcomed.
            Phase::Moving { to, until, is_old_alive: true } if is_silent => {
                self.phase = Phase::Moving { to, until, is_old_alive: false };
                vec![Action::Leave(self.current)]
            }
            _ => Vec::new(),
        });
        actions
    }

    fn end(&mut self, retry: Retry, reason: &'static str) -> Vec<Action> {
        self.phase = Phase::Over;
        vec![Action::End(Ended { retry, reason })]
    }
}

#[cfg(test)]
mod tests;
