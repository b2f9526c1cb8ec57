//! Goals: what they are made of and the states they go through (2-domain §3.1).
//!
//! A state carries its own data, and only the transitions in this module change it: each consumes
//! the goal and returns the new one with what must be done and told. No caller sets a status.

mod opening;
mod transitions;

pub use opening::{NewGoal, NewParticipant};
pub use transitions::{Click, TransitionError};

use crate::announcement::Announcement;
use crate::event::{LocalizedText, Scope};
use crate::ids::{CampaignId, EventId, InstanceId, StreamerId};
use crate::redemption::Direction;
use crate::time::Timestamp;
use crate::vtt::GoalRoll;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// Whose goal it is. At most one goal is open per campaign, event and scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GoalScope {
    /// One channel's.
    Streamer(StreamerId),
    /// The campaign's.
    Group,
}

impl GoalScope {
    /// The scope in which a click or a roll of that streamer falls.
    #[must_use]
    pub const fn of(scope: Scope, streamer: StreamerId) -> Self {
        match scope {
            Scope::Individual => Self::Streamer(streamer),
            Scope::Group => Self::Group,
        }
    }

    /// The streamer of an individual goal.
    #[must_use]
    pub const fn streamer(self) -> Option<StreamerId> {
        match self {
            Self::Streamer(streamer) => Some(streamer),
            Self::Group => None,
        }
    }
}

impl fmt::Display for GoalScope {
    /// The key under which the database guards the one open goal: `streamer:<id>` or `group`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Streamer(streamer) => write!(f, "streamer:{streamer}"),
            Self::Group => f.write_str("group"),
        }
    }
}

impl std::str::FromStr for GoalScope {
    type Err = String;

    fn from_str(key: &str) -> Result<Self, Self::Err> {
        if key == "group" {
            return Ok(Self::Group);
        }
        key.strip_prefix("streamer:")
            .and_then(|id| id.parse::<uuid::Uuid>().ok())
            .map(|id| Self::Streamer(StreamerId(id)))
            .ok_or_else(|| format!("not a scope key: {key}"))
    }
}

/// What people are shown of the event, as it was when the goal opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventLabel {
    /// The event's readable key.
    pub slug: String,
    /// Its name.
    pub name: LocalizedText,
    /// The type of its action.
    pub action_type: String,
}

/// The rules of one goal, fixed when it opened: what viewers were promised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoalTerms {
    /// Whether reaching the objective arms it instead of executing it.
    pub arms: bool,
    /// How long it stays armed, in seconds.
    pub armed_ttl_seconds: u32,
    /// How long the table has to confirm, in seconds from completion.
    pub execution_deadline_seconds: u32,
    /// The pause after completion.
    pub cooldown: CooldownTerms,
}

/// How long the table has to confirm an effect, in seconds.
pub const EXECUTION_DEADLINE_SECONDS: u32 = 120;

/// The pause that completion will bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CooldownTerms {
    /// None.
    None,
    /// For that many seconds.
    Seconds(u32),
    /// Until the GM releases it.
    GmValidation,
    /// Until a goal of that event was executed in the same scope.
    EventComplete(EventId),
}

/// A pause that has begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cooldown {
    /// Ends by itself.
    Until(Timestamp),
    /// Ends when the GM says so.
    UntilReleased,
    /// Ends when a goal of that event was executed in the same scope.
    UntilExecuted(EventId),
}

impl Cooldown {
    /// Whether it still holds.
    #[must_use]
    pub fn holds(self, now: Timestamp) -> bool {
        match self {
            Self::Until(end) => end > now,
            Self::UntilReleased | Self::UntilExecuted(_) => true,
        }
    }
}

/// What opened a goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenedBy {
    /// A viewer's first click.
    Redemption,
    /// A critical roll.
    Critical,
    /// The GM.
    Manual,
    /// A trigger that was fed through the API.
    Trigger,
}

/// What a goal knows of its cause; actions read it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TriggerData {
    /// What opened it.
    pub opened_by: OpenedBy,
    /// The roll that opened it or that it was consumed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dice_roll: Option<GoalRoll>,
    /// Whatever else the trigger passed on.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub custom: Value,
}

/// A channel's part in a goal; an individual goal has exactly one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Participant {
    /// Whose channel.
    pub streamer_id: StreamerId,
    /// Its name.
    pub streamer_name: String,
    /// Its audience when the goal opened.
    pub viewer_count: u32,
    /// Its share of the target.
    pub local_objective: u32,
    /// Its counted clicks.
    pub contributions: u32,
    /// Whether it left while the goal was open; its clicks stay.
    #[serde(default)]
    pub has_left: bool,
}

/// Why a goal was cancelled. Part of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelReason {
    /// The GM stopped it.
    Gm,
    /// The GM switched the event off.
    EventDisabled,
    /// The streamer switched the event off or took the authorisation back.
    StreamerWithdrew,
    /// The channel's reward was replaced by a fresh one.
    RewardRecreated,
    /// The combat that it belonged to ended.
    CombatEnded,
    /// The session was ended.
    SessionEnded,
    /// The streamer left the campaign.
    MemberLeft,
    /// The campaign is being deleted.
    CampaignDeleted,
}

/// Why a completed goal had no effect. Part of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureReason {
    /// The table did not confirm in time.
    Deadline,
    /// The table said that it could not do it.
    Table,
    /// The action could not be turned into commands.
    Unplannable,
}

/// What the table did, in words and numbers for chat and overlay.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionReport {
    /// In plain words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The die before an inversion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_value: Option<i64>,
    /// The die after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inverted_value: Option<i64>,
    /// What did not work although the effect as a whole did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partial_failures: Vec<String>,
}

