//! The live sockets of this node, and the commands that go out through them.

use async_trait::async_trait;
use gamification_core::ids::{ConnectionId, SocketId};
use gamification_core::ports::{Clock, SendOutcome, VttCommands};
use gamification_core::service::{Fitness, TableSocket};
use gamification_core::vtt::{ActingSocket, VttCommand};
use serde_json::{Value, json};
use socketioxide::extract::SocketRef;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc;

/// Knows every socket that is connected to this node, and which one acts for its world.
///
/// It is made first, because the rules send their commands through it; the sockets come with
/// [`TableServer`](crate::TableServer).
pub struct FoundryLink {
    node: String,
    clock: Arc<dyn Clock>,
    tables: Mutex<HashMap<ConnectionId, Table>>,
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
        Arc::new(Self { node: node.into(), clock, tables: Mutex::default() })
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

    pub(crate) fn introduce(
        &self,
        connection: ConnectionId,
        id: &SocketId,
        fitness: Fitness,
        features: Vec<String>,
    ) {
        let mut tables = self.tables();
        let sockets = tables.get_mut(&connection).map(|table| table.sockets.iter_mut());
        if let Some(live) = sockets.into_iter().flatten().find(|live| live.id == *id) {
            (live.fitness, live.features) = (fitness, features);
        }
    }

    /// The fittest socket of the connection here; among equals the acting one, else the oldest.
    pub(crate) fn candidate(&self, connection: ConnectionId) -> Option<TableSocket> {
        let tables = self.tables();
        let table = tables.get(&connection)?;
        let acts = |live: &LiveSocket| table.acting.as_ref().is_some_and(|a| a.socket == live.id);
        // `max_by_key` gives the last of equals, and the oldest stands first.
        let best = table.sockets.iter().rev().max_by_key(|live| (live.fitness, acts(live)))?;
        Some(TableSocket {
            node: self.node.clone(),
            socket: best.id.clone(),
            fitness: best.fitness,
            features: best.features.clone(),
        })
    }

    pub(crate) fn set_acting(&self, connection: ConnectionId, acting: ActingSocket) {
        if let Some(table) = self.tables().get_mut(&connection) {
            table.acting = Some(acting);
        }
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

#[async_trait]
impl VttCommands for FoundryLink {
    async fn acting_client(&self, connection: ConnectionId) -> Option<ActingSocket> {
        let now = self.clock.now();
        let acting = self.tables().get(&connection)?.acting.clone()?;
        let is_here = self.is_live(connection, &acting.socket).await;
        (is_here && acting.until > now).then_some(acting)
    }

    async fn send(&self, command: &VttCommand, socket: &SocketId) -> SendOutcome {
        let now = self.clock.now();
        let expires_in_seconds = now.seconds_until(command.deadline);
        let Some(live) = self.socket(command.connection_id, socket) else {
            return SendOutcome::NotConnected;
        };
        if expires_in_seconds == 0 {
            return SendOutcome::NotConnected;
        }
        let mut body = command.command.payload.as_object().cloned().unwrap_or_default();
        body.insert("requestId".to_owned(), json!(command.id));
        body.insert("timestamp".to_owned(), json!(now.as_millis()));
        body.insert("expiresInSeconds".to_owned(), json!(expires_in_seconds));
        let kind = command.command.kind.wire_name();
        match live.emit(format!("command:{kind}"), &body) {
            Ok(()) => {
                tracing::info!(command_id = %command.id, socket = %socket, kind, "command sent");
                SendOutcome::Sent
            }
            Err(error) => {
                tracing::warn!(command_id = %command.id, socket = %socket, %error, "not sent");
                SendOutcome::NotConnected
            }
        }
    }

    async fn is_live(&self, connection: ConnectionId, socket: &SocketId) -> bool {
        self.socket(connection, socket).is_some_and(|live| live.connected())
    }
}
