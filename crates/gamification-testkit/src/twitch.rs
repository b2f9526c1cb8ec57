//! A Twitch with the rules that matter: titles are unique on a channel, a channel has at most 50
//! rewards, deleting one fulfils what is pending on it, and nothing is settled twice.

mod channel;
mod ports;

use crate::locked;
use channel::Channel;
use gamification_core::ids::{RedemptionId, TwitchRewardId, TwitchUserId};
use gamification_core::ports::{RewardError, TwitchReward};
use gamification_core::redemption::{Direction, IncomingRedemption, TwitchRedemptionStatus};
use gamification_core::reward::RewardSpec;
use gamification_core::time::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

/// The calls of [`TwitchRewards`](gamification_core::ports::TwitchRewards) that can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TwitchCall {
    /// `create`
    Create,
    /// `update`
    Update,
    /// `delete`
    Delete,
    /// `list`
    List,
    /// `unfulfilled`
    Unfulfilled,
    /// `look_up`
    LookUp,
    /// `settle`
    Settle,
}

/// Why a viewer could not redeem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedeemRefused {
    /// There is no such reward.
    NoSuchReward,
    /// It is paused.
    Paused,
    /// The streamer disabled it: viewers do not see it.
    Disabled,
}

/// A Twitch in memory. Channels have to be added; what is not known is not eligible.
#[derive(Debug, Default)]
pub struct FakeTwitch {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    channels: BTreeMap<TwitchUserId, Channel>,
    faults: BTreeMap<TwitchCall, VecDeque<Fault>>,
    calls: Vec<TwitchCall>,
    /// The number of the next reward or redemption.
    next_number: u64,
}

#[derive(Debug)]
struct Fault {
    error: RewardError,
    /// The call took effect all the same, as a timeout leaves it.
    is_after_effect: bool,
}

impl FakeTwitch {
    /// Adds a channel that is live with that many viewers, `None` when it is offline. Only an
    /// eligible one (affiliate or partner) may have rewards.
    pub fn add_channel(&self, channel: &TwitchUserId, is_eligible: bool, viewers: Option<u32>) {
        self.with(channel, |channel| {
            channel.is_eligible = is_eligible;
            channel.viewers = viewers;
        });
    }

    /// Changes the audience of a channel; `None` when it is offline.
    pub fn set_viewers(&self, channel: &TwitchUserId, viewers: Option<u32>) {
        self.with(channel, |channel| channel.viewers = viewers);
    }

    /// Whether the channel's login is dead: every call answers [`RewardError::LoginNeeded`], and a
    /// `settle` `LoginNeeded` for each redemption.
    pub fn set_login_dead(&self, channel: &TwitchUserId, is_dead: bool) {
        self.with(channel, |channel| channel.is_login_dead = is_dead);
    }

    /// Whether Twitch still tells of the redemptions of a deleted reward, by their ids; as a rule it
    /// knows neither.
    pub fn set_tells_of_deleted(&self, channel: &TwitchUserId, tells: bool) {
        self.with(channel, |channel| channel.tells_of_deleted = tells);
    }

    /// The next call of that kind fails, without any effect. Several are worked off in order. A
    /// `settle` answers `Retry` for every redemption, or `Impossible` for what is final.
    pub fn fail_next(&self, call: TwitchCall, error: RewardError) {
        self.plan(call, Fault { error, is_after_effect: false });
    }

    /// The next call of that kind takes effect and answers that error all the same.
    pub fn fail_after_effect(&self, call: TwitchCall, error: RewardError) {
        self.plan(call, Fault { error, is_after_effect: true });
    }

    /// Every call so far, in order, failed ones included.
    #[must_use]
    pub fn calls(&self) -> Vec<TwitchCall> {
        locked(&self.state).calls.clone()
    }

    /// A viewer redeems a reward, and Twitch delivers what it answers. It costs what the reward
    /// costs at that moment.
    ///
    /// # Errors
    /// When Twitch does not let the viewer.
    pub fn redeem(
        &self,
        channel: &TwitchUserId,
        reward: &TwitchRewardId,
        viewer: &str,
        now: Timestamp,
    ) -> Result<IncomingRedemption, RedeemRefused> {
        let mut state = locked(&self.state);
        let number = state.take_number();
        let channel = state.channels.get_mut(channel).ok_or(RedeemRefused::NoSuchReward)?;
        channel.redeem(reward, viewer, number, now)
    }

    /// A moderator settles a redemption; `false` when there is none to settle.
    pub fn moderate(
        &self,
        channel: &TwitchUserId,
        redemption: &RedemptionId,
        direction: Direction,
    ) -> bool {
        let mut state = locked(&self.state);
        let redemption = state.channels.get_mut(channel).and_then(|c| c.redemption(redemption));
        match redemption {
            Some(known) if known.status == TwitchRedemptionStatus::Unfulfilled => {
                known.status = channel::settled(direction);
                true
            }
            _ => false,
        }
    }

    /// What Twitch holds of a redemption; `None` when it does not know it.
    #[must_use]
    pub fn status_of(
        &self,
        channel: &TwitchUserId,
        redemption: &RedemptionId,
    ) -> Option<TwitchRedemptionStatus> {
        let mut state = locked(&self.state);
        state.channels.get_mut(channel)?.redemption(redemption).map(|known| known.status)
    }

    /// The streamer changes one of our rewards in the dashboard of Twitch; `false` when there is
    /// none.
    pub fn change_by_hand(
        &self,
        channel: &TwitchUserId,
        reward: &TwitchRewardId,
        change: impl FnOnce(&mut TwitchReward),
    ) -> bool {
        let mut state = locked(&self.state);
        let held = state.channels.get_mut(channel).and_then(|channel| channel.ours(reward));
        held.map(change).is_some()
    }

    /// The streamer deletes one of our rewards in the dashboard of Twitch, which fulfils what is
    /// pending on it; `false` when there is none.
    pub fn delete_by_hand(&self, channel: &TwitchUserId, reward: &TwitchRewardId) -> bool {
        let mut state = locked(&self.state);
        let Some(channel) = state.channels.get_mut(channel) else { return false };
        channel.ours(reward).is_some() && channel.delete(reward).is_ok()
    }

    /// Adds a reward that another application made on the channel: it takes a title and a place.
    pub fn add_foreign_reward(&self, channel: &TwitchUserId, spec: RewardSpec) -> TwitchRewardId {
        let mut state = locked(&self.state);
        let number = state.take_number();
        let channel = state.channels.entry(channel.clone()).or_default();
        channel.add_foreign(spec, number)
    }

    fn with(&self, channel: &TwitchUserId, change: impl FnOnce(&mut Channel)) {
        change(locked(&self.state).channels.entry(channel.clone()).or_default());
    }

    fn plan(&self, call: TwitchCall, fault: Fault) {
        locked(&self.state).faults.entry(call).or_default().push_back(fault);
    }
}

impl State {
    const fn take_number(&mut self) -> u64 {
        self.next_number += 1;
        self.next_number
    }
}
