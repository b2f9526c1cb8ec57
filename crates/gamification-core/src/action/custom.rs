//! A hook of the table's own modules.

use super::step::{required, unusable};
use super::{ActionContext, ActionHandler, Needs, PlanError};
use crate::event::HandlerConfig;
use crate::instance::{ExecutionReport, Instance};
use crate::validation::{FieldError, Fields};
use crate::vtt::{CommandKind, PlannedCommand, VttCommand};
use serde_json::{Value, json};

/// Characters of a hook's name.
const NAME_CHARS: std::ops::RangeInclusive<usize> = 1..=64;

/// `custom`: calls the hook `customActions.name` (`^[a-z0-9_.-]{1,64}$`) at the table with the free
/// JSON `customActions.data`. Data, never code: what it does is up to a module that listens there.
#[derive(Debug, Clone, Copy, Default)]
pub struct CustomAction;

struct Hook<'a> {
    name: &'a str,
    data: Option<&'a Value>,
}

fn hook(config: &HandlerConfig) -> Result<Hook<'_>, Vec<FieldError>> {
    let mut fields = Fields::of(config);
    fields.require("customActions");
    let hook = fields.object("customActions", |fields| {
        fields.require("name");
        let name = fields.text("name", NAME_CHARS).unwrap_or_default();
        if !name.bytes().all(is_name_byte) {
            fields.refuse("name", "must consist of a-z, 0-9, _, . and -");
        }
        Hook { name, data: fields.json("data") }
    });
    fields.finish(hook.unwrap_or(Hook { name: "", data: None }))
}

const fn is_name_byte(b: u8) -> bool {
    matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b'-')
}

impl ActionHandler for CustomAction {
    fn kind(&self) -> &'static str {
        "custom"
    }

    fn needs(&self) -> Needs {
        Needs {
            vtt_connection: true,
            client_feature: CommandKind::Custom.feature(),
            ..Needs::default()
        }
    }

    fn validate_config(&self, config: &HandlerConfig) -> Result<(), Vec<FieldError>> {
        hook(config).map(|_| ())
    }

    fn plan(
        &self,
        config: &HandlerConfig,
        _: ActionContext<'_>,
    ) -> Result<Vec<PlannedCommand>, PlanError> {
        let Hook { name, data } = hook(config).map_err(unusable)?;
        Ok(vec![required(CommandKind::Custom, json!({ "name": name, "data": data }))])
    }

    fn report(&self, config: &HandlerConfig, _: &Instance, _: &[VttCommand]) -> ExecutionReport {
        let message = hook(config).ok().map(|hook| format!("{} was called", hook.name));
        ExecutionReport { message, ..ExecutionReport::default() }
    }
}
