//! What the actions have in common.
//!
//! Reports do not mention optional steps that failed: the execution tracker adds those itself.

use super::PlanError;
use crate::validation::{FieldError, in_words};
use crate::vtt::{CommandKind, PlannedCommand};
use serde_json::Value;

/// A step without which the whole execution fails.
pub(super) const fn required(kind: CommandKind, payload: Value) -> PlannedCommand {
    PlannedCommand { kind, payload, is_required: true }
}

/// A step that may fail.
pub(super) const fn optional(kind: CommandKind, payload: Value) -> PlannedCommand {
    PlannedCommand { kind, payload, is_required: false }
}

/// A configuration that was saved before its limits became stricter.
pub(super) fn unusable(errors: Vec<FieldError>) -> PlanError {
    PlanError(format!("the action is not configured properly: {}", in_words(&errors)))
}
