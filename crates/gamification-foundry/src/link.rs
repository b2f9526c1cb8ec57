//! The live sockets of this node, and the commands that go out through them.

mod commands;

use gamification_core::ids::{ConnectionId, SocketId};
use gamification_core::ports::Clock;
use gamification_core::service::{Fitness, TableClient, TableSocket};
use gamification_core::time::Timestamp;
use gamification_core::vtt::ActingSocket;
use serde_json::{Value, json};
use socketioxide::extract::SocketRef;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc;
use uuid::Uuid;

/// How long a world is not asked again to tell all its characters, in seconds: sockets may come and
/// go in a storm.
const TELL_PAUSE_SECONDS: u32 = 60;

/// Knows every socket that is connected to this node, and which one acts for its world.
///
/// It is made first, because the rules send their commands through it; the sockets come with
/// [`TableServer`](crate::TableServer).
pub struct FoundryLink {
    node: String,
    clock: Arc<dyn Clock>,
    tables: Mutex<HashMap<ConnectionId, Table>>,
    /// Who was last asked to tell a world's characters, and when; kept while its sockets come and go.
    asked: Mutex<HashMap<ConnectionId, (SocketId, Timestamp)>>,
}

/// The sockets of one world on this node.
#[derive(Default)]
struct Table {
    /// Oldest first.
    sockets: Vec<LiveSocket>,
    /// Who acted for the world when this node last asked; it may be a socket of another node.
    acting: Option<ActingSocket>,
}

pub(crate) struct LiveSocket {
    pub(crate) id: SocketId,
    pub(crate) socket: SocketRef,
    /// What the client sent, in order; the socket's task ends when this is dropped.
    pub(crate) inbox: mpsc::Sender<ClientEvent>,
    pub(crate) fitness: Fitness,
    /// What the client can do beyond the published module's commands.
    pub(crate) features: Vec<String>,
    /// Its version, once it said so.
    pub(crate) version: Option<String>,
    /// When it connected.
    pub(crate) connected_at: Timestamp,
    /// Whether it was told that everything is stopped.
    pub(crate) was_told_panic: bool,
}

/// How a client introduced itself.
pub(crate) struct Introduction {
    pub(crate) fitness: Fitness,
    pub(crate) features: Vec<String>,
    pub(crate) version: Option<String>,
}

/// Something that a client sent.
pub(crate) struct ClientEvent {
    /// The event's name.
    pub(crate) name: &'static str,
    /// What it carries; `None` when it is not JSON.
    pub(crate) body: Option<Value>,
}

/// Why the sockets of a connection are closed; its clients are told first, and stay away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The credentials were taken back, for that reason.
    Revoked(&'static str),
    /// The campaign was deleted.
    CampaignDeleted,
}

