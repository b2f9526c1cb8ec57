//! Rewards of a channel whose login died.

use crate::support::{ON, change_campaign, gm, redeemed, row, write};
use crate::wrapped::{Interrupted, game};
use gamification_core::campaign::BroadcasterType;
use gamification_core::cost::Cost;
use gamification_core::login::{LoginLoss, SealedTokens, TwitchLogin};
use gamification_core::ports::{Clock, Queries, RewardError, TwitchRewards};
use gamification_core::redemption::{IncomingRedemption, Settlement};
use gamification_core::reward::{PauseReason, RewardStatus};
use gamification_core::service::{NewLogin, ServiceError, TwitchProfile};
use gamification_testkit::{World, fixtures};
use std::sync::{Arc, Mutex};

/// The first streamer logs in: Twitch lets us act for them from now on.
async fn log_in(world: &World) {
    let user = &world.streamers[0];
    let profile = TwitchProfile {
        twitch_id: user.twitch_id.clone(),
        login: user.login.clone(),
        display_name: user.display_name.clone(),
        broadcaster_type: BroadcasterType::Affiliate,
        language: None,
    };
    let login = NewLogin {
        scopes: Vec::new(),
        tokens: SealedTokens { key_id: "k".to_owned(), sealed: "s".to_owned() },
        expires_at: fixtures::at(24 * 3_600),
    };
    world.twitch.set_login_dead(&user.twitch_id, false);
    world.game.record_login(profile, login).await.unwrap();
}

/// A click of the first channel, whose login is dead by now.
async fn clicked_before_the_login_died(world: &World) -> IncomingRedemption {
    log_in(world).await;
    let [click] = redeemed(world, 0, ["ann"]).await;
    world.deliver(&click).await.unwrap();
    world.advance(1).await;
    let channel = &world.streamers[0].twitch_id;
    world.twitch.set_login_dead(channel, true);
    assert!(world.game.lose_login(channel, None, LoginLoss::Revoked).await.unwrap());
    click
}

/// Minutes of work, with an inspection in each.
async fn minutes(world: &World) {
    for _ in 0..4 {
        world.work_until_idle().await;
        world.advance(60).await;
        world.game.inspect_rewards().await.unwrap();
    }
    world.work_until_idle().await;
}

async fn panicked_with_a_dead_login() -> World {
    let world = World::new().await;
    world.advance(2).await;
    world.twitch.set_login_dead(&world.streamers[0].twitch_id, true);
    change_campaign(&world, |campaign| campaign.is_panicked = true).await;
    for seconds in [2, 4, 8, 16, 32, 64, 64] {
        world.work_until_idle().await;
        world.advance(seconds).await;
    }
    world.work_until_idle().await;
    let reward = world.reward(&world.invert, 0).await.unwrap();
    assert_eq!(reward.status, RewardStatus::Active);
    let login_needed = RewardError::LoginNeeded.to_string();
    assert_eq!(reward.last_error, Some(login_needed));
    world.twitch.set_login_dead(&world.streamers[0].twitch_id, false);
    world
}

#[tokio::test]
async fn a_reward_goes_on_as_soon_as_its_channel_logs_in_again() {
    let world = panicked_with_a_dead_login().await;
    world.advance(2).await;
    world.work_until_idle().await;
    let reward = world.reward(&world.invert, 0).await.unwrap();
    assert_eq!(reward.status, RewardStatus::Active, "nobody logged in yet");
    let login = fixtures::login(&world.streamers[0]);
    let logged_in_at = world.clock.now();
    let login = TwitchLogin { logged_in_at, ..login };
    write(&world, async |uow| uow.logins().save(&login).await.unwrap()).await;
    world.work_until_idle().await;
    let reward = world.reward(&world.invert, 0).await.unwrap();
    assert_eq!(
        (reward.status, reward.paused_because),
        (RewardStatus::Paused, Some(PauseReason::Panic))
    );
    assert_eq!((reward.last_error, reward.failed_attempts), (None, 0));
}

#[tokio::test]
async fn a_reward_tries_within_a_minute_even_if_nobody_tells_of_the_login() {
    let world = panicked_with_a_dead_login().await;
    world.advance(60).await;
    world.work_until_idle().await;
    let reward = world.reward(&world.invert, 0).await.unwrap();
    assert_eq!(reward.status, RewardStatus::Paused);
}

#[tokio::test]
async fn a_retired_reward_waits_for_the_login_and_is_no_orphan() {
    let world = World::new().await;
    let (campaign, streamer) = (world.campaign.id, world.streamer(0));
    world.twitch.set_login_dead(&world.streamers[0].twitch_id, true);
    world.game.withdraw_authorisation(&gm(), campaign, streamer).await.unwrap();
    for _ in 0..5 {
        world.work_until_idle().await;
        world.advance(3_600).await;
    }
    let waiting = world.store.rewards(campaign, streamer).await.unwrap();
    assert_eq!(waiting.len(), 2);
    for reward in &waiting {
        assert_eq!((reward.status, reward.failed_attempts), (RewardStatus::Deleting, 0));
        assert!(reward.last_error.as_ref().unwrap().contains("log in"));
    }
    world.twitch.set_login_dead(&world.streamers[0].twitch_id, false);
    for _ in 0..5 {
        world.advance(60).await;
        world.work_until_idle().await;
    }
    assert_eq!(world.store.rewards(campaign, streamer).await.unwrap(), []);
}

