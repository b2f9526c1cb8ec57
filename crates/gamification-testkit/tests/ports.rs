//! The other fakes keep the contracts of their ports.
#![allow(clippy::unwrap_used, missing_docs)]

use async_trait::async_trait;
use gamification_core::ids::{RedemptionId, TwitchRewardId, TwitchUserId};
use gamification_core::ports::TwitchRewards;
use gamification_core::redemption::Direction;
use gamification_testkit::contract::broadcast::BroadcastUnderTest;
use gamification_testkit::contract::pending::PendingUnderTest;
use gamification_testkit::contract::twitch_rewards::TwitchUnderTest;
use gamification_testkit::{
    FakeTwitch, FlakyPending, MemoryBroadcast, broadcast_contract, fixtures, pending_contract,
    twitch_rewards_contract,
};
use std::sync::Arc;

async fn pending() -> PendingUnderTest {
    PendingUnderTest { pending: Arc::new(FlakyPending::default()), _guard: Box::new(()) }
}

async fn broadcast() -> BroadcastUnderTest {
    BroadcastUnderTest { nodes: vec![Arc::new(MemoryBroadcast::default())], _guard: Box::new(()) }
}

struct Fake(Arc<FakeTwitch>);

async fn twitch() -> Box<dyn TwitchUnderTest> {
    let fake = Fake(Arc::default());
    fake.0.add_channel(&fake.channel(), true, Some(50));
    fake.0.add_channel(&fake.ineligible_channel(), false, None);
    Box::new(fake)
}

#[async_trait]
impl TwitchUnderTest for Fake {
    fn rewards(&self) -> Arc<dyn TwitchRewards> {
        self.0.clone()
    }

    fn channel(&self) -> TwitchUserId {
        fixtures::streamer(1).twitch_id
    }

    fn ineligible_channel(&self) -> TwitchUserId {
        fixtures::gm().twitch_id
    }

    async fn redeem(&self, reward: &TwitchRewardId, viewer: &str) -> Result<RedemptionId, String> {
        let redeemed = self.0.redeem(&self.channel(), reward, viewer, fixtures::NOW);
        redeemed.map(|redemption| redemption.id).map_err(|refused| format!("{refused:?}"))
    }

    async fn moderate(
        &self,
        _reward: &TwitchRewardId,
        redemption: &RedemptionId,
        direction: Direction,
    ) {
        assert!(self.0.moderate(&self.channel(), redemption, direction));
    }
}

pending_contract!(pending);
broadcast_contract!(broadcast);
twitch_rewards_contract!(twitch);
