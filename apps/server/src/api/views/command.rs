//! What the table was asked to do, as the API shows it.

use super::super::types::Moment;
use super::names::names;
use gamification_core::vtt::{CommandKind, CommandStatus, VttCommand};
use poem_openapi::Object;
use serde_json::Value;
use uuid::Uuid;

/// What the table is asked to do: a step of a goal's execution, or what a game master asks for.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Command", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(in crate::api) struct CommandView {
    /// Its key, and its `requestId` at the table.
    id: Uuid,
    /// The goal whose execution it is part of; absent when the game master asked for it directly.
    instance_id: Option<Uuid>,
    /// Its place in the execution, from 0.
    step: u32,
    /// What is asked.
    kind: CommandKindName,
    /// With which values.
    payload: Value,
    /// Whether the whole execution fails when this step does.
    is_required: bool,
    /// How far it has got.
    status: CommandStatusName,
    /// How often it was handed over.
    attempts: u32,
    /// When it was last handed over.
    sent_at: Option<Moment>,
    /// After this nothing is sent.
    deadline: Moment,
    /// What the client answered.
    result: Option<Value>,
    /// Whether the table said that it happened after it had been given up. Points that were returned
    /// stay returned; the effect can be undone.
    was_confirmed_late: bool,
    /// Whether there is something that takes such a command back.
    has_inverse: bool,
    /// The earlier command that it takes back.
    undoes: Option<Uuid>,
}

impl From<VttCommand> for CommandView {
    fn from(command: VttCommand) -> Self {
        Self {
            was_confirmed_late: command.was_confirmed_late(),
            has_inverse: command.command.kind.has_inverse(),
            instance_id: command.instance_id.map(|id| id.0),
            undoes: command.undoes.map(|id| id.0),
            id: command.id.0,
            step: command.step,
            kind: command.command.kind.into(),
            payload: command.command.payload,
            is_required: command.command.is_required,
            status: command.status.into(),
            attempts: command.attempts,
            sent_at: command.sent_at.map(Into::into),
            deadline: command.deadline.into(),
            result: command.result,
        }
    }
}

names! {
    /// What the table is asked to do.
    CommandKindName as "CommandKind" = CommandKind {
        /// Write a chat message.
        ChatMessage,
        /// Take a chat message away.
        DeleteMessage,
        /// Roll dice.
        RollDice,
        /// Change an actor.
        ModifyActor,
        /// Seal, strengthen or weaken a spell.
        ApplySpellEffect,
        /// Take the effect on a spell away.
        RemoveSpellEffect,
        /// Strengthen or weaken a monster.
        ApplyMonsterEffect,
        /// Take the effect on a monster away.
        RemoveMonsterEffect,
        /// Take every effect away.
        CleanupAllEffects,
        /// Tell the characters anew.
        RequestSync,
        /// Put loot on the scene.
        TreasureDrop,
        /// Call a named hook.
        Custom,
        /// Take an earlier command back.
        Undo,
    }
}

names! {
    /// How far a command has got.
    CommandStatusName as "CommandStatus" = CommandStatus {
        /// Not handed over yet.
        Pending,
        /// Handed over.
        Sent,
        /// The table said that it happened, or its result was seen there.
        Confirmed,
        /// Handed to a client that confirms nothing, and no disconnect followed.
        Assumed,
        /// The table said that it did not happen.
        Failed,
        /// Handed over, but nobody can tell what came of it.
        Unknown,
        /// Its deadline passed.
        Expired,
    }
}
