//! A table that follows a script: a client of the VTT protocol (Engine.IO 4 over a websocket,
//! Socket.IO namespace `/vtt`) for tests and the demo. It plays a Foundry world with one GM
//! browser.
//!
//! It answers pings and commands by itself, as its [`Script`] says; everything that it hears can be
//! read with [`ScriptedTable::next_event`]. Pairing over HTTP is the caller's: a session token is
//! all that it needs.

mod answers;
mod dice;
mod frames;
mod script;
mod wire;

pub use dice::{RollError, formula_roll, roll_message};
pub use script::{Client, CommandMemory, Commands, PerformedCommand, Script};

use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};

/// How long connecting and the answer to a roll may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a table hears.
#[derive(Debug, Clone, PartialEq)]
pub enum TableEvent {
    /// The server said something; commands are among it, performed already where the script says
    /// so.
    Event {
        /// The event's name.
        name: String,
        /// What it carries; null when nothing.
        body: Value,
    },
    /// The server sent the packet that tells a client never to come back.
    NamespaceDisconnected,
    /// The transport ended; a real client would connect again. Nothing follows.
    TransportClosed,
}

/// Why a table cannot go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// The server cannot be reached, or speaks something else.
    #[error("cannot connect: {0}")]
    Connect(String),
    /// The server refused the token, with this `connect_error` text.
    #[error("refused: {0}")]
    Refused(String),
    /// The connection has ended.
    #[error("the connection has ended")]
    Closed,
    /// Nothing came in time.
    #[error("nothing came in time")]
    TimedOut,
}

/// A connected table. Dropping it cuts the connection, as a browser that is closed does.
pub struct ScriptedTable {
    socket_id: String,
    outgoing: mpsc::UnboundedSender<wire::Outgoing>,
    incoming: mpsc::UnboundedReceiver<TableEvent>,
    /// Heard while waiting for something else.
    heard: VecDeque<TableEvent>,
    performed: Arc<Mutex<Vec<PerformedCommand>>>,
    connection: JoinSet<()>,
}

impl ScriptedTable {
    /// Connects to the server at `base_url` (`http://host:port`) and introduces itself when the
    /// script plays our module.
    ///
    /// # Errors
    /// [`TableError::Connect`], [`TableError::Refused`], or [`TableError::TimedOut`] after 10 s.
    pub async fn connect(
        base_url: &str,
        session_token: &str,
        script: Script,
    ) -> Result<Self, TableError> {
        let opened = timeout(PATIENCE, wire::open(base_url, session_token)).await;
        let opened = opened.map_err(|_| TableError::TimedOut)??;
        let socket_id = opened.socket_id.clone();
        let (outgoing, to_send) = mpsc::unbounded_channel();
        let (heard, incoming) = mpsc::unbounded_channel();
        let performed = Arc::default();
        let mut connection = JoinSet::new();
        let answers = answers::Answers::new(script, &socket_id, Arc::clone(&performed));
        connection.spawn(wire::run(opened, answers, to_send, heard));
        Ok(Self { socket_id, outgoing, incoming, heard: VecDeque::new(), performed, connection })
    }

    /// The id that the server gave this socket in the namespace.
    #[must_use]
    pub fn socket_id(&self) -> &str {
        &self.socket_id
    }

    /// Says something.
    ///
    /// # Errors
    /// [`TableError::Closed`].
    pub fn emit(&self, event: &str, body: Value) -> Result<(), TableError> {
        self.send_text(json!([event, body]).to_string())
    }

    /// Says something that need not be JSON: the text of the event's array as it goes on the wire.
    ///
    /// # Errors
    /// [`TableError::Closed`].
    pub fn send_text(&self, array: String) -> Result<(), TableError> {
        self.outgoing.send(wire::Outgoing::Event(array)).map_err(|_| TableError::Closed)
    }

    /// Reports a roll (the body of `dice:roll`) and waits for its acknowledgement.
    ///
    /// # Errors
    /// [`TableError::Closed`], or [`TableError::TimedOut`] after 10 s.
    pub async fn roll(&mut self, roll: Value) -> Result<Value, TableError> {
        self.emit("dice:roll", roll)?;
        self.next_named("dice:roll:ack", PATIENCE).await
    }

    /// The next thing that it hears.
    ///
    /// # Errors
    /// [`TableError::TimedOut`] when that takes longer than `within`; [`TableError::Closed`] after
    /// [`TableEvent::TransportClosed`].
    pub async fn next_event(&mut self, within: Duration) -> Result<TableEvent, TableError> {
        if let Some(event) = self.heard.pop_front() {
            return Ok(event);
        }
        receive(&mut self.incoming, Instant::now() + within).await
    }

    /// What the next event of that name carries; what is heard before it can still be read later.
    ///
    /// # Errors
    /// As [`next_event`](Self::next_event).
    pub async fn next_named(&mut self, name: &str, within: Duration) -> Result<Value, TableError> {
        let is_it =
            |event: &TableEvent| matches!(event, TableEvent::Event { name: n, .. } if n == name);
        let deadline = Instant::now() + within;
        let found = self.heard.iter().position(is_it).and_then(|at| self.heard.remove(at));
        let mut event = found;
        loop {
            match event {
                Some(TableEvent::Event { name: heard, body }) if heard == name => return Ok(body),
                Some(other) => self.heard.push_back(other),
                None => {}
            }
            event = Some(receive(&mut self.incoming, deadline).await?);
        }
    }

    /// The commands that it acted on, in order; a repeat that its memory answered is not among
    /// them.
    #[must_use]
    pub fn performed(&self) -> Vec<PerformedCommand> {
        self.performed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Its connection breaks; what it acted on until then.
    pub async fn cut(mut self) -> Vec<PerformedCommand> {
        self.connection.shutdown().await;
        self.performed()
    }

    /// Leaves as a browser does that is closed properly; what it acted on until then.
    pub async fn close(mut self) -> Vec<PerformedCommand> {
        // When the connection has ended already, there is nothing to close.
        if self.outgoing.send(wire::Outgoing::Close).is_ok() {
            let closed = async {
                while let Some(event) = self.incoming.recv().await {
                    if event == TableEvent::TransportClosed {
                        break;
                    }
                }
            };
            let _closed_or_given_up = timeout(PATIENCE, closed).await;
        }
        self.cut().await
    }
}

async fn receive(
    incoming: &mut mpsc::UnboundedReceiver<TableEvent>,
    deadline: Instant,
) -> Result<TableEvent, TableError> {
    let event = timeout_at(deadline, incoming.recv()).await.map_err(|_| TableError::TimedOut)?;
    event.ok_or(TableError::Closed)
}
