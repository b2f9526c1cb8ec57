//! Failures of the core and of the pairing, as problems.

use super::Problem;
use gamification_core::instance::TransitionError;
use gamification_core::ports::{RewardError, StoreError};
use gamification_core::redemption::RefusalReason;
use gamification_core::service::{Conflict, ServiceError};
use gamification_core::validation::FieldError;
use gamification_foundry::pairing::{ClaimError, PairingError};

impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Store(error) => error.into(),
            ServiceError::Invalid(errors) => Self::invalid(errors),
            ServiceError::NotFound(what) => Self::not_found(what),
            ServiceError::Conflict(conflict) => {
                Self::conflict(conflict_kind(&conflict), conflict.to_string())
            }
            ServiceError::Refused(reason) => refused(reason),
            ServiceError::Transition(error) => {
                Self::conflict(transition_kind(&error), error.to_string())
            }
            ServiceError::Twitch(error) => error.into(),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let cause = error.to_string();
        match error {
            StoreError::AlreadyExists(_) => Self::conflict("already-exists", cause),
            StoreError::Missing(_) | StoreError::Corrupt(_) => Self::internal(cause),
            StoreError::Contention(_) | StoreError::Unavailable(_) => Self::unavailable(cause),
        }
    }
}

impl From<RewardError> for Problem {
    fn from(error: RewardError) -> Self {
        let detail = error.to_string();
        let kind = match error {
            RewardError::DuplicateTitle => "twitch-duplicate-title",
            RewardError::TooManyRewards => "twitch-too-many-rewards",
            RewardError::NotEligible => "twitch-channel-not-eligible",
            RewardError::NotOurs => "twitch-reward-not-ours",
            RewardError::Missing => "twitch-reward-missing",
            RewardError::LoginNeeded => "twitch-login-needed",
            RewardError::Refused(_) => "twitch-refused",
            RewardError::Unavailable { after_seconds, .. } => {
                let mut problem = Self::unavailable(detail.clone()).detail(detail);
                problem.content.kind = "twitch-unavailable";
                problem.content.retry_after_seconds = Some(after_seconds.unwrap_or(5));
                return problem;
            }
        };
        Self::conflict(kind, detail)
    }
}

fn refused(reason: RefusalReason) -> Problem {
    let name = serde_json::to_value(reason).ok().and_then(|v| v.as_str().map(str::to_owned));
    let mut problem = Problem::conflict("goal-refused", ServiceError::Refused(reason).to_string());
    problem.content.title = "A goal cannot start now";
    if let Some(name) = &name {
        problem.content.detail = format!("a goal cannot start now: {}", name.replace('_', " "));
    }
    problem.content.reason = name;
    problem
}

const fn conflict_kind(conflict: &Conflict) -> &'static str {
    match conflict {
        Conflict::EventIsBuiltIn => "event-built-in",
        Conflict::EventInUse => "event-in-use",
        Conflict::SlugTaken => "slug-taken",
        Conflict::EventNotEnabled => "event-not-enabled",
        Conflict::AlreadyMember => "already-a-member",
        Conflict::NotInvited => "not-invited",
        Conflict::InvitationOpen => "invitation-open",
        Conflict::SessionRunning => "session-running",
        Conflict::NoSession => "no-session",
        Conflict::NotStuck => "not-stuck",
        Conflict::TooManyRules => "too-many-rules",
        Conflict::NotPending => "not-pending",
        Conflict::NoTable => "no-table",
        Conflict::TooMuchAsked => "too-much-asked",
        Conflict::NotUndoable(_) => "not-undoable",
        Conflict::UndoneAlready => "undone-already",
        Conflict::Silent(_) => "trigger-silent",
        Conflict::CampaignDeleting => "campaign-deleting",
        Conflict::WorldTaken => "world-taken",
    }
}

const fn transition_kind(error: &TransitionError) -> &'static str {
    match error {
        TransitionError::WrongState(_) => "goal-in-another-state",
        TransitionError::PastDeadline => "goal-past-deadline",
        TransitionError::NotDue => "goal-not-due",
        TransitionError::NotAParticipant => "not-a-participant",
    }
}

impl From<ClaimError> for Problem {
    fn from(error: ClaimError) -> Self {
        let detail = error.to_string();
        match error {
            ClaimError::WrongCode => Self::invalid(vec![FieldError::new("code", detail)]),
            ClaimError::TooManyWrongCodes { retry_after_seconds } => {
                Self::too_many(detail, retry_after_seconds)
            }
            ClaimError::Service(error) => error.into(),
        }
    }
}

impl From<PairingError> for Problem {
    fn from(error: PairingError) -> Self {
        let detail = error.to_string();
        match error {
            PairingError::Unavailable(error) => error.into(),
            PairingError::Field(field, reason) => {
                Self::invalid(vec![FieldError::new(field, reason)])
            }
            PairingError::Refused(_) => Self::unauthenticated(detail),
        }
    }
}
