//! Goals: what they are made of and the states they go through (2-domain §3.1).
//!
//! A state carries its own data, and only the transitions in this module change it: each consumes
//! the goal and returns the new one with what must be done and told. No caller sets a status.

mod opening;
mod parts;
mod transitions;

pub use opening::{NewGoal, NewParticipant};
pub use parts::{
    CancelReason, Cooldown, CooldownTerms, EXECUTION_DEADLINE_SECONDS, EffectTarget, EffectType,
    EventLabel, ExecutionReport, FailureReason, GoalTerms, OpenedBy, Participant, TargetKind,
    TriggerData,
};
pub use transitions::{Click, TransitionError};

use crate::announcement::Announcement;
use crate::event::Scope;
use crate::ids::{CampaignId, EventId, InstanceId, StreamerId};
use crate::redemption::Direction;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
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
        /// Until when nothing is sent, so that the GM can stop it; none without a veto window.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        veto_until: Option<Timestamp>,
    },
    /// Completed, and the effect was confirmed.
    Executed {
        /// When it was completed.
        completed_at: Timestamp,
        /// When the table confirmed.
        executed_at: Timestamp,
        /// What happened. Boxed: goals are passed around, and few of them carry one.
        report: Box<ExecutionReport>,
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

    /// Whether its commands may go to the table: it is being executed, and the veto window is over.
    #[must_use]
    pub fn may_be_sent(&self, now: Timestamp) -> bool {
        match self.state {
            InstanceState::Executing { veto_until, .. } => {
                veto_until.is_none_or(|until| until <= now)
            }
            _ => false,
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
