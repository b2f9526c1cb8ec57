//! Goals that follow their audience while they collect clicks.

use super::changes::Changes;
use super::{Gamification, Served};
use crate::ids::StreamerId;
use crate::instance::{Instance, InstanceStatus};
use crate::ports::{Lock, StoreError};

/// What Twitch tells of the audiences of a goal; `None` is offline, or unknown.
type Counts = Vec<(StreamerId, Option<u32>)>;

impl Gamification {
    /// Recalculates the objective of every goal that collects clicks and whose event asks for it;
    /// how many targets changed. A channel that is offline, or about which Twitch cannot tell,
    /// changes nothing.
    ///
    /// # Errors
    /// The first failure of the store, after all were tried.
    pub async fn recalculate_objectives(&self) -> Served<u64> {
        let (mut changed, mut failure) = (0, None);
        for campaign in self.ports.queries.all_campaigns().await? {
            for goal in self.ports.queries.open_instances(campaign).await? {
                match self.recalculate(&goal).await {
                    Ok(has_changed) => changed += u64::from(has_changed),
                    Err(error) => failure = failure.or(Some(error)),
                }
            }
        }
        failure.map_or(Ok(changed), Err)
    }

    async fn recalculate(&self, goal: &Instance) -> Served<bool> {
        if goal.status() != InstanceStatus::Active {
            return Ok(false);
        }
        let event = self.ports.queries.event(goal.event_id).await?;
        if !event.is_some_and(|event| event.recalculate_objective) {
            return Ok(false);
        }
        let counts = self.audiences_of(goal).await?;
        if counts.iter().all(|(_, count)| count.is_none()) {
            return Ok(false);
        }
        self.retrying(|| Box::pin(self.try_recalculate(goal, &counts))).await
    }

    async fn audiences_of(&self, goal: &Instance) -> Served<Counts> {
        let (mut streamers, mut channels) = (Vec::new(), Vec::new());
        for participant in goal.participants.iter().filter(|p| !p.has_left) {
            let streamer = participant.streamer_id;
            let user = self.ports.queries.user(streamer.into()).await?;
            let missing = || StoreError::Missing("a participant's user".to_owned());
            streamers.push(streamer);
            channels.push(user.ok_or_else(missing)?.twitch_id);
        }
        let viewers = self.ports.audience.viewers(&channels).await;
        Ok(streamers.into_iter().zip(viewers).collect())
    }

    async fn try_recalculate(&self, seen: &Instance, counts: &Counts) -> Served<bool> {
        let mut uow = self.ports.store.begin().await?;
        let (campaign, event) = (seen.campaign_id, seen.event_id);
        let at = self.event_at_table(uow.as_mut(), campaign, event, Lock::Shared).await?;
        let goal = uow.instances().lock(seen.id).await?;
        let (Some(at), Some(goal)) = (at, goal) else { return Ok(false) };
        let is_over = goal.deadline().is_none_or(|deadline| deadline <= self.now());
        if is_over || goal.status() != InstanceStatus::Active {
            return Ok(false);
        }
        let settings = at.event.settings(at.config.as_ref());
        let (coefficient, minimum) = (settings.coefficient, settings.minimum_objective);
        let target = goal.target;
        let Some(next) = goal.follow_audiences(counts, coefficient, minimum)? else {
            return Ok(false);
        };
        let mut changes = Changes::default();
        let goal = self.save_transition(uow.as_mut(), &at.event, next, &mut changes).await?;
        self.finish(uow, changes).await?;
        Ok(goal.target != target)
    }
}
