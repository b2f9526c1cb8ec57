//! What an attributed critical does: it consumes one armed goal, or opens goals.

use super::super::changes::Changes;
use super::super::context::{Audiences, EventAtTable, Scene, Table};
use super::super::open::Opening;
use super::super::{Gamification, Served};
use crate::ids::StreamerId;
use crate::instance::{GoalScope, InstanceStatus, OpenedBy, TriggerData};
use crate::ports::{Lock, UnitOfWork};
use crate::trigger::{Evaluation, TriggerInput};
use crate::vtt::{Attribution, DiceRoll, GoalRoll};

/// The type of the trigger that criticals fire.
const DICE_CRITICAL: &str = "dice_critical";

impl Gamification {
    /// Lets an attributed critical act; the audiences that are missing for it, if any.
    pub(super) async fn act_on(
        &self,
        uow: &mut dyn UnitOfWork,
        table: &Table,
        roll: &DiceRoll,
        audiences: &Audiences,
        changes: &mut Changes,
    ) -> Served<Vec<StreamerId>> {
        let (Attribution::Streamer { streamer_id }, Some(critical)) =
            (roll.attribution, roll.critical.clone())
        else {
            return Ok(Vec::new());
        };
        if table.campaign.is_panicked || table.campaign.in_session_since().is_none() {
            return Ok(Vec::new());
        }
        let goal_roll = GoalRoll {
            roll_id: roll.id,
            message_id: roll.message_id.clone(),
            actor_id: roll.actor_id.clone(),
            character_name: roll.character_name.clone(),
            input: roll.input.clone(),
            result: roll.result,
            critical,
        };
        let mut events = Vec::new();
        let configs = uow.configs().campaign_configs(table.campaign.id, Lock::Shared).await?;
        for config in configs {
            let (campaign, event) = (table.campaign.id, config.event_id);
            events.extend(self.event_at_table(uow, campaign, event, Lock::None).await?);
        }
        if self.consume_one(uow, table, streamer_id, &goal_roll, &events, changes).await? {
            return Ok(Vec::new());
        }
        let events = Scenes { table, events: &events, audiences };
        self.open_by_critical(uow, events, streamer_id, goal_roll, changes).await
    }

    /// Consumes one armed goal of the streamer: individual before group, then the oldest.
    async fn consume_one(
        &self,
        uow: &mut dyn UnitOfWork,
        table: &Table,
        streamer: StreamerId,
        roll: &GoalRoll,
        events: &[EventAtTable],
        changes: &mut Changes,
    ) -> Served<bool> {
        let mut open = uow.instances().lock_all_open(table.campaign.id, None).await?;
        open.retain(|goal| {
            goal.status() == InstanceStatus::Armed && goal.participant(streamer).is_some()
        });
        open.sort_by_key(|goal| (goal.scope == GoalScope::Group, goal.started_at, goal.id));
        for goal in open {
            let Some(at) = events.iter().find(|at| at.event.id == goal.event_id) else {
                continue;
            };
            if !self.consumes(at, roll) {
                continue;
            }
            if let Some(goal) = self.still_open(uow, &at.event, Some(goal), changes).await? {
                let transition = goal.consume(roll.clone(), self.now())?;
                self.save_transition(uow, &at.event, transition, changes).await?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a critical may consume an armed goal of the event: with the filters with which it
    /// would open one; any critical when the event is not opened by criticals.
    fn consumes(&self, at: &EventAtTable, roll: &GoalRoll) -> bool {
        let is_enabled = at.config.as_ref().is_some_and(|config| config.is_enabled);
        if !is_enabled || (at.needs.dice_roll && roll.critical.deciding_die.is_none()) {
            return false;
        }
        at.event.trigger.kind != DICE_CRITICAL || self.fires(at, roll).is_some()
    }

    fn fires(&self, at: &EventAtTable, roll: &GoalRoll) -> Option<serde_json::Value> {
        match self.triggers.evaluate(&at.event.trigger, TriggerInput::Critical(roll)) {
            Evaluation::Fires { data, .. } => Some(data),
            Evaluation::Silent { .. } => None,
        }
    }

    async fn open_by_critical(
        &self,
        uow: &mut dyn UnitOfWork,
        scenes: Scenes<'_>,
        streamer: StreamerId,
        roll: GoalRoll,
        changes: &mut Changes,
    ) -> Served<Vec<StreamerId>> {
        let Scenes { table, audiences, .. } = scenes;
        for at in scenes.events {
            let lacks_die = at.needs.dice_roll && roll.critical.deciding_die.is_none();
            if at.event.trigger.kind != DICE_CRITICAL || lacks_die {
                continue;
            }
            let Some(custom) = self.fires(at, &roll) else { continue };
            let trigger = TriggerData {
                opened_by: OpenedBy::Critical,
                dice_roll: Some(roll.clone()),
                custom,
            };
            let scope = GoalScope::of(at.event.scope, streamer);
            let opening = self
                .open_unless_refused(uow, Scene { table, at, audiences }, scope, trigger, changes)
                .await?;
            if let Opening::NeedsAudience(unknown) = opening {
                return Ok(unknown);
            }
        }
        Ok(Vec::new())
    }
}

/// Where a roll may open goals: every event of one table.
#[derive(Clone, Copy)]
struct Scenes<'a> {
    table: &'a Table,
    events: &'a [EventAtTable],
    audiences: &'a Audiences,
}
