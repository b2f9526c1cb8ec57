//! Rewards of a channel whose login died.

use crate::support::{ON, change_campaign, gm, write};
use gamification_core::login::TwitchLogin;
use gamification_core::ports::{Clock, RewardError};
use gamification_core::reward::{PauseReason, RewardStatus};
use gamification_core::service::ServiceError;
use gamification_testkit::{World, fixtures};

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
    use gamification_core::ports::Queries;
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
