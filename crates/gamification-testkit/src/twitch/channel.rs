use super::RedeemRefused;
use gamification_core::ids::{RedemptionId, TwitchRewardId};
use gamification_core::ports::{RewardChange, RewardError, TwitchReward};
use gamification_core::redemption::{
    Direction, IncomingRedemption, RedemptionSource, SettleOutcome, StuckReason,
    TwitchRedemptionStatus,
};
use gamification_core::reward::RewardSpec;
use gamification_core::time::Timestamp;

const REWARDS_MAX: usize = 50;
const TITLE_CHARS_MAX: usize = 45;
const PROMPT_CHARS_MAX: usize = 200;
const LOOKED_UP_MAX: usize = 50;

/// What Twitch holds of one channel. Rewards and redemptions are in the order of their making.
#[derive(Debug, Default)]
pub(super) struct Channel {
    pub(super) is_eligible: bool,
    pub(super) is_login_dead: bool,
    pub(super) tells_of_deleted: bool,
    pub(super) viewers: Option<u32>,
    rewards: Vec<HeldReward>,
    redemptions: Vec<IncomingRedemption>,
}

#[derive(Debug)]
struct HeldReward {
    reward: TwitchReward,
    is_ours: bool,
}

/// The state of a redemption that was settled in that direction.
pub(super) const fn settled(direction: Direction) -> TwitchRedemptionStatus {
    match direction {
        Direction::Fulfil => TwitchRedemptionStatus::Fulfilled,
        Direction::Refund => TwitchRedemptionStatus::Canceled,
    }
}

fn apply(reward: &mut TwitchReward, change: &RewardChange) {
    let RewardChange { title, cost, prompt, colour, is_paused } = change.clone();
    let spec = &mut reward.spec;
    spec.title = title.unwrap_or_else(|| spec.title.clone());
    spec.cost = cost.unwrap_or(spec.cost);
    spec.prompt = prompt.unwrap_or_else(|| spec.prompt.clone());
    spec.colour = colour.unwrap_or_else(|| spec.colour.clone());
    reward.is_paused = is_paused.unwrap_or(reward.is_paused);
}

impl Channel {
    pub(super) const fn check_access(&self) -> Result<(), RewardError> {
        if self.is_login_dead {
            return Err(RewardError::LoginNeeded);
        }
        if self.is_eligible { Ok(()) } else { Err(RewardError::NotEligible) }
    }

    pub(super) fn create(
        &mut self,
        spec: &RewardSpec,
        is_paused: bool,
        number: u64,
    ) -> Result<TwitchRewardId, RewardError> {
        self.check_spec(spec, None)?;
        if self.rewards.len() >= REWARDS_MAX {
            return Err(RewardError::TooManyRewards);
        }
        Ok(self.add(spec.clone(), is_paused, true, number))
    }

    pub(super) fn add_foreign(&mut self, spec: RewardSpec, number: u64) -> TwitchRewardId {
        self.add(spec, false, false, number)
    }

    fn add(
        &mut self,
        spec: RewardSpec,
        is_paused: bool,
        is_ours: bool,
        number: u64,
    ) -> TwitchRewardId {
        let id = TwitchRewardId(format!("reward-{number}"));
        let reward = TwitchReward {
            id: id.clone(),
            spec,
            is_paused,
            is_enabled: true,
            skips_queue: false,
            has_limits: false,
        };
        self.rewards.push(HeldReward { reward, is_ours });
        id
    }

    pub(super) fn update(
        &mut self,
        id: &TwitchRewardId,
        change: &RewardChange,
    ) -> Result<(), RewardError> {
        let mut changed = self.owned(id)?.clone();
        apply(&mut changed, change);
        self.check_spec(&changed.spec, Some(id))?;
        *self.owned(id)? = changed;
        Ok(())
    }

    /// Deletes the reward and, as Twitch does, fulfils what is pending on it.
    pub(super) fn delete(&mut self, id: &TwitchRewardId) -> Result<(), RewardError> {
        match self.owned(id) {
            Err(RewardError::Missing) => return Ok(()),
            other => other?,
        };
        self.rewards.retain(|held| held.reward.id != *id);
        for redemption in self.redemptions.iter_mut().filter(|r| r.reward_id == *id) {
            if redemption.status == TwitchRedemptionStatus::Unfulfilled {
                redemption.status = TwitchRedemptionStatus::Fulfilled;
            }
        }
        Ok(())
    }

    pub(super) fn list(&self) -> Vec<TwitchReward> {
        self.rewards.iter().filter(|held| held.is_ours).map(|held| held.reward.clone()).collect()
    }

    pub(super) fn unfulfilled(
        &mut self,
        id: &TwitchRewardId,
        limit: u32,
    ) -> Result<Vec<IncomingRedemption>, RewardError> {
        self.owned(id)?;
        let is_asked = |r: &&IncomingRedemption| {
            r.reward_id == *id && r.status == TwitchRedemptionStatus::Unfulfilled
        };
        let polled = |r: &IncomingRedemption| IncomingRedemption {
            source: RedemptionSource::Poll,
            ..r.clone()
        };
        Ok(self.redemptions.iter().filter(is_asked).take(limit as usize).map(polled).collect())
    }

