//! Rewards and campaigns on their way out: settle first, then delete.

use crate::support::{
    OFF, ON, armed, assert_refused, counts, executing_group, gm, play_out, redeemed, row,
    settlements, stored,
};
use gamification_core::instance::{CancelReason, InstanceState};
use gamification_core::ports::{Queries, RewardError, TwitchRewards};
use gamification_core::redemption::{
    Disposition, RedemptionSource, RefusalReason, Settlement, TwitchRedemptionStatus,
};
use gamification_core::reward::{Reward, RewardStatus};
use gamification_core::service::{Conflict, ServiceError};
use gamification_testkit::{TwitchCall, World};

/// Everything that our application has on the first channel, by title and whether it is paused.
async fn on_twitch(world: &World) -> Vec<(String, bool)> {
    let there = world.twitch.list(&world.streamers[0].twitch_id).await.unwrap();
    there.into_iter().map(|reward| (reward.spec.title, reward.is_paused)).collect()
}

/// The first channel's rewards of the individual event that are not deleted.
async fn rows(world: &World) -> Vec<Reward> {
    let rewards = world.store.rewards(world.campaign.id, world.streamer(0)).await.unwrap();
    rewards.into_iter().filter(|reward| reward.event_id == world.invert.id).collect()
}

async fn switched_off_and_on(world: &World) {
    let (campaign, streamer, event) = (world.campaign.id, world.streamer(0), world.invert.id);
    for wish in [OFF, ON] {
        world.game.opt_in(&gm(), campaign, streamer, event, wish).await.unwrap();
    }
}

#[tokio::test]
async fn switching_on_again_makes_a_fresh_reward_of_the_same_title_and_deletes_the_old_one() {
    let world = World::new().await;
    let old = world.reward(&world.invert, 0).await.unwrap();
    switched_off_and_on(&world).await;
    world.work_until_idle().await;
    let fresh = world.reward(&world.invert, 0).await.unwrap();
    assert_ne!(fresh.twitch_id, old.twitch_id);
    assert_eq!(fresh.spec.title, "Invert the dice");
    let there = on_twitch(&world).await;
    assert_eq!(there.len(), 3, "the old one is still there, paused and renamed: {there:?}");
    assert!(there[0].0.starts_with("Invert the dice · ") && there[0].1);
    world.advance(4).await;
    world.work_until_idle().await;
    assert_eq!(on_twitch(&world).await.len(), 3, "its list was empty once");
    world.advance(1).await;
    world.work_until_idle().await;
    assert_eq!(on_twitch(&world).await.len(), 2, "and five seconds later again");
    assert_eq!(rows(&world).await, [fresh]);
}

#[tokio::test]
async fn an_offer_of_what_was_on_before_is_a_fresh_reward_at_once() {
    let world = World::new().await;
    let (campaign, streamer, event) = (world.campaign.id, world.streamer(0), world.invert.id);
    let old = world.reward(&world.invert, 0).await.unwrap();
    world.game.offer_event(&gm(), campaign, streamer, event, OFF).await.unwrap();
    let offer = world.game.offer_event(&gm(), campaign, streamer, event, ON).await.unwrap();
    let fresh = offer.reward.unwrap();
    assert_ne!(fresh.twitch_id, old.twitch_id);
    assert_eq!(
        (fresh.status, fresh.spec.title.as_str()),
        (RewardStatus::Active, "Invert the dice")
    );
    assert!(counts(world.click(0, "ann").await));
}

