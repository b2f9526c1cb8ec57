//! Goals that several channels fill together.

use crate::support::{
    OFF, SIX, assert_refused, counts, executing_group, gm, play_out, settlements, stored,
};
use gamification_core::instance::{ExecutionStatus, InstanceState, InstanceStatus};
use gamification_core::ports::RewardError;
use gamification_core::redemption::{Direction, RefusalReason, Settlement};
use gamification_core::service::{Contribution, OptIn};
use gamification_testkit::{TwitchCall, World};

#[tokio::test]
async fn each_channel_has_a_share_by_its_audience_and_small_ones_keep_their_minimum() {
    let world = World::new().await;
    world.twitch.set_viewers(&world.streamers[0].twitch_id, Some(50));
    world.twitch.set_viewers(&world.streamers[1].twitch_id, Some(5));
    world.click_on(&world.chat, 0, "ann").await;
    let goal = world.group_goal().await.unwrap();
    let shares: Vec<_> = goal.participants.iter().map(|p| p.local_objective).collect();
    assert_eq!((shares, goal.target), (vec![10, 3], 13));
}

#[tokio::test]
async fn a_click_of_any_participant_counts_for_its_channel() {
    let world = World::new().await;
    let goal = executing_group(&world).await;
    let parts: Vec<_> = goal.participants.iter().map(|p| p.contributions).collect();
    assert_eq!(parts, [3, 3]);
    play_out(&world).await;
    let ended = stored(&world, goal.id).await;
    assert_eq!(ended.execution_status(), Some(ExecutionStatus::Executed));
    assert_eq!(settlements(&world).await, [Settlement::Fulfilled; 6]);
    world.assert_balanced().await;
}

