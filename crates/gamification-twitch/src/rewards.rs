//! The port `TwitchRewards` on Helix.

mod failures;
mod settlement;
mod translation;

use crate::helix::{CallFailure, Helix};
use crate::logins::Caller;
use crate::subscriptions::Subscriptions;
use crate::turns::Turns;
use async_trait::async_trait;
use failures::Operation;
use gamification_core::ids::{RedemptionId, TwitchRewardId, TwitchUserId};
use gamification_core::ports::{RewardError, TwitchReward, TwitchRewards};
use gamification_core::redemption::{Direction, IncomingRedemption, SettleOutcome};
use gamification_core::reward::RewardSpec;
use std::sync::Arc;
use twitch_api::helix::points::CustomRewardRedemptionStatus;
use twitch_api::helix::points::{
    CreateCustomRewardRequest, DeleteCustomRewardRequest, GetCustomRewardRedemptionRequest,
    GetCustomRewardRequest, UpdateCustomRewardBody, UpdateCustomRewardRequest,
};

/// The largest page of redemptions.
const PAGE: usize = 50;

/// Custom rewards and their redemptions. Changes of rewards on one channel go one after the other,
/// as Twitch fails with 500 when they come at once; so do settlements.
pub struct HelixRewards {
    helix: Arc<Helix>,
    subscriptions: Subscriptions,
    changes: Turns,
    settlements: Turns,
}

impl HelixRewards {
    pub(crate) fn new(helix: Arc<Helix>, subscriptions: Subscriptions) -> Self {
        Self { helix, subscriptions, changes: Turns::default(), settlements: Turns::default() }
    }

    /// Makes sure that the channel's redemptions are delivered here; after the first time in a
    /// process it does nothing. [`create`](TwitchRewards::create) does it by itself: a program
    /// calls this at its start for the channels that have rewards already.
    ///
    /// # Errors
    /// [`RewardError::LoginNeeded`] without the channel's consent, otherwise as told.
    pub async fn ensure_subscriptions(&self, channel: &TwitchUserId) -> Result<(), RewardError> {
        let ensured = self.subscriptions.ensure(channel).await;
        ensured.map_err(|failure| failures::reward_error(failure, Operation::OnChannel))
    }

    async fn change(
        &self,
        channel: &TwitchUserId,
        reward: &TwitchRewardId,
        body: &UpdateCustomRewardBody<'_>,
    ) -> Result<(), CallFailure> {
        let request = UpdateCustomRewardRequest::new(channel.as_str(), reward.as_str());
        self.helix.patch(Caller::Channel(channel), &request, body).await
    }
}

#[async_trait]
impl TwitchRewards for HelixRewards {
    async fn create(
        &self,
        channel: &TwitchUserId,
        spec: &RewardSpec,
        is_paused: bool,
    ) -> Result<TwitchRewardId, RewardError> {
        // Before there is anything to redeem: what is missed is never sent again.
        self.ensure_subscriptions(channel).await?;
        let _turn = self.changes.turn(channel).await;
        let request = CreateCustomRewardRequest::broadcaster_id(channel.as_str());
        let body = translation::creation(spec);
        let made = self.helix.post(Caller::Channel(channel), &request, &body).await;
        let made = made.map_err(|failure| failures::reward_error(failure, Operation::OnChannel))?;
        let id = TwitchRewardId::from(made.id.as_str());
        if is_paused {
            // Twitch makes no paused rewards. What is redeemed until here is refused by the core.
            let paused = self.change(channel, &id, &translation::pause(true)).await;
            paused.map_err(failures::of_half_a_creation)?;
        }
        Ok(id)
    }

    async fn update(
        &self,
        channel: &TwitchUserId,
        reward: &TwitchRewardId,
        spec: &RewardSpec,
        is_paused: bool,
    ) -> Result<(), RewardError> {
        let _turn = self.changes.turn(channel).await;
        let changed = self.change(channel, reward, &translation::change(spec, is_paused)).await;
        changed.map_err(|failure| failures::reward_error(failure, Operation::OnReward))
    }

    async fn delete(
        &self,
        channel: &TwitchUserId,
        reward: &TwitchRewardId,
    ) -> Result<(), RewardError> {
        let _turn = self.changes.turn(channel).await;
        let request = DeleteCustomRewardRequest::new(channel.as_str(), reward.as_str());
        let deleted = self.helix.delete(Caller::Channel(channel), &request).await;
        match deleted.map_err(|failure| failures::reward_error(failure, Operation::OnReward)) {
            Err(RewardError::Missing) => Ok(()),
            deleted => deleted,
        }
    }

    async fn list(&self, channel: &TwitchUserId) -> Result<Vec<TwitchReward>, RewardError> {
        let request =
            GetCustomRewardRequest::broadcaster_id(channel.as_str()).only_manageable_rewards(true);
        let listed = self.helix.get(Caller::Channel(channel), &request).await;
        let listed =
            listed.map_err(|failure| failures::reward_error(failure, Operation::OnChannel))?;
        Ok(listed.data.into_iter().map(translation::reward).collect())
    }

    async fn unfulfilled(
        &self,
        channel: &TwitchUserId,
        reward: &TwitchRewardId,
        limit: u32,
    ) -> Result<Vec<IncomingRedemption>, RewardError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut found = Vec::new();
        let mut after = None;
        while found.len() < limit {
            let mut request = GetCustomRewardRedemptionRequest::broadcaster_id(channel.as_str())
                .reward_id(reward.as_str())
                .status(CustomRewardRedemptionStatus::Unfulfilled);
            request.first = Some(PAGE.min(limit - found.len()));
            request.after = after.take();
            let page = self.helix.get(Caller::Channel(channel), &request).await;
            let page =
                page.map_err(|failure| failures::reward_error(failure, Operation::OnReward))?;
            found.extend(page.data.into_iter().filter_map(translation::polled));
            match page.pagination_data.cursor {
                Some(cursor) => after = Some(std::borrow::Cow::Owned(cursor)),
                None => break,
            }
        }
        Ok(found)
    }

    async fn settle(
        &self,
        channel: &TwitchUserId,
        reward: &TwitchRewardId,
        redemptions: &[RedemptionId],
        direction: Direction,
    ) -> Vec<(RedemptionId, SettleOutcome)> {
        let _turn = self.settlements.turn(channel).await;
        settlement::Settlement::new(&self.helix, channel, reward, direction).of(redemptions).await
    }
}
