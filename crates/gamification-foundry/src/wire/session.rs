use super::reader::{WireError, cut, flag, list, object, text};
use gamification_core::ids::CommandId;
use gamification_core::vtt::CommandResult;
use serde_json::{Value, json};
use uuid::Uuid;

/// Most features that a client may name.
const FEATURES_MAX: usize = 64;
/// Longest version, feature or reason that is kept, in bytes.
const WORD_BYTES_MAX: usize = 256;
/// Largest result of a command that is kept, in bytes of JSON.
const RESULT_BYTES_MAX: usize = 16 * 1024;

/// How our module introduces itself; the published one does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hello {
    /// Its version.
    pub version: String,
    /// What it can do beyond the published module's commands.
    pub features: Vec<String>,
    /// Whether it runs at the VTT's active GM.
    pub is_active_gm: bool,
}

/// Reads `hello`.
///
/// # Errors
/// When it is no object.
pub fn parse_hello(event: &Value) -> Result<Hello, WireError> {
    let event = object(event)?;
    let word = |word: &str| cut(word, WORD_BYTES_MAX).to_owned();
    let features = list(event, "features").iter().filter_map(Value::as_str);
    Ok(Hello {
        version: word(text(event, "version").unwrap_or_default()),
        features: features.take(FEATURES_MAX).map(word).collect(),
        is_active_gm: flag(event, "activeGm"),
    })
}

/// The version of the client that `pong` carries, if any.
#[must_use]
pub fn parse_pong_version(event: &Value) -> Option<String> {
    let version = event.as_object().and_then(|event| text(event, "moduleVersion"))?;
    Some(cut(version, WORD_BYTES_MAX).to_owned())
}

/// Reads `panic`: whether everything is to stop.
///
/// # Errors
/// When it does not say so by true or false.
pub fn parse_panic(event: &Value) -> Result<bool, WireError> {
    let active = object(event)?.get("active").ok_or(WireError::Missing("active"))?;
    active.as_bool().ok_or(WireError::WrongType("active", "true or false"))
}

/// Reads `command:result`.
///
/// # Errors
/// When it names no command or does not say how it went.
pub fn parse_command_result(event: &Value) -> Result<CommandResult, WireError> {
    let event = object(event)?;
    let id = text(event, "requestId").ok_or(WireError::Missing("requestId"))?;
    let id = Uuid::parse_str(id).map_err(|_| WireError::WrongType("requestId", "a UUID"))?;
    let ok = event.get("ok").ok_or(WireError::Missing("ok"))?;
    let outcome = match ok.as_bool().ok_or(WireError::WrongType("ok", "true or false"))? {
        true => Ok(bounded(event.get("result").cloned().unwrap_or_default())),
        false => {
            let reason = text(event, "error").unwrap_or("the table gave no reason");
            Err(cut(reason, WORD_BYTES_MAX).to_owned())
        }
    };
    Ok(CommandResult { command_id: CommandId(id), outcome })
}

/// The result decides nothing: one that is too large to keep is left out, and says so.
fn bounded(result: Value) -> Value {
    if result.to_string().len() > RESULT_BYTES_MAX { json!({ "isTooLarge": true }) } else { result }
}
