//! Which stuck rows keep a retired reward on Twitch.

use crate::support::{gm, redeemed, row, write};
use gamification_core::ports::{Queries, SettlementUpdate};
use gamification_core::redemption::{
    Direction, IncomingRedemption, SettledBy, Settlement, StuckReason,
};
use gamification_testkit::World;

/// A click that was to be refunded and is stuck, while its reward is on its way out.
async fn stuck(world: &World, reason: StuckReason) -> IncomingRedemption {
    let [click] = redeemed(world, 0, ["ann"]).await;
    world.deliver(&click).await.unwrap();
    let (campaign, streamer) = (world.campaign.id, world.streamer(0));
    world.game.withdraw_authorisation(&gm(), campaign, streamer).await.unwrap();
    write(world, async |uow| {
        let update = [(click.id.clone(), SettlementUpdate::Stuck { reason })];
        let at = gamification_core::ports::Clock::now(&world.clock);
        assert_eq!(uow.redemptions().apply(&update, at).await.unwrap().len(), 1);
    })
    .await;
    assert_eq!(row(world, &click).await.settlement, Settlement::Stuck);
    click
}

async fn hours(world: &World) {
    for _ in 0..12 {
        world.work_until_idle().await;
        world.advance(600).await;
    }
}

async fn rewards(world: &World) -> usize {
    world.store.rewards(world.campaign.id, world.streamer(0)).await.unwrap().len()
}

#[tokio::test]
async fn a_row_that_waits_for_a_login_keeps_its_reward_until_it_is_settled() {
    let world = World::new().await;
    let click = stuck(&world, StuckReason::LoginNeeded).await;
    hours(&world).await;
    assert_eq!(rewards(&world).await, 1);
    let now = gamification_core::ports::Clock::now(&world.clock);
    write(&world, async |uow| {
        uow.redemptions().resume(world.streamer(0), now).await.unwrap();
    })
    .await;
    hours(&world).await;
    assert_eq!(row(&world, &click).await.settlement, Settlement::Refunded);
    assert_eq!(rewards(&world).await, 0);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_row_that_was_given_up_is_tried_again_when_twitch_still_holds_it_before_the_reward_goes()
{
    for reason in [StuckReason::RedemptionUnknown, StuckReason::ChannelNotEligible] {
        let world = World::new().await;
        let click = stuck(&world, reason).await;
        hours(&world).await;
        assert_eq!(row(&world, &click).await.settlement, Settlement::Refunded, "{reason:?}");
        assert_eq!(rewards(&world).await, 0);
        world.assert_balanced().await;
    }
}

#[tokio::test]
async fn a_row_that_was_given_up_and_settled_by_a_moderator_ends_as_the_moderator_did_it() {
    let world = World::new().await;
    let click = stuck(&world, StuckReason::RedemptionUnknown).await;
    let channel = &world.streamers[0].twitch_id;
    assert!(world.twitch.moderate(channel, &click.id, Direction::Fulfil));
    hours(&world).await;
    let ended = row(&world, &click).await;
    assert_eq!(ended.settlement, Settlement::Fulfilled);
    assert_eq!(ended.settled_by, Some(SettledBy::External));
    assert_eq!(rewards(&world).await, 0);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_row_of_which_nobody_can_tell_any_more_does_not_keep_its_reward() {
    let world = World::new().await;
    let click = stuck(&world, StuckReason::NotOurs).await;
    let channel = &world.streamers[0].twitch_id;
    assert!(world.twitch.delete_by_hand(channel, &click.reward_id));
    hours(&world).await;
    assert_eq!(row(&world, &click).await.settlement, Settlement::Stuck);
    assert_eq!(rewards(&world).await, 0);
}
