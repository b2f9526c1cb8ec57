//! Every reason for which a click does not count, in the order in which a click meets them.

use crate::rally::{fight, rallying_world};
use crate::support::{
    OFF, ON, armed, assert_refused, change_campaign, counts, executing, gm, play_out, redeemed, row,
};
use gamification_core::ports::Queries;
use gamification_core::redemption::{
    Direction, IncomingRedemption, RefusalReason, SettledBy, Settlement, TwitchRedemptionStatus,
};
use gamification_core::service::{ConfigChanges, Contribution};
use gamification_testkit::World;

#[tokio::test]
async fn a_click_that_arrives_settled_switches_the_event_off() {
    let world = World::new().await;
    let [click] = redeemed(&world, 0, ["ann"]).await;
    assert!(world.twitch.moderate(&world.streamers[0].twitch_id, &click.id, Direction::Fulfil));
    let click = IncomingRedemption { status: TwitchRedemptionStatus::Fulfilled, ..click };
    let outcome = world.deliver(&click).await.unwrap();
    assert_eq!(outcome, Contribution::Refused(RefusalReason::AlreadyFulfilled));
    let opt_ins = world.store.streamer_configs(world.campaign.id, world.streamer(0)).await.unwrap();
    let opt_in = opt_ins.into_iter().find(|c| c.event_id == world.invert.id).unwrap();
    assert!(!opt_in.is_enabled);
    assert!(opt_in.switched_off_reason.unwrap().contains("queue"));
    world.work_until_idle().await;
    let ended = row(&world, &click).await;
    assert_eq!(ended.settlement, Settlement::Fulfilled, "nobody can give it back");
    assert_eq!(ended.settled_by, Some(SettledBy::External));
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_click_on_a_reward_that_was_replaced_is_refused() {
    let world = World::new().await;
    let [click] = redeemed(&world, 0, ["ann"]).await;
    for wish in [OFF, ON] {
        let (campaign, streamer) = (world.campaign.id, world.streamer(0));
        world.game.opt_in(&gm(), campaign, streamer, world.invert.id, wish).await.unwrap();
    }
    assert_refused(&world, &click, RefusalReason::RewardRetired).await;
}

#[tokio::test]
async fn a_click_during_a_panic_is_refused() {
    let world = World::new().await;
    let [click] = redeemed(&world, 0, ["ann"]).await;
    change_campaign(&world, |campaign| campaign.is_panicked = true).await;
    assert_refused(&world, &click, RefusalReason::Panic).await;
}

#[tokio::test]
async fn a_click_after_the_session_is_refused() {
    let world = World::new().await;
    let [click] = redeemed(&world, 0, ["ann"]).await;
    world.game.start_session(&gm(), world.campaign.id).await.unwrap();
    world.game.end_session(&gm(), world.campaign.id).await.unwrap();
    assert_refused(&world, &click, RefusalReason::SessionEnded).await;
}

#[tokio::test]
async fn a_click_on_an_event_that_the_gm_switched_off_is_refused() {
    let world = World::new().await;
    let [click] = redeemed(&world, 0, ["ann"]).await;
    let disable = ConfigChanges { is_enabled: Some(false), ..ConfigChanges::default() };
    let (campaign, event) = (world.campaign.id, world.invert.id);
    world.game.configure_event(&gm(), campaign, event, disable).await.unwrap();
    assert_refused(&world, &click, RefusalReason::EventDisabled).await;
}

#[tokio::test]
async fn a_click_on_an_event_that_the_streamer_switched_off_is_refused() {
    let world = World::new().await;
    let [click] = redeemed(&world, 0, ["ann"]).await;
    let (campaign, streamer) = (world.campaign.id, world.streamer(0));
    world.game.opt_in(&gm(), campaign, streamer, world.invert.id, OFF).await.unwrap();
    assert_refused(&world, &click, RefusalReason::StreamerDisabled).await;
}

#[tokio::test]
async fn a_click_without_the_streamers_authorisation_is_refused() {
    let world = World::new().await;
    let [withdrawn] = redeemed(&world, 0, ["ann"]).await;
    let [expired] = redeemed(&world, 1, ["ben"]).await;
    let (campaign, streamer) = (world.campaign.id, world.streamer(0));
    world.game.withdraw_authorisation(&gm(), campaign, streamer).await.unwrap();
    let outcome = world.deliver(&withdrawn).await.unwrap();
    assert_eq!(outcome, Contribution::Refused(RefusalReason::NotAuthorised));
    world.advance(12 * 3_600).await;
    assert_refused(&world, &expired, RefusalReason::NotAuthorised).await;
}

#[tokio::test]
async fn a_click_that_is_seen_ten_minutes_late_counts_and_a_later_one_is_refused() {
    let world = World::new().await;
    let [in_time, late] = redeemed(&world, 0, ["ann", "ben"]).await;
    world.advance(600).await;
    assert!(counts(world.deliver(&in_time).await.unwrap()));
    world.advance(1).await;
    assert_refused(&world, &late, RefusalReason::TooOld).await;
}

#[tokio::test]
async fn a_click_outside_of_the_combat_that_the_event_needs_is_refused() {
    let world = rallying_world().await;
    let [before, during] = redeemed(&world, 0, ["ann", "ben"]).await;
    let outcome = world.deliver(&before).await.unwrap();
    assert_eq!(outcome, Contribution::Refused(RefusalReason::CombatRequired));
    fight(&world).await;
    assert!(counts(world.deliver(&during).await.unwrap()));
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_click_while_the_table_is_away_is_refused() {
    let world = World::new().await;
    let [soon, late] = redeemed(&world, 0, ["ann", "ben"]).await;
    world.disconnect_table().await;
    world.advance(29).await;
    assert!(counts(world.deliver(&soon).await.unwrap()), "it may come back at once");
    world.advance(1).await;
    assert_refused(&world, &late, RefusalReason::VttAway).await;
}

#[tokio::test]
async fn a_click_while_the_goal_is_armed_is_refused() {
    let world = World::new().await;
    let [click] = redeemed(&world, 0, ["dan"]).await;
    let goal = armed(&world, 0).await;
    assert_refused(&world, &click, RefusalReason::GoalArmed).await;
    assert_eq!(world.goal(0).await, Some(goal), "nothing about the goal changed");
}

#[tokio::test]
async fn a_click_while_the_goal_is_executed_is_refused() {
    let world = World::new().await;
    let [click] = redeemed(&world, 0, ["dan"]).await;
    executing(&world, 0).await;
    assert_refused(&world, &click, RefusalReason::GoalFull).await;
}

#[tokio::test]
async fn a_click_during_the_cooldown_is_refused() {
    let world = World::new().await;
    let [during, after] = redeemed(&world, 0, ["dan", "eve"]).await;
    executing(&world, 0).await;
    play_out(&world).await;
    world.advance(299).await;
    assert_refused(&world, &during, RefusalReason::Cooldown).await;
    world.advance(1).await;
    assert!(counts(world.deliver(&after).await.unwrap()));
}

#[tokio::test]
async fn of_several_reasons_the_first_is_told() {
    let world = World::new().await;
    let [click] = redeemed(&world, 0, ["dan"]).await;
    armed(&world, 0).await;
    world.disconnect_table().await;
    world.advance(601).await;
    change_campaign(&world, |campaign| campaign.is_panicked = true).await;
    assert_refused(&world, &click, RefusalReason::Panic).await;
}
