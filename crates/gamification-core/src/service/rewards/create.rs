//! Rewards that have to be made.

use super::super::{Gamification, Served, ServiceError};
use super::{OptInKey, Situation, TITLES_MAX, numbered, status_for, wanted};
use crate::ids::TwitchRewardId;
use crate::ports::{RewardError, StoreError};
use crate::reward::{Reward, RewardSpec, RewardStatus};

impl Gamification {
    /// The row comes first: a reward that Twitch makes and we then forget is found by its title.
    pub(super) async fn insert_row(&self, key: OptInKey, situation: &Situation) -> Served<Reward> {
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
            failed_attempts: 0,
            next_attempt_at: None,
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

    /// Makes the reward on Twitch and writes its id.
    pub(super) async fn create(&self, reward: Reward, situation: &Situation) -> Served<bool> {
        let Some((spec, paused_because)) = wanted(&situation.desired) else {
            return Ok(false);
        };
        let channel = &situation.streamer.twitch_id;
        let made = self.create_with_free_title(situation, spec, paused_because.is_some()).await;
        let now = self.now();
        let next = match made {
            Ok((id, spec)) => Reward {
                twitch_id: Some(id),
                status: status_for(paused_because),
                spec,
                paused_because,
                changed_at: now,
                failed_attempts: 0,
                next_attempt_at: None,
                last_error: None,
                ..reward.clone()
            },
            Err(error) => {
                self.note_failure(&reward, &error).await?;
                return Err(error.into());
            }
        };
        let saved = self.save(&reward, next.clone()).await?;
        if !saved && let Some(id) = &next.twitch_id {
            // The opt-in was taken back while Twitch was making the reward: nobody clicked on it
            // yet.
            self.ports.rewards.delete(channel, id).await?;
        }
        Ok(saved)
    }

    /// Makes the reward, with a number behind its title when the channel has one of that name that
    /// is not the one we were making.
    async fn create_with_free_title(
        &self,
        situation: &Situation,
        spec: &RewardSpec,
        is_paused: bool,
    ) -> Result<(TwitchRewardId, RewardSpec), RewardError> {
        let channel = &situation.streamer.twitch_id;
        let mut outcome = Err(RewardError::DuplicateTitle);
        for number in 1..=TITLES_MAX {
            let spec = RewardSpec { title: numbered(&spec.title, number), ..spec.clone() };
            outcome = match self.ports.rewards.create(channel, &spec, is_paused).await {
                Err(RewardError::DuplicateTitle) => Err(RewardError::DuplicateTitle),
                made => return made.map(|id| (id, spec)),
            };
        }
        outcome
    }
}
