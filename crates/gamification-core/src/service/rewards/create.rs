//! Rewards that have to be made. The row comes first and knows the title that is tried: a reward
//! that Twitch made without saying so is found by it, and never made a second time.

use super::super::{Gamification, Served, ServiceError};
use super::change::status_for;
use super::{OptInKey, REST_SECONDS, Situation, TITLES_MAX, numbered, wanted};
use crate::ids::{TwitchRewardId, TwitchUserId};
use crate::ports::{RewardError, StoreError, TwitchReward};
use crate::reward::{Reward, RewardSpec, RewardStatus};
use crate::time::Timestamp;

/// How many rewards Twitch allows on a channel, whoever made them.
const REWARDS_MAX: usize = 50;

impl Gamification {
    /// Makes a reward that was never tried.
    pub(super) async fn make_first(
        &self,
        key: OptInKey,
        situation: &Situation,
        channel: &TwitchUserId,
    ) -> Served<bool> {
        let rewards = self.ports.queries.rewards_not_deleted().await?;
        let is_there = |r: &&Reward| r.streamer_id == key.streamer && r.twitch_id.is_some();
        let is_full = rewards.iter().filter(is_there).count() >= REWARDS_MAX;
        // Those of the opt-in that are on their way out give up their title.
        for retired in rewards.into_iter().filter(|r| key.is_of(r) && !r.status.is_live()) {
            self.retire_further(retired).await?;
        }
        let tried = self.insert_tried(key, situation).await?;
        if is_full {
            return self.give_up(&tried, RewardError::TooManyRewards).await;
        }
        self.make(tried, situation, channel).await
    }

    /// Makes a reward that was tried before, unless it turns out to be there.
    pub(super) async fn make_again(
        &self,
        reward: Reward,
        situation: &Situation,
        channel: &TwitchUserId,
    ) -> Served<bool> {
        let Some(tried) = self.mark_tried(&reward).await? else {
            return Ok(false);
        };
        let there = match self.ports.rewards.list(channel).await {
            Ok(there) => there,
            Err(error) => return self.give_up(&tried, error).await,
        };
        let is_full = there.len() >= REWARDS_MAX;
        match self.unknown_titled(there, &tried.spec.title).await? {
            Some(made) => self.adopt(&tried, made, reward.changed_at).await,
            None if is_full => self.give_up(&tried, RewardError::TooManyRewards).await,
            None => self.make(tried, situation, channel).await,
        }
    }

    /// The reward of ours with exactly that title that none of our rows knows.
    pub(in super::super) async fn unknown_titled(
        &self,
        there: Vec<TwitchReward>,
        title: &str,
    ) -> Served<Option<TwitchReward>> {
        let Some(made) = there.into_iter().find(|made| made.spec.title == title) else {
            return Ok(None);
        };
        let mut uow = self.ports.store.begin().await?;
        let known = uow.rewards().by_twitch_ids(std::slice::from_ref(&made.id)).await?;
        Ok(known.is_empty().then_some(made))
    }

    /// Takes over what Twitch made without saying so at that moment; the next step tells it what is
    /// wanted now.
    async fn adopt(&self, tried: &Reward, made: TwitchReward, made_at: Timestamp) -> Served<bool> {
        let paused_because = tried.paused_because.filter(|_| made.is_paused);
        let next = Reward {
            twitch_id: Some(made.id),
            status: if made.is_paused { RewardStatus::Paused } else { RewardStatus::Active },
            spec: made.spec,
            paused_because,
            changed_at: made_at,
            failed_attempts: 0,
            next_attempt_at: None,
            last_error: None,
            ..tried.clone()
        };
        self.save(tried, next).await
    }

