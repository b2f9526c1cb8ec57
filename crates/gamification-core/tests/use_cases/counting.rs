//! Clicks that count, each exactly once.

use crate::support::{THREE, armed, counts, delivered, redeemed, row, stored, told};
use gamification_core::instance::{InstanceState, InstanceStatus, OpenedBy};
use gamification_core::redemption::{IncomingRedemption, RedemptionSource, Settlement};
use gamification_core::service::Contribution;
use gamification_testkit::World;
use std::sync::Arc;
use tokio::task::JoinSet;

#[tokio::test]
async fn the_first_click_opens_the_goal_and_counts() {
    let world = World::new().await;
    let counted = world.click(0, "ann").await;
    let goal = world.goal(0).await.unwrap();
    assert_eq!(counted, Contribution::Counted(goal.id));
    assert_eq!((goal.progress, goal.target, goal.status()), (1, 3, InstanceStatus::Active));
    assert_eq!(goal.trigger.opened_by, OpenedBy::Redemption);
    assert_eq!(goal.participants[0].contributions, 1);
    assert_eq!(goal.participants[0].viewer_count, 10);
    assert_eq!(world.goal(1).await, None, "the other channel has its own goals");
    let facts = told(&world).await;
    let created = facts.iter().position(|fact| *fact == "gamification:instance_created").unwrap();
    assert_eq!(facts[created + 1], "gamification:progress");
    world.assert_balanced().await;
}

#[tokio::test]
async fn clicks_of_one_viewer_all_count_when_there_is_no_limit() {
    let world = World::new().await;
    for _ in 0..3 {
        assert!(counts(world.click(0, "ann").await));
    }
    assert_eq!(world.goal(0).await.unwrap().progress, 3);
}

#[tokio::test]
async fn the_last_click_arms_a_goal_whose_action_needs_a_roll() {
    let world = World::new().await;
    let goal = armed(&world, 0).await;
    assert_eq!(goal.progress, 3);
    assert!(told(&world).await.contains(&"gamification:instance_armed"));
    assert_eq!(world.table.sent(), []);
}

#[tokio::test]
async fn a_redemption_that_arrives_twice_is_in_the_ledger_once() {
    let world = World::new().await;
    let [click] = redeemed(&world, 0, ["ann"]).await;
    assert!(counts(world.deliver(&click).await.unwrap()));
    for source in [RedemptionSource::Webhook, RedemptionSource::Websocket, RedemptionSource::Poll] {
        let again = IncomingRedemption { source, ..click.clone() };
        assert_eq!(world.deliver(&again).await.unwrap(), Contribution::Duplicate);
    }
    assert_eq!(world.goal(0).await.unwrap().progress, 1);
    assert_eq!(world.store.journal().len(), 2, "received and counted, once");
}

#[tokio::test]
async fn a_batch_that_holds_a_redemption_twenty_times_counts_it_once() {
    let world = World::new().await;
    let [click, other] = redeemed(&world, 0, ["ann", "ben"]).await;
    let mut batch = vec![click; 20];
    batch.insert(7, other);
    let outcomes = delivered(&world, &batch).await;
    assert_eq!(outcomes.iter().filter(|outcome| counts(**outcome)).count(), 2);
    assert!(counts(outcomes[0]) && counts(outcomes[7]));
    assert_eq!(world.goal(0).await.unwrap().progress, 2);
    world.assert_balanced().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redemption_that_arrives_twenty_times_at_once_counts_once() {
    let world = Arc::new(World::new().await);
    let [click] = redeemed(&world, 0, ["ann"]).await;
    let mut arrivals = JoinSet::new();
    for _ in 0..20 {
        let (world, click) = (Arc::clone(&world), click.clone());
        arrivals.spawn(async move { world.deliver(&click).await.unwrap() });
    }
    let outcomes = arrivals.join_all().await;
    assert_eq!(outcomes.iter().filter(|outcome| counts(**outcome)).count(), 1);
    let duplicates = outcomes.iter().filter(|outcome| **outcome == Contribution::Duplicate);
    assert_eq!(duplicates.count(), 19);
    assert_eq!(world.goal(0).await.unwrap().progress, 1);
    world.assert_balanced().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_clicks_at_once_exactly_the_objective_counts_and_one_goal_opens() {
    let world = Arc::new(World::new().await);
    let mut arrivals = JoinSet::new();
    for n in 0..20 {
        let click = world.redeem(&world.invert, 0, &format!("viewer-{n}")).await.unwrap();
        let world = Arc::clone(&world);
        arrivals.spawn(async move { world.deliver(&click).await.unwrap() });
    }
    let outcomes = arrivals.join_all().await;
    let counted: Vec<_> = outcomes.iter().filter(|outcome| counts(**outcome)).collect();
    assert_eq!(counted.len(), 3);
    assert!(counted.iter().all(|outcome| *outcome == counted[0]), "all in the same goal");
    world.work_until_idle().await;
    assert_eq!(world.ledger().await.total.refunded.count, 17);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_click_after_the_deadline_ends_the_old_goal_and_opens_a_new_one() {
    let world = World::new().await;
    let [first, second] = redeemed(&world, 0, ["ann", "ben"]).await;
    world.deliver(&first).await.unwrap();
    let old = world.goal(0).await.unwrap();
    world.advance(60).await;
    assert!(counts(world.deliver(&second).await.unwrap()));
    let ended = stored(&world, old.id).await;
    assert!(matches!(ended.state, InstanceState::Expired { was_armed: false, .. }));
    assert_eq!(row(&world, &first).await.settlement, Settlement::RefundDue);
    let new = world.goal(0).await.unwrap();
    assert_ne!(new.id, old.id);
    assert_eq!(new.progress, 1);
    world.work_until_idle().await;
    assert_eq!(row(&world, &first).await.settlement, Settlement::Refunded);
    assert_eq!(row(&world, &second).await.settlement, Settlement::Pending);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_click_after_an_armed_goal_gave_up_opens_a_new_one() {
    let world = World::new().await;
    let old = armed(&world, 0).await;
    world.advance(1_801).await;
    let [click] = redeemed(&world, 0, ["dan"]).await;
    assert!(counts(world.deliver(&click).await.unwrap()));
    let ended = stored(&world, old.id).await;
    assert!(matches!(ended.state, InstanceState::Expired { was_armed: true, .. }));
    assert_ne!(world.goal(0).await.unwrap().id, old.id);
    world.work_until_idle().await;
    assert_eq!(world.ledger().await.total.refunded.count, THREE.len() as u64);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_click_on_somebody_elses_reward_is_never_touched() {
    let world = World::new().await;
    let [mut click] = redeemed(&world, 0, ["ann"]).await;
    click.reward_id = "reward-of-somebody".into();
    assert_eq!(world.deliver(&click).await.unwrap(), Contribution::NotOurs);
    world.work_until_idle().await;
    assert_eq!(world.redemptions().await, []);
    assert_eq!(world.goal(0).await, None);
}
