//! Ending goals because of something around them, and taking channels out of goals.

use super::changes::Changes;
use super::{Gamification, Served};
use crate::ids::{CampaignId, StreamerId};
use crate::instance::{CancelReason, GoalScope, Instance, InstanceStatus, Participant};
use crate::ports::UnitOfWork;

impl Gamification {
    /// Cancels those of the locked goals that were not completed; how many that were. A goal that
    /// is being executed goes on, and one whose time is over ends the way it would have.
    pub(super) async fn stop_goals(
        &self,
        uow: &mut dyn UnitOfWork,
        goals: Vec<Instance>,
        reason: CancelReason,
        changes: &mut Changes,
    ) -> Served<u64> {
        let mut stopped = 0;
        for goal in goals {
            let event = self.event_of(uow, &goal).await?;
            let goal = self.still_open(uow, &event, Some(goal), changes).await?;
            if let Some(goal) = goal.filter(is_unfinished) {
                let transition = goal.cancel(reason, None, self.now())?;
                self.save_transition(uow, &event, transition, changes).await?;
                stopped += 1;
            }
        }
        Ok(stopped)
    }

    /// Takes a channel out of every open goal of the campaign.
    pub(super) async fn take_out(
        &self,
        uow: &mut dyn UnitOfWork,
        campaign: CampaignId,
        streamer: StreamerId,
        reason: CancelReason,
        changes: &mut Changes,
    ) -> Served<()> {
        for goal in uow.instances().lock_all_open(campaign, None).await? {
            self.take_out_of(uow, goal, streamer, reason, changes).await?;
        }
        Ok(())
    }

    /// Takes a channel out of a locked goal: a group goal goes on without it, which may complete
    /// it; one in which nobody is left, as the channel's own, is cancelled. A goal that is being
    /// executed goes on.
    pub(super) async fn take_out_of(
        &self,
        uow: &mut dyn UnitOfWork,
        goal: Instance,
        streamer: StreamerId,
        reason: CancelReason,
        changes: &mut Changes,
    ) -> Served<()> {
        let event = self.event_of(uow, &goal).await?;
        let Some(goal) = self.still_open(uow, &event, Some(goal), changes).await? else {
            return Ok(());
        };
        if goal.participant(streamer).is_none() {
            return Ok(());
        }
        let stays = |p: &Participant| !p.has_left && p.streamer_id != streamer;
        let is_deserted = !goal.participants.iter().any(stays);
        let transition = if is_deserted && is_unfinished(&goal) {
            goal.cancel(reason, None, self.now())?
        } else if goal.scope == GoalScope::Group {
            goal.leave(streamer, self.now())?
        } else {
            return Ok(());
        };
        self.save_transition(uow, &event, transition, changes).await?;
        Ok(())
    }
}

/// Whether a goal may still be cancelled: it is active or armed.
fn is_unfinished(goal: &Instance) -> bool {
    matches!(goal.status(), InstanceStatus::Active | InstanceStatus::Armed)
}