    async fn insert_tried(&self, key: OptInKey, situation: &Situation) -> Served<Reward> {
        let (spec, paused_because) =
            wanted(&situation.desired).ok_or(ServiceError::NotFound("reward to make"))?;
        let now = self.now();
        let reward = Reward {
            key: self.next_id(),
            twitch_id: None,
            streamer_id: key.streamer,
            campaign_id: key.campaign,
            event_id: key.event,
            status: RewardStatus::Creating,
            spec: spec.clone(),
            paused_because,
            changed_at: now,
            failed_attempts: 1,
            next_attempt_at: Some(now.plus_seconds(REST_SECONDS)),
            last_error: None,
            deletion_failed_at: None,
            empty_since: None,
            created_at: now,
            retired_at: None,
        };
        let mut uow = self.ports.store.begin().await?;
        if !uow.rewards().insert(&reward).await? {
            let lost = "another reward was made for the same opt-in".to_owned();
            return Err(StoreError::Contention(lost).into());
        }
        uow.commit().await?;
        Ok(reward)
    }

    /// Makes the reward, with a number behind its title when the channel has one of that name.
    async fn make(
        &self,
        mut tried: Reward,
        situation: &Situation,
        channel: &TwitchUserId,
    ) -> Served<bool> {
        let Some((wanted, paused_because)) = wanted(&situation.desired) else {
            return Ok(false);
        };
        let mut outcome = Err(RewardError::DuplicateTitle);
        for number in 1..=TITLES_MAX {
            let title = numbered(&wanted.title, number);
            let next = RewardSpec { title, ..wanted.clone() };
            if !self.note_spec(&mut tried, next).await? {
                return Ok(false);
            }
            let is_paused = paused_because.is_some();
            outcome = self.ports.rewards.create(channel, &tried.spec, is_paused).await;
            if !matches!(outcome, Err(RewardError::DuplicateTitle)) {
                break;
            }
        }
        let id = match outcome {
            Ok(id) => id,
            Err(error) => return self.give_up(&tried, error).await,
        };
        let next = Reward {
            twitch_id: Some(id.clone()),
            status: status_for(paused_because),
            paused_because,
            changed_at: self.now(),
            failed_attempts: 0,
            next_attempt_at: None,
            last_error: None,
            ..tried.clone()
        };
        if !self.save(&tried, next).await? {
            self.keep_for_retirement(&tried, id, channel).await?;
        }
        Ok(true)
    }

    /// Writes what is going to be tried, where that is not what the row says; `false` when somebody
    /// else changed the row.
    async fn note_spec(&self, tried: &mut Reward, spec: RewardSpec) -> Served<bool> {
        if tried.spec == spec {
            return Ok(true);
        }
        let mut uow = self.ports.store.begin().await?;
        if uow.rewards().lock(tried.key).await?.as_ref() != Some(&*tried) {
            return Ok(false);
        }
        tried.spec = spec;
        uow.rewards().update(tried).await?;
        uow.commit().await?;
        Ok(true)
    }

    /// The row was retired while Twitch was making its reward: it has to go like any other.
    async fn keep_for_retirement(
        &self,
        tried: &Reward,
        id: TwitchRewardId,
        channel: &TwitchUserId,
    ) -> Served<()> {
        let mut uow = self.ports.store.begin().await?;
        let row = uow.rewards().lock(tried.key).await?;
        match row {
            Some(row) if row.twitch_id.is_none() => {
                let status = match row.status {
                    RewardStatus::Deleted => RewardStatus::Deleting,
                    status => status,
                };
                let next = Reward { status, twitch_id: Some(id), next_attempt_at: None, ..row };
                uow.rewards().update(&next).await?;
                Ok(uow.commit().await?)
            }
            // It was found by its title already.
            Some(row) if row.twitch_id.as_ref() == Some(&id) => Ok(()),
            _ => {
                drop(uow);
                Ok(self.ports.rewards.delete(channel, &id).await?)
            }
        }
    }

    async fn give_up(&self, tried: &Reward, error: RewardError) -> Served<bool> {
        self.note_failure(tried, &error).await?;
        Err(error.into())
    }
}
