//! The GM starts the goal.

use super::{Evaluation, TriggerHandler, TriggerInput};
use crate::event::HandlerConfig;
use crate::validation::{FieldError, Fields};

/// `manual`: fires whenever the GM says so; what the GM gives along passes through. No
/// configuration.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manual;

impl TriggerHandler for Manual {
    fn kind(&self) -> &'static str {
        "manual"
    }

    fn validate_config(&self, config: &HandlerConfig) -> Result<(), Vec<FieldError>> {
        Fields::of(config).finish(())
    }

    fn evaluate(&self, _: &HandlerConfig, input: TriggerInput<'_>) -> Evaluation {
        match input {
            TriggerInput::Data(data) => Evaluation::Fires { data: data.clone(), once_key: None },
            TriggerInput::Critical(_) => Evaluation::silent("only the game master starts it"),
        }
    }
}
