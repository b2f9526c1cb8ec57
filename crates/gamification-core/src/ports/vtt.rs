//! The table.

use crate::ids::{ConnectionId, SocketId};
use crate::vtt::{ActingSocket, VttCommand};
use async_trait::async_trait;

/// Whether a command was handed over. It says nothing about the effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendOutcome {
    /// Written to that socket.
    Sent,
    /// Certainly not written to any socket.
    NotConnected,
}

/// Hands commands to the one acting client of a world. Results come back through
/// [`Gamification::command_result`](crate::service::Gamification::command_result).
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait VttCommands: Send + Sync {
    /// Who acts for the world, if that client is connected to this node.
    async fn acting_client(&self, connection: ConnectionId) -> Option<ActingSocket>;
    /// Writes the command to that socket, once.
    async fn send(&self, command: &VttCommand, socket: &SocketId) -> SendOutcome;
    /// Whether that socket is still connected to this node without an interruption.
    async fn is_live(&self, connection: ConnectionId, socket: &SocketId) -> bool;
}
