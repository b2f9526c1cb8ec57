//! Rewards on their way out. Twitch fulfils whatever is pending when a reward is deleted, so it is
//! paused first, its goal ended, everything settled, and only then deleted (2-domain §3.7).

use super::changes::Changes;
use super::{Gamification, Served};
use crate::backoff::deletion_retry_seconds;
use crate::ids::{CampaignId, TwitchRewardId, TwitchUserId};
use crate::instance::{CancelReason, GoalScope, InstanceStatus};
use crate::ports::{Lock, RewardError, UnitOfWork};
use crate::reward::{Reward, RewardSpec, RewardStatus};

/// Twitch's list of unfulfilled redemptions has to be empty twice, this far apart, in seconds.
const EMPTY_SECONDS: u32 = 5;

/// How many redemptions of a retired reward are taken in at once.
const LIST_MAX: u32 = 50;

impl Gamification {
    /// Begins to retire a reward: no click on it counts from now on, and the channel's own goal
    /// ends.
    pub(super) async fn begin_retirement(&self, reward: Reward) -> Served<bool> {
        let mut uow = self.ports.store.begin().await?;
        let mut changes = Changes::default();
        let locked = uow.rewards().lock(reward.key).await?;
        let Some(reward) = locked.filter(|current| current.status.is_live()) else {
            return Ok(false);
        };
        self.end_goal_of(uow.as_mut(), &reward, CancelReason::StreamerWithdrew, &mut changes)
            .await?;
        let now = self.now();
        let next = Reward {
            status: RewardStatus::Deleting,
            retired_at: Some(now),
            next_attempt_at: None,
            ..reward
        };
        uow.rewards().update(&next).await?;
        changes.wake_workers();
        self.finish(uow, changes).await?;
        Ok(true)
    }

    /// Ends the individual goal that collects clicks through a reward.
    async fn end_goal_of(
        &self,
        uow: &mut dyn UnitOfWork,
        reward: &Reward,
        reason: CancelReason,
        changes: &mut Changes,
    ) -> Served<()> {
        let scope = GoalScope::Streamer(reward.streamer_id);
        let goal = uow.instances().lock_open(reward.campaign_id, reward.event_id, scope).await?;
        let Some(goal) = goal else {
            return Ok(());
        };
        if matches!(goal.status(), InstanceStatus::Active | InstanceStatus::Armed) {
            let event = self.event_of(uow, &goal).await?;
            let ended = goal.cancel(reason, None, self.now())?;
            self.save_transition(uow, &event, ended, changes).await?;
        }
        Ok(())
    }

    /// One step towards the end of a retired reward.
    pub(super) async fn retire_further(&self, reward: Reward) -> Served<bool> {
        let now = self.now();
        if reward.next_attempt_at.is_some_and(|next| next > now) {
            return Ok(false);
        }
        let Some(id) = reward.twitch_id.clone() else {
            return self.close_unmade(reward).await;
        };
        let mut uow = self.ports.store.begin().await?;
        let streamer = uow.users().get(reward.streamer_id.into()).await?;
        let unsettled = uow.redemptions().unsettled_of_reward(reward.key).await?;
        drop(uow);
        let Some(channel) = streamer.map(|streamer| streamer.twitch_id) else {
            return Ok(false);
        };
        if !is_closed(&reward) {
            return self.close_on_twitch(reward, &channel, &id).await;
        }
        if unsettled > 0 {
            return Ok(false);
        }
        match self.ports.rewards.unfulfilled(&channel, &id, LIST_MAX).await {
            Ok(missed) if !missed.is_empty() => {
                for outcome in self.contribute(&missed).await {
                    outcome?;
                }
                self.save(&reward, Reward { empty_since: None, ..reward.clone() }).await
            }
            Ok(_) => match reward.empty_since {
                None => {
                    let again = Some(now.plus_seconds(EMPTY_SECONDS));
                    let next =
                        Reward { empty_since: Some(now), next_attempt_at: again, ..reward.clone() };
                    self.save(&reward, next).await
                }
                Some(_) => self.delete(reward, &channel, &id).await,
            },
            Err(RewardError::Missing) => self.delete(reward, &channel, &id).await,
            Err(error) => self.orphan(reward, &error).await,
        }
    }

