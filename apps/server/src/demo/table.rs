//! The table: a Foundry world that follows a script, paired as a game master pairs one.

use super::StoryError;
use super::cast::Channel;
use super::door::Door;
use crate::practice_table::world::{SYSTEM, World, character};
use scripted_table::{Commands, Script, ScriptedTable, roll_message};
use serde_json::Value;
use std::time::Duration;

/// What the table cannot do: change an actor that is not there.
const ABSENT_ACTOR_ERROR: &str = "there is no such actor in this world";
const WORLD: World<'_> = World { id: "demo-world", name: "The Back Room" };

/// A connected table.
pub(super) struct Table {
    socket: ScriptedTable,
    messages: u32,
}

/// What became of asking to be paired.
pub(super) struct PairingCode(pub(super) String);

impl Table {
    /// A world asks for a code.
    pub(super) async fn ask(server: &Door) -> Result<PairingCode, StoryError> {
        Ok(PairingCode(WORLD.ask(server).await?))
    }

    /// The world fetches its tokens, once its code was claimed, and connects.
    pub(super) async fn sit_down(
        server: &Door,
        base: &str,
        code: &PairingCode,
    ) -> Result<Self, StoryError> {
        let token = WORLD.session_token(server, &code.0).await?;
        let (name, error) = ("modify_actor".to_owned(), ABSENT_ACTOR_ERROR.to_owned());
        let script = Script::our_module()
            .with_system(SYSTEM)
            .with_commands(Commands::FailOne { name, error });
        let socket = ScriptedTable::connect(base, &token, script).await?;
        Ok(Self { socket, messages: 0 })
    }

    /// Tells the server of a player's character.
    pub(super) async fn introduce(&mut self, channel: &Channel) -> Result<(), StoryError> {
        let character = character(channel.actor, channel.hero, &[]);
        self.socket.emit("character:update", character)?;
        let ack = self.socket.next_named("character:update:ack", Duration::from_secs(5)).await?;
        accepted(&ack)
    }

    /// Somebody rolls a d20 and it shows that.
    pub(super) async fn roll(
        &mut self,
        channel: &Channel,
        shows: i64,
        bonus: i64,
    ) -> Result<(), StoryError> {
        self.messages += 1;
        let message = format!("demo-message-{}", self.messages);
        let who = (channel.actor, channel.hero);
        let roll = roll_message(&message, who, SYSTEM, (20, shows), bonus);
        accepted(&self.socket.roll(roll).await?)
    }

    /// The names of the commands that it has carried out since it was counted like that.
    pub(super) fn carried_out_since(&self, before: usize) -> Vec<String> {
        let performed = self.socket.performed();
        performed.into_iter().skip(before).map(|command| command.name).collect()
    }

    /// How many commands it has carried out.
    pub(super) fn carried_out(&self) -> usize {
        self.socket.performed().len()
    }
}

fn accepted(ack: &Value) -> Result<(), StoryError> {
    if ack["success"] == true {
        return Ok(());
    }
    Err(StoryError::Unexpected(format!("the server did not take what the table said: {ack}")))
}
