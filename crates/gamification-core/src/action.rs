//! What happens at the table: an open registry of handlers, looked up by type.
//!
//! An action turns a goal into commands and, afterwards, their results into words. It is pure:
//! storing, sending, confirming and repeating are the execution tracker's work.

mod chance;
mod chat_message;
mod custom;
mod dice_invert;
mod effect;
mod monster;
mod spell;
mod stat_modify;
mod step;
mod treasure_drop;

pub use chat_message::ChatMessage;
pub use custom::CustomAction;
pub use dice_invert::DiceInvert;
pub use monster::MonsterAction;
pub use spell::SpellAction;
pub use stat_modify::StatModify;
pub use treasure_drop::TreasureDrop;

use crate::campaign::Character;
use crate::event::{HandlerConfig, HandlerSpec};
use crate::instance::{ExecutionReport, Instance};
use crate::ports::Random;
use crate::trigger::RegistryError;
use crate::validation::FieldError;
use crate::vtt::{Combat, PlannedCommand, VttCommand};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What an action cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Needs {
    /// A paired table.
    pub vtt_connection: bool,
    /// A roll with a deciding die.
    pub dice_roll: bool,
    /// A character of the streamer; group events cannot have one.
    pub character: bool,
    /// A running combat.
    pub combat: bool,
    /// A client that names this feature in its `hello`.
    pub client_feature: Option<&'static str>,
}

/// What is around a goal at its table, as far as its action's needs ask for it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Surroundings<'a> {
    /// Whom the goal is about: the streamer's assigned character, else the GM's active one.
    pub character: Option<&'a Character>,
    /// The combat that runs.
    pub combat: Option<&'a Combat>,
}

/// What an action plans with.
#[derive(Clone, Copy)]
pub struct ActionContext<'a> {
    /// The completed goal, with its cause.
    pub instance: &'a Instance,
    /// Who and what is there.
    pub surroundings: Surroundings<'a>,
    /// Chance.
    pub random: &'a dyn Random,
}

/// Why an action cannot be done. The goal fails and everybody is refunded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PlanError(pub String);

/// A kind of action.
pub trait ActionHandler: Send + Sync {
    /// The type under which events name it.
    fn kind(&self) -> &str;
    /// What it cannot do without.
    fn needs(&self) -> Needs;
    /// Checks a configuration when an event is saved. Fields are named relative to it.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    fn validate_config(&self, config: &HandlerConfig) -> Result<(), Vec<FieldError>>;
    /// What stands against it at this table now, beyond what its needs say: in plain words, one
    /// sentence each. It stops nobody; a goal that completes without what is missing fails and is
    /// refunded.
    fn pre_flight(&self, config: &HandlerConfig, surroundings: Surroundings<'_>) -> Vec<String> {
        let _ = (config, surroundings);
        Vec::new()
    }
    /// The steps that the table is asked for, in order; at least one of them required.
    ///
    /// # Errors
    /// When it cannot be done with this goal.
    fn plan(
        &self,
        config: &HandlerConfig,
        context: ActionContext<'_>,
    ) -> Result<Vec<PlannedCommand>, PlanError>;
    /// What happened, in words and numbers, once every required step has happened.
    fn report(
        &self,
        config: &HandlerConfig,
        instance: &Instance,
        steps: &[VttCommand],
    ) -> ExecutionReport;
}

/// The actions that exist.
#[derive(Clone, Default)]
pub struct ActionRegistry {
    handlers: BTreeMap<String, Arc<dyn ActionHandler>>,
}

impl ActionRegistry {
    /// The actions of this crate: `dice_invert`, `chat_message`, `stat_modify`, `spell_disable`,
    /// `spell_buff`, `spell_debuff`, `monster_buff`, `monster_debuff`, `treasure_drop`, `custom`.
    #[must_use]
    pub fn with_builtin() -> Self {
        let builtin: [Arc<dyn ActionHandler>; 10] = [
            Arc::new(DiceInvert),
            Arc::new(ChatMessage),
            Arc::new(StatModify),
            Arc::new(SpellAction::Disable),
            Arc::new(SpellAction::Buff),
            Arc::new(SpellAction::Debuff),
            Arc::new(MonsterAction::Buff),
            Arc::new(MonsterAction::Debuff),
            Arc::new(TreasureDrop),
            Arc::new(CustomAction),
        ];
        Self { handlers: builtin.map(|handler| (handler.kind().to_owned(), handler)).into() }
    }

    /// Adds a kind of action.
    ///
    /// # Errors
    /// [`RegistryError::Duplicate`] when its type is taken.
    pub fn register(&mut self, handler: Arc<dyn ActionHandler>) -> Result<(), RegistryError> {
        let kind = handler.kind().to_owned();
        if self.handlers.contains_key(&kind) {
            return Err(RegistryError::Duplicate(kind));
        }
        self.handlers.insert(kind, handler);
        Ok(())
    }

    /// The handler of a type.
    ///
    /// # Errors
    /// [`RegistryError::Unknown`].
    pub fn get(&self, kind: &str) -> Result<&dyn ActionHandler, RegistryError> {
        let handler = self.handlers.get(kind);
        handler.map(AsRef::as_ref).ok_or_else(|| RegistryError::Unknown(kind.to_owned()))
    }

    /// What the action of an event needs; nothing when its type is not registered (any more).
    #[must_use]
    pub fn needs(&self, spec: &HandlerSpec) -> Needs {
        self.get(&spec.kind).map(ActionHandler::needs).unwrap_or_default()
    }

    /// What the action of an event has against the table as it is; nothing when its type is not
    /// registered (any more).
    #[must_use]
    pub fn pre_flight(&self, spec: &HandlerSpec, surroundings: Surroundings<'_>) -> Vec<String> {
        let handler = self.get(&spec.kind);
        handler.map(|handler| handler.pre_flight(&spec.config, surroundings)).unwrap_or_default()
    }

    /// Plans the action of an event.
    ///
    /// # Errors
    /// When its type is unknown or it cannot be done with this goal.
    pub fn plan(
        &self,
        spec: &HandlerSpec,
        context: ActionContext<'_>,
    ) -> Result<Vec<PlannedCommand>, PlanError> {
        let handler = self.get(&spec.kind).map_err(|error| PlanError(error.to_string()))?;
        handler.plan(&spec.config, context)
    }

    /// The types that exist, in order.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.handlers.keys().map(String::as_str)
    }
}
