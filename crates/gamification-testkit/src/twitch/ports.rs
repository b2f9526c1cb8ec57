use super::channel::Channel;
use super::{FakeTwitch, Fault, State, TwitchCall};
use crate::locked;
use async_trait::async_trait;
use gamification_core::ids::{RedemptionId, TwitchRewardId, TwitchUserId};
use gamification_core::ports::{Audience, RewardChange, RewardError, TwitchReward, TwitchRewards};
use gamification_core::redemption::{
    Direction, IncomingRedemption, SettleOutcome, StuckReason, TwitchRedemptionStatus,
};
use gamification_core::reward::RewardSpec;

impl FakeTwitch {
    /// One call: noted, failed if a fault is planned for it, else answered by the channel, to
    /// which it hands a fresh number.
    fn call<T>(
        &self,
        call: TwitchCall,
        channel: &TwitchUserId,
        answer: impl FnOnce(&mut Channel, u64) -> Result<T, RewardError>,
    ) -> Result<T, RewardError> {
        let mut state = locked(&self.state);
        state.calls.push(call);
        let fault = state.next_fault(call);
        if let Some(Fault { error, is_after_effect: false }) = fault {
            return Err(error);
        }
        let number = state.take_number();
        let channel = state.channels.get_mut(channel).ok_or(RewardError::NotEligible)?;
        channel.check_access()?;
        let answer = answer(channel, number);
        fault.map_or(answer, |fault| Err(fault.error))
    }
}

impl State {
    fn next_fault(&mut self, call: TwitchCall) -> Option<Fault> {
        self.faults.get_mut(&call)?.pop_front()
    }
}

#[async_trait]
impl TwitchRewards for FakeTwitch {
    async fn create(
        &self,
        channel: &TwitchUserId,
        spec: &RewardSpec,
        is_paused: bool,
    ) -> Result<TwitchRewardId, RewardError> {
        self.call(TwitchCall::Create, channel, |channel, number| {
            channel.create(spec, is_paused, number)
        })
    }

    async fn update(
        &self,
        channel: &TwitchUserId,
        reward: &TwitchRewardId,
        change: &RewardChange,
    ) -> Result<(), RewardError> {
        if change.is_empty() {
            return Ok(());
        }
        self.call(TwitchCall::Update, channel, |channel, _| channel.update(reward, change))
    }

    async fn delete(
        &self,
        channel: &TwitchUserId,
        reward: &TwitchRewardId,
    ) -> Result<(), RewardError> {
        self.call(TwitchCall::Delete, channel, |channel, _| channel.delete(reward))
    }

    async fn list(&self, channel: &TwitchUserId) -> Result<Vec<TwitchReward>, RewardError> {
        self.call(TwitchCall::List, channel, |channel, _| Ok(channel.list()))
    }

    async fn unfulfilled(
        &self,
        channel: &TwitchUserId,
        reward: &TwitchRewardId,
        limit: u32,
    ) -> Result<Vec<IncomingRedemption>, RewardError> {
        self.call(TwitchCall::Unfulfilled, channel, |channel, _| channel.unfulfilled(reward, limit))
    }

    async fn look_up(
        &self,
        channel: &TwitchUserId,
        reward: &TwitchRewardId,
        redemptions: &[RedemptionId],
    ) -> Result<Vec<(RedemptionId, TwitchRedemptionStatus)>, RewardError> {
        self.call(TwitchCall::LookUp, channel, |channel, _| channel.look_up(reward, redemptions))
    }

    async fn settle(
        &self,
        channel: &TwitchUserId,
        reward: &TwitchRewardId,
        redemptions: &[RedemptionId],
        direction: Direction,
    ) -> Vec<(RedemptionId, SettleOutcome)> {
        let outcomes = self.call(TwitchCall::Settle, channel, |channel, _| {
            let settle = |id: &RedemptionId| (id.clone(), channel.settle(reward, id, direction));
            Ok(redemptions.iter().map(settle).collect())
        });
        outcomes.unwrap_or_else(|error| {
            redemptions.iter().map(|id| (id.clone(), outcome_of(&error))).collect()
        })
    }
}

/// What a call that failed as a whole says of each of its redemptions.
fn outcome_of(error: &RewardError) -> SettleOutcome {
    match error {
        RewardError::Missing => SettleOutcome::Impossible(StuckReason::RewardDeleted),
        RewardError::NotOurs => SettleOutcome::Impossible(StuckReason::NotOurs),
        RewardError::NotEligible => SettleOutcome::Impossible(StuckReason::ChannelNotEligible),
        RewardError::Unavailable { after_seconds, reason } => {
            SettleOutcome::Retry { after_seconds: *after_seconds, reason: reason.clone() }
        }
        RewardError::LoginNeeded => SettleOutcome::LoginNeeded,
        RewardError::DuplicateTitle | RewardError::TooManyRewards | RewardError::Refused(_) => {
            SettleOutcome::Retry { after_seconds: None, reason: error.to_string() }
        }
    }
}

#[async_trait]
impl Audience for FakeTwitch {
    async fn viewers(&self, channels: &[TwitchUserId]) -> Vec<Option<u32>> {
        let state = locked(&self.state);
        channels.iter().map(|id| state.channels.get(id).and_then(|c| c.viewers)).collect()
    }
}
