//! The suite of [`TwitchRewards`].

pub mod changes;

use super::bounded;
use crate::fixtures::{self, invert_event};
use async_trait::async_trait;
use gamification_core::ids::{RedemptionId, TwitchRewardId, TwitchUserId};
use gamification_core::ports::{RewardChange, RewardError, TwitchReward, TwitchRewards};
use gamification_core::redemption::{
    Direction, SettleOutcome, StuckReason, TwitchRedemptionStatus,
};
use gamification_core::reward::RewardSpec;
use std::sync::Arc;

/// The other side of the adapter: a Twitch on which viewers and moderators can act.
#[async_trait]
pub trait TwitchUnderTest: Send + Sync {
    /// The adapter.
    fn rewards(&self) -> Arc<dyn TwitchRewards>;
    /// An affiliate's channel with a working login and without any reward.
    fn channel(&self) -> TwitchUserId;
    /// The channel of somebody with a working login who is neither affiliate nor partner.
    fn ineligible_channel(&self) -> TwitchUserId;
    /// A viewer redeems a reward of [`channel`](Self::channel).
    ///
    /// # Errors
    /// When Twitch does not let the viewer.
    async fn redeem(&self, reward: &TwitchRewardId, viewer: &str) -> Result<RedemptionId, String>;
    /// A moderator settles a redemption on Twitch.
    async fn moderate(
        &self,
        reward: &TwitchRewardId,
        redemption: &RedemptionId,
        direction: Direction,
    );
}

/// Expands to the tests of a [`TwitchRewards`]: `twitch_rewards_contract!(make)`, where `make()`
/// gives a future of a
/// `Box<dyn` [`TwitchUnderTest`](crate::contract::twitch_rewards::TwitchUnderTest)`>`.
#[macro_export]
macro_rules! twitch_rewards_contract {
    ($make:expr) => {
        $crate::contract_cases! {
            fresh_twitch: Box<dyn $crate::contract::twitch_rewards::TwitchUnderTest>, $make,
            $crate::contract::twitch_rewards => twitch_rewards_contract {
                a_created_reward_is_listed_as_it_was_asked_for,
                a_title_is_unique_on_the_channel,
                a_channel_has_at_most_fifty_rewards,
                a_channel_without_channel_points_gets_no_reward,
                unfulfilled_redemptions_are_listed_oldest_first,
                what_twitch_holds_of_redemptions_is_looked_up,
                redemptions_of_a_reward_that_is_gone_cannot_be_looked_up,
                settling_says_what_became_of_each_redemption_in_the_order_asked,
                what_a_moderator_settled_is_already_done_in_their_direction,
                more_than_one_batch_is_settled_completely,
                an_unknown_redemption_can_never_be_settled,
                redemptions_of_a_deleted_reward_can_never_be_settled,
            }
            $crate::contract::twitch_rewards::changes => twitch_rewards_changes {
                an_update_changes_what_viewers_see,
                an_update_leaves_what_it_does_not_name,
                an_update_of_nothing_changes_nothing,
                a_paused_reward_cannot_be_redeemed,
                changing_a_reward_that_is_gone_says_so,
                deleting_twice_is_no_error,
            }
        }
    };
}

type UnderTest = Box<dyn TwitchUnderTest>;

fn spec(title: &str) -> RewardSpec {
    let event = invert_event();
    RewardSpec {
        title: title.to_owned(),
        cost: event.defaults.cost,
        prompt: event.description.en,
        colour: event.reward_colour,
    }
}

/// A reward as it is listed when nobody but us changed it.
fn listing(id: TwitchRewardId, spec: RewardSpec, is_paused: bool) -> TwitchReward {
    TwitchReward { id, spec, is_paused, is_enabled: true, skips_queue: false, has_limits: false }
}

/// A reward that viewers can redeem.
async fn made(under_test: &UnderTest, title: &str) -> TwitchRewardId {
    let rewards = under_test.rewards();
    bounded(rewards.create(&under_test.channel(), &spec(title), false)).await.unwrap()
}

async fn listed(under_test: &UnderTest) -> Vec<TwitchReward> {
    bounded(under_test.rewards().list(&under_test.channel())).await.unwrap()
}

async fn redeemed(under_test: &UnderTest, reward: &TwitchRewardId, n: u32) -> Vec<RedemptionId> {
    let mut ids = Vec::new();
    for viewer in 0..n {
        ids.push(bounded(under_test.redeem(reward, &format!("viewer{viewer}"))).await.unwrap());
    }
    ids
}

