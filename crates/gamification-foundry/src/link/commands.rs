//! The way of commands out of this node.

use super::FoundryLink;
use async_trait::async_trait;
use gamification_core::ids::{ConnectionId, SocketId};
use gamification_core::ports::{SendOutcome, VttCommands};
use gamification_core::vtt::{ActingSocket, VttCommand};
use serde_json::json;

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
