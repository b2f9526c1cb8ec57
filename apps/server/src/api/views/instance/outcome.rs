use super::super::super::types::Moment;
use super::names::{EffectTypeName, FailureReasonName, TargetKindName};
use gamification_core::instance::{Cooldown, EffectTarget, InstanceState};
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
    /// What the effect fell on, of the actions that choose something.
    target: Option<GoalTarget>,
    /// What the effect does to it.
    effect_type: Option<EffectTypeName>,
    /// For how long, in seconds, where time ends the effect.
    duration_seconds: Option<u32>,
    /// What did not work although the effect as a whole did.
    partial_failures: Vec<String>,
}

/// What an effect fell on.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct GoalTarget {
    /// A spell or a monster.
    kind: TargetKindName,
    /// Its name at the table; empty when it has none.
    name: String,
    /// Whose spell it is.
    character_name: Option<String>,
    /// The address of its picture as the table has it, which may be relative to the table's own.
    image_url: Option<String>,
}

impl From<&EffectTarget> for GoalTarget {
    fn from(target: &EffectTarget) -> Self {
        Self {
            kind: target.kind.into(),
            name: target.name.clone(),
            character_name: target.character_name.clone(),
            image_url: target.image_url.clone(),
        }
    }
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
                target: report.target.as_ref().map(Into::into),
                effect_type: report.effect_type.map(Into::into),
                duration_seconds: report.duration_seconds,
                partial_failures: report.partial_failures.clone(),
            }),
            InstanceState::Failed { reason, message, .. } => Some(Self {
                success: false,
                message: Some(message.clone()),
                reason: Some((*reason).into()),
                original_value: None,
                inverted_value: None,
                target: None,
                effect_type: None,
                duration_seconds: None,
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