async fn settled(
    under_test: &UnderTest,
    reward: &TwitchRewardId,
    ids: &[RedemptionId],
    direction: Direction,
) -> Vec<(RedemptionId, SettleOutcome)> {
    bounded(under_test.rewards().settle(&under_test.channel(), reward, ids, direction)).await
}

fn all(ids: &[RedemptionId], outcome: &SettleOutcome) -> Vec<(RedemptionId, SettleOutcome)> {
    ids.iter().map(|id| (id.clone(), outcome.clone())).collect()
}

pub async fn a_created_reward_is_listed_as_it_was_asked_for(under_test: &UnderTest) {
    let rewards = under_test.rewards();
    let french = RewardSpec { title: "Inverser les dés".to_owned(), ..spec("") };
    let id = bounded(rewards.create(&under_test.channel(), &french, true)).await.unwrap();
    let expected = listing(id, french, true);
    assert_eq!(listed(under_test).await, [expected]);
}

pub async fn a_title_is_unique_on_the_channel(under_test: &UnderTest) {
    let (rewards, channel) = (under_test.rewards(), under_test.channel());
    made(under_test, "one").await;
    let other = made(under_test, "two").await;
    let again = bounded(rewards.create(&channel, &spec("one"), false)).await;
    assert_eq!(again, Err(RewardError::DuplicateTitle));
    let renamed =
        bounded(rewards.update(&channel, &other, &RewardChange::whole(&spec("one"), false))).await;
    assert_eq!(renamed, Err(RewardError::DuplicateTitle));
    assert_eq!(listed(under_test).await.len(), 2);
}

pub async fn a_channel_has_at_most_fifty_rewards(under_test: &UnderTest) {
    for n in 0..50 {
        made(under_test, &format!("reward {n}")).await;
    }
    let rewards = under_test.rewards();
    let one_more = bounded(rewards.create(&under_test.channel(), &spec("more"), true)).await;
    assert_eq!(one_more, Err(RewardError::TooManyRewards));
    assert_eq!(listed(under_test).await.len(), 50);
}

pub async fn a_channel_without_channel_points_gets_no_reward(under_test: &UnderTest) {
    let rewards = under_test.rewards();
    let channel = under_test.ineligible_channel();
    let refused = bounded(rewards.create(&channel, &spec("one"), false)).await;
    assert_eq!(refused, Err(RewardError::NotEligible));
}

pub async fn unfulfilled_redemptions_are_listed_oldest_first(under_test: &UnderTest) {
    let reward = made(under_test, "one").await;
    let other = made(under_test, "two").await;
    let ids = redeemed(under_test, &reward, 5).await;
    redeemed(under_test, &other, 1).await;
    settled(under_test, &reward, &ids[..1], Direction::Refund).await;
    let (rewards, channel) = (under_test.rewards(), under_test.channel());
    let all = bounded(rewards.unfulfilled(&channel, &reward, 50)).await.unwrap();
    assert_eq!(all.iter().map(|r| r.id.clone()).collect::<Vec<_>>(), ids[1..]);
    let first = &all[0];
    assert_eq!((&first.reward_id, first.cost), (&reward, spec("one").cost));
    assert_eq!(first.status, TwitchRedemptionStatus::Unfulfilled);
    let some = bounded(rewards.unfulfilled(&channel, &reward, 2)).await.unwrap();
    assert_eq!(some.iter().map(|r| r.id.clone()).collect::<Vec<_>>(), ids[1..3]);
}

pub async fn what_twitch_holds_of_redemptions_is_looked_up(under_test: &UnderTest) {
    let reward = made(under_test, "one").await;
    let other = made(under_test, "two").await;
    let ids = redeemed(under_test, &reward, 4).await;
    let foreign = redeemed(under_test, &other, 1).await.remove(0);
    bounded(under_test.moderate(&reward, &ids[0], Direction::Refund)).await;
    settled(under_test, &reward, &ids[1..2], Direction::Fulfil).await;
    let unknown: RedemptionId = fixtures::id::<uuid::Uuid>(42).to_string().into();
    let asked = [ids[2].clone(), unknown.clone(), ids[1].clone(), foreign, ids[0].clone()];
    let (rewards, channel) = (under_test.rewards(), under_test.channel());
    let mut found = bounded(rewards.look_up(&channel, &reward, &asked)).await.unwrap();
    found.sort_by_key(|(id, _)| ids.iter().position(|known| known == id));
    let expected = [
        (ids[0].clone(), TwitchRedemptionStatus::Canceled),
        (ids[1].clone(), TwitchRedemptionStatus::Fulfilled),
        (ids[2].clone(), TwitchRedemptionStatus::Unfulfilled),
    ];
    assert_eq!(found, expected);
    assert_eq!(bounded(rewards.look_up(&channel, &reward, &[unknown])).await, Ok(vec![]));
    assert_eq!(bounded(rewards.look_up(&channel, &reward, &[])).await, Ok(vec![]));
}