impl FoundryLink {
    /// A link without sockets. `node` names this process among the nodes of the service.
    #[must_use]
    pub fn new(node: impl Into<String>, clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self {
            node: node.into(),
            clock,
            tables: Mutex::default(),
            asked: Mutex::default(),
        })
    }

    /// How many sockets are connected to this node.
    #[must_use]
    pub fn socket_count(&self) -> usize {
        self.tables().values().map(|table| table.sockets.len()).sum()
    }

    /// How many sockets of that connection are on this node.
    pub(crate) fn socket_count_of(&self, connection: ConnectionId) -> usize {
        self.tables().get(&connection).map_or(0, |table| table.sockets.len())
    }

    /// Tells the clients of a connection why, and closes their sockets on this node.
    pub fn close(&self, connection: ConnectionId, notice: &Notice) {
        let (event, body) = self.notice(notice);
        // The disconnect handler takes the lock again: it must not be held meanwhile.
        let sockets = self.sockets_of(connection);
        for socket in sockets {
            if socket.emit(event, &body).is_err() {
                tracing::debug!(connection_id = %connection, "a socket left before its notice");
            }
            if socket.disconnect().is_err() {
                tracing::debug!(connection_id = %connection, "a socket was closed already");
            }
        }
    }

    fn notice(&self, notice: &Notice) -> (&'static str, Value) {
        let timestamp = self.clock.now().as_millis();
        match notice {
            Notice::Revoked(reason) => {
                ("connection:revoked", json!({ "reason": reason, "timestamp": timestamp }))
            }
            Notice::CampaignDeleted => {
                let reason = "the campaign was deleted";
                ("campaign:deleted", json!({ "reason": reason, "timestamp": timestamp }))
            }
        }
    }

    pub(crate) fn enter(&self, connection: ConnectionId, socket: LiveSocket) {
        self.tables().entry(connection).or_default().sockets.push(socket);
    }

    /// The socket is no longer live; its task ends when it has worked off what came before.
    pub(crate) fn leave(&self, connection: ConnectionId, socket: &SocketId) {
        let mut tables = self.tables();
        let Some(table) = tables.get_mut(&connection) else { return };
        table.sockets.retain(|live| live.id != *socket);
        if table.sockets.is_empty() {
            tables.remove(&connection);
        }
    }

    /// As if every socket had left at once.
    pub(crate) fn leave_all(&self) {
        self.tables().clear();
    }

    /// Puts an event into the socket's inbox; `false` when it is full or the socket is gone.
    pub(crate) fn deliver(
        &self,
        connection: ConnectionId,
        socket: &SocketId,
        event: ClientEvent,
    ) -> bool {
        let tables = self.tables();
        let sockets = tables.get(&connection).map_or(&[][..], |table| &table.sockets);
        let live = sockets.iter().find(|live| live.id == *socket);
        live.is_some_and(|live| live.inbox.try_send(event).is_ok())
    }

    pub(crate) fn introduce(&self, connection: ConnectionId, id: &SocketId, said: Introduction) {
        let Introduction { fitness, features, version } = said;
        let mut tables = self.tables();
        let sockets = tables.get_mut(&connection).map(|table| table.sockets.iter_mut());
        if let Some(live) = sockets.into_iter().flatten().find(|live| live.id == *id) {
            (live.fitness, live.features, live.version) = (fitness, features, version);
        }
    }

    /// The fittest socket of the connection here; among equals the acting one, else the oldest. Our
    /// module at a GM who is not the active one passes commands by and tells nothing: it is none.
    pub(crate) fn candidate(&self, connection: ConnectionId) -> Option<TableSocket> {
        let tables = self.tables();
        let table = tables.get(&connection)?;
        let acts = |live: &LiveSocket| table.acting.as_ref().is_some_and(|a| a.socket == live.id);
        // `max_by_key` gives the last of equals, and the oldest stands first.
        let able = table.sockets.iter().rev().filter(|live| live.fitness != Fitness::OurModule);
        let best = able.max_by_key(|live| (live.fitness, acts(live)))?;
        Some(self.table_socket(best))
    }

    /// Notes the version of a client that does not introduce itself; whether it was not known.
    pub(crate) fn tell_version(
        &self,
        connection: ConnectionId,
        id: &SocketId,
        version: String,
    ) -> bool {
        let mut tables = self.tables();
        let sockets = tables.get_mut(&connection).map(|table| table.sockets.iter_mut());
        let live = sockets.into_iter().flatten().find(|live| live.id == *id);
        let Some(live) = live.filter(|live| live.version.as_ref() != Some(&version)) else {
            return false;
        };
        live.version = Some(version);
        true
    }

    fn table_socket(&self, live: &LiveSocket) -> TableSocket {
        TableSocket {
            node: self.node.clone(),
            socket: live.id.clone(),
            fitness: live.fitness,
            features: live.features.clone(),
        }
    }

    /// What is known of a live client here.
    pub(crate) fn client(&self, connection: ConnectionId, id: &SocketId) -> Option<TableClient> {
        let tables = self.tables();
        let sockets = &tables.get(&connection)?.sockets;
        let live = sockets.iter().find(|live| live.id == *id)?;
        Some(TableClient {
            connection_id: connection,
            socket: self.table_socket(live),
            version: live.version.clone(),
            connected_at: live.connected_at,
        })
    }

    /// Tells the clients of a world here whether everything is stopped, each once per change.
    pub(crate) fn tell_panic(&self, connection: ConnectionId, is_active: bool) {
        let untold: Vec<SocketRef> = {
            let mut tables = self.tables();
            let sockets = tables.get_mut(&connection).map(|table| table.sockets.iter_mut());
            let untold = sockets.into_iter().flatten().filter(|s| s.was_told_panic != is_active);
            untold
                .map(|live| {
                    live.was_told_panic = is_active;
                    live.socket.clone()
                })
                .collect()
        };
        for socket in untold {
            if socket.emit("panic", &json!({ "active": is_active })).is_err() {
                tracing::debug!(connection_id = %connection, "a socket left before the panic");
            }
        }
    }

    /// Notes who acts for the world. Answers of two elections may arrive in the other order: the
    /// earlier one must not make this node believe in a socket that is gone.
    pub(crate) fn set_acting(&self, connection: ConnectionId, acting: ActingSocket) {
        let mut tables = self.tables();
        let Some(table) = tables.get_mut(&connection) else { return };
        let age = |acting: &ActingSocket| (acting.epoch, acting.until);
        if table.acting.as_ref().is_none_or(|known| age(known) <= age(&acting)) {
            table.acting = Some(acting);
        }
    }

    /// Asks a client that acts and did not introduce itself to tell its characters, once: it tells
    /// them when it is loaded and not when it comes back, so what was lost meanwhile is known again.
    pub(crate) fn ask_to_tell(&self, connection: ConnectionId) {
        let Some(acting) = self.tables().get(&connection).and_then(|table| table.acting.clone())
        else {
            return;
        };
        let Some(live) = self.socket(connection, &acting.socket) else { return };
        if acting.remembers_commands || !self.may_ask(connection, &acting.socket) {
            return;
        }
        let body = json!({
            "requestId": Uuid::new_v4(),
            "timestamp": self.clock.now().as_millis(),
        });
        if live.emit("command:request_sync", &body).is_err() {
            tracing::debug!(connection_id = %connection, "a socket left before it was asked");
        }
    }

    /// Whether that socket was not asked yet, and no other one of its world a short while ago.
    fn may_ask(&self, connection: ConnectionId, socket: &SocketId) -> bool {
        let now = self.clock.now();
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let is_early = |(who, at): &(SocketId, Timestamp)| {
            who == socket || at.plus_seconds(TELL_PAUSE_SECONDS) > now
        };
        if asked.get(&connection).is_some_and(is_early) {
            return false;
        }
        asked.insert(connection, (socket.clone(), now));
        true
    }

    pub(crate) fn connections(&self) -> Vec<ConnectionId> {
        self.tables().keys().copied().collect()
    }

    pub(crate) fn all_sockets(&self) -> Vec<SocketRef> {
        let tables = self.tables();
        tables.values().flat_map(|t| &t.sockets).map(|live| live.socket.clone()).collect()
    }

    fn sockets_of(&self, connection: ConnectionId) -> Vec<SocketRef> {
        let tables = self.tables();
        let sockets = tables.get(&connection).map_or(&[][..], |table| &table.sockets);
        sockets.iter().map(|live| live.socket.clone()).collect()
    }

    fn socket(&self, connection: ConnectionId, id: &SocketId) -> Option<SocketRef> {
        let tables = self.tables();
        let sockets = &tables.get(&connection)?.sockets;
        sockets.iter().find(|live| live.id == *id).map(|live| live.socket.clone())
    }

    fn tables(&self) -> MutexGuard<'_, HashMap<ConnectionId, Table>> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
