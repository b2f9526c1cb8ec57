//! Goals as the API shows them.

mod names;
mod outcome;

pub(in crate::api) use names::InstanceStatusName;

use super::super::types::Moment;
use super::command::CommandView;
use super::event::ScopeName;
use super::names::EventNames;
use super::roll::CriticalKindName;
use gamification_core::instance::{GoalScope, Instance, InstanceState, Participant};
use gamification_core::objective::percentage;
use gamification_core::time::Timestamp;
use gamification_core::vtt::{GoalRoll, VttCommand};
use names::{CancelReasonName, ExecutionStatusName, OpenedByName};
use outcome::{GoalCooldown, GoalResult};
use poem_openapi::Object;
use serde_json::Value;
use uuid::Uuid;

/// A goal.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Goal", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(in crate::api) struct InstanceView {
    /// Its key.
    id: Uuid,
    /// The campaign.
    campaign_id: Uuid,
    /// The event.
    event_id: Uuid,
    /// The event's readable key.
    event_slug: String,
    /// The event's name, in English where it is built in.
    event_name: String,
    /// The event's name in every language that it has.
    event_names: EventNames,
    /// The type of the event's action.
    action_type: String,
    /// One channel's goal, or everybody's.
    #[oai(rename = "type")]
    type_: ScopeName,
    /// The channel of an individual goal.
    streamer_id: Option<Uuid>,
    /// Where it stands.
    status: InstanceStatusName,
    /// Of a completed goal: whether the table has confirmed.
    execution_status: Option<ExecutionStatusName>,
    /// Clicks counted.
    current_progress: u32,
    /// Clicks needed.
    objective_target: u32,
    /// Progress in whole percent, 0 to 100.
    progress_percentage: u8,
    /// Whole seconds until it ends by itself, rounded up; absent when it has ended.
    remaining_seconds: Option<u32>,
    /// The channels that take part; their contributions add up to the progress.
    streamers: Vec<GoalStreamer>,
    /// What opened it.
    opened_by: OpenedByName,
    /// The roll that opened it or that it was consumed with.
    dice_roll: Option<GoalRollView>,
    /// What else its cause passed on. Only for the game master.
    data: Option<Value>,
    /// When it opened.
    started_at: Moment,
    /// While active: when it gives up.
    expires_at: Option<Moment>,
    /// While armed: since when.
    armed_at: Option<Moment>,
    /// While armed: when it gives up.
    armed_until: Option<Moment>,
    /// When it had all that it needs.
    completed_at: Option<Moment>,
    /// While the table has to confirm: until when.
    execution_deadline: Option<Moment>,
    /// While it is completed and nothing is sent yet: until when it can be stopped.
    veto_until: Option<Moment>,
    /// When the table confirmed.
    executed_at: Option<Moment>,
    /// When it ended, in whatever way.
    ended_at: Option<Moment>,
    /// What came of its execution, once that is over.
    result: Option<GoalResult>,
    /// Why it was cancelled.
    cancel_reason: Option<CancelReasonName>,
    /// What the game master wrote when cancelling it.
    cancel_note: Option<String>,
    /// The pause that its completion brought; absent when there is none or it is over.
    cooldown: Option<GoalCooldown>,
    /// What the table was asked to do, in order. Only for the game master, and only of one goal.
    commands: Option<Vec<CommandView>>,
    /// What was asked for to take steps of it back. Only for the game master, and only of one goal.
    undos: Option<Vec<CommandView>>,
}

