use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How a table behaves.
#[derive(Debug, Clone)]
pub struct Script {
    /// Which client it plays.
    pub client: Client,
    /// What it does with commands.
    pub commands: Commands,
    /// The game system's id.
    pub system: String,
}

/// Which client a table plays.
#[derive(Debug, Clone)]
pub enum Client {
    /// The published module: it says no hello, confirms nothing and remembers nothing; a roll that
    /// it was told to make appears at the table like every roll.
    Published,
    /// Our module: it says hello, remembers what it was asked, and answers each command.
    OurModule {
        /// Whether its GM is the active one.
        is_active_gm: bool,
        /// What it remembers; share it to play the same world after a reload.
        memory: CommandMemory,
    },
}

impl Client {
    pub(crate) const fn is_published(&self) -> bool {
        matches!(self, Self::Published)
    }
}

/// What a table does with commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Commands {
    /// Acts on them.
    Obey,
    /// Neither acts nor answers.
    Ignore,
    /// Does not act; our module answers with this error.
    Fail(String),
    /// Acts on all but the commands of one name; our module answers those with an error.
    FailOne {
        /// The name without `command:`.
        name: String,
        /// The answer.
        error: String,
    },
}

impl Script {
    /// The published module at a dnd5e table, obeying.
    #[must_use]
    pub fn published() -> Self {
        Self { client: Client::Published, commands: Commands::Obey, system: "dnd5e".to_owned() }
    }

    /// Our module at the active GM of a dnd5e table, obeying, with an empty memory.
    #[must_use]
    pub fn our_module() -> Self {
        let client = Client::OurModule { is_active_gm: true, memory: CommandMemory::default() };
        Self { client, ..Self::published() }
    }

    /// The same, doing that with commands.
    #[must_use]
    pub fn with_commands(self, commands: Commands) -> Self {
        Self { commands, ..self }
    }

    /// The same at a table of that system.
    #[must_use]
    pub fn with_system(self, system: &str) -> Self {
        Self { system: system.to_owned(), ..self }
    }
}

/// The answers that our module gave, by request. Clones share it, as browsers share a world
/// setting.
#[derive(Debug, Clone, Default)]
pub struct CommandMemory {
    answers: Arc<Mutex<HashMap<String, Value>>>,
}

impl CommandMemory {
    pub(crate) fn answer_to(&self, request: &str) -> Option<Value> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).get(request).cloned()
    }

    pub(crate) fn remember(&self, request: String, answer: Value) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).insert(request, answer);
    }
}

/// A command that a table acted on.
#[derive(Debug, Clone, PartialEq)]
pub struct PerformedCommand {
    /// Its name without `command:`.
    pub name: String,
    /// What it carried.
    pub body: Value,
}