#[tokio::test]
async fn an_offer_on_a_channel_without_a_login_says_so_at_once() {
    let world = World::new().await;
    let (campaign, streamer, event) = (world.campaign.id, world.streamer(0), world.invert.id);
    world.game.opt_in(&gm(), campaign, streamer, event, crate::support::OFF).await.unwrap();
    world.twitch.set_login_dead(&world.streamers[0].twitch_id, true);
    let refused = world.game.offer_event(&gm(), campaign, streamer, event, ON).await;
    assert_eq!(refused, Err(ServiceError::Twitch(RewardError::LoginNeeded)));
}

#[tokio::test]
async fn what_the_streamer_changed_while_the_login_was_dead_is_not_written_over() {
    let world = World::new().await;
    clicked_before_the_login_died(&world).await;
    change_campaign(&world, |campaign| campaign.is_panicked = true).await;
    minutes(&world).await;
    let (channel, reward) =
        (&world.streamers[0].twitch_id, world.reward(&world.invert, 0).await.unwrap());
    let price = Cost::new(42).unwrap();
    let id = reward.twitch_id.as_ref().unwrap();
    assert!(world.twitch.change_by_hand(channel, id, |held| held.spec.cost = price));
    world.advance(1).await;
    log_in(&world).await;
    minutes(&world).await;
    let there = world.twitch.list(channel).await.unwrap();
    let held = there.into_iter().find(|held| held.id == *id).unwrap();
    assert_eq!((held.spec.cost, held.is_paused), (price, true));
    let opt_ins = world.store.streamer_configs(world.campaign.id, world.streamer(0)).await;
    let opt_in = opt_ins.unwrap().into_iter().find(|c| c.event_id == world.invert.id).unwrap();
    let reason = opt_in.switched_off_reason.as_deref();
    assert_eq!(reason, Some("changed on Twitch by hand: price"));
}

#[tokio::test]
async fn a_failure_that_nothing_depends_on_any_more_is_not_shown_for_ever() {
    let world = World::new().await;
    clicked_before_the_login_died(&world).await;
    world.advance(2).await;
    change_campaign(&world, |campaign| campaign.is_panicked = true).await;
    world.work_until_idle().await;
    assert!(world.reward(&world.invert, 0).await.unwrap().last_error.is_some());
    change_campaign(&world, |campaign| campaign.is_panicked = false).await;
    world.advance(2).await;
    log_in(&world).await;
    minutes(&world).await;
    let reward = world.reward(&world.invert, 0).await.unwrap();
    assert_eq!((reward.status, reward.last_error), (RewardStatus::Active, None));
}

#[tokio::test]
async fn who_was_removed_and_logs_in_while_twitch_is_asked_leaves_nothing_stuck() {
    let world = Arc::new(World::new().await);
    let click = clicked_before_the_login_died(&world).await;
    world.game.remove_member(&gm(), world.campaign.id, world.streamer(0)).await.unwrap();
    world.advance(1).await;
    let during = Arc::clone(&world);
    let meanwhile = async move {
        during.advance(1).await;
        log_in(&during).await;
    };
    let twitch = Interrupted {
        twitch: world.twitch.clone(),
        meanwhile: Mutex::new(Some(Box::pin(meanwhile))),
    };
    let interrupted = game(&world, |ports| ports.rewards = Arc::new(twitch));
    assert_eq!(interrupted.settle_due().await, Ok(1));
    assert_eq!(row(&world, &click).await.settlement, Settlement::RefundDue);
    world.work_until_idle().await;
    assert_eq!(row(&world, &click).await.settlement, Settlement::Refunded);
    world.assert_balanced().await;
}

#[tokio::test]
async fn who_goes_with_a_dead_login_keeps_reward_and_points_until_they_log_in_again() {
    for way in ["removed", "withdrew", "campaign deleted"] {
        let world = World::new().await;
        let click = clicked_before_the_login_died(&world).await;
        let (campaign, streamer) = (world.campaign.id, world.streamer(0));
        match way {
            "removed" => {
                world.game.remove_member(&gm(), campaign, streamer).await.unwrap();
            }
            "withdrew" => {
                world.game.withdraw_authorisation(&gm(), campaign, streamer).await.unwrap();
            }
            _ => world.game.delete_campaign(&gm(), campaign).await.unwrap(),
        }
        for _ in 0..20 {
            world.work_until_idle().await;
            world.clock.advance(24 * 3_600);
        }
        world.work_until_idle().await;
        assert_eq!(row(&world, &click).await.settlement, Settlement::Stuck, "{way}: visible");
        let rewards = world.store.rewards(campaign, streamer).await.unwrap();
        let kept: Vec<_> = rewards.iter().map(|reward| (reward.event_id, reward.status)).collect();
        assert!(kept.contains(&(world.invert.id, RewardStatus::Deleting)), "{way}: {kept:?}");
        assert!(world.store.campaign(campaign).await.unwrap().is_some());
        log_in(&world).await;
        for _ in 0..5 {
            world.work_until_idle().await;
            world.clock.advance(60);
        }
        assert_eq!(row(&world, &click).await.settlement, Settlement::Refunded, "{way}");
        assert_eq!(world.twitch.list(&world.streamers[0].twitch_id).await.unwrap(), [], "{way}");
        let is_gone = world.store.campaign(campaign).await.unwrap().is_none();
        assert_eq!(is_gone, way == "campaign deleted");
        world.assert_balanced().await;
    }
}