impl InstanceView {
    /// The goal as every member may see it at that moment.
    pub(in crate::api) fn for_member(goal: &Instance, now: Timestamp) -> Self {
        let mut view = Self {
            id: goal.id.0,
            campaign_id: goal.campaign_id.0,
            event_id: goal.event_id.0,
            event_slug: goal.label.slug.clone(),
            event_name: goal.label.name.en.clone(),
            event_names: goal.label.name.clone().into(),
            action_type: goal.label.action_type.clone(),
            type_: match goal.scope {
                GoalScope::Streamer(_) => ScopeName::Individual,
                GoalScope::Group => ScopeName::Group,
            },
            streamer_id: goal.scope.streamer().map(|streamer| streamer.0),
            status: goal.status().into(),
            execution_status: goal.execution_status().map(Into::into),
            current_progress: goal.progress,
            objective_target: goal.target,
            progress_percentage: percentage(goal.progress, goal.target),
            remaining_seconds: goal.deadline().map(|end| now.seconds_until(end)),
            streamers: goal.participants.iter().map(Into::into).collect(),
            opened_by: goal.trigger.opened_by.into(),
            dice_roll: goal.trigger.dice_roll.as_ref().map(Into::into),
            data: None,
            started_at: goal.started_at.into(),
            expires_at: None,
            armed_at: None,
            armed_until: None,
            completed_at: goal.completed_at().map(Into::into),
            execution_deadline: None,
            veto_until: None,
            executed_at: None,
            ended_at: None,
            result: GoalResult::of(&goal.state),
            cancel_reason: None,
            cancel_note: None,
            cooldown: GoalCooldown::of(goal.cooldown, now),
            commands: None,
            undos: None,
        };
        view.show_state(&goal.state);
        view
    }

    /// The goal as the game master may see it at that moment.
    pub(in crate::api) fn for_gm(goal: &Instance, now: Timestamp) -> Self {
        let data = Some(goal.trigger.custom.clone()).filter(|data| !data.is_null());
        Self { data, ..Self::for_member(goal, now) }
    }

    /// The same with what the table was asked to do.
    pub(in crate::api) fn with_commands(
        self,
        commands: Vec<VttCommand>,
        undos: Vec<VttCommand>,
    ) -> Self {
        let shown = |commands: Vec<VttCommand>| commands.into_iter().map(Into::into).collect();
        Self { commands: Some(shown(commands)), undos: Some(shown(undos)), ..self }
    }

    fn show_state(&mut self, state: &InstanceState) {
        match state {
            InstanceState::Active { expires_at } => self.expires_at = Some((*expires_at).into()),
            InstanceState::Armed { armed_at, armed_until } => {
                self.armed_at = Some((*armed_at).into());
                self.armed_until = Some((*armed_until).into());
            }
            InstanceState::Executing { execution_deadline, veto_until, .. } => {
                self.execution_deadline = Some((*execution_deadline).into());
                self.veto_until = veto_until.map(Into::into);
            }
            InstanceState::Executed { executed_at, .. } => {
                self.executed_at = Some((*executed_at).into());
                self.ended_at = self.executed_at;
            }
            InstanceState::Failed { failed_at, .. } => self.ended_at = Some((*failed_at).into()),
            InstanceState::Expired { expired_at, .. } => self.ended_at = Some((*expired_at).into()),
            InstanceState::Cancelled { cancelled_at, reason, note } => {
                self.ended_at = Some((*cancelled_at).into());
                self.cancel_reason = Some((*reason).into());
                self.cancel_note.clone_from(note);
            }
        }
    }
}

/// A channel's part in a goal.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase")]
struct GoalStreamer {
    /// Whose channel.
    streamer_id: Uuid,
    /// Its name.
    streamer_name: String,
    /// Its audience when the goal opened.
    viewer_count: u32,
    /// Its share of the target.
    local_objective: u32,
    /// Its counted clicks.
    contributions: u32,
    /// Whether it left while the goal was open; its clicks stay.
    has_left: bool,
}

impl From<&Participant> for GoalStreamer {
    fn from(part: &Participant) -> Self {
        Self {
            streamer_id: part.streamer_id.0,
            streamer_name: part.streamer_name.clone(),
            viewer_count: part.viewer_count,
            local_objective: part.local_objective,
            contributions: part.contributions,
            has_left: part.has_left,
        }
    }
}

/// The roll of a goal.
#[derive(Debug, Clone, Object)]
#[oai(rename = "GoalRoll", rename_all = "camelCase")]
struct GoalRollView {
    /// The roll.
    roll_id: Uuid,
    /// The character's name at the table.
    character_name: String,
    /// What was rolled.
    formula: String,
    /// The total.
    result: i64,
    /// Success or failure.
    critical_type: CriticalKindName,
}

impl From<&GoalRoll> for GoalRollView {
    fn from(roll: &GoalRoll) -> Self {
        Self {
            roll_id: roll.roll_id.0,
            character_name: roll.character_name.clone(),
            formula: roll.input.formula.clone(),
            result: roll.result,
            critical_type: roll.critical.kind.into(),
        }
    }
}
