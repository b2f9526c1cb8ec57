//! What one client says, and what it is answered.

use super::desk::{CHARACTER_UPDATE, Desk};
use super::updates::CharacterUpdate;
use crate::link::{ClientEvent, Introduction};
use crate::wire::{
    MessageRolls, WireError, parse_command_result, parse_hello, parse_panic, parse_pong_version,
    parse_roll,
};
use gamification_core::ids::{ConnectionId, SocketId};
use gamification_core::service::{Fitness, IncomingRoll, ServiceError};
use gamification_core::vtt::ClientKind;
use serde_json::{Value, json};
use socketioxide::extract::SocketRef;
use std::sync::Arc;

/// One socket and what is remembered of it.
pub(super) struct Conversation {
    pub(super) desk: Arc<Desk>,
    pub(super) connection: ConnectionId,
    pub(super) id: SocketId,
    socket: SocketRef,
    rolls: MessageRolls,
    /// Which program it is, as far as it has said.
    pub(super) client: ClientKind,
}

/// Why an event was not taken; the text goes to the client.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotTaken {
    #[error("the event is not JSON that can be read")]
    NotJson,
    #[error(transparent)]
    Wire(#[from] WireError),
    #[error("the server could not store it, send it again later")]
    Store,
    #[error("{0}")]
    Service(ServiceError),
}

impl From<ServiceError> for NotTaken {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Store(error) => {
                tracing::error!(%error, "a table's event was not stored");
                Self::Store
            }
            error => Self::Service(error),
        }
    }
}

impl Conversation {
    pub(super) fn new(
        desk: Arc<Desk>,
        connection: ConnectionId,
        id: SocketId,
        socket: SocketRef,
    ) -> Self {
        let (rolls, client) = (MessageRolls::default(), ClientKind::Published);
        Self { desk, connection, id, socket, rolls, client }
    }

    /// Works off one event; those of the published module are answered by `<name>:ack`.
    pub(super) async fn take(&mut self, event: ClientEvent) {
        let ClientEvent { name, body } = event;
        let outcome = match body {
            Some(body) => self.act(name, &body).await,
            None => Err(NotTaken::NotJson),
        };
        self.answer(name, outcome);
    }

    /// Stores what was told of a character.
    pub(super) async fn take_character(&self, update: CharacterUpdate) {
        let stored = self.store_character(update).await;
        self.answer(CHARACTER_UPDATE, stored.map(|()| json!({ "success": true })));
    }

    fn answer(&self, name: &'static str, outcome: Result<Value, NotTaken>) {
        if let Err(reason) = &outcome {
            let (connection, socket) = (self.connection, &self.id);
            tracing::warn!(connection_id = %connection, %socket, event = name, %reason, "refused");
        }
        if matches!(name, "hello" | "pong" | "command:result") {
            return;
        }
        let ack = match outcome {
            Ok(ack) => ack,
            Err(reason) => json!({ "success": false, "error": reason.to_string() }),
        };
        if self.socket.emit(format!("{name}:ack"), &ack).is_err() {
            tracing::debug!(socket = %self.id, event = name, "a socket left before its answer");
        }
    }

    async fn act(&mut self, name: &'static str, body: &Value) -> Result<Value, NotTaken> {
        match name {
            "dice:roll" => return self.roll(body).await,
            "hello" => self.hello(body).await?,
            "pong" => {
                let version = parse_pong_version(body);
                if version
                    .is_some_and(|v| self.desk.link.tell_version(self.connection, &self.id, v))
                {
                    self.desk.note_client(self.connection, &self.id).await;
                }
            }
            "panic" => {
                let is_active = parse_panic(body)?;
                self.desk.game.table_panic(self.connection, is_active).await?;
            }
            "command:result" => {
                let result = parse_command_result(body)?;
                self.desk.game.command_result(self.connection, &self.id, result).await?;
            }
            event => self.hear(event, body).await?,
        }
        Ok(json!({ "success": true }))
    }

    async fn roll(&mut self, body: &Value) -> Result<Value, NotTaken> {
        let roll = parse_roll(body)?;
        let index = match roll.index {
            Some(index) => index,
            None => self.rolls.index(&roll.message_id, body),
        };
        let receipt = self
            .desk
            .game
            .record_roll(IncomingRoll {
                connection_id: self.connection,
                message_id: roll.message_id,
                index,
                actor_id: roll.actor_id,
                character_name: roll.character_name,
                input: roll.input,
                result: roll.result,
                is_hidden: roll.is_hidden,
                flavor: roll.flavor,
                command_id: roll.command_id,
            })
            .await?;
        Ok(json!({
            "success": true,
            "rollId": receipt.roll_id,
            "pendingAttribution": receipt.pending_attribution,
        }))
    }

    async fn hello(&mut self, body: &Value) -> Result<(), NotTaken> {
        let hello = parse_hello(body)?;
        let fitness = if hello.is_active_gm { Fitness::ActiveGm } else { Fitness::OurModule };
        tracing::info!(
            connection_id = %self.connection, socket = %self.id,
            version = hello.version, features = ?hello.features, ?fitness,
            "our module said hello"
        );
        self.client = ClientKind::OurModule;
        let version = Some(hello.version).filter(|version| !version.is_empty());
        let said = Introduction { fitness, features: hello.features, version };
        self.desk.link.introduce(self.connection, &self.id, said);
        if fitness == Fitness::OurModule {
            // It passes commands by from now on, and gives up what it may have held.
            self.desk.game.table_left(self.connection, &self.id).await?;
        }
        self.desk.note_client(self.connection, &self.id).await;
        self.desk.claim(self.connection).await;
        Ok(())
    }
}
