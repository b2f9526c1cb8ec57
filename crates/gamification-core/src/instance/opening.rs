//! How a goal begins.

use super::{
    EventLabel, GoalScope, GoalTerms, Instance, InstanceState, Participant, Transition, TriggerData,
};
use crate::announcement::Announcement;
use crate::event::{CampaignConfig, Completion, CooldownRule, Event};
use crate::ids::{CampaignId, InstanceId, StreamerId};
use crate::instance::{CooldownTerms, EXECUTION_DEADLINE_SECONDS};
use crate::objective;
use crate::time::Timestamp;

/// A channel that takes part from the beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewParticipant {
    /// Whose channel.
    pub streamer_id: StreamerId,
    /// Its name.
    pub streamer_name: String,
    /// Its audience now.
    pub viewer_count: u32,
}

/// Everything that a goal is made of when it opens.
#[derive(Debug, Clone, PartialEq)]
pub struct NewGoal<'a> {
    /// Its key.
    pub id: InstanceId,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// Whose goal it is.
    pub scope: GoalScope,
    /// The event.
    pub event: &'a Event,
    /// The campaign's setting of it.
    pub config: &'a CampaignConfig,
    /// The cause.
    pub trigger: TriggerData,
    /// At least one; exactly one for an individual goal.
    pub participants: Vec<NewParticipant>,
    /// Whether the event's action needs a dice roll.
    pub action_needs_roll: bool,
    /// The campaign's veto window, in seconds.
    pub veto_seconds: u32,
}

impl Instance {
    /// Opens a goal: each channel's own objective first, so that each small channel keeps its
    /// minimum; the target is their sum.
    pub fn open(goal: NewGoal<'_>, now: Timestamp) -> Transition {
        let settings = goal.event.settings(Some(goal.config));
        let participants: Vec<_> = goal
            .participants
            .into_iter()
            .map(|p| Participant {
                local_objective: objective::individual(
                    p.viewer_count,
                    settings.coefficient,
                    settings.minimum_objective,
                ),
                streamer_id: p.streamer_id,
                streamer_name: p.streamer_name,
                viewer_count: p.viewer_count,
                contributions: 0,
                has_left: false,
            })
            .collect();
        let target =
            participants.iter().fold(0_u32, |sum, p| sum.saturating_add(p.local_objective)).max(1);
        let arms = match goal.event.completion {
            Completion::Auto => goal.action_needs_roll && goal.trigger.dice_roll.is_none(),
            Completion::Immediate => false,
            Completion::Armed => true,
        };
        let instance = Self {
            id: goal.id,
            campaign_id: goal.campaign_id,
            event_id: goal.event.id,
            scope: goal.scope,
            label: EventLabel {
                slug: goal.event.slug.clone(),
                name: goal.event.name.clone(),
                action_type: goal.event.action.kind.clone(),
            },
            terms: GoalTerms {
                arms,
                armed_ttl_seconds: goal.event.armed_ttl_seconds,
                execution_deadline_seconds: EXECUTION_DEADLINE_SECONDS,
                veto_seconds: goal.veto_seconds,
                cooldown: cooldown_terms(&goal.event.cooldown, settings.cooldown_seconds),
            },
            trigger: goal.trigger,
            participants,
            target,
            progress: 0,
            started_at: now,
            state: InstanceState::Active {
                expires_at: now.plus_seconds(settings.duration_seconds),
            },
            cooldown: None,
        };
        let announcements = vec![Announcement::instance_created(&instance)];
        Transition { instance, effects: Vec::new(), announcements }
    }
}

const fn cooldown_terms(rule: &CooldownRule, seconds: Option<u32>) -> CooldownTerms {
    match (rule, seconds) {
        (CooldownRule::GmValidation {}, _) => CooldownTerms::GmValidation,
        (CooldownRule::EventComplete { wait_for_event_id }, _) => {
            CooldownTerms::EventComplete(*wait_for_event_id)
        }
        (CooldownRule::Time { .. }, Some(seconds)) if seconds > 0 => {
            CooldownTerms::Seconds(seconds)
        }
        (CooldownRule::Time { .. }, _) => CooldownTerms::None,
    }
}
