//! At most so many clicks per viewer and session, over all channels.

use crate::support::{assert_refused, change_config, counts, delivered, gm, redeemed};
use gamification_core::redemption::RefusalReason;
use gamification_core::service::Contribution;
use gamification_testkit::World;

const LIMITED: Contribution = Contribution::Refused(RefusalReason::ViewerLimit);

async fn limited(clicks: u32) -> World {
    let world = World::new().await;
    change_config(&world, &world.invert, |config| config.max_contributions_per_viewer = clicks)
        .await;
    // The campaign is one second old then.
    world.advance(2).await;
    world
}

#[tokio::test]
async fn a_viewers_click_over_the_limit_is_refused() {
    let world = limited(2).await;
    let [first, second, third] = redeemed(&world, 0, ["ann"; 3]).await;
    assert!(counts(world.deliver(&first).await.unwrap()));
    assert!(counts(world.deliver(&second).await.unwrap()));
    assert_refused(&world, &third, RefusalReason::ViewerLimit).await;
    assert!(counts(world.click(0, "ben").await), "somebody else may");
}

#[tokio::test]
async fn the_limit_holds_within_one_batch_and_across_channels() {
    let world = limited(2).await;
    let [first, second] = redeemed(&world, 0, ["ann"; 2]).await;
    let [elsewhere, late] = redeemed(&world, 1, ["ann"; 2]).await;
    let outcomes = delivered(&world, &[first, elsewhere, second]).await;
    assert!(counts(outcomes[0]) && counts(outcomes[1]));
    assert_eq!(outcomes[2], LIMITED);
    assert_refused(&world, &late, RefusalReason::ViewerLimit).await;
}

#[tokio::test]
async fn a_refunded_click_gives_the_viewer_another_chance() {
    let world = limited(1).await;
    assert!(counts(world.click(0, "ann").await));
    let goal = world.goal(0).await.unwrap();
    world.game.cancel_goal(&gm(), goal.id, None).await.unwrap();
    assert!(counts(world.click(0, "ann").await), "the first one is to be refunded");
}

#[tokio::test]
async fn a_click_that_is_refunded_by_the_very_next_one_does_not_count_against_it() {
    let world = limited(1).await;
    assert!(counts(world.click(0, "ann").await));
    world.advance(60).await;
    let again = world.click(0, "ann").await;
    assert!(counts(again), "its goal had run out of time, though nobody had swept it: {again:?}");
}

#[tokio::test]
async fn a_new_session_counts_anew() {
    let world = limited(1).await;
    assert!(counts(world.click(0, "ann").await));
    assert_eq!(world.click(0, "ann").await, LIMITED);
    world.advance(1).await;
    world.game.start_session(&gm(), world.campaign.id).await.unwrap();
    assert!(counts(world.click(0, "ann").await));
}
