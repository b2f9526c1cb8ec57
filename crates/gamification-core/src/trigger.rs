//! What may open a goal besides a viewer's click: an open registry of handlers, looked up by type.

mod custom;
mod dice_critical;
mod manual;
mod poll_vote;

pub use custom::CustomTrigger;
pub use dice_critical::DiceCritical;
pub use manual::Manual;
pub use poll_vote::PollVote;

use crate::event::{HandlerConfig, HandlerSpec};
use crate::validation::FieldError;
use crate::vtt::GoalRoll;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a trigger is asked about.
#[derive(Debug, Clone, Copy)]
pub enum TriggerInput<'a> {
    /// A critical roll was seen at the table.
    Critical(&'a GoalRoll),
    /// Somebody fed data through the API: the GM, a poll, another program.
    Data(&'a Value),
}

/// What a trigger answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Evaluation {
    /// A goal may open.
    Fires {
        /// Passed on to the action.
        data: Value,
        /// When set, the trigger fires once per event and key (a poll's id, for example).
        once_key: Option<String>,
    },
    /// It does not fire.
    Silent {
        /// Why, for the GM: `19 < 20`.
        reason: String,
    },
}

impl Evaluation {
    /// It does not fire.
    pub fn silent(reason: impl Into<String>) -> Self {
        Self::Silent { reason: reason.into() }
    }
}

/// A kind of trigger. Handlers are pure: the same question has the same answer.
pub trait TriggerHandler: Send + Sync {
    /// The type under which events name it.
    fn kind(&self) -> &str;
    /// Checks a configuration when an event is saved, not when viewers have paid. Fields are named
    /// relative to the configuration.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    fn validate_config(&self, config: &HandlerConfig) -> Result<(), Vec<FieldError>>;
    /// Whether the input opens a goal of an event with that configuration.
    fn evaluate(&self, config: &HandlerConfig, input: TriggerInput<'_>) -> Evaluation;
}

/// A type that is taken, or unknown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// Two handlers want the same type.
    #[error("the type {0} is registered already")]
    Duplicate(String),
    /// No handler has that type.
    #[error("the type {0} is not known")]
    Unknown(String),
}

/// The triggers that exist.
#[derive(Clone, Default)]
pub struct TriggerRegistry {
    handlers: BTreeMap<String, Arc<dyn TriggerHandler>>,
}

impl TriggerRegistry {
    /// The triggers of this crate: `dice_critical`, `manual`, `custom`, `poll_vote`.
    #[must_use]
    pub fn with_builtin() -> Self {
        let builtin: [Arc<dyn TriggerHandler>; 4] =
            [Arc::new(DiceCritical), Arc::new(Manual), Arc::new(CustomTrigger), Arc::new(PollVote)];
        Self { handlers: builtin.map(|handler| (handler.kind().to_owned(), handler)).into() }
    }

    /// Adds a kind of trigger.
    ///
    /// # Errors
    /// [`RegistryError::Duplicate`] when its type is taken.
    pub fn register(&mut self, handler: Arc<dyn TriggerHandler>) -> Result<(), RegistryError> {
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
    pub fn get(&self, kind: &str) -> Result<&dyn TriggerHandler, RegistryError> {
        let handler = self.handlers.get(kind);
        handler.map(AsRef::as_ref).ok_or_else(|| RegistryError::Unknown(kind.to_owned()))
    }

    /// Asks the trigger of an event. An event whose type is not registered (any more) stays silent.
    #[must_use]
    pub fn evaluate(&self, spec: &HandlerSpec, input: TriggerInput<'_>) -> Evaluation {
        match self.get(&spec.kind) {
            Ok(handler) => handler.evaluate(&spec.config, input),
            Err(error) => Evaluation::Silent { reason: error.to_string() },
        }
    }

    /// The types that exist, in order.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.handlers.keys().map(String::as_str)
    }
}
