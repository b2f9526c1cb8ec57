//! The websocket sessions that are open, and who they belong to.
//!
//! A session is what subscriptions are bound to. It usually has one connection; while a client
//! follows a `session_reconnect` it has two, and both get everything.

mod connection;
mod ending;
mod facts;
mod frames;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::courier::Pending;
use super::{Courier, Message};
use crate::clock;
use crate::config::WebsocketConfig;
pub(super) use connection::serve;
pub(crate) use ending::Ending;
use facts::SessionFacts;

/// What a connection is told to do.
#[derive(Debug)]
enum Command {
    /// Write this; the message counts as under way until then.
    Write(String, Pending),
    /// Tell the client to come back at another URL, which is in the frame.
    Reconnect(String),
    /// End like this.
    End(Ending),
}

/// Who a session belongs to, which the first use decides.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Owner {
    Nobody,
    /// Its subscriptions are this user's, made by this client.
    User {
        client_id: String,
        user_id: String,
    },
    /// It is the shard of a conduit of this client.
    Client(String),
}

#[derive(Debug)]
struct Session {
    /// The `Host` by which the client reached us.
    host: String,
    keepalive_s: u32,
    connected_at_ns: i64,
    owner: Owner,
    /// What a client that was asked to reconnect must bring along; good once.
    challenge: Option<String>,
    lines: Vec<Line>,
}

/// The sending side of a connection.
#[derive(Debug)]
struct Line {
    number: u64,
    commands: UnboundedSender<Command>,
}

/// A connection that was let in.
#[derive(Debug)]
pub(super) struct Opened {
    session_id: String,
    number: u64,
    keepalive_s: u32,
    welcome: String,
    /// Whether it must be used soon, which does not hold for one that took over a session.
    is_new: bool,
    commands: UnboundedReceiver<Command>,
}

/// Why a session cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SessionRefusal {
    /// It never was, or is gone.
    Gone,
    /// It belongs to another user, client or conduit.
    Foreign,
}

/// All sessions.
#[derive(Debug)]
pub(crate) struct Sessions {
    open: Mutex<Open>,
    config: WebsocketConfig,
    stop: CancellationToken,
}

#[derive(Debug, Default)]
struct Open {
    sessions: HashMap<String, Session>,
    /// Numbers connections.
    next: u64,
}