#[tokio::test]
async fn one_channel_alone_may_fill_it() {
    let world = World::new().await;
    for (_, viewer) in SIX {
        assert!(counts(world.click_on(&world.chat, 1, viewer).await));
    }
    let goal = world.group_goal().await.unwrap();
    assert_eq!(goal.execution_status(), Some(ExecutionStatus::Pending));
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_channel_that_is_offline_is_left_out_and_its_late_click_refunded() {
    let world = World::new().await;
    let late = world.redeem(&world.chat, 1, "ben").await.unwrap();
    world.twitch.set_viewers(&world.streamers[1].twitch_id, None);
    world.click_on(&world.chat, 0, "ann").await;
    let goal = world.group_goal().await.unwrap();
    assert_eq!((goal.participants.len(), goal.target), (1, 3));
    assert_refused(&world, &late, RefusalReason::NotParticipating).await;
    world.advance(2).await;
    world.work_until_idle().await;
    let paused = world.redeem(&world.chat, 1, "ben").await;
    assert!(paused.is_err(), "its reward is paused meanwhile");
}

#[tokio::test]
async fn when_all_are_offline_all_take_part() {
    let world = World::new().await;
    for user in &world.streamers {
        world.twitch.set_viewers(&user.twitch_id, None);
    }
    world.click_on(&world.chat, 0, "ann").await;
    let goal = world.group_goal().await.unwrap();
    assert_eq!((goal.participants.len(), goal.target), (2, 6));
}

#[tokio::test]
async fn a_channel_that_opts_in_later_takes_part_in_the_next_goal() {
    let world = World::new().await;
    let (campaign, streamer) = (world.campaign.id, world.streamer(1));
    world.game.opt_in(&gm(), campaign, streamer, world.chat.id, OFF).await.unwrap();
    world.click_on(&world.chat, 0, "ann").await;
    let on = OptIn { is_enabled: true, cost_override: None };
    world.game.opt_in(&gm(), campaign, streamer, world.chat.id, on).await.unwrap();
    let goal = world.group_goal().await.unwrap();
    assert_eq!(goal.participants.len(), 1);
    world.game.cancel_goal(&gm(), goal.id, None).await.unwrap();
    world.advance(10).await;
    world.work_until_idle().await;
    assert!(counts(world.click_on(&world.chat, 1, "ben").await));
    assert_eq!(world.group_goal().await.unwrap().participants.len(), 2);
}

#[tokio::test]
async fn who_leaves_takes_what_they_owed_along_and_their_clicks_stay() {
    let world = World::new().await;
    for (streamer, viewer) in [(0, "ann"), (0, "ben"), (1, "cat"), (1, "dan")] {
        world.click_on(&world.chat, streamer, viewer).await;
    }
    let (campaign, streamer) = (world.campaign.id, world.streamer(1));
    world.game.remove_member(&gm(), campaign, streamer).await.unwrap();
    let goal = world.group_goal().await.unwrap();
    assert_eq!((goal.target, goal.progress, goal.status()), (5, 4, InstanceStatus::Active));
    assert!(counts(world.click_on(&world.chat, 0, "eve").await), "which is the last one needed");
    assert_eq!(stored(&world, goal.id).await.execution_status(), Some(ExecutionStatus::Pending));
    world.assert_balanced().await;
}

#[tokio::test]
async fn leaving_may_reach_the_target() {
    let world = World::new().await;
    for viewer in ["ann", "ben", "cat"] {
        world.click_on(&world.chat, 0, viewer).await;
    }
    let goal = world.group_goal().await.unwrap();
    let (campaign, streamer) = (world.campaign.id, world.streamer(1));
    world.game.opt_in(&gm(), campaign, streamer, world.chat.id, OFF).await.unwrap();
    let completed = stored(&world, goal.id).await;
    assert_eq!((completed.target, completed.progress), (3, 3));
    assert_eq!(completed.execution_status(), Some(ExecutionStatus::Pending));
    play_out(&world).await;
    assert_eq!(world.table.sent().len(), 1);
    assert_eq!(settlements(&world).await, [Settlement::Fulfilled; 3]);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_click_on_a_channel_that_left_is_refused() {
    let world = World::new().await;
    let late = world.redeem(&world.chat, 1, "dan").await.unwrap();
    world.click_on(&world.chat, 0, "ann").await;
    let (campaign, streamer) = (world.campaign.id, world.streamer(1));
    world.game.opt_in(&gm(), campaign, streamer, world.chat.id, OFF).await.unwrap();
    let outcome = world.deliver(&late).await.unwrap();
    assert_eq!(outcome, Contribution::Refused(RefusalReason::StreamerDisabled));
}

#[tokio::test]
async fn a_goal_that_everybody_left_is_cancelled() {
    let world = World::new().await;
    world.click_on(&world.chat, 0, "ann").await;
    let goal = world.group_goal().await.unwrap();
    for index in [0, 1] {
        let (campaign, streamer) = (world.campaign.id, world.streamer(index));
        world.game.opt_in(&gm(), campaign, streamer, world.chat.id, OFF).await.unwrap();
    }
    assert!(matches!(stored(&world, goal.id).await.state, InstanceState::Cancelled { .. }));
    world.work_until_idle().await;
    assert_eq!(settlements(&world).await, [Settlement::Refunded]);
    world.assert_balanced().await;
}

#[tokio::test]
async fn one_channels_dead_login_does_not_hold_up_the_others() {
    let world = World::new().await;
    let goal = executing_group(&world).await;
    world.twitch.set_login_dead(&world.streamers[0].twitch_id, true);
    play_out(&world).await;
    let tally = world.ledger().await.total;
    assert_eq!((tally.fulfilled.count, tally.pending.count), (3, 3));
    world.assert_balanced().await;
    world.twitch.set_login_dead(&world.streamers[0].twitch_id, false);
    world.advance(600).await;
    world.work_until_idle().await;
    assert_eq!(settlements(&world).await, [Settlement::Fulfilled; 6]);
    let ended = stored(&world, goal.id).await;
    assert_eq!(ended.execution_status(), Some(ExecutionStatus::Executed));
    world.assert_balanced().await;
}

#[tokio::test]
async fn each_channels_redemptions_are_settled_apart() {
    let world = World::new().await;
    executing_group(&world).await;
    let away = RewardError::Unavailable { after_seconds: Some(30), reason: "busy".to_owned() };
    world.twitch.fail_next(TwitchCall::Settle, away);
    play_out(&world).await;
    assert_eq!(world.ledger().await.total.fulfilled.count, 3);
    for row in world.redemptions().await {
        assert_eq!(row.direction, Some(Direction::Fulfil));
    }
}
