use crate::proxy::Fault;
use crate::world::{World, alice, bob, listed, spec, start, title};
use gamification_core::cost::Cost;
use gamification_core::event::Colour;
use gamification_core::ids::TwitchRewardId;
use gamification_core::ports::{RewardChange, RewardError};
use gamification_core::redemption::{
    Direction, RedemptionSource, SettleOutcome, TwitchRedemptionStatus,
};
use gamification_core::reward::RewardSpec;
use hyper::Method;

const REWARDS: &str = "/helix/channel_points/custom_rewards";
const REDEMPTIONS: &str = "/helix/channel_points/custom_rewards/redemptions";

fn unavailable(after_seconds: Option<u32>, reason: &str) -> RewardError {
    RewardError::Unavailable { after_seconds, reason: reason.to_owned() }
}

#[tokio::test]
async fn a_created_reward_is_there_as_it_was_asked_for_and_waits_in_the_queue() {
    let world = World::new().await;
    let id = world.reward_of_alice().await;
    let expected = listed(&id, spec("Betrayal of the die"), false);
    assert_eq!(world.rewards().list(&alice()).await, Ok(vec![expected]));
    assert_eq!(world.rewards().list(&bob()).await, Ok(vec![]));
    world.redeem(&id, 3).await;
    assert_eq!(world.in_status(&id, "UNFULFILLED").await, 3);
}

#[tokio::test]
async fn a_reward_can_be_made_paused() {
    let world = World::new().await;
    let id = world.rewards().create(&alice(), &spec("Asleep"), true).await.unwrap();
    assert!(world.rewards().list(&alice()).await.unwrap()[0].is_paused);
    assert_eq!(world.try_redeem(&id, 1).await, Err("PAUSED".to_owned()));
}