impl Sessions {
    /// No sessions yet; connections end when `stop` is cancelled.
    pub(crate) fn new(config: WebsocketConfig, stop: CancellationToken) -> Self {
        Self { open: Mutex::default(), config, stop }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new session with its first connection. `asked_keepalive_s` is brought into the range.
    pub(super) fn begin(&self, host: &str, asked_keepalive_s: Option<u32>) -> Opened {
        let range = self.config.keepalive_range_s;
        let asked = asked_keepalive_s.unwrap_or(self.config.default_keepalive_s);
        let session = Session {
            host: host.to_owned(),
            keepalive_s: asked.max(range.0).min(range.1),
            connected_at_ns: clock::now_ns(),
            owner: Owner::Nobody,
            challenge: None,
            lines: Vec::new(),
        };
        let id = Uuid::new_v4().simple().to_string();
        let mut open = self.open();
        open.sessions.insert(id.clone(), session);
        open.add_line(id, true)
    }

    /// Another connection for a session whose client was asked to reconnect; `None` when the
    /// session is gone or the challenge is not the one that was handed out.
    pub(super) fn take_over(&self, session_id: &str, challenge: &str) -> Option<Opened> {
        let mut open = self.open();
        let session = open.sessions.get_mut(session_id)?;
        session.challenge.take_if(|expected| expected == challenge)?;
        Some(open.add_line(session_id.to_owned(), false))
    }

    /// Forgets a connection; `true` when it was the last one, and the session is gone with it.
    fn hang_up(&self, session_id: &str, number: u64) -> bool {
        let mut open = self.open();
        let Some(session) = open.sessions.get_mut(session_id) else { return false };
        session.lines.retain(|line| line.number != number);
        let is_over = session.lines.is_empty();
        if is_over {
            open.sessions.remove(session_id);
        }
        is_over
    }

    /// Sends a message to a session; when it is gone, the message is lost.
    pub(super) fn send(&self, session_id: &str, message: &Message, courier: &Courier) {
        let open = self.open();
        let Some(session) = open.sessions.get(session_id) else {
            tracing::debug!(session_id, message_id = %message.id, "no such session any more");
            return;
        };
        let frame = message.frame();
        for line in &session.lines {
            // A connection that just ended takes nothing any more.
            let _ = line.commands.send(Command::Write(frame.clone(), courier.count()));
        }
    }

    /// Whether a session is open.
    pub(crate) fn is_open(&self, session_id: &str) -> bool {
        self.open().sessions.contains_key(session_id)
    }

    /// Since when a session is open, in nanoseconds since the epoch.
    pub(crate) fn connected_at_ns(&self, session_id: &str) -> Option<i64> {
        self.open().sessions.get(session_id).map(|session| session.connected_at_ns)
    }

    /// Binds a session to a user of a client, for good.
    pub(crate) fn claim_for_user(
        &self,
        session_id: &str,
        client_id: &str,
        user_id: &str,
    ) -> Result<(), SessionRefusal> {
        let owner = Owner::User { client_id: client_id.to_owned(), user_id: user_id.to_owned() };
        self.claim(session_id, owner)
    }

    /// Binds a session to the conduits of a client, for good.
    pub(crate) fn claim_for_shard(
        &self,
        session_id: &str,
        client_id: &str,
    ) -> Result<(), SessionRefusal> {
        self.claim(session_id, Owner::Client(client_id.to_owned()))
    }

    fn claim(&self, session_id: &str, owner: Owner) -> Result<(), SessionRefusal> {
        let mut open = self.open();
        let session = open.sessions.get_mut(session_id).ok_or(SessionRefusal::Gone)?;
        if session.owner == Owner::Nobody {
            session.owner = owner.clone();
        }
        if session.owner == owner { Ok(()) } else { Err(SessionRefusal::Foreign) }
    }

    fn is_used(&self, session_id: &str) -> bool {
        let open = self.open();
        open.sessions.get(session_id).is_some_and(|session| session.owner != Owner::Nobody)
    }

    /// Asks a session, or all, to reconnect; gives the ids of those that were asked.
    pub(crate) fn ask_to_reconnect(&self, session_id: Option<&str>) -> Vec<String> {
        self.open().each(session_id, |id, session| {
            let challenge = Uuid::new_v4().to_string();
            let frame = frames::reconnect(id, session, &challenge);
            session.challenge = Some(challenge);
            session.tell(|| Command::Reconnect(frame.clone()));
        })
    }

    /// Ends a session, or all, like this; gives the ids of those that were ended.
    pub(crate) fn end(&self, session_id: Option<&str>, ending: Ending) -> Vec<String> {
        self.open().each(session_id, |_, session| session.tell(|| Command::End(ending)))
    }

    /// The sessions that are open, oldest first.
    pub(crate) fn all(&self) -> Vec<SessionFacts> {
        let open = self.open();
        let mut sessions: Vec<_> = open.sessions.iter().collect();
        sessions.sort_by_key(|(id, session)| (session.connected_at_ns, id.as_str()));
        sessions.into_iter().map(|(id, session)| session.facts(id)).collect()
    }
}

impl Open {
    fn add_line(&mut self, session_id: String, is_new: bool) -> Opened {
        let number = self.next;
        self.next += 1;
        let (sender, commands) = mpsc::unbounded_channel();
        let session = self.sessions.get_mut(&session_id);
        let welcome = session.as_ref().map(|session| frames::welcome(&session_id, session));
        let keepalive_s = session.as_ref().map_or(0, |session| session.keepalive_s);
        if let Some(session) = session {
            session.lines.push(Line { number, commands: sender });
        }
        let welcome = welcome.unwrap_or_default();
        Opened { session_id, number, keepalive_s, welcome, is_new, commands }
    }

    fn each(
        &mut self,
        session_id: Option<&str>,
        mut act: impl FnMut(&str, &mut Session),
    ) -> Vec<String> {
        let mut told = Vec::new();
        for (id, session) in &mut self.sessions {
            if session_id.is_none_or(|wanted| wanted == id) {
                act(id, session);
                told.push(id.clone());
            }
        }
        told.sort();
        told
    }
}

impl Session {
    fn tell(&self, command: impl Fn() -> Command) {
        for line in &self.lines {
            // A connection that just ended takes nothing any more.
            let _ = line.commands.send(command());
        }
    }
}
