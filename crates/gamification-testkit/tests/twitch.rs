//! The fakes of Twitch do what streamers do to us there.
#![allow(clippy::unwrap_used, missing_docs)]

use gamification_core::cost::Cost;
use gamification_core::ids::{RedemptionId, TwitchRewardId, TwitchUserId};
use gamification_core::ports::{
    ChatNotices, ChatOutcome, RewardChange, RewardError, TwitchRewards,
};
use gamification_core::redemption::{Direction, SettleOutcome, TwitchRedemptionStatus};
use gamification_core::reward::RewardSpec;
use gamification_testkit::{FakeChat, FakeTwitch, RedeemRefused, TwitchCall, fixtures};

/// A Twitch with one channel and one reward on it.
async fn one_reward() -> (FakeTwitch, TwitchUserId, TwitchRewardId) {
    let (twitch, channel) = (FakeTwitch::default(), fixtures::streamer(1).twitch_id);
    twitch.add_channel(&channel, true, Some(10));
    let event = fixtures::invert_event();
    let spec = RewardSpec {
        title: event.name.en,
        cost: event.defaults.cost,
        prompt: event.description.en,
        colour: event.reward_colour,
    };
    let id = twitch.create(&channel, &spec, false).await.unwrap();
    (twitch, channel, id)
}

#[tokio::test]
async fn nothing_is_settled_with_a_dead_login_until_it_returns() {
    let (twitch, channel, reward) = one_reward().await;
    let ids: Vec<RedemptionId> = ["ann", "ben"]
        .map(|viewer| twitch.redeem(&channel, &reward, viewer, fixtures::NOW).unwrap().id)
        .to_vec();
    twitch.set_login_dead(&channel, true);
    let all = |outcome: &SettleOutcome| -> Vec<_> {
        ids.iter().map(|id| (id.clone(), outcome.clone())).collect()
    };
    let settle = || twitch.settle(&channel, &reward, &ids, Direction::Refund);
    assert_eq!(settle().await, all(&SettleOutcome::LoginNeeded));
    assert_eq!(twitch.look_up(&channel, &reward, &ids).await, Err(RewardError::LoginNeeded));
    let held = twitch.status_of(&channel, &ids[0]);
    assert_eq!(held, Some(TwitchRedemptionStatus::Unfulfilled));
    twitch.set_login_dead(&channel, false);
    assert_eq!(settle().await, all(&SettleOutcome::Done));
}

#[tokio::test]
async fn what_a_streamer_changed_by_hand_is_listed_and_takes_effect() {
    let (twitch, channel, reward) = one_reward().await;
    let changed = twitch.change_by_hand(&channel, &reward, |held| {
        held.spec.cost = Cost::new(5).unwrap();
        held.skips_queue = true;
        held.has_limits = true;
    });
    assert!(changed);
    let listed = twitch.list(&channel).await.unwrap().remove(0);
    assert_eq!((listed.spec.cost.get(), listed.skips_queue, listed.has_limits), (5, true, true));
    let redeemed = twitch.redeem(&channel, &reward, "ann", fixtures::NOW).unwrap();
    assert_eq!(redeemed.status, TwitchRedemptionStatus::Fulfilled, "the queue was skipped");
    twitch.change_by_hand(&channel, &reward, |held| held.is_enabled = false);
    let refused = twitch.redeem(&channel, &reward, "ben", fixtures::NOW);
    assert_eq!(refused, Err(RedeemRefused::Disabled));
    assert!(!twitch.change_by_hand(&channel, &"unknown".into(), |_| {}));
}

#[tokio::test]
async fn a_reward_that_the_streamer_deleted_is_gone_and_spent_what_was_pending() {
    let (twitch, channel, reward) = one_reward().await;
    let redeemed = twitch.redeem(&channel, &reward, "ann", fixtures::NOW).unwrap();
    assert!(twitch.delete_by_hand(&channel, &reward));
    assert!(!twitch.delete_by_hand(&channel, &reward));
    assert_eq!(twitch.list(&channel).await.unwrap(), []);
    let update = twitch.update(&channel, &reward, &RewardChange::pause(true)).await;
    assert_eq!(update, Err(RewardError::Missing));
    let held = twitch.status_of(&channel, &redeemed.id);
    assert_eq!(held, Some(TwitchRedemptionStatus::Fulfilled));
}

#[tokio::test]
async fn a_look_up_is_limited_and_fails_when_told_to() {
    let (twitch, channel, reward) = one_reward().await;
    let many: Vec<RedemptionId> = (0..51).map(|n| format!("id-{n}").into()).collect();
    let refused = twitch.look_up(&channel, &reward, &many).await;
    assert!(matches!(refused, Err(RewardError::Refused(_))), "{refused:?}");
    let away = RewardError::Unavailable { after_seconds: None, reason: "away".to_owned() };
    twitch.fail_next(TwitchCall::LookUp, away.clone());
    assert_eq!(twitch.look_up(&channel, &reward, &many[..1]).await, Err(away));
    assert_eq!(twitch.look_up(&channel, &reward, &many[..50]).await, Ok(vec![]));
}

#[tokio::test]
async fn an_empty_change_is_no_call() {
    let (twitch, channel, reward) = one_reward().await;
    twitch.update(&channel, &reward, &RewardChange::default()).await.unwrap();
    assert_eq!(twitch.calls(), [TwitchCall::Create]);
}

#[tokio::test]
async fn lines_of_chat_are_shown_unless_something_else_was_planned() {
    let (chat, channel) = (FakeChat::default(), fixtures::streamer(1).twitch_id);
    let dropped = ChatOutcome::Dropped { reason: "a word is blocked".to_owned() };
    let unknown = ChatOutcome::Unknown { reason: "timed out".to_owned() };
    chat.fail_next(dropped.clone());
    chat.fail_after_effect(unknown.clone());
    assert_eq!(chat.say(&channel, "one").await, dropped);
    assert_eq!(chat.say(&channel, "two").await, unknown);
    assert_eq!(chat.say(&channel, "three").await, ChatOutcome::Said);
    assert_eq!(chat.shown(&channel), ["two", "three"]);
    assert_eq!(chat.shown(&"elsewhere".into()), Vec::<String>::new());
    assert_eq!(chat.lines().len(), 3);
}
