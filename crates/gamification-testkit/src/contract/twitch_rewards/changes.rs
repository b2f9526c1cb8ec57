//! What changes of a reward do.

use super::{UnderTest, listed, listing, made, redeemed, spec};
use crate::contract::bounded;
use crate::fixtures;
use gamification_core::cost::Cost;
use gamification_core::event::Colour;
use gamification_core::ports::{RewardChange, RewardError, TwitchReward};
use gamification_core::reward::RewardSpec;

pub async fn an_update_changes_what_viewers_see(under_test: &UnderTest) {
    let id = made(under_test, "one").await;
    let changed = RewardSpec {
        cost: Cost::new(1).unwrap(),
        prompt: "another prompt".to_owned(),
        colour: Colour("#00FF7F".to_owned()),
        ..spec("another title")
    };
    let update = |paused| {
        let (rewards, channel) = (under_test.rewards(), under_test.channel());
        let (id, changed) = (id.clone(), changed.clone());
        async move { rewards.update(&channel, &id, &RewardChange::whole(&changed, paused)).await }
    };
    for is_paused in [true, true, false] {
        bounded(update(is_paused)).await.unwrap();
        let expected = listing(id.clone(), changed.clone(), is_paused);
        assert_eq!(listed(under_test).await, [expected]);
    }
}

/// What a change does to what is listed.
type Effect = fn(&mut TwitchReward);

pub async fn an_update_leaves_what_it_does_not_name(under_test: &UnderTest) {
    let id = made(under_test, "one").await;
    let (rewards, channel) = (under_test.rewards(), under_test.channel());
    let mut expected = listing(id.clone(), spec("one"), false);
    let nothing = RewardChange::default();
    let (cost, colour) = (Cost::new(7).unwrap(), Colour("#00FF7F".to_owned()));
    let changes: [(RewardChange, Effect); 5] = [
        (RewardChange::pause(true), |reward| reward.is_paused = true),
        (RewardChange { cost: Some(cost), ..nothing.clone() }, |reward| {
            reward.spec.cost = Cost::new(7).unwrap();
        }),
        (RewardChange { title: Some("two".to_owned()), ..nothing.clone() }, |reward| {
            reward.spec.title = "two".to_owned();
        }),
        (RewardChange { prompt: Some("why".to_owned()), ..nothing.clone() }, |reward| {
            reward.spec.prompt = "why".to_owned();
        }),
        (RewardChange { colour: Some(colour), ..nothing }, |reward| {
            reward.spec.colour = Colour("#00FF7F".to_owned());
        }),
    ];
    for (change, effect) in changes {
        bounded(rewards.update(&channel, &id, &change)).await.unwrap();
        effect(&mut expected);
        assert_eq!(listed(under_test).await, std::slice::from_ref(&expected), "{change:?}");
    }
}

pub async fn an_update_of_nothing_changes_nothing(under_test: &UnderTest) {
    let id = made(under_test, "one").await;
    let (rewards, channel) = (under_test.rewards(), under_test.channel());
    bounded(rewards.update(&channel, &id, &RewardChange::default())).await.unwrap();
    assert_eq!(listed(under_test).await, [listing(id, spec("one"), false)]);
    // No call is made at all, so nobody can find that there is no such reward.
    let unknown = fixtures::id::<uuid::Uuid>(43).to_string().into();
    bounded(rewards.update(&channel, &unknown, &RewardChange::default())).await.unwrap();
}

pub async fn a_paused_reward_cannot_be_redeemed(under_test: &UnderTest) {
    let id = made(under_test, "one").await;
    let (rewards, channel) = (under_test.rewards(), under_test.channel());
    bounded(rewards.update(&channel, &id, &RewardChange::pause(true))).await.unwrap();
    assert!(bounded(under_test.redeem(&id, "viewer")).await.is_err());
    bounded(rewards.update(&channel, &id, &RewardChange::pause(false))).await.unwrap();
    redeemed(under_test, &id, 1).await;
}

pub async fn changing_a_reward_that_is_gone_says_so(under_test: &UnderTest) {
    let id = made(under_test, "one").await;
    let (rewards, channel) = (under_test.rewards(), under_test.channel());
    bounded(rewards.delete(&channel, &id)).await.unwrap();
    let update = bounded(rewards.update(&channel, &id, &RewardChange::pause(false))).await;
    assert_eq!(update, Err(RewardError::Missing));
    assert_eq!(bounded(rewards.unfulfilled(&channel, &id, 10)).await, Err(RewardError::Missing));
}

pub async fn deleting_twice_is_no_error(under_test: &UnderTest) {
    let id = made(under_test, "one").await;
    let (rewards, channel) = (under_test.rewards(), under_test.channel());
    bounded(rewards.delete(&channel, &id)).await.unwrap();
    bounded(rewards.delete(&channel, &id)).await.unwrap();
    assert_eq!(listed(under_test).await, []);
    made(under_test, "one").await;
}
