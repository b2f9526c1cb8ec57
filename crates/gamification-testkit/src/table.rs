use crate::locked;
use async_trait::async_trait;
use gamification_core::ids::{CommandId, ConnectionId, SocketId};
use gamification_core::ports::{SendOutcome, VttCommands};
use gamification_core::time::Timestamp;
use gamification_core::vtt::{ActingSocket, VttCommand};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

/// A command that was written to a socket.
#[derive(Debug, Clone, PartialEq)]
pub struct SentCommand {
    /// To which socket.
    pub socket: SocketId,
    /// What was asked, as it was at that moment.
    pub command: VttCommand,
    /// Whether the client acted on it: not when it remembered that it had acted before.
    pub was_performed: bool,
}

/// Tables whose clients are connected or not, and act on what they are sent.
#[derive(Debug, Default)]
pub struct FakeTable {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    acting: BTreeMap<ConnectionId, ActingSocket>,
    remembered: BTreeSet<CommandId>,
    sent: Vec<SentCommand>,
    refused_sends: u32,
}

impl FakeTable {
    /// That socket acts for the world from now on; another one that did has lost its connection.
    pub fn connect(&self, connection: ConnectionId, socket: &str, remembers_commands: bool) {
        let client = ActingSocket {
            node: "node".to_owned(),
            socket: socket.into(),
            epoch: 1,
            remembers_commands,
            features: features(remembers_commands),
            until: Timestamp::from_micros(i64::MAX),
        };
        locked(&self.state).acting.insert(connection, client);
    }

    /// Nobody acts for the world any more.
    pub fn disconnect(&self, connection: ConnectionId) {
        locked(&self.state).acting.remove(&connection);
    }

    /// The next `sends` commands find no socket although one seemed to be there.
    pub fn refuse_next_sends(&self, sends: u32) {
        locked(&self.state).refused_sends = sends;
    }

    /// Everything that was written to a socket, in order.
    #[must_use]
    pub fn sent(&self) -> Vec<SentCommand> {
        locked(&self.state).sent.clone()
    }

    /// How often the effect of that command happened at a table.
    #[must_use]
    pub fn performed_count(&self, command: CommandId) -> usize {
        let state = locked(&self.state);
        state.sent.iter().filter(|s| s.was_performed && s.command.id == command).count()
    }
}

/// What our module can do beyond the published one's commands.
#[must_use]
pub fn features(is_our_module: bool) -> Vec<String> {
    let features: &[&str] = if is_our_module { &["treasure_drop", "custom", "undo"] } else { &[] };
    features.iter().map(|feature| (*feature).to_owned()).collect()
}

#[async_trait]
impl VttCommands for FakeTable {
    async fn acting_client(&self, connection: ConnectionId) -> Option<ActingSocket> {
        locked(&self.state).acting.get(&connection).cloned()
    }

    async fn send(&self, command: &VttCommand, socket: &SocketId) -> SendOutcome {
        let mut state = locked(&self.state);
        let acting = state.acting.get(&command.connection_id).filter(|c| c.socket == *socket);
        let Some(remembers) = acting.map(|client| client.remembers_commands) else {
            return SendOutcome::NotConnected;
        };
        if state.refused_sends > 0 {
            state.refused_sends -= 1;
            return SendOutcome::NotConnected;
        }
        let was_performed = !remembers || state.remembered.insert(command.id);
        let sent = SentCommand { socket: socket.clone(), command: command.clone(), was_performed };
        state.sent.push(sent);
        SendOutcome::Sent
    }

    async fn is_live(&self, connection: ConnectionId, socket: &SocketId) -> bool {
        locked(&self.state).acting.get(&connection).is_some_and(|c| c.socket == *socket)
    }
}
