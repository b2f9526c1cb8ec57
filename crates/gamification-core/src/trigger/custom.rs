//! Another program opens the goal.

use super::{Evaluation, TriggerHandler, TriggerInput};
use crate::event::HandlerConfig;
use crate::validation::{FieldError, Fields};

/// `custom`: fires when it is fed anything but `null`. Its `customRules` are free JSON for the
/// program that feeds it; nothing here reads them.
#[derive(Debug, Clone, Copy, Default)]
pub struct CustomTrigger;

impl TriggerHandler for CustomTrigger {
    fn kind(&self) -> &'static str {
        "custom"
    }

    fn validate_config(&self, config: &HandlerConfig) -> Result<(), Vec<FieldError>> {
        let mut fields = Fields::of(config);
        fields.json("customRules");
        fields.finish(())
    }

    fn evaluate(&self, _: &HandlerConfig, input: TriggerInput<'_>) -> Evaluation {
        match input {
            TriggerInput::Data(data) if data.is_null() => Evaluation::silent("there is no data"),
            TriggerInput::Data(data) => Evaluation::Fires { data: data.clone(), once_key: None },
            TriggerInput::Critical(_) => Evaluation::silent("a roll does not open it"),
        }
    }
}
