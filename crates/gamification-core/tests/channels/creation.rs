//! Rewards whose making was not answered: found, never made twice, never left behind.

use crate::support::{OFF, ON, change_config, gm, write};
use crate::wrapped::{Interrupted, game};
use gamification_core::cost::Cost;
use gamification_core::event::Event;
use gamification_core::ports::{RewardError, StoreError, TwitchReward, TwitchRewards};
use gamification_core::reward::{Reward, RewardStatus};
use gamification_core::service::{OfferState, ServiceError};
use gamification_testkit::{TwitchCall, World, fixtures};
use std::sync::{Arc, Mutex};

fn late() -> RewardError {
    RewardError::Unavailable { after_seconds: Some(4), reason: "late".to_owned() }
}

/// An event that nobody offers yet.
async fn another_event(world: &World) -> Event {
    let mut event =
        Event { id: fixtures::id(2_004), slug: "test-another".to_owned(), ..world.invert.clone() };
    event.name.en = "Another".to_owned();
    write(world, async |uow| {
        uow.catalogue().insert(&event).await.unwrap();
        let config = fixtures::campaign_config(&world.campaign, event.id);
        uow.configs().save_campaign_config(&config).await.unwrap();
    })
    .await;
    event
}

async fn offered(world: &World, event: &Event) -> OfferState {
    let (campaign, streamer) = (world.campaign.id, world.streamer(0));
    world.game.offer_event(&gm(), campaign, streamer, event.id, ON).await.unwrap().state
}

/// Our rewards with such a title on the first channel.
async fn on_twitch(world: &World) -> Vec<TwitchReward> {
    let mut there = world.twitch.list(&world.streamers[0].twitch_id).await.unwrap();
    there.retain(|held| held.spec.title.starts_with("Another"));
    there
}

fn creations(world: &World) -> usize {
    world.twitch.calls().iter().filter(|call| **call == TwitchCall::Create).count()
}

#[tokio::test]
async fn a_reward_that_was_made_without_an_answer_is_adopted_and_told_what_is_wanted_now() {
    let world = World::new().await;
    let event = another_event(&world).await;
    world.twitch.fail_after_effect(TwitchCall::Create, late());
    assert_eq!(offered(&world, &event).await, OfferState::Pending);
    let calls = creations(&world);
    change_config(&world, &event, |c| c.cost = Some(Cost::new(7).unwrap())).await;
    world.advance(4).await;
    world.work_until_idle().await;
    assert_eq!(creations(&world), calls, "it is not made again");
    let there = on_twitch(&world).await;
    assert_eq!(there.len(), 1);
    let reward = world.reward(&event, 0).await.unwrap();
    assert_eq!(
        (reward.twitch_id.as_ref(), reward.status),
        (Some(&there[0].id), RewardStatus::Active)
    );
    assert_eq!((there[0].spec.cost.get(), there[0].is_paused), (7, false));
    assert_eq!((&reward.spec, reward.failed_attempts), (&there[0].spec, 0));
}

#[tokio::test]
async fn a_reward_is_found_by_the_numbered_title_that_was_tried_for_it() {
    let world = World::new().await;
    let event = another_event(&world).await;
    let mut taken = world.reward(&world.invert, 0).await.unwrap().spec;
    taken.title = "Another".to_owned();
    world.twitch.add_foreign_reward(&world.streamers[0].twitch_id, taken);
    world.twitch.fail_next(TwitchCall::Create, RewardError::DuplicateTitle);
    world.twitch.fail_after_effect(TwitchCall::Create, late());
    assert_eq!(offered(&world, &event).await, OfferState::Pending);
    world.advance(4).await;
    world.work_until_idle().await;
    let there = on_twitch(&world).await;
    assert_eq!(there.len(), 1);
    assert_eq!(there[0].spec.title, "Another 2");
    assert_eq!(world.reward(&event, 0).await.unwrap().twitch_id, Some(there[0].id.clone()));
}

#[tokio::test]
async fn a_crash_at_any_write_of_a_creation_leaves_one_reward() {
    for write in 1.. {
        let world = World::new().await;
        let event = another_event(&world).await;
        let (campaign, streamer) = (world.campaign.id, world.streamer(0));
        world.game.opt_in(&gm(), campaign, streamer, event.id, ON).await.unwrap();
        let crash = StoreError::Unavailable("gone".to_owned());
        world.store.faults().fail_at_write(write, crash);
        let _ = world.game.reconcile_rewards().await;
        if world.store.faults().is_armed() {
            assert!(write > 3, "a creation has several writes");
            return;
        }
        for _ in 0..3 {
            world.advance(10).await;
            world.work_until_idle().await;
        }
        let there = on_twitch(&world).await;
        assert_eq!(there.len(), 1, "after a crash at write {write}");
        let reward = world.reward(&event, 0).await.unwrap();
        assert_eq!(reward.twitch_id, Some(there[0].id.clone()));
        assert_eq!(reward.status, RewardStatus::Active);
    }
}