    pub(super) fn look_up(
        &mut self,
        id: &TwitchRewardId,
        asked: &[RedemptionId],
    ) -> Result<Vec<(RedemptionId, TwitchRedemptionStatus)>, RewardError> {
        self.readable(id)?;
        if asked.len() > LOOKED_UP_MAX {
            return Err(RewardError::Refused("at most 50 redemptions at once".to_owned()));
        }
        let is_asked = |r: &&IncomingRedemption| r.reward_id == *id && asked.contains(&r.id);
        Ok(self.redemptions.iter().filter(is_asked).map(|r| (r.id.clone(), r.status)).collect())
    }

    pub(super) fn settle(
        &mut self,
        reward: &TwitchRewardId,
        id: &RedemptionId,
        direction: Direction,
    ) -> SettleOutcome {
        match self.readable(reward) {
            Ok(()) => {}
            Err(RewardError::NotOurs) => return SettleOutcome::Impossible(StuckReason::NotOurs),
            Err(_) => return SettleOutcome::Impossible(StuckReason::RewardDeleted),
        }
        let Some(known) = self.redemption(id).filter(|known| known.reward_id == *reward) else {
            return SettleOutcome::Impossible(StuckReason::RedemptionUnknown);
        };
        match known.status {
            TwitchRedemptionStatus::Fulfilled => SettleOutcome::AlreadyDone(Direction::Fulfil),
            TwitchRedemptionStatus::Canceled => SettleOutcome::AlreadyDone(Direction::Refund),
            TwitchRedemptionStatus::Unfulfilled => {
                known.status = settled(direction);
                SettleOutcome::Done
            }
        }
    }

    pub(super) fn redeem(
        &mut self,
        reward: &TwitchRewardId,
        viewer: &str,
        number: u64,
        now: Timestamp,
    ) -> Result<IncomingRedemption, RedeemRefused> {
        let held = self.rewards.iter().find(|held| held.reward.id == *reward);
        let reward = &held.ok_or(RedeemRefused::NoSuchReward)?.reward;
        if !reward.is_enabled {
            return Err(RedeemRefused::Disabled);
        }
        if reward.is_paused {
            return Err(RedeemRefused::Paused);
        }
        let status = if reward.skips_queue {
            TwitchRedemptionStatus::Fulfilled
        } else {
            TwitchRedemptionStatus::Unfulfilled
        };
        let redemption = IncomingRedemption {
            id: format!("redemption-{number}").into(),
            reward_id: reward.id.clone(),
            viewer_id: format!("id-of-{viewer}").into(),
            viewer_name: viewer.to_owned(),
            cost: reward.spec.cost,
            status,
            redeemed_at: now,
            source: RedemptionSource::Webhook,
        };
        self.redemptions.push(redemption.clone());
        Ok(redemption)
    }

    pub(super) fn redemption(&mut self, id: &RedemptionId) -> Option<&mut IncomingRedemption> {
        self.redemptions.iter_mut().find(|redemption| redemption.id == *id)
    }

    /// One of our rewards, whatever the login allows.
    pub(super) fn ours(&mut self, id: &TwitchRewardId) -> Option<&mut TwitchReward> {
        self.owned(id).ok()
    }

    /// Whether redemptions of that reward can be asked for by their ids.
    fn readable(&mut self, id: &TwitchRewardId) -> Result<(), RewardError> {
        let tells_of_deleted = self.tells_of_deleted;
        match self.owned(id) {
            Err(RewardError::Missing) if tells_of_deleted => Ok(()),
            owned => owned.map(|_| ()),
        }
    }

    fn owned(&mut self, id: &TwitchRewardId) -> Result<&mut TwitchReward, RewardError> {
        match self.rewards.iter_mut().find(|held| held.reward.id == *id) {
            None => Err(RewardError::Missing),
            Some(held) if held.is_ours => Ok(&mut held.reward),
            Some(_) => Err(RewardError::NotOurs),
        }
    }

    /// Checks what Twitch checks; the title may stay that of `changed`.
    fn check_spec(
        &self,
        spec: &RewardSpec,
        changed: Option<&TwitchRewardId>,
    ) -> Result<(), RewardError> {
        let title_chars = spec.title.chars().count();
        if title_chars == 0 || title_chars > TITLE_CHARS_MAX {
            return Err(RewardError::Refused("the title has 1 to 45 characters".to_owned()));
        }
        if spec.prompt.chars().count() > PROMPT_CHARS_MAX {
            return Err(RewardError::Refused("the prompt has at most 200 characters".to_owned()));
        }
        let is_taken = |held: &HeldReward| {
            held.reward.spec.title == spec.title && Some(&held.reward.id) != changed
        };
        if self.rewards.iter().any(is_taken) {
            return Err(RewardError::DuplicateTitle);
        }
        Ok(())
    }
}