#[tokio::test]
async fn a_reward_that_could_not_be_paused_is_told_as_one_that_may_exist() {
    let world = World::new().await;
    world.proxy.fail(Method::PATCH, REWARDS, Fault::Answer(500, vec![]), 1);
    let made = world.rewards().create(&alice(), &spec("Half"), true).await;
    let reason = "the reward was made, but could not be paused: Twitch answered 500";
    assert_eq!(made, Err(unavailable(None, reason)));
    assert_eq!(world.rewards().list(&alice()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_update_changes_everything_and_false_is_a_value() {
    let world = World::new().await;
    let id = world.reward_of_alice().await;
    let changed = RewardSpec {
        title: "Mercy of the die".to_owned(),
        cost: Cost::new(1).unwrap(),
        prompt: String::new(),
        colour: Colour("#00FF00".to_owned()),
    };
    for is_paused in [true, false] {
        let change = RewardChange::whole(&changed, is_paused);
        world.rewards().update(&alice(), &id, &change).await.unwrap();
        let expected = listed(&id, changed.clone(), is_paused);
        assert_eq!(world.rewards().list(&alice()).await, Ok(vec![expected]));
    }
    world.redeem(&id, 1).await;
}

#[tokio::test]
async fn a_taken_title_is_a_duplicate_and_another_fault_is_not() {
    let world = World::new().await;
    let id = world.reward_of_alice().await;
    let other = world.rewards().create(&alice(), &spec("Other"), false).await.unwrap();
    let taken = "Betrayal of the die";
    let again = world.rewards().create(&alice(), &spec(taken), false).await;
    assert_eq!(again, Err(RewardError::DuplicateTitle));
    let renamed = world.rewards().update(&alice(), &other, &title(taken)).await;
    assert_eq!(renamed, Err(RewardError::DuplicateTitle));
    assert_eq!(world.rewards().update(&alice(), &id, &title(taken)).await, Ok(()));
    assert!(world.rewards().create(&bob(), &spec(taken), false).await.is_ok());
    let long = world.rewards().create(&alice(), &spec(&"x".repeat(46)), false).await;
    assert!(matches!(long, Err(RewardError::Refused(_))), "{long:?}");
}

#[tokio::test]
async fn the_fifty_first_reward_is_one_too_many() {
    let world = World::new().await;
    for n in 0..50 {
        world.rewards().create(&alice(), &spec(&format!("Number {n}")), false).await.unwrap();
    }
    let made = world.rewards().create(&alice(), &spec("Number 50"), false).await;
    assert_eq!(made, Err(RewardError::TooManyRewards));
}

#[tokio::test]
async fn a_channel_without_points_is_not_eligible() {
    let world = World::new().await;
    let plain = world.set_broadcaster_type("newcomer", "").await;
    let made = world.rewards().create(&plain, &spec("Too early"), false).await;
    assert_eq!(made, Err(RewardError::NotEligible));
    assert_eq!(world.rewards().list(&plain).await, Err(RewardError::NotEligible));
    let id = world.reward_of_alice().await;
    world.set_broadcaster_type("alice", "").await;
    let lost = world.rewards().update(&alice(), &id, &title("Too late")).await;
    assert_eq!(lost, Err(RewardError::NotEligible));
}

#[tokio::test]
async fn a_reward_of_another_application_is_not_ours() {
    let world = World::new().await;
    let theirs = world.foreign_adapter();
    let theirs: &dyn gamification_core::ports::TwitchRewards = &*theirs.rewards;
    let id = theirs.create(&alice(), &spec("Hydrate"), false).await.unwrap();
    assert_eq!(world.rewards().list(&alice()).await, Ok(vec![]));
    let changed = world.rewards().update(&alice(), &id, &title("Mine")).await;
    assert_eq!(changed, Err(RewardError::NotOurs));
    assert_eq!(world.rewards().delete(&alice(), &id).await, Err(RewardError::NotOurs));
    let polled = world.rewards().unfulfilled(&alice(), &id, 10).await;
    assert_eq!(polled, Err(RewardError::NotOurs));
}

#[tokio::test]
async fn a_deleted_reward_is_gone_and_may_be_deleted_again() {
    let world = World::new().await;
    let id = world.reward_of_alice().await;
    assert_eq!(world.rewards().delete(&alice(), &id).await, Ok(()));
    assert_eq!(world.rewards().list(&alice()).await, Ok(vec![]));
    assert_eq!(world.rewards().delete(&alice(), &id).await, Ok(()));
    let changed = world.rewards().update(&alice(), &id, &title("Ghost")).await;
    assert_eq!(changed, Err(RewardError::Missing));
    let polled = world.rewards().unfulfilled(&alice(), &id, 10).await;
    assert_eq!(polled, Err(RewardError::Missing));
}

#[tokio::test]
async fn unfulfilled_redemptions_come_oldest_first_over_several_pages() {
    let world = World::new().await;
    let id = world.reward_of_alice().await;
    let made = world.redeem(&id, 120).await;
    let poll = async |limit| {
        let found = world.rewards().unfulfilled(&alice(), &id, limit).await.unwrap();
        found.into_iter().map(|it| it.id).collect::<Vec<_>>()
    };
    assert_eq!(poll(1000).await, made);
    assert_eq!(poll(60).await, made[..60]);
    assert!(poll(0).await.is_empty());
    let one = &world.rewards().unfulfilled(&alice(), &id, 1).await.unwrap()[0];
    assert_eq!((one.reward_id.clone(), one.cost.get()), (id.clone(), 500));
    assert_eq!(one.viewer_name, "vera");
    let (status, source) = (one.status, one.source);
    assert_eq!(status, TwitchRedemptionStatus::Unfulfilled);
    assert_eq!(source, RedemptionSource::Poll);
}

#[tokio::test]
async fn twitch_failing_is_told_with_the_time_to_wait() {
    let world = World::new().await;
    let soon = start().as_seconds() + 17;
    let empty = |reset: i64| {
        let headers = [("ratelimit-remaining", "0".into()), ("ratelimit-reset", reset.to_string())];
        Fault::Answer(429, headers.into())
    };
    let list = async |fault| {
        world.proxy.fail(Method::GET, REWARDS, fault, 1);
        let error = world.rewards().list(&alice()).await.unwrap_err();
        world.clock.advance(60);
        error
    };
    let slower = "Twitch asks for fewer calls";
    assert_eq!(list(empty(soon)).await, unavailable(Some(17), slower));
    assert_eq!(list(empty(i64::MAX)).await, unavailable(Some(60), slower));
    assert_eq!(list(empty(0)).await, unavailable(Some(1), slower));
    assert_eq!(list(Fault::Answer(429, vec![])).await, unavailable(None, slower));
    assert_eq!(list(Fault::Answer(503, vec![])).await, unavailable(None, "Twitch answered 503"));
    let broken = unavailable(None, "the connection to Twitch broke");
    assert_eq!(list(Fault::HangUpAfterEffect).await, broken);
    let unreadable = unavailable(None, "Twitch's answer could not be read");
    assert_eq!(list(Fault::Answer(200, vec![])).await, unreadable);
}

#[tokio::test]
async fn a_twitch_that_is_away_makes_every_call_unavailable() {
    let (adapter, _proxy) = World::new().await.shut_down().await;
    let rewards: &dyn gamification_core::ports::TwitchRewards = &*adapter.rewards;
    let id = TwitchRewardId::from("92af127c-7326-4483-a52b-b0da0be61c01");
    let is_unavailable =
        |error: RewardError| matches!(error, RewardError::Unavailable { after_seconds: None, .. });
    assert!(is_unavailable(rewards.list(&alice()).await.unwrap_err()));
    assert!(is_unavailable(rewards.create(&alice(), &spec("x"), false).await.unwrap_err()));
    assert!(is_unavailable(rewards.delete(&alice(), &id).await.unwrap_err()));
}

#[tokio::test]
async fn redemptions_are_looked_up_fifty_at_a_time_for_whoever_can_wait() {
    let world = World::new().await;
    let id = world.reward_of_alice().await;
    let made = world.redeem(&id, 60).await;
    world.moderator_settles(&made[55], "CANCELED").await;
    let found = world.rewards().look_up(&alice(), &id, &made).await.unwrap();
    assert_eq!(world.calls("GET", REDEMPTIONS).await, 2);
    assert_eq!(found.len(), 60);
    let cancelled = (made[55].clone(), TwitchRedemptionStatus::Canceled);
    assert!(found.contains(&cancelled));
    let open = TwitchRedemptionStatus::Unfulfilled;
    assert_eq!(found.iter().filter(|(_, status)| *status == open).count(), 59);
}

#[tokio::test]
async fn polls_leave_the_last_points_of_the_bucket_to_settlements() {
    let world = World::new().await;
    let id = world.reward_of_alice().await;
    let made = world.redeem(&id, 1).await;
    let low = [
        ("ratelimit-limit", 800),
        ("ratelimit-remaining", 100),
        ("ratelimit-reset", start().as_seconds() + 30),
    ];
    let headers = low.map(|(name, value)| (name, value.to_string()));
    world.proxy.fail(Method::GET, REWARDS, Fault::Answer(200, headers.into()), 1);
    assert!(world.rewards().list(&alice()).await.is_err());
    let later = Err(unavailable(Some(30), "Twitch asks for fewer calls"));
    assert_eq!(world.rewards().unfulfilled(&alice(), &id, 10).await, later);
    assert_eq!(world.calls("GET", REDEMPTIONS).await, 0);
    let settled = world.rewards().settle(&alice(), &id, &made, Direction::Refund).await;
    assert_eq!(settled, [(made[0].clone(), SettleOutcome::Done)]);
}