#[tokio::test]
async fn a_goal_ends_with_its_reward_and_its_points_are_back_before_the_reward_goes() {
    let world = World::new().await;
    let goal = armed(&world, 0).await;
    let streamer = world.streamer(0);
    world.game.withdraw_authorisation(&gm(), world.campaign.id, streamer).await.unwrap();
    let ended = stored(&world, goal.id).await;
    let reason = CancelReason::StreamerWithdrew;
    assert!(matches!(ended.state, InstanceState::Cancelled { reason: r, .. } if r == reason));
    let busy = RewardError::Unavailable { after_seconds: Some(60), reason: "busy".to_owned() };
    world.twitch.fail_next(TwitchCall::Settle, busy);
    for _ in 0..5 {
        world.work_until_idle().await;
        world.advance(10).await;
    }
    assert!(!on_twitch(&world).await.is_empty(), "unsettled rows keep it");
    assert_eq!(world.ledger().await.total.pending.count, 3);
    for _ in 0..5 {
        world.advance(10).await;
        world.work_until_idle().await;
    }
    assert_eq!(on_twitch(&world).await, []);
    assert_eq!(rows(&world).await, []);
    assert_eq!(settlements(&world).await, [Settlement::Refunded; 3]);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_redemption_that_was_never_delivered_is_found_and_refunded_before_the_reward_goes() {
    let world = World::new().await;
    let [missed] = redeemed(&world, 0, ["ann"]).await;
    switched_off_and_on(&world).await;
    world.work_until_idle().await;
    for _ in 0..5 {
        world.advance(5).await;
        world.work_until_idle().await;
    }
    let found = row(&world, &missed).await;
    assert_eq!(found.source, RedemptionSource::Poll);
    assert_eq!(found.disposition, Disposition::Refused(RefusalReason::RewardRetired));
    assert_eq!(found.settlement, Settlement::Refunded);
    assert_eq!(on_twitch(&world).await.len(), 2);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_click_on_a_reward_that_is_gone_is_recorded_and_says_why_it_is_stuck() {
    let world = World::new().await;
    let [late] = redeemed(&world, 0, ["ann"]).await;
    world.twitch.delete(&world.streamers[0].twitch_id, &late.reward_id).await.unwrap();
    switched_off_and_on(&world).await;
    for _ in 0..3 {
        world.advance(5).await;
        world.work_until_idle().await;
    }
    assert_eq!(rows(&world).await.len(), 1, "the old one is proved to be gone");
    let outcome = world.deliver(&late).await.unwrap();
    let refused = gamification_core::service::Contribution::Refused(RefusalReason::RewardRetired);
    assert_eq!(outcome, refused);
    world.work_until_idle().await;
    assert_eq!(row(&world, &late).await.settlement, Settlement::Stuck);
    assert_eq!(world.ledger().await.total.stuck.count, 1);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_deletion_that_failed_is_tried_again_later() {
    let world = World::new().await;
    world.twitch.fail_next(TwitchCall::Delete, RewardError::Refused("not today".to_owned()));
    switched_off_and_on(&world).await;
    world.work_until_idle().await;
    world.advance(5).await;
    world.work_until_idle().await;
    let orphan = rows(&world).await.into_iter().find(|r| !r.status.is_live()).unwrap();
    assert_eq!((orphan.status, orphan.failed_attempts), (RewardStatus::Orphaned, 1));
    assert!(orphan.deletion_failed_at.is_some());
    world.advance(3_599).await;
    world.work_until_idle().await;
    assert_eq!(on_twitch(&world).await.len(), 3);
    world.advance(1).await;
    world.work_until_idle().await;
    assert_eq!(on_twitch(&world).await.len(), 2);
}

#[tokio::test]
async fn a_group_goal_outlives_the_reward_of_who_left() {
    let world = World::new().await;
    let goal = executing_group(&world).await;
    let (campaign, streamer) = (world.campaign.id, world.streamer(0));
    world.game.remove_member(&gm(), campaign, streamer).await.unwrap();
    for _ in 0..4 {
        world.advance(5).await;
        world.work_until_idle().await;
    }
    assert_eq!(on_twitch(&world).await.len(), 1, "that of the goal waits for it");
    assert!(stored(&world, goal.id).await.is_open());
    play_out(&world).await;
    assert_eq!(settlements(&world).await, [Settlement::Fulfilled; 6]);
    for _ in 0..4 {
        world.advance(5).await;
        world.work_until_idle().await;
    }
    assert_eq!(on_twitch(&world).await, []);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_deleted_campaign_refunds_settles_deletes_its_rewards_and_is_gone() {
    let world = World::new().await;
    let late = world.redeem(&world.chat, 1, "eve").await.unwrap();
    armed(&world, 0).await;
    world.click_on(&world.chat, 1, "dan").await;
    let campaign = world.campaign.id;
    world.game.delete_campaign(&gm(), campaign).await.unwrap();
    world.game.delete_campaign(&gm(), campaign).await.unwrap();
    let refused = world.game.start_session(&gm(), campaign).await;
    assert_eq!(refused, Err(ServiceError::Conflict(Conflict::CampaignDeleting)));
    assert_refused(&world, &late, RefusalReason::EventDisabled).await;
    for _ in 0..5 {
        world.work_until_idle().await;
        world.clock.advance(5);
    }
    assert_eq!(world.store.campaign(campaign).await.unwrap(), None);
    assert_eq!(on_twitch(&world).await, []);
    assert_eq!(settlements(&world).await, [Settlement::Refunded; 5]);
    let channel = &world.streamers[1].twitch_id;
    let held = world.twitch.status_of(channel, &late.id);
    assert_eq!(held, Some(TwitchRedemptionStatus::Canceled));
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_campaign_waits_for_what_its_table_is_doing() {
    let world = World::new().await;
    executing_group(&world).await;
    let campaign = world.campaign.id;
    world.game.delete_campaign(&gm(), campaign).await.unwrap();
    for _ in 0..4 {
        world.work_until_idle().await;
        world.clock.advance(5);
    }
    assert!(world.store.campaign(campaign).await.unwrap().is_some());
    play_out(&world).await;
    for _ in 0..4 {
        world.clock.advance(5);
        world.work_until_idle().await;
    }
    assert_eq!(world.store.campaign(campaign).await.unwrap(), None);
    assert_eq!(settlements(&world).await, [Settlement::Fulfilled; 6]);
    world.assert_balanced().await;
}
