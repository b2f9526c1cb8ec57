//! Goals that end without an effect: by their deadline, or stopped by the GM.

use super::changes::Changes;
use super::{Gamification, Served, ServiceError};
use crate::access::Actor;
use crate::ids::{CampaignId, InstanceId, StreamerId};
use crate::instance::{CancelReason, ExecutionStatus, Instance, Transition};
use crate::ports::{Lock, UnitOfWork};
use serde_json::json;

/// How many overdue goals one step ends.
const OVERDUE_MAX: u32 = 100;

impl Gamification {
    /// Ends goals whose time is over; how many. One that cannot be ended now does not hold up the
    /// others.
    ///
    /// # Errors
    /// The first failure, after all were tried; the next step goes on.
    pub async fn sweep_overdue(&self) -> Served<u64> {
        let mut uow = self.ports.store.begin().await?;
        let overdue = uow.instances().overdue(self.now(), OVERDUE_MAX).await?;
        drop(uow);
        let (mut ended, mut failure) = (0, None);
        for id in overdue {
            match self.retrying(|| Box::pin(self.sweep(id))).await {
                Ok(()) => ended += 1,
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        failure.map_or(Ok(ended), Err)
    }

    async fn sweep(&self, id: InstanceId) -> Served<()> {
        let mut uow = self.ports.store.begin().await?;
        let Some(goal) = uow.instances().lock(id).await? else {
            return Ok(());
        };
        if goal.deadline().is_none_or(|deadline| deadline > self.now()) {
            return Ok(());
        }
        let event = self.event_of(uow.as_mut(), &goal).await?;
        let mut changes = Changes::default();
        self.end_overdue(uow.as_mut(), &event, goal, &mut changes).await?;
        Ok(self.finish(uow, changes).await?)
    }

    /// Stops a goal and refunds everybody. One that is being executed can be stopped as long as
    /// nothing was sent to the table: in its veto window, or while no client is there.
    ///
    /// # Errors
    /// [`ServiceError::Transition`] when its effect was sent to the table or it has ended.
    pub async fn cancel_goal(
        &self,
        actor: &Actor,
        id: InstanceId,
        note: Option<String>,
    ) -> Served<Instance> {
        self.retrying(|| {
            Box::pin(async {
                let mut uow = self.ports.store.begin().await?;
                let goal = uow.instances().lock(id).await?;
                let goal = goal.ok_or(ServiceError::NotFound("goal"))?;
                let event = self.event_of(uow.as_mut(), &goal).await?;
                let mut changes = Changes::default();
                let stopped = self.stopped_by_gm(uow.as_mut(), goal, note.clone()).await?;
                let goal =
                    self.save_transition(uow.as_mut(), &event, stopped, &mut changes).await?;
                let details = json!({ "instanceId": id, "note": note });
                let campaign = Some(goal.campaign_id);
                self.note_down(uow.as_mut(), campaign, actor, "goal.cancelled", details).await?;
                self.finish(uow, changes).await?;
                Ok(goal)
            })
        })
        .await
    }

    /// Stops every goal of the campaign of which nothing was sent to the table; of one streamer when
    /// named. How many were stopped.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn cancel_goals(
        &self,
        actor: &Actor,
        campaign: CampaignId,
        streamer: Option<StreamerId>,
    ) -> Served<u64> {
        self.retrying(|| {
            Box::pin(async {
                let mut uow = self.ports.store.begin().await?;
                let found = uow.campaigns().get(campaign, Lock::Exclusive).await?;
                found.ok_or(ServiceError::NotFound("campaign"))?;
                let (mut stopped, mut changes) = (0, Changes::default());
                for goal in uow.instances().lock_all_open(campaign, None).await? {
                    let is_named = streamer.is_none_or(|who| goal.scope.streamer() == Some(who));
                    if !is_named {
                        continue;
                    }
                    let event = self.event_of(uow.as_mut(), &goal).await?;
                    let ended = match self.stopped_by_gm(uow.as_mut(), goal, None).await {
                        // Its effect is on its way.
                        Err(ServiceError::Transition(_)) => continue,
                        ended => ended?,
                    };
                    self.save_transition(uow.as_mut(), &event, ended, &mut changes).await?;
                    stopped += 1;
                }
                let details = json!({ "streamerId": streamer, "count": stopped });
                let action = "goals.cancelled";
                self.note_down(uow.as_mut(), Some(campaign), actor, action, details).await?;
                self.finish(uow, changes).await?;
                Ok(stopped)
            })
        })
        .await
    }

    /// The goal as the GM stops it: cancelled, or vetoed when it was completed.
    async fn stopped_by_gm(
        &self,
        uow: &mut dyn UnitOfWork,
        goal: Instance,
        note: Option<String>,
    ) -> Served<Transition> {
        let is_executing = goal.execution_status() == Some(ExecutionStatus::Pending);
        if is_executing {
            let steps = uow.commands().of_instance(goal.id).await?;
            if steps.iter().all(|step| step.sent_at.is_none()) {
                return Ok(goal.veto(note, self.now())?);
            }
        }
        Ok(goal.cancel(CancelReason::Gm, note, self.now())?)
    }
}
