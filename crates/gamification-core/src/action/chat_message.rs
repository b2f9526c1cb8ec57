//! A line in the table's chat.

use super::step::{required, unusable};
use super::{ActionContext, ActionHandler, Needs, PlanError};
use crate::event::HandlerConfig;
use crate::instance::{ExecutionReport, Instance};
use crate::text::escape_html;
use crate::validation::limits::{CHAT_CONTENT_CHARS, VTT_ID_CHARS};
use crate::validation::{FieldError, Fields};
use crate::vtt::{CommandKind, PlannedCommand, VttCommand};
use serde_json::{Value, json};

/// Characters of the name under which a message appears.
const ALIAS_CHARS: std::ops::RangeInclusive<usize> = 1..=100;

/// `chat_message`: says its `content` (a text, never HTML) in the chat, as `speaker` when there is
/// one: `{alias}` or `{actorId}`.
#[derive(Debug, Clone, Copy, Default)]
pub struct ChatMessage;

struct Message<'a> {
    content: &'a str,
    speaker: Option<Value>,
}

fn message(config: &HandlerConfig) -> Result<Message<'_>, Vec<FieldError>> {
    let mut fields = Fields::of(config);
    fields.require("content");
    let content = fields.text("content", CHAT_CONTENT_CHARS).unwrap_or_default();
    if !content.is_empty() && content.trim().is_empty() {
        fields.refuse("content", "must not be blank");
    }
    let speaker = fields.object("speaker", speaker);
    fields.finish(Message { content, speaker })
}

fn speaker(fields: &mut Fields<'_>) -> Value {
    let alias = fields.text("alias", ALIAS_CHARS);
    let actor_id = fields.text("actorId", VTT_ID_CHARS);
    // The VTT shows it outside of what we escape.
    if alias.is_some_and(|alias| alias.contains(['<', '>'])) {
        fields.refuse("alias", "must not contain < or >");
    }
    match (alias, actor_id) {
        (Some(alias), None) => json!({ "alias": alias }),
        (None, Some(actor_id)) => json!({ "actorId": actor_id }),
        (Some(_), Some(_)) => {
            fields.refuse("alias", "must not be given together with actorId");
            Value::Null
        }
        (None, None) => {
            fields.refuse("alias", "or actorId must be given");
            Value::Null
        }
    }
}

impl ActionHandler for ChatMessage {
    fn kind(&self) -> &'static str {
        "chat_message"
    }

    fn needs(&self) -> Needs {
        Needs { vtt_connection: true, ..Needs::default() }
    }

    fn validate_config(&self, config: &HandlerConfig) -> Result<(), Vec<FieldError>> {
        message(config).map(|_| ())
    }

    fn plan(
        &self,
        config: &HandlerConfig,
        _: ActionContext<'_>,
    ) -> Result<Vec<PlannedCommand>, PlanError> {
        let message = message(config).map_err(unusable)?;
        let mut payload = json!({ "content": escape_html(message.content) });
        if let Some(speaker) = message.speaker {
            payload["speaker"] = speaker;
        }
        Ok(vec![required(CommandKind::ChatMessage, payload)])
    }

    fn report(&self, config: &HandlerConfig, _: &Instance, _: &[VttCommand]) -> ExecutionReport {
        let content = message(config).ok().map(|message| message.content.to_owned());
        ExecutionReport { message: content, ..ExecutionReport::default() }
    }
}