pub async fn redemptions_of_a_reward_that_is_gone_cannot_be_looked_up(under_test: &UnderTest) {
    let reward = made(under_test, "one").await;
    let ids = redeemed(under_test, &reward, 1).await;
    let (rewards, channel) = (under_test.rewards(), under_test.channel());
    bounded(rewards.delete(&channel, &reward)).await.unwrap();
    let found = bounded(rewards.look_up(&channel, &reward, &ids)).await;
    // Twitch may say so, or that it knows none of them; it must not say that one is settled.
    assert!(found == Ok(vec![]) || found == Err(RewardError::Missing), "{found:?}");
}

pub async fn settling_says_what_became_of_each_redemption_in_the_order_asked(
    under_test: &UnderTest,
) {
    let reward = made(under_test, "one").await;
    let ids = redeemed(under_test, &reward, 4).await;
    let fulfilled = settled(under_test, &reward, &ids[..2], Direction::Fulfil).await;
    assert_eq!(fulfilled, all(&ids[..2], &SettleOutcome::Done));
    let backwards: Vec<_> = ids.iter().rev().cloned().collect();
    let refunded = settled(under_test, &reward, &backwards, Direction::Refund).await;
    let mut expected = all(&backwards[..2], &SettleOutcome::Done);
    expected.extend(all(&backwards[2..], &SettleOutcome::AlreadyDone(Direction::Fulfil)));
    assert_eq!(refunded, expected);
    let again = settled(under_test, &reward, &ids[2..], Direction::Refund).await;
    assert_eq!(again, all(&ids[2..], &SettleOutcome::AlreadyDone(Direction::Refund)));
}

pub async fn what_a_moderator_settled_is_already_done_in_their_direction(under_test: &UnderTest) {
    let reward = made(under_test, "one").await;
    let ids = redeemed(under_test, &reward, 3).await;
    bounded(under_test.moderate(&reward, &ids[0], Direction::Refund)).await;
    bounded(under_test.moderate(&reward, &ids[1], Direction::Fulfil)).await;
    let outcomes = settled(under_test, &reward, &ids, Direction::Fulfil).await;
    let expected = [
        SettleOutcome::AlreadyDone(Direction::Refund),
        SettleOutcome::AlreadyDone(Direction::Fulfil),
        SettleOutcome::Done,
    ];
    assert_eq!(outcomes.into_iter().map(|(_, outcome)| outcome).collect::<Vec<_>>(), expected);
}

pub async fn more_than_one_batch_is_settled_completely(under_test: &UnderTest) {
    let reward = made(under_test, "one").await;
    let ids = redeemed(under_test, &reward, 75).await;
    let outcomes = settled(under_test, &reward, &ids, Direction::Refund).await;
    assert_eq!(outcomes, all(&ids, &SettleOutcome::Done));
    let (rewards, channel) = (under_test.rewards(), under_test.channel());
    assert_eq!(bounded(rewards.unfulfilled(&channel, &reward, 100)).await.unwrap(), []);
}

pub async fn an_unknown_redemption_can_never_be_settled(under_test: &UnderTest) {
    let reward = made(under_test, "one").await;
    let mut ids = redeemed(under_test, &reward, 1).await;
    // Shaped as Twitch's ids are, so that it is refused for being unknown and nothing else.
    ids.push(fixtures::id::<uuid::Uuid>(42).to_string().into());
    let outcomes = settled(under_test, &reward, &ids, Direction::Fulfil).await;
    let unknown = SettleOutcome::Impossible(StuckReason::RedemptionUnknown);
    assert_eq!(outcomes, [(ids[0].clone(), SettleOutcome::Done), (ids[1].clone(), unknown)]);
}

pub async fn redemptions_of_a_deleted_reward_can_never_be_settled(under_test: &UnderTest) {
    let reward = made(under_test, "one").await;
    let ids = redeemed(under_test, &reward, 2).await;
    bounded(under_test.rewards().delete(&under_test.channel(), &reward)).await.unwrap();
    let outcomes = settled(under_test, &reward, &ids, Direction::Refund).await;
    assert_eq!(outcomes, all(&ids, &SettleOutcome::Impossible(StuckReason::RewardDeleted)));
}