#[tokio::test]
async fn a_reward_with_the_title_that_another_row_knows_is_not_adopted() {
    let world = World::new().await;
    let event = another_event(&world).await;
    world.twitch.fail_next(TwitchCall::Create, late());
    assert_eq!(offered(&world, &event).await, OfferState::Pending);
    let known = world.reward(&world.invert, 0).await.unwrap();
    let id = known.twitch_id.clone().unwrap();
    let channel = &world.streamers[0].twitch_id;
    assert!(world.twitch.change_by_hand(channel, &id, |held| held.spec.title = "Another".into()));
    world.advance(4).await;
    world.work_until_idle().await;
    let reward = world.reward(&event, 0).await.unwrap();
    assert_ne!(reward.twitch_id, Some(id));
    assert_eq!(reward.spec.title, "Another 2");
}

#[tokio::test]
async fn an_offer_that_is_withdrawn_while_twitch_makes_its_reward_leaves_none_behind() {
    let world = Arc::new(World::new().await);
    let event = another_event(&world).await;
    let (campaign, streamer) = (world.campaign.id, world.streamer(0));
    world.game.opt_in(&gm(), campaign, streamer, event.id, ON).await.unwrap();
    let during = Arc::clone(&world);
    let meanwhile = async move {
        during.game.withdraw_authorisation(&gm(), campaign, streamer).await.unwrap();
        for _ in 0..10 {
            during.work_until_idle().await;
            during.advance(60).await;
        }
    };
    let twitch = Interrupted {
        twitch: world.twitch.clone(),
        meanwhile: Mutex::new(Some(Box::pin(meanwhile))),
    };
    let slow = game(&world, |ports| ports.rewards = Arc::new(twitch));
    slow.reconcile_rewards().await.unwrap();
    assert_eq!(on_twitch(&world).await.len(), 1, "it was made after its row was closed");
    for _ in 0..4 {
        world.work_until_idle().await;
        world.advance(5).await;
    }
    assert_eq!(on_twitch(&world).await, []);
}

#[tokio::test]
async fn an_offer_in_doubt_that_is_then_refused_leaves_none_behind() {
    let world = World::new().await;
    let event = another_event(&world).await;
    let (campaign, streamer) = (world.campaign.id, world.streamer(0));
    world.twitch.fail_after_effect(TwitchCall::Create, late());
    assert_eq!(offered(&world, &event).await, OfferState::Pending);
    world.advance(4).await;
    world.twitch.fail_next(TwitchCall::List, RewardError::LoginNeeded);
    let refused = world.game.offer_event(&gm(), campaign, streamer, event.id, ON).await;
    assert_eq!(refused, Err(ServiceError::Twitch(RewardError::LoginNeeded)));
    for _ in 0..4 {
        world.work_until_idle().await;
        world.advance(10).await;
    }
    assert_eq!(on_twitch(&world).await, []);
}

#[tokio::test]
async fn a_channel_that_our_rows_know_to_be_full_is_told_so_before_twitch_is_asked() {
    let world = World::new().await;
    let event = another_event(&world).await;
    let (campaign, streamer) = (world.campaign.id, world.streamer(0));
    write(&world, async |uow| {
        for n in 1..=48 {
            let reward = fixtures::reward(n, &world.campaign, &world.invert, streamer);
            let twitch_id = Some(format!("leaving-{n}").into());
            let next_attempt_at = Some(fixtures::at(1_000_000));
            let status = RewardStatus::Orphaned;
            let reward = Reward { twitch_id, status, next_attempt_at, ..reward };
            assert!(uow.rewards().insert(&reward).await.unwrap());
        }
    })
    .await;
    let calls = creations(&world);
    let refused = world.game.offer_event(&gm(), campaign, streamer, event.id, ON).await;
    assert_eq!(refused, Err(ServiceError::Twitch(RewardError::TooManyRewards)));
    assert_eq!(creations(&world), calls);
    assert_eq!(world.reward(&event, 0).await, None);
    let off = world.game.offer_event(&gm(), campaign, streamer, event.id, OFF).await.unwrap();
    assert!(off.config.switched_off_reason.unwrap().contains("50"));
}
