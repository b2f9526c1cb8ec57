//! Rewards on their way out. Twitch fulfils whatever is pending when a reward is deleted, so it is
//! paused first, its goal ended, everything settled, and only then deleted (2-domain §3.7).

mod points;

use super::changes::Changes;
use super::rewards::{LOGIN_PAUSE_SECONDS, is_held_up};
use super::{Gamification, Served};
use crate::backoff::{deletion_retry_seconds, retry_seconds};
use crate::ids::{CampaignId, TwitchRewardId, TwitchUserId};
use crate::instance::{CancelReason, GoalScope, InstanceStatus};
use crate::ports::{Lock, RewardChange, RewardError, UnitOfWork};
use crate::reward::{Reward, RewardSpec, RewardStatus};

/// Twitch's list of unfulfilled redemptions has to be empty twice, this far apart, in seconds.
const EMPTY_SECONDS: u32 = 5;

/// How many redemptions of a retired reward are taken in at once.
const LIST_MAX: u32 = 50;

/// The longest that a creation may be under way, in seconds.
const CREATION_SECONDS_MAX: u32 = 30;

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
            failed_attempts: 0,
            next_attempt_at: None,
            last_error: None,
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
        let logged_in_at = self.awaited_login(Some(&reward)).await?;
        if is_held_up(&reward, logged_in_at, now) {
            return Ok(false);
        }
        let streamer = self.ports.queries.user(reward.streamer_id.into()).await?;
        let Some(channel) = streamer.map(|streamer| streamer.twitch_id) else {
            return Ok(false);
        };
        let Some(id) = reward.twitch_id.clone() else {
            return self.close_unmade(reward, &channel).await;
        };
        if !is_closed(&reward) {
            return self.close_on_twitch(reward, &channel, &id).await;
        }
        let Some(given_up) = self.only_given_up(&reward).await? else {
            return Ok(false);
        };
        if let Err(error) = self.read_back(&channel, &id, &given_up).await? {
            return self.hold_up(reward, &error).await;
        }
        match self.ports.rewards.unfulfilled(&channel, &id, LIST_MAX).await {
            Ok(found) if !found.is_empty() => self.take_in(reward, &found).await,
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
            Err(error) => self.hold_up(reward, &error).await,
        }
    }

    /// A reward that Twitch never told us an id of: if it exists after all, it is found by its
    /// title. While a creation may be under way it proves nothing that it is not there.
    async fn close_unmade(&self, reward: Reward, channel: &TwitchUserId) -> Served<bool> {
        let there = match self.ports.rewards.list(channel).await {
            Ok(there) => there,
            Err(error) => return self.hold_up(reward, &error).await,
        };
        let made_by = reward.changed_at.plus_seconds(CREATION_SECONDS_MAX);
        let next = match self.unknown_titled(there, &reward.spec.title).await? {
            Some(made) => {
                Reward { twitch_id: Some(made.id), next_attempt_at: None, ..reward.clone() }
            }
            None if made_by > self.now() => {
                Reward { next_attempt_at: Some(made_by), ..reward.clone() }
            }
            None => Reward { status: RewardStatus::Deleted, ..reward.clone() },
        };
        self.save(&reward, next).await
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
        let change = RewardChange { title: Some(spec.title.clone()), ..RewardChange::pause(true) };
        match self.ports.rewards.update(channel, id, &change).await {
            Ok(()) | Err(RewardError::Missing) => {
                let changed_at = self.now();
                let (failed_attempts, last_error) = (0, None);
                let next =
                    Reward { spec, changed_at, failed_attempts, last_error, ..reward.clone() };
                self.save(&reward, next).await
            }
            Err(error) => self.hold_up(reward, &error).await,
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
            Err(RewardError::LoginNeeded) => self.hold_up(reward, &RewardError::LoginNeeded).await,
            Err(error) => self.orphan(reward, &error).await,
        }
    }

    /// Writes why a retired reward got no further. A dead login is no failed deletion: its return
    /// is waited for. A Twitch that is away before anything was to be deleted is none either: until
    /// it is told, viewers may still click.
    async fn hold_up(&self, reward: Reward, error: &RewardError) -> Served<bool> {
        let (failed_attempts, pause) = match error {
            RewardError::LoginNeeded => (reward.failed_attempts, LOGIN_PAUSE_SECONDS),
            RewardError::Unavailable { after_seconds, .. }
                if reward.status == RewardStatus::Deleting =>
            {
                let failed = reward.failed_attempts + 1;
                (failed, after_seconds.unwrap_or_else(|| retry_seconds(failed)))
            }
            _ => return self.orphan(reward, error).await,
        };
        let changed_at = self.now();
        let next = Reward {
            changed_at,
            failed_attempts,
            next_attempt_at: Some(changed_at.plus_seconds(pause)),
            last_error: Some(error.to_string()),
            ..reward.clone()
        };
        self.save(&reward, next).await
    }

    /// Writes that a deletion failed, or that Twitch refused what has to come before it.
    async fn orphan(&self, reward: Reward, error: &RewardError) -> Served<bool> {
        let now = self.now();
        let is_first = reward.status != RewardStatus::Orphaned;
        let failed_attempts = if is_first { 1 } else { reward.failed_attempts + 1 };
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
        drop(uow);
        if leaving.is_empty() {
            return Ok(0);
        }
        let remaining = self.ports.queries.rewards_not_deleted().await?;
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
pub(super) fn is_closed(reward: &Reward) -> bool {
    reward.spec.title.ends_with(&closing_mark(reward))
}
