use super::super::super::types::Moment;
use super::names::FailureReasonName;
use gamification_core::instance::{Cooldown, InstanceState};
use gamification_core::time::Timestamp;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

/// What came of a goal's execution.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct GoalResult {
    /// Whether the table acted.
    success: bool,
    /// In plain words.
    message: Option<String>,
    /// Why it did not.
    reason: Option<FailureReasonName>,
    /// The die before an inversion.
    original_value: Option<i64>,
    /// The die after it.
    inverted_value: Option<i64>,
    /// What did not work although the effect as a whole did.
    partial_failures: Vec<String>,
}

impl GoalResult {
    /// `None` for a goal that was not executed or is being executed.
    pub(super) fn of(state: &InstanceState) -> Option<Self> {
        match state {
            InstanceState::Executed { report, .. } => Some(Self {
                success: true,
                message: report.message.clone(),
                reason: None,
                original_value: report.original_value,
                inverted_value: report.inverted_value,
                partial_failures: report.partial_failures.clone(),
            }),
            InstanceState::Failed { reason, message, .. } => Some(Self {
                success: false,
                message: Some(message.clone()),
                reason: Some((*reason).into()),
                original_value: None,
                inverted_value: None,
                partial_failures: Vec::new(),
            }),
            InstanceState::Active { .. }
            | InstanceState::Armed { .. }
            | InstanceState::Executing { .. }
            | InstanceState::Expired { .. }
            | InstanceState::Cancelled { .. } => None,
        }
    }
}

/// A pause that holds.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct GoalCooldown {
    /// What ends it.
    #[oai(rename = "type")]
    type_: CooldownEndName,
    /// When it ends, where that is known.
    ends_at: Option<Moment>,
    /// The event of which a goal has to be executed first.
    wait_for_event_id: Option<Uuid>,
}

/// What ends a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "CooldownEnd", rename_all = "snake_case")]
enum CooldownEndName {
    /// Time.
    Time,
    /// The game master.
    GmValidation,
    /// A goal of another event, executed in the same scope.
    EventComplete,
}

impl GoalCooldown {
    /// `None` when there is none or it is over.
    pub(super) fn of(cooldown: Option<Cooldown>, now: Timestamp) -> Option<Self> {
        let (type_, ends_at, wait_for) = match cooldown.filter(|cooldown| cooldown.holds(now))? {
            Cooldown::Until(end) => (CooldownEndName::Time, Some(end.into()), None),
            Cooldown::UntilReleased => (CooldownEndName::GmValidation, None, None),
            Cooldown::UntilExecuted(event) => (CooldownEndName::EventComplete, None, Some(event.0)),
        };
        Some(Self { type_, ends_at, wait_for_event_id: wait_for })
    }
}
