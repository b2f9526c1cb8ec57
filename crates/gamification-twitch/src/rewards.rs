//! The port `TwitchRewards` on Helix.

mod failures;
mod pace;
mod settlement;
mod translation;

use crate::eventsub::EventSubLink;
use crate::helix::{CallFailure, Helix, Page};
use crate::logins::Caller;
use crate::turns::Turns;
use async_trait::async_trait;
use failures::Operation;
use gamification_core::ids::{RedemptionId, TwitchRewardId, TwitchUserId};
use gamification_core::ports::{RewardChange, RewardError, TwitchReward, TwitchRewards};
use gamification_core::redemption::{
    Direction, IncomingRedemption, SettleOutcome, TwitchRedemptionStatus,
};
use gamification_core::reward::RewardSpec;
use pace::Pace;
use settlement::Settlement;
use std::sync::Arc;
use translation::{HelixRedemption, HelixReward};
use twitch_api::helix::RequestPost;
use twitch_api::helix::points::CustomRewardRedemptionStatus;
use twitch_api::helix::points::{
    CreateCustomRewardRequest, DeleteCustomRewardRequest, GetCustomRewardRedemptionRequest,
    GetCustomRewardRequest, UpdateCustomRewardRequest,
};

/// The largest page of redemptions.
const PAGE: usize = 50;

/// Custom rewards and their redemptions. Changes of rewards on one channel go one after the other,
/// as Twitch fails with 500 when they come at once; so do settlements.
pub struct HelixRewards {
    helix: Arc<Helix>,
    eventsub: Arc<EventSubLink>,
    changes: Turns,
    settlements: Turns<Pace>,
}

impl HelixRewards {
    pub(crate) fn new(helix: Arc<Helix>, eventsub: Arc<EventSubLink>) -> Self {
        Self { helix, eventsub, changes: Turns::default(), settlements: Turns::default() }
    }

    async fn change(
        &self,
        channel: &TwitchUserId,
        reward: &TwitchRewardId,
        change: &RewardChange,
    ) -> Result<(), CallFailure> {
        let request = UpdateCustomRewardRequest::new(channel.as_str(), reward.as_str());
        let body = translation::change(change);
        self.helix.patch(Caller::Channel(channel), &request, &body).await
    }

    /// Makes it; Twitch makes no paused ones.
    async fn make(
        &self,
        channel: &TwitchUserId,
        spec: &RewardSpec,
    ) -> Result<TwitchRewardId, CallFailure> {
        let request = CreateCustomRewardRequest::broadcaster_id(channel.as_str());
        let body = translation::creation(spec);
        let build = |token: &str, client: &str| request.create_request(body.clone(), token, client);
        let answer = self.helix.call(Caller::Channel(channel), build).await?;
        let made = Page::<HelixReward>::of(answer.body())?.data.into_iter().next();
        let made = made.ok_or_else(|| CallFailure::unreadable("it is empty"))?;
        Ok(TwitchReward::from(made).id)
    }

    /// Redemptions, for whoever can wait.
    async fn ask(
        &self,
        channel: &TwitchUserId,
        request: &GetCustomRewardRedemptionRequest<'_>,
    ) -> Result<Page<HelixRedemption>, CallFailure> {
        self.helix.spare(Caller::Channel(channel))?;
        self.helix.read(Caller::Channel(channel), request).await
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
        self.eventsub.ensure(channel).await?;
        let _turn = self.changes.turn(channel).await;
        let made = self.make(channel, spec).await;
        let id = made.map_err(|failure| failures::reward_error(failure, Operation::OnChannel))?;
        if is_paused {
            // What is redeemed until here is refused by the core.
            let paused = self.change(channel, &id, &RewardChange::pause(true)).await;
            paused.map_err(failures::of_half_a_creation)?;
        }
        Ok(id)
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
        let _turn = self.changes.turn(channel).await;
        let changed = self.change(channel, reward, change).await;
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
        let listed = self.helix.read::<HelixReward>(Caller::Channel(channel), &request).await;
        let listed =
            listed.map_err(|failure| failures::reward_error(failure, Operation::OnChannel))?;
        Ok(listed.data.into_iter().map(TwitchReward::from).collect())
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
            let page = self.ask(channel, &request).await;
            let page =
                page.map_err(|failure| failures::reward_error(failure, Operation::OnReward))?;
            found.extend(page.data.into_iter().filter_map(HelixRedemption::polled));
            match page.cursor {
                Some(cursor) => after = Some(std::borrow::Cow::Owned(cursor.into())),
                None => break,
            }
        }
        Ok(found)
    }

    async fn look_up(
        &self,
        channel: &TwitchUserId,
        reward: &TwitchRewardId,
        redemptions: &[RedemptionId],
    ) -> Result<Vec<(RedemptionId, TwitchRedemptionStatus)>, RewardError> {
        let mut found = Vec::with_capacity(redemptions.len());
        for ids in redemptions.chunks(PAGE) {
            let page = self.ask(channel, &question(channel, reward, ids)).await;
            let page = page.map_err(|failure| failures::reward_error(failure, Operation::OnReward));
            let data = match page {
                Ok(page) => page.data,
                // Twitch says the same of redemptions and of a reward that it does not know.
                Err(RewardError::Missing) => continue,
                Err(error) => return Err(error),
            };
            let known = data.into_iter().filter_map(|it| Some((it.status()?, it.id)));
            found.extend(known.map(|(status, id)| (RedemptionId::from(id), status)));
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
        let mut pace = self.settlements.turn(channel).await;
        let helix = &self.helix;
        let settlement = Settlement { helix, channel, reward, direction, pace: &mut pace };
        settlement.of(redemptions).await
    }
}

/// What Twitch has of these redemptions.
fn question<'a>(
    channel: &'a TwitchUserId,
    reward: &'a TwitchRewardId,
    ids: &[RedemptionId],
) -> GetCustomRewardRedemptionRequest<'a> {
    let ids: Vec<String> = ids.iter().map(|id| id.as_str().to_owned()).collect();
    GetCustomRewardRedemptionRequest::broadcaster_id(channel.as_str())
        .reward_id(reward.as_str())
        .ids(ids)
}
