//! Worlds in which one port is watched, or interfered with, on its way.

use async_trait::async_trait;
use gamification_core::action::ActionRegistry;
use gamification_core::ids::{RedemptionId, TwitchRewardId, TwitchUserId};
use gamification_core::ports::{
    RewardChange, RewardError, Store, StoreError, TwitchReward, TwitchRewards, UnitOfWork,
};
use gamification_core::redemption::{
    Direction, IncomingRedemption, SettleOutcome, TwitchRedemptionStatus,
};
use gamification_core::reward::RewardSpec;
use gamification_core::service::{Gamification, Ports};
use gamification_core::trigger::TriggerRegistry;
use gamification_testkit::{FakeTwitch, MemoryStore, World};
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

/// The world's game with other ports.
pub(crate) fn game(world: &World, change: impl FnOnce(&mut Ports)) -> Gamification {
    let mut ports = world.game.ports().clone();
    change(&mut ports);
    Gamification::new(ports, TriggerRegistry::with_builtin(), ActionRegistry::with_builtin())
}

/// Counts transactions.
pub(crate) struct CountedStore {
    pub(crate) store: MemoryStore,
    pub(crate) begun: AtomicU32,
}

#[async_trait]
impl Store for CountedStore {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        self.store.begin().await
    }
}

type Meanwhile = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A Twitch that lets something else happen, once: before it makes a reward, or before it answers to
/// a settlement.
pub(crate) struct Interrupted {
    pub(crate) twitch: Arc<FakeTwitch>,
    pub(crate) meanwhile: Mutex<Option<Meanwhile>>,
}

impl Interrupted {
    async fn interrupt(&self) {
        let meanwhile = self.meanwhile.lock().unwrap().take();
        if let Some(meanwhile) = meanwhile {
            meanwhile.await;
        }
    }
}

#[async_trait]
impl TwitchRewards for Interrupted {
    async fn create(
        &self,
        channel: &TwitchUserId,
        spec: &RewardSpec,
        is_paused: bool,
    ) -> Result<TwitchRewardId, RewardError> {
        self.interrupt().await;
        self.twitch.create(channel, spec, is_paused).await
    }

    async fn update(
        &self,
        channel: &TwitchUserId,
        reward: &TwitchRewardId,
        change: &RewardChange,
    ) -> Result<(), RewardError> {
        self.twitch.update(channel, reward, change).await
    }

    async fn delete(
        &self,
        channel: &TwitchUserId,
        reward: &TwitchRewardId,
    ) -> Result<(), RewardError> {
        self.twitch.delete(channel, reward).await
    }

    async fn list(&self, channel: &TwitchUserId) -> Result<Vec<TwitchReward>, RewardError> {
        self.twitch.list(channel).await
    }

    async fn unfulfilled(
        &self,
        channel: &TwitchUserId,
        reward: &TwitchRewardId,
        limit: u32,
    ) -> Result<Vec<IncomingRedemption>, RewardError> {
        self.twitch.unfulfilled(channel, reward, limit).await
    }

    async fn look_up(
        &self,
        channel: &TwitchUserId,
        reward: &TwitchRewardId,
        redemptions: &[RedemptionId],
    ) -> Result<Vec<(RedemptionId, TwitchRedemptionStatus)>, RewardError> {
        self.twitch.look_up(channel, reward, redemptions).await
    }

    async fn settle(
        &self,
        channel: &TwitchUserId,
        reward: &TwitchRewardId,
        redemptions: &[RedemptionId],
        direction: Direction,
    ) -> Vec<(RedemptionId, SettleOutcome)> {
        let outcomes = self.twitch.settle(channel, reward, redemptions, direction).await;
        self.interrupt().await;
        outcomes
    }
}
