//! The suite that every `TwitchRewards` passes.

use crate::world::{World, alice};
use async_trait::async_trait;
use gamification_core::ids::{RedemptionId, TwitchRewardId, TwitchUserId};
use gamification_core::ports::TwitchRewards;
use gamification_core::redemption::Direction;
use gamification_testkit::contract::twitch_rewards::TwitchUnderTest;
use std::sync::Arc;

struct OnTheSandbox {
    world: World,
    newcomer: TwitchUserId,
}

#[async_trait]
impl TwitchUnderTest for OnTheSandbox {
    fn rewards(&self) -> Arc<dyn TwitchRewards> {
        Arc::<gamification_twitch::HelixRewards>::clone(&self.world.adapter.rewards)
    }

    fn channel(&self) -> TwitchUserId {
        alice()
    }

    fn ineligible_channel(&self) -> TwitchUserId {
        self.newcomer.clone()
    }

    async fn redeem(&self, reward: &TwitchRewardId, viewer: &str) -> Result<RedemptionId, String> {
        let made = self.world.try_redeem_as(viewer, reward, 1).await?;
        Ok(made["redemptions"][0]["id"].as_str().unwrap().into())
    }

    async fn moderate(&self, _: &TwitchRewardId, redemption: &RedemptionId, direction: Direction) {
        let status = match direction {
            Direction::Fulfil => "FULFILLED",
            Direction::Refund => "CANCELED",
        };
        self.world.moderator_settles(redemption, status).await;
    }
}

async fn sandbox() -> Box<dyn TwitchUnderTest> {
    let world = World::new().await;
    let newcomer = world.set_broadcaster_type("newcomer", "").await;
    Box::new(OnTheSandbox { world, newcomer })
}

gamification_testkit::twitch_rewards_contract!(sandbox);
