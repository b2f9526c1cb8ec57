//! Clicks, rolls, and what ends without an effect.

use super::{Stored, assert_all_or_nothing};
use crate::support::{SIX, armed, gm, redeemed};
use gamification_core::redemption::{Direction, IncomingRedemption, TwitchRedemptionStatus};
use gamification_core::service::IncomingRoll;
use gamification_testkit::World;

#[tokio::test]
async fn a_click_that_opens_a_goal() {
    assert_all_or_nothing(
        5,
        async |world| redeemed(world, 0, ["ann"]).await,
        async |world, [click]| world.deliver(click).await.map(drop),
    )
    .await;
}

#[tokio::test]
async fn a_click_that_ends_an_overdue_goal_and_opens_the_next() {
    assert_all_or_nothing(
        8,
        async |world| {
            world.click(0, "ann").await;
            world.advance(60).await;
            redeemed(world, 0, ["ben"]).await
        },
        async |world, [click]| world.deliver(click).await.map(drop),
    )
    .await;
}

#[tokio::test]
async fn a_click_that_completes_a_group_goal() {
    assert_all_or_nothing(
        5,
        async |world| {
            for (streamer, viewer) in &SIX[..5] {
                world.click_on(&world.chat, *streamer, viewer).await;
            }
            world.redeem(&world.chat, 1, "fay").await.unwrap()
        },
        async |world, click| world.deliver(click).await.map(drop),
    )
    .await;
}

#[tokio::test]
async fn a_click_that_arrives_settled() {
    assert_all_or_nothing(
        3,
        async |world| {
            let [mut click] = redeemed(world, 0, ["ann"]).await;
            click.status = TwitchRedemptionStatus::Fulfilled;
            click
        },
        async |world, click| world.deliver(click).await.map(drop),
    )
    .await;
}

#[tokio::test]
async fn a_roll_that_opens_a_goal() {
    assert_all_or_nothing(
        4,
        async |world| world.roll(0, 20),
        async |world, roll| world.game.record_roll(roll.clone()).await.map(drop),
    )
    .await;
}

#[tokio::test]
async fn a_roll_that_consumes_a_goal() {
    assert_all_or_nothing(
        5,
        async |world| {
            armed(world, 0).await;
            world.roll(0, 20)
        },
        async |world, roll| world.game.record_roll(roll.clone()).await.map(drop),
    )
    .await;
}

#[tokio::test]
async fn a_late_attribution() {
    assert_all_or_nothing(
        5,
        async |world| {
            let stranger = IncomingRoll { actor_id: None, ..world.roll(0, 20) };
            world.game.record_roll(stranger).await.unwrap().roll_id.unwrap()
        },
        async |world, roll| {
            world.game.attribute_roll(&gm(), *roll, world.streamer(0)).await.map(drop)
        },
    )
    .await;
}

#[tokio::test]
async fn a_sweep_of_an_expired_goal() {
    assert_all_or_nothing(
        5,
        async |world| {
            world.click(0, "ann").await;
            world.advance(60).await;
        },
        async |world, ()| world.game.sweep_overdue().await.map(drop),
    )
    .await;
}

#[tokio::test]
async fn what_twitch_tells_of_a_redemption() {
    let prepare = async |world: &World| {
        let [click] = redeemed(world, 0, ["ann"]).await;
        world.deliver(&click).await.unwrap();
        let channel = &world.streamers[0].twitch_id;
        let refund = Direction::Refund;
        assert!(world.twitch.moderate(channel, &click.id, refund));
        click
    };
    let act = async |world: &World, click: &IncomingRedemption| {
        world.game.redemption_updated(&click.id, TwitchRedemptionStatus::Canceled).await
    };
    assert_all_or_nothing(2, prepare, act).await;
}

#[tokio::test]
async fn a_store_that_is_down_changes_nothing_and_comes_back() {
    let world = World::new().await;
    let [click] = redeemed(&world, 0, ["ann"]).await;
    let before = Stored::of(&world).await;
    world.store.faults().set_down(true);
    assert!(world.deliver(&click).await.is_err());
    assert!(world.game.record_roll(world.roll(0, 20)).await.is_err());
    assert!(world.try_work().await.is_err());
    world.store.faults().set_down(false);
    assert_eq!(Stored::of(&world).await, before);
    world.deliver(&click).await.unwrap();
    world.assert_balanced().await;
}
