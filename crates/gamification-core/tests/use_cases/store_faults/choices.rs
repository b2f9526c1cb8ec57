//! What game masters and streamers choose.

use super::assert_all_or_nothing;
use crate::support::{OFF, ON, armed, gm};
use gamification_core::ids::InstanceId;
use gamification_core::instance::Instance;
use gamification_core::ports::StoreError;
use gamification_core::service::ConfigChanges;
use gamification_testkit::World;
use serde_json::Value;

#[tokio::test]
async fn switching_an_event_off() {
    let act = async |world: &World, _: &Instance| {
        let (campaign, streamer) = (world.campaign.id, world.streamer(0));
        world.game.opt_in(&gm(), campaign, streamer, world.invert.id, OFF).await.map(drop)
    };
    assert_all_or_nothing(7, async |world| armed(world, 0).await, act).await;
}

#[tokio::test]
async fn switching_an_event_on_again() {
    let act = async |world: &World, (): &()| {
        let (campaign, streamer) = (world.campaign.id, world.streamer(0));
        world.game.opt_in(&gm(), campaign, streamer, world.invert.id, ON).await.map(drop)
    };
    let prepare = async |world: &World| {
        let (campaign, streamer) = (world.campaign.id, world.streamer(0));
        world.game.opt_in(&gm(), campaign, streamer, world.invert.id, OFF).await.unwrap();
    };
    assert_all_or_nothing(4, prepare, act).await;
}

#[tokio::test]
async fn a_start_and_a_stop_by_hand() {
    let start = async |world: &World, (): &()| {
        let (campaign, streamer) = (world.campaign.id, Some(world.streamer(0)));
        world
            .game
            .start_goal(&gm(), campaign, world.invert.id, streamer, Value::Null)
            .await
            .map(drop)
    };
    assert_all_or_nothing(4, async |_| (), start).await;
    let stop = async |world: &World, goal: &InstanceId| {
        world.game.cancel_goal(&gm(), *goal, None).await.map(drop)
    };
    assert_all_or_nothing(6, async |world| armed(world, 0).await.id, stop).await;
}

#[tokio::test]
async fn the_end_of_a_session_and_of_an_event_and_of_a_campaign() {
    let prepare = async |world: &World| {
        world.game.start_session(&gm(), world.campaign.id).await.unwrap();
        armed(world, 0).await;
        world.click_on(&world.chat, 1, "zoe").await;
    };
    let end = async |world: &World, (): &()| {
        world.game.end_session(&gm(), world.campaign.id).await.map(drop)
    };
    assert_all_or_nothing(10, prepare, end).await;
    let disable = async |world: &World, (): &()| {
        let off = ConfigChanges { is_enabled: Some(false), ..ConfigChanges::default() };
        world.game.configure_event(&gm(), world.campaign.id, world.invert.id, off).await.map(drop)
    };
    assert_all_or_nothing(8, prepare, disable).await;
    let delete =
        async |world: &World, (): &()| world.game.delete_campaign(&gm(), world.campaign.id).await;
    assert_all_or_nothing(10, prepare, delete).await;
}

#[tokio::test]
async fn an_offer_that_fails_at_any_write_is_made_in_the_end() {
    for k in 1.. {
        let world = World::new().await;
        let (campaign, streamer, event) = (world.campaign.id, world.streamer(0), world.invert.id);
        world.game.opt_in(&gm(), campaign, streamer, event, OFF).await.unwrap();
        world.store.faults().fail_at_write(k, StoreError::Unavailable("gone".to_owned()));
        let outcome = world.game.offer_event(&gm(), campaign, streamer, event, ON).await;
        if world.store.faults().is_armed() {
            outcome.unwrap();
            assert!(k > 6, "opt-in, row and answer are written");
            return;
        }
        assert!(outcome.is_err(), "write {k}");
        world.game.offer_event(&gm(), campaign, streamer, event, ON).await.unwrap();
        world.advance(2).await;
        world.work_until_idle().await;
        assert!(world.redeem(&world.invert, 0, "ann").await.is_ok(), "write {k}");
    }
}