/// Where a goal stands, with what belongs to that state alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum InstanceState {
    /// Collects clicks.
    Active {
        /// When it gives up.
        expires_at: Timestamp,
    },
    /// Has all clicks and waits for a matching critical.
    Armed {
        /// Since when.
        armed_at: Timestamp,
        /// When it gives up.
        armed_until: Timestamp,
    },
    /// Completed; the table has to act and confirm.
    Executing {
        /// When the objective, or the roll, was there.
        completed_at: Timestamp,
        /// When it counts as failed.
        execution_deadline: Timestamp,
    },
    /// Completed, and the effect was confirmed.
    Executed {
        /// When it was completed.
        completed_at: Timestamp,
        /// When the table confirmed.
        executed_at: Timestamp,
        /// What happened.
        report: ExecutionReport,
    },
    /// Completed, but there was no effect.
    Failed {
        /// When it was completed.
        completed_at: Timestamp,
        /// When it failed.
        failed_at: Timestamp,
        /// Why.
        reason: FailureReason,
        /// In plain words.
        message: String,
    },
    /// Its time ran out, while active or armed.
    Expired {
        /// When.
        expired_at: Timestamp,
        /// Whether it had all its clicks.
        was_armed: bool,
    },
    /// Somebody stopped it.
    Cancelled {
        /// When.
        cancelled_at: Timestamp,
        /// Why.
        reason: CancelReason,
        /// What the GM wrote to it.
        note: Option<String>,
    },
}

/// A goal's state without its data, for filters and clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstanceStatus {
    /// Collects clicks.
    Active,
    /// Waits for a roll.
    Armed,
    /// Has reached its end; see [`ExecutionStatus`].
    Completed,
    /// Ran out of time.
    Expired,
    /// Was stopped.
    Cancelled,
}

/// Of a completed goal: whether the table has confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExecutionStatus {
    /// Not yet.
    Pending,
    /// Yes.
    Executed,
    /// It could not.
    Failed,
}

/// One goal.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// Its key.
    pub id: InstanceId,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The event.
    pub event_id: EventId,
    /// Whose goal it is.
    pub scope: GoalScope,
    /// What people are shown of the event.
    pub label: EventLabel,
    /// Its rules.
    pub terms: GoalTerms,
    /// Its cause.
    pub trigger: TriggerData,
    /// The channels that take part; their contributions add up to the progress.
    pub participants: Vec<Participant>,
    /// Clicks needed.
    pub target: u32,
    /// Clicks counted.
    pub progress: u32,
    /// When it opened.
    pub started_at: Timestamp,
    /// Where it stands.
    pub state: InstanceState,
    /// The pause that its completion brought, unless it was released.
    pub cooldown: Option<Cooldown>,
}

impl Instance {
    /// The state without its data.
    #[must_use]
    pub const fn status(&self) -> InstanceStatus {
        match self.state {
            InstanceState::Active { .. } => InstanceStatus::Active,
            InstanceState::Armed { .. } => InstanceStatus::Armed,
            InstanceState::Executing { .. }
            | InstanceState::Executed { .. }
            | InstanceState::Failed { .. } => InstanceStatus::Completed,
            InstanceState::Expired { .. } => InstanceStatus::Expired,
            InstanceState::Cancelled { .. } => InstanceStatus::Cancelled,
        }
    }

    /// Whether the table has confirmed; `None` unless it is completed.
    #[must_use]
    pub const fn execution_status(&self) -> Option<ExecutionStatus> {
        match self.state {
            InstanceState::Executing { .. } => Some(ExecutionStatus::Pending),
            InstanceState::Executed { .. } => Some(ExecutionStatus::Executed),
            InstanceState::Failed { .. } => Some(ExecutionStatus::Failed),
            _ => None,
        }
    }

    /// Whether it still occupies its scope: active, armed, or being executed.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.deadline().is_some()
    }

    /// When something must happen to it by itself; `None` when it has ended.
    #[must_use]
    pub const fn deadline(&self) -> Option<Timestamp> {
        match self.state {
            InstanceState::Active { expires_at } => Some(expires_at),
            InstanceState::Armed { armed_until, .. } => Some(armed_until),
            InstanceState::Executing { execution_deadline, .. } => Some(execution_deadline),
            _ => None,
        }
    }

    /// When it was completed, whatever came of it.
    #[must_use]
    pub const fn completed_at(&self) -> Option<Timestamp> {
        match self.state {
            InstanceState::Executing { completed_at, .. }
            | InstanceState::Executed { completed_at, .. }
            | InstanceState::Failed { completed_at, .. } => Some(completed_at),
            _ => None,
        }
    }

    /// The channel's part, when it takes part and has not left.
    #[must_use]
    pub fn participant(&self, streamer: StreamerId) -> Option<&Participant> {
        self.participants.iter().find(|p| p.streamer_id == streamer && !p.has_left)
    }
}

/// Something that has to happen because of a transition, in the same transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The action's commands must be planned and stored.
    Execute,
    /// Every pending redemption of the goal gets this direction.
    Settle(Direction),
    /// Cooldowns in this scope that wait for this event end.
    ReleaseWaitingCooldowns,
}

/// The outcome of a transition: the new goal, what must be done, what is to be told.
#[must_use]
#[derive(Debug, Clone, PartialEq)]
pub struct Transition {
    /// The goal after it.
    pub instance: Instance,
    /// What must be done in the same transaction.
    pub effects: Vec<Effect>,
    /// What became true.
    pub announcements: Vec<Announcement>,
}
