//! The wired world plays the loop, and the store's injected failures lose nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use gamification_core::announcement::AnnouncementKind;
use gamification_core::instance::{ExecutionStatus, InstanceStatus};
use gamification_core::ports::{Queries, RewardError, StoreError};
use gamification_core::redemption::{RefusalReason, TwitchRedemptionStatus};
use gamification_core::service::Contribution;
use gamification_testkit::{RedeemRefused, TwitchCall, World};
use serde_json::json;

async fn armed() -> World {
    let world = World::new().await;
    for viewer in ["ann", "ben", "cat"] {
        let counted = world.click(0, viewer).await;
        assert!(matches!(counted, Contribution::Counted(_)), "{counted:?}");
    }
    assert_eq!(world.goal(0).await.unwrap().status(), InstanceStatus::Armed);
    world
}

#[tokio::test]
async fn clicks_arm_a_goal_a_critical_consumes_it_and_the_table_confirms() {
    let world = armed().await;
    world.crit(0, 20).await;
    let goal = world.goal(0).await.unwrap();
    assert_eq!(goal.execution_status(), Some(ExecutionStatus::Pending));
    for _ in 0..5 {
        world.work_until_idle().await;
        world.answer_commands(Ok(json!({ "total": 1 }))).await;
    }
    let goal = world.store.instance(goal.id).await.unwrap().unwrap();
    assert_eq!(goal.execution_status(), Some(ExecutionStatus::Executed), "{goal:?}");
    world.work_until_idle().await;
    let ledger = world.ledger().await;
    assert_eq!((ledger.total.fulfilled.count, ledger.total.pending.count), (3, 0));
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_goal_that_runs_out_of_time_gives_the_points_back() {
    let world = World::new().await;
    world.click(0, "ann").await;
    world.click(1, "ben").await;
    world.advance(61).await;
    world.work_until_idle().await;
    assert_eq!(world.goal(0).await, None);
    assert_eq!(world.ledger().await.total.refunded.count, 2);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_group_goal_counts_both_channels_and_speaks_to_the_table() {
    let world = World::new().await;
    for (streamer, viewer) in [(0, "a"), (1, "b"), (0, "c"), (1, "d"), (0, "e"), (1, "f")] {
        world.click_on(&world.chat.clone(), streamer, viewer).await;
    }
    let goal = world.group_goal().await.unwrap();
    assert_eq!(goal.execution_status(), Some(ExecutionStatus::Pending));
    world.work_until_idle().await;
    assert_eq!(world.answer_commands(Ok(json!({}))).await, 1);
    world.work_until_idle().await;
    let ledger = world.ledger().await;
    assert_eq!(ledger.total.fulfilled.count, 6);
    assert_eq!(ledger.by_streamer.len(), 2);
    world.assert_balanced().await;
}

#[tokio::test]
async fn an_armed_goals_reward_is_paused_and_a_late_click_is_refunded() {
    let world = World::new().await;
    for viewer in ["ann", "ben"] {
        world.click(0, viewer).await;
    }
    let last = world.redeem(&world.invert, 0, "cat").await.unwrap();
    let late = world.redeem(&world.invert, 0, "dan").await.unwrap();
    world.deliver(&last).await.unwrap();
    let refused = world.deliver(&late).await.unwrap();
    assert_eq!(refused, Contribution::Refused(RefusalReason::GoalArmed));
    world.advance(2).await;
    world.work_until_idle().await;
    let paused = world.redeem(&world.invert, 0, "eve").await;
    assert_eq!(paused, Err(RedeemRefused::Paused));
    assert_eq!(world.ledger().await.total.refunded.count, 1);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_click_that_fails_at_any_write_is_not_half_stored_and_counts_when_sent_again() {
    let unavailable = StoreError::Unavailable("gone".to_owned());
    let contended = StoreError::Contention("again".to_owned());
    let mut writes = 0;
    for k in 1.. {
        let world = World::new().await;
        let redemption = world.redeem(&world.invert, 0, "ann").await.unwrap();
        world.store.faults().fail_at_write(k, unavailable.clone());
        let outcome = world.deliver(&redemption).await;
        if world.store.faults().is_armed() {
            break;
        }
        writes = k;
        assert!(outcome.is_err(), "write {k} failed");
        assert_eq!(world.redemptions().await, []);
        assert_eq!(world.goal(0).await, None);
        world.store.faults().fail_at_write(k, contended.clone());
        let counted = world.deliver(&redemption).await.unwrap();
        assert!(matches!(counted, Contribution::Counted(_)));
        assert_eq!(world.deliver(&redemption).await.unwrap(), Contribution::Duplicate);
        assert_eq!(world.goal(0).await.unwrap().progress, 1);
        world.assert_balanced().await;
    }
    assert!(writes >= 4, "a click writes a goal, a row, a fact and commits");
}

#[tokio::test]
async fn a_store_that_is_down_answers_nothing_and_comes_back_unchanged() {
    let world = World::new().await;
    let redemption = world.redeem(&world.invert, 0, "ann").await.unwrap();
    world.store.faults().set_down(true);
    assert!(world.deliver(&redemption).await.is_err());
    assert!(world.try_work().await.is_err());
    assert!(world.store.ping().await.is_err());
    world.store.faults().set_down(false);
    assert_eq!(world.redemptions().await, []);
    world.store.faults().fail_next(1);
    assert!(world.deliver(&redemption).await.is_err());
    assert!(matches!(world.deliver(&redemption).await.unwrap(), Contribution::Counted(_)));
}

#[tokio::test]
async fn a_settlement_that_twitch_took_but_did_not_answer_ends_once() {
    let world = World::new().await;
    world.click(0, "ann").await;
    world.advance(61).await;
    let timeout =
        RewardError::Unavailable { after_seconds: Some(5), reason: "timed out".to_owned() };
    world.twitch.fail_after_effect(TwitchCall::Settle, timeout);
    world.work_until_idle().await;
    assert_eq!(world.ledger().await.total.pending.count, 1);
    world.advance(5).await;
    world.work_until_idle().await;
    assert_eq!(world.ledger().await.total.refunded.count, 1);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_row_that_was_changed_by_hand_unbalances_the_ledger() {
    let world = World::new().await;
    let redemption = world.redeem(&world.invert, 0, "ann").await.unwrap();
    world.deliver(&redemption).await.unwrap();
    world.assert_balanced().await;
    assert_eq!(world.store.journal().len(), 2);
    let price = gamification_core::cost::Cost::new(999).unwrap();
    assert!(world.store.tamper_redemption(&redemption.id, |row| row.cost = price));
    assert!(!world.ledger().await.is_balanced());
    assert!(!world.store.tamper_redemption(&"unknown".into(), |_| {}));
}

#[tokio::test]
async fn a_table_that_went_away_lets_the_goal_fail_and_everybody_is_refunded() {
    let world = armed().await;
    world.disconnect_table().await;
    world.crit(0, 20).await;
    world.work_until_idle().await;
    assert_eq!(world.table.sent(), []);
    world.advance(121).await;
    world.work_until_idle().await;
    assert_eq!(world.ledger().await.total.refunded.count, 3);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_lost_cache_costs_nothing() {
    let world = armed().await;
    world.pending.set_away(true);
    world.crit(0, 20).await;
    let goal = world.goal(0).await.unwrap();
    assert!(world.game.pending_execution(goal.id).await.unwrap().is_some());
    world.pending.set_away(false);
    world.pending.lose_everything();
    assert!(world.game.pending_execution(goal.id).await.unwrap().is_some());
    assert_eq!(world.pending.known(), [goal.id]);
}

#[tokio::test]
async fn refunds_are_told_also_when_twitch_tells_of_them_before_it_answers() {
    let world = World::new().await;
    let redemption = world.redeem(&world.invert, 0, "ann").await.unwrap();
    world.deliver(&redemption).await.unwrap();
    world.advance(61).await;
    assert_eq!(world.game.sweep_overdue().await.unwrap(), 1);
    let canceled = TwitchRedemptionStatus::Canceled;
    world.game.redemption_updated(&redemption.id, canceled).await.unwrap();
    let log = world.store.events_after(world.campaign.id, 0, 100).await.unwrap();
    let refunds = AnnouncementKind::ContributionsRefunded;
    let told = log.iter().find(|event| event.announcement.kind == refunds).unwrap();
    let payload = &told.announcement.payload;
    assert_eq!((&payload["count"], &payload["remaining"]), (&json!(1), &json!(0)));
}
