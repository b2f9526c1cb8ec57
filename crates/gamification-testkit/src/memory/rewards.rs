use super::state::State;
use super::unit::{MemoryUnit, insert_new, replace};
use async_trait::async_trait;
use gamification_core::campaign::User;
use gamification_core::ids::{CampaignId, EventId, RewardKey, StreamerId, TwitchRewardId};
use gamification_core::ports::{RewardRepository, StoreError};
use gamification_core::reward::{Reward, RewardStatus};

type Stored<T> = Result<T, StoreError>;

impl State {
    pub(super) fn channels_with_rewards(&self) -> Vec<User> {
        let has_reward = |user: &&User| {
            let is_theirs =
                |r: &Reward| r.streamer_id == user.id.into() && r.status != RewardStatus::Deleted;
            self.rewards.values().any(is_theirs)
        };
        self.users.values().filter(has_reward).cloned().collect()
    }

    pub(super) fn rewards_not_deleted(&self) -> Vec<Reward> {
        let is_there = |reward: &&Reward| reward.status != RewardStatus::Deleted;
        self.rewards.values().filter(is_there).cloned().collect()
    }
}

#[async_trait]
impl RewardRepository for MemoryUnit {
    async fn by_twitch_ids(&mut self, ids: &[TwitchRewardId]) -> Stored<Vec<Reward>> {
        let is_asked =
            |reward: &&Reward| reward.twitch_id.as_ref().is_some_and(|id| ids.contains(id));
        Ok(self.read()?.rewards.values().filter(is_asked).cloned().collect())
    }

    async fn lock(&mut self, key: RewardKey) -> Stored<Option<Reward>> {
        Ok(self.read()?.rewards.get(&key).cloned())
    }

    async fn live(
        &mut self,
        campaign: CampaignId,
        streamer: StreamerId,
        event: EventId,
    ) -> Stored<Option<Reward>> {
        let opt_in = (campaign, streamer, event);
        let rewards = &self.read()?.rewards;
        Ok(rewards.values().find(|r| r.status.is_live() && opt_in_of(r) == opt_in).cloned())
    }

    async fn insert(&mut self, reward: &Reward) -> Stored<bool> {
        let rewards = &mut self.write()?.rewards;
        let is_rival = |r: &Reward| r.status.is_live() && opt_in_of(r) == opt_in_of(reward);
        if reward.status.is_live() && rewards.values().any(is_rival) {
            return Ok(false);
        }
        insert_new(rewards, reward.key, reward)?;
        Ok(true)
    }

    async fn update(&mut self, reward: &Reward) -> Stored<()> {
        replace(&mut self.write()?.rewards, &reward.key, reward)
    }
}

const fn opt_in_of(reward: &Reward) -> (CampaignId, StreamerId, EventId) {
    (reward.campaign_id, reward.streamer_id, reward.event_id)
}