    /// A reward that Twitch never told us an id of: if it exists after all, it is found by its
    /// title.
    async fn close_unmade(&self, reward: Reward) -> Served<bool> {
        let mut uow = self.ports.store.begin().await?;
        let streamer = uow.users().get(reward.streamer_id.into()).await?;
        drop(uow);
        let Some(streamer) = streamer else {
            return Ok(false);
        };
        match self.ports.rewards.list(&streamer.twitch_id).await {
            Ok(there) => {
                let made = there.into_iter().find(|made| made.spec.title == reward.spec.title);
                let next = match made {
                    Some(made) if !self.is_known(&made.id).await? => {
                        Reward { twitch_id: Some(made.id), ..reward.clone() }
                    }
                    _ => Reward { status: RewardStatus::Deleted, ..reward.clone() },
                };
                self.save(&reward, next).await
            }
            Err(error) => self.orphan(reward, &error).await,
        }
    }

    async fn is_known(&self, id: &TwitchRewardId) -> Served<bool> {
        let mut uow = self.ports.store.begin().await?;
        Ok(!uow.rewards().by_twitch_ids(std::slice::from_ref(id)).await?.is_empty())
    }

    /// Pauses it and frees its title, so that a fresh reward of that name can take its place.
    async fn close_on_twitch(
        &self,
        reward: Reward,
        channel: &TwitchUserId,
        id: &TwitchRewardId,
    ) -> Served<bool> {
        let title: String = reward.spec.title.chars().take(34).collect();
        let spec = RewardSpec { title: title + &closing_mark(&reward), ..reward.spec.clone() };
        match self.ports.rewards.update(channel, id, &spec, true).await {
            Ok(()) | Err(RewardError::Missing) => {
                let changed_at = self.now();
                self.save(&reward, Reward { spec, changed_at, ..reward.clone() }).await
            }
            Err(error) => self.orphan(reward, &error).await,
        }
    }

    async fn delete(
        &self,
        reward: Reward,
        channel: &TwitchUserId,
        id: &TwitchRewardId,
    ) -> Served<bool> {
        match self.ports.rewards.delete(channel, id).await {
            Ok(()) | Err(RewardError::Missing) => {
                let next = Reward { status: RewardStatus::Deleted, ..reward.clone() };
                self.save(&reward, next).await
            }
            Err(error) => self.orphan(reward, &error).await,
        }
    }

    async fn orphan(&self, reward: Reward, error: &RewardError) -> Served<bool> {
        let now = self.now();
        let failed_attempts = reward.failed_attempts + 1;
        let pause = match error {
            RewardError::Unavailable { after_seconds: Some(seconds), .. } => *seconds,
            _ => deletion_retry_seconds(failed_attempts),
        };
        let next = Reward {
            status: RewardStatus::Orphaned,
            failed_attempts,
            deletion_failed_at: reward.deletion_failed_at.or(Some(now)),
            next_attempt_at: Some(now.plus_seconds(pause)),
            last_error: Some(error.to_string()),
            ..reward.clone()
        };
        self.save(&reward, next).await
    }

    /// Removes campaigns whose rewards are gone and whose redemptions have ended; how many.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn delete_leaving_campaigns(&self) -> Served<u64> {
        let mut uow = self.ports.store.begin().await?;
        let leaving = uow.campaigns().deleting().await?;
        let remaining = uow.rewards().not_deleted().await?;
        drop(uow);
        let mut deleted = 0;
        for campaign in leaving {
            let is_free = remaining.iter().all(|reward| reward.campaign_id != campaign);
            if is_free && self.retrying(|| Box::pin(self.delete_if_over(campaign))).await? {
                deleted += 1;
            }
        }
        Ok(deleted)
    }

    async fn delete_if_over(&self, campaign: CampaignId) -> Served<bool> {
        let mut uow = self.ports.store.begin().await?;
        let found = uow.campaigns().get(campaign, Lock::Exclusive).await?;
        if found.is_none() || !uow.instances().lock_all_open(campaign, None).await?.is_empty() {
            return Ok(false);
        }
        uow.campaigns().delete(campaign).await?;
        uow.commit().await?;
        Ok(true)
    }
}

/// What the title of a reward on its way out ends with; different for each.
fn closing_mark(reward: &Reward) -> String {
    let key = reward.key.0.simple().to_string();
    format!(" · {}", &key[key.len() - 6..])
}

/// Whether Twitch was told that the reward is on its way out.
fn is_closed(reward: &Reward) -> bool {
    reward.spec.title.ends_with(&closing_mark(reward))
}
