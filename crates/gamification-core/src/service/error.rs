use crate::instance::TransitionError;
use crate::ports::{RewardError, StoreError};
use crate::redemption::RefusalReason;
use crate::validation::FieldError;
use crate::validation::limits::RULES_PER_CAMPAIGN;

/// Why a use case was not carried out. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServiceError {
    /// The store could not.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Input that makes no sense, field by field.
    #[error("the input is not valid")]
    Invalid(Vec<FieldError>),
    /// It is not there, or not for the caller to know of.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// What is there does not allow it.
    #[error("{0}")]
    Conflict(Conflict),
    /// A goal may not open, for the same reason that a click would not count.
    #[error("a goal cannot start now: {0:?}")]
    Refused(RefusalReason),
    /// The goal is in another state.
    #[error(transparent)]
    Transition(#[from] TransitionError),
    /// Twitch refused.
    #[error(transparent)]
    Twitch(#[from] RewardError),
}

/// What stands against a use case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// Built-in events are read-only.
    #[error("built-in events are read-only")]
    EventIsBuiltIn,
    /// The event is used by a campaign.
    #[error("the event is in use: disable it in every campaign and let its goals end first")]
    EventInUse,
    /// The slug is taken.
    #[error("another event has that slug")]
    SlugTaken,
    /// The GM has not enabled the event in the campaign.
    #[error("the game master has not enabled this event in the campaign")]
    EventNotEnabled,
    /// The streamer is a member already.
    #[error("that streamer is a member already")]
    AlreadyMember,
    /// The streamer was not invited.
    #[error("there is no open invitation")]
    NotInvited,
    /// The streamer was invited but has not accepted.
    #[error("the streamer has not accepted the invitation yet")]
    InvitationOpen,
    /// A session runs already.
    #[error("a session is running already")]
    SessionRunning,
    /// No session runs.
    #[error("no session is running")]
    NoSession,
    /// The redemption is not stuck.
    #[error("the redemption is not stuck")]
    NotStuck,
    /// The campaign has as many criticality rules as it may have.
    #[error("the campaign has {RULES_PER_CAMPAIGN} criticality rules already: remove one first")]
    TooManyRules,
    /// The roll does not wait to be attributed.
    #[error("the roll does not wait to be attributed")]
    NotPending,
    /// No table is paired with the campaign.
    #[error("no table is paired with the campaign")]
    NoTable,
    /// The table has not answered for a while, and enough waits for it.
    #[error("the table has not answered yet to what it was asked for")]
    TooMuchAsked,
    /// The command cannot be taken back.
    #[error("the command cannot be undone: {0}")]
    NotUndoable(&'static str),
    /// The command is being taken back, or was.
    #[error("the command was undone already")]
    UndoneAlready,
    /// The trigger did not fire.
    #[error("the trigger did not fire: {0}")]
    Silent(String),
    /// The campaign is being deleted.
    #[error("the campaign is being deleted")]
    CampaignDeleting,
    /// The world belongs to another campaign.
    #[error("this world is paired with another campaign")]
    WorldTaken,
}

impl ServiceError {
    /// One field is wrong.
    pub fn invalid(field: &str, reason: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, reason)])
    }
}

impl From<Conflict> for ServiceError {
    fn from(conflict: Conflict) -> Self {
        Self::Conflict(conflict)
    }
}
