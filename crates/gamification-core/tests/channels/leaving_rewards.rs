//! Rewards on their way out while Twitch is slow to agree, or was told by hand.

use crate::support::{ON, change_config, gm, redeemed, row};
use gamification_core::cost::Cost;
use gamification_core::ids::{TwitchRewardId, TwitchUserId};
use gamification_core::ports::{Queries, RewardError, TwitchReward, TwitchRewards};
use gamification_core::redemption::{SettledBy, Settlement, StuckReason};
use gamification_core::reward::RewardStatus;
use gamification_testkit::{TwitchCall, World};

fn channel(world: &World) -> &TwitchUserId {
    &world.streamers[0].twitch_id
}

async fn id(world: &World) -> TwitchRewardId {
    world.reward(&world.invert, 0).await.unwrap().twitch_id.unwrap()
}

async fn held(world: &World, id: &TwitchRewardId) -> Option<TwitchReward> {
    let there = world.twitch.list(channel(world)).await.unwrap();
    there.into_iter().find(|held| held.id == *id)
}

async fn withdraw(world: &World) {
    let (campaign, streamer) = (world.campaign.id, world.streamer(0));
    world.game.withdraw_authorisation(&gm(), campaign, streamer).await.unwrap();
}

fn updates(world: &World) -> usize {
    world.twitch.calls().iter().filter(|call| **call == TwitchCall::Update).count()
}

/// Twitch fails on the way to the deletion, before anything was deleted.
#[tokio::test]
async fn a_hiccup_of_twitch_does_not_leave_a_retired_reward_open_for_an_hour() {
    let world = World::new().await;
    world.advance(10).await;
    let id = id(&world).await;
    for call in [TwitchCall::Update, TwitchCall::Unfulfilled] {
        let reason = "500".to_owned();
        for _ in 0..2 {
            let error = RewardError::Unavailable { after_seconds: None, reason: reason.clone() };
            world.twitch.fail_next(call, error);
        }
    }
    withdraw(&world).await;
    for _ in 0..3 {
        world.work_until_idle().await;
        let rows = world.store.rewards(world.campaign.id, world.streamer(0)).await.unwrap();
        assert!(rows.iter().all(|row| row.status == RewardStatus::Deleting), "{rows:#?}");
        world.advance(2).await;
    }
    assert!(held(&world, &id).await.unwrap().is_paused);
    for _ in 0..6 {
        world.advance(5).await;
        world.work_until_idle().await;
    }
    assert_eq!(held(&world, &id).await, None);
}

#[tokio::test]
async fn a_reward_that_is_retired_right_after_a_change_rests_like_any_other() {
    let world = World::new().await;
    world.advance(10).await;
    change_config(&world, &world.invert, |c| c.cost = Some(Cost::new(7).unwrap())).await;
    world.work_until_idle().await;
    let (id, calls) = (id(&world).await, updates(&world));
    withdraw(&world).await;
    world.work_until_idle().await;
    assert!(!held(&world, &id).await.unwrap().is_paused, "it was changed just now");
    assert_eq!(updates(&world), calls + 1, "the other one of the channel was not");
    world.advance(2).await;
    world.work_until_idle().await;
    assert!(held(&world, &id).await.unwrap().is_paused);
}

#[tokio::test]
async fn the_ledger_says_what_twitch_says_of_clicks_whose_reward_was_deleted_by_hand() {
    for tells in [true, false] {
        let world = World::new().await;
        world.twitch.set_tells_of_deleted(channel(&world), tells);
        let clicks = redeemed(&world, 0, ["ann", "ben"]).await;
        for click in &clicks {
            world.deliver(click).await.unwrap();
        }
        assert!(world.twitch.delete_by_hand(channel(&world), &id(&world).await));
        for _ in 0..4 {
            world.advance(60).await;
            world.game.inspect_rewards().await.unwrap();
            world.game.find_missed_redemptions().await.unwrap();
            world.work_until_idle().await;
        }
        for click in &clicks {
            let ended = row(&world, click).await;
            if tells {
                let by = Some(SettledBy::External);
                assert_eq!((ended.settlement, ended.settled_by), (Settlement::Fulfilled, by));
            } else {
                let why = Some(StuckReason::RewardDeleted);
                assert_eq!((ended.settlement, ended.stuck_reason), (Settlement::Stuck, why));
            }
        }
        let stuck = world.ledger().await.total.stuck.count;
        assert_eq!(stuck, if tells { 0 } else { 2 });
        world.assert_balanced().await;
    }
}

#[tokio::test]
async fn what_was_changed_by_hand_and_switched_on_again_is_fresh_and_has_its_title_back() {
    let world = World::new().await;
    world.advance(60).await;
    let (old, title) = (id(&world).await, world.reward(&world.invert, 0).await.unwrap().spec.title);
    let by_hand = |held: &mut TwitchReward| held.spec.cost = Cost::new(42).unwrap();
    assert!(world.twitch.change_by_hand(channel(&world), &old, by_hand));
    assert_eq!(world.game.inspect_rewards().await, Ok(1));
    world.work_until_idle().await;
    world.advance(60).await;
    let (campaign, streamer, event) = (world.campaign.id, world.streamer(0), world.invert.id);
    world.game.offer_event(&gm(), campaign, streamer, event, ON).await.unwrap();
    let fresh = world.reward(&world.invert, 0).await.unwrap();
    assert_ne!(fresh.twitch_id.as_ref(), Some(&old));
    assert_eq!(fresh.spec.title, title);
    assert!(held(&world, &old).await.unwrap().spec.title.contains(" · "));
    for _ in 0..4 {
        world.advance(5).await;
        world.work_until_idle().await;
    }
    assert_eq!(held(&world, &old).await, None);
    assert!(held(&world, &fresh.twitch_id.unwrap()).await.is_some());
}
