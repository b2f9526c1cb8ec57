use poem_openapi::Object;
use serde_json::Value;
use uuid::Uuid;

/// A goal to be started.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase")]
pub(super) struct StartGoal {
    /// The event.
    pub(super) event_id: Uuid,
    /// The channel; needed for an individual event, without meaning for a group event.
    pub(super) streamer_id: Option<Uuid>,
    /// Anything that the action may read: at most 16 KiB, nested at most 16 deep.
    pub(super) data: Option<Value>,
}

/// What a trigger is fed with.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase")]
pub(super) struct FeedTrigger {
    /// The channel; needed for individual events, without meaning for group events.
    pub(super) streamer_id: Option<Uuid>,
    /// What the trigger decides on: at most 16 KiB, nested at most 16 deep.
    pub(super) data: Value,
}

/// Why a goal is stopped.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase")]
pub(super) struct CancelGoal {
    /// Shown to the members; at most 500 characters.
    pub(super) reason: Option<String>,
}

/// Which goals are stopped.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase")]
pub(super) struct CancelGoals {
    /// Only the individual goals of that channel.
    pub(super) streamer_id: Option<Uuid>,
}

/// How many goals were stopped.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase")]
pub(super) struct CancelledGoals {
    /// How many.
    pub(super) cancelled: u64,
}

/// What came of a goal's effect.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase")]
pub(super) struct ExecutionOutcome {
    /// Whether it happened.
    pub(super) success: bool,
    /// In plain words; shortened to 500 characters.
    pub(super) message: Option<String>,
}
