//! What the tables are asked to do.

use crate::ids::{CampaignId, CommandId, ConnectionId, InstanceId, SocketId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What the table is asked to do; the payload is the wire's (5-vtt-protocol, commands).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedCommand {
    /// What kind of command.
    pub kind: CommandKind,
    /// Its payload without `requestId` and `timestamp`.
    pub payload: Value,
    /// Whether the whole execution fails when this step does.
    pub is_required: bool,
}

/// The commands of the wire that this service sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommandKind {
    /// A chat message.
    ChatMessage,
    /// Takes a chat message away.
    DeleteMessage,
    /// Rolls dice, optionally forcing one.
    RollDice,
    /// Changes an actor.
    ModifyActor,
    /// Seals, strengthens or weakens a spell.
    ApplySpellEffect,
    /// Takes the effect on a spell away.
    RemoveSpellEffect,
    /// Strengthens or weakens a monster.
    ApplyMonsterEffect,
    /// Takes the effect on a monster away.
    RemoveMonsterEffect,
    /// Takes every effect of ours away.
    CleanupAllEffects,
    /// Has the client tell its characters anew.
    RequestSync,
    /// Puts loot on the scene.
    TreasureDrop,
    /// A named hook.
    Custom,
    /// Takes an earlier command back.
    Undo,
}

impl CommandKind {
    /// The name on the wire, without `command:`.
    #[must_use]
    pub const fn wire_name(self) -> &'static str {
        match self {
            Self::ChatMessage => "chat_message",
            Self::DeleteMessage => "delete_message",
            Self::RollDice => "roll_dice",
            Self::ModifyActor => "modify_actor",
            Self::ApplySpellEffect => "apply_spell_effect",
            Self::RemoveSpellEffect => "remove_spell_effect",
            Self::ApplyMonsterEffect => "apply_monster_effect",
            Self::RemoveMonsterEffect => "remove_monster_effect",
            Self::CleanupAllEffects => "cleanup_all_effects",
            Self::RequestSync => "request_sync",
            Self::TreasureDrop => "treasure_drop",
            Self::Custom => "custom",
            Self::Undo => "undo",
        }
    }

    /// Whether there is something that takes it back.
    #[must_use]
    pub const fn has_inverse(self) -> bool {
        matches!(
            self,
            Self::ChatMessage
                | Self::DeleteMessage
                | Self::RollDice
                | Self::ModifyActor
                | Self::ApplySpellEffect
                | Self::ApplyMonsterEffect
                | Self::TreasureDrop
        )
    }

    /// The feature that a client has to name in its `hello` to understand it; none for the commands
    /// that the published module knows too.
    #[must_use]
    pub const fn feature(self) -> Option<&'static str> {
        match self {
            Self::TreasureDrop | Self::Custom | Self::Undo => Some(self.wire_name()),
            _ => None,
        }
    }
}

/// How far a command has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommandStatus {
    /// Stored, not handed over.
    Pending,
    /// Handed to a socket.
    Sent,
    /// The client said that it happened, or its result was seen at the table.
    Confirmed,
    /// Handed to a live socket of a client that confirms nothing, and no disconnect followed.
    Assumed,
    /// The client said that it did not happen.
    Failed,
    /// Handed over, but the socket was lost too soon to tell. Never sent again.
    Unknown,
    /// The deadline passed.
    Expired,
}

impl CommandStatus {
    /// Whether it counts as having happened.
    #[must_use]
    pub const fn has_happened(self) -> bool {
        matches!(self, Self::Confirmed | Self::Assumed)
    }

    /// Whether an answer can still change it.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Sent)
    }
}

/// Where a result says that the effect is over.
const ENDED: &str = "hasEnded";

/// One intended effect, stored before it is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct VttCommand {
    /// Our key and the `requestId` on the wire.
    pub id: CommandId,
    /// The goal whose execution it is part of; none for what a GM asks the table for directly.
    pub instance_id: Option<InstanceId>,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The world that is to act.
    pub connection_id: ConnectionId,
    /// Its place in the execution, from 0; steps are sent in this order.
    pub step: u32,
    /// What is asked.
    pub command: PlannedCommand,
    /// How far it has got.
    pub status: CommandStatus,
    /// How often it was handed over.
    pub attempts: u32,
    /// When it was last handed over.
    pub sent_at: Option<Timestamp>,
    /// To which socket.
    pub socket: Option<SocketId>,
    /// Whether the client that it was handed to remembers command ids, so that it may be sent
    /// again.
    pub is_repeatable: bool,
    /// When silence turns into [`CommandStatus::Assumed`]; only for clients that confirm nothing.
    pub assume_at: Option<Timestamp>,
    /// After this nothing is sent.
    pub deadline: Timestamp,
    /// What the client answered.
    pub result: Option<Value>,
    /// The earlier command that it takes back.
    pub undoes: Option<CommandId>,
}

impl VttCommand {
    /// A command that was not handed to anybody yet.
    #[must_use]
    pub const fn new(
        id: CommandId,
        campaign_id: CampaignId,
        connection_id: ConnectionId,
        command: PlannedCommand,
        deadline: Timestamp,
    ) -> Self {
        Self {
            id,
            instance_id: None,
            campaign_id,
            connection_id,
            step: 0,
            command,
            status: CommandStatus::Pending,
            attempts: 0,
            sent_at: None,
            socket: None,
            is_repeatable: false,
            assume_at: None,
            deadline,
            result: None,
            undoes: None,
        }
    }

    /// Notes that the lasting effect which it brought is over.
    pub fn note_end(&mut self) {
        let told = self.result.get_or_insert_with(|| json!({}));
        if let Some(told) = told.as_object_mut() {
            told.insert(ENDED.to_owned(), Value::Bool(true));
        }
    }

    /// Whether the table said that the lasting effect which it brought is over.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        let ended = self.result.as_ref().and_then(|result| result.get(ENDED));
        ended.and_then(Value::as_bool) == Some(true)
    }

    /// Whether the table said that it happened after it had been given up.
    #[must_use]
    pub fn was_confirmed_late(&self) -> bool {
        let is_given_up = matches!(self.status, CommandStatus::Expired | CommandStatus::Unknown);
        let said = self.result.as_ref().and_then(|result| result.get("ok"));
        is_given_up && said.and_then(Value::as_bool) == Some(true)
    }
}

/// What the table did with a command.
#[derive(Debug, Clone, PartialEq)]
pub struct CommandResult {
    /// Which command.
    pub command_id: CommandId,
    /// Whether it happened.
    pub outcome: Result<Value, String>,
}
