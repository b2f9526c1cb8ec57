//! Which armed goal a critical consumes.

use crate::support::{SIX, armed, change_config, change_event, gm, stored, write};
use gamification_core::dice::{RollInput, RollOptions, RollReport};
use gamification_core::event::{Completion, Event, HandlerSpec};
use gamification_core::instance::{Instance, InstanceState, InstanceStatus};
use gamification_core::ports::Queries;
use gamification_core::redemption::Settlement;
use gamification_core::service::IncomingRoll;
use gamification_testkit::{World, fixtures};
use serde_json::{Map, Value, json};

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        other => panic!("not an object: {other}"),
    }
}

/// Another individual event that arms: it writes to the chat once a critical came.
async fn second_event(world: &World) -> Event {
    let event = Event {
        id: fixtures::id(2_003),
        slug: "test-second".to_owned(),
        completion: Completion::Armed,
        action: world.chat.action.clone(),
        trigger: HandlerSpec { kind: "manual".to_owned(), config: Map::new() },
        ..world.invert.clone()
    };
    let streamer = world.streamer(0);
    write(world, async |uow| {
        uow.catalogue().insert(&event).await.unwrap();
        let config = fixtures::campaign_config(&world.campaign, event.id);
        uow.configs().save_campaign_config(&config).await.unwrap();
        let opt_in = fixtures::streamer_config(&world.campaign, streamer, event.id);
        uow.configs().save_streamer_config(&opt_in).await.unwrap();
    })
    .await;
    world.work_until_idle().await;
    event
}

/// A goal of that event on the first channel, with all its clicks.
async fn armed_by(world: &World, event: &Event) -> Instance {
    for viewer in ["ann", "ben", "cat"] {
        world.click_on(event, 0, viewer).await;
    }
    let open = world.store.open_instances(world.campaign.id).await.unwrap();
    open.into_iter().find(|goal| goal.event_id == event.id).unwrap()
}

async fn status(world: &World, goal: &Instance) -> InstanceStatus {
    stored(world, goal.id).await.status()
}

#[tokio::test]
async fn a_critical_consumes_the_streamers_armed_goal_and_opens_nothing() {
    let world = World::new().await;
    let (mine, theirs) = (armed(&world, 0).await, armed(&world, 1).await);
    world.crit(0, 1).await;
    let consumed = stored(&world, mine.id).await;
    assert!(matches!(consumed.state, InstanceState::Executing { .. }));
    assert_eq!(consumed.trigger.dice_roll.unwrap().result, 1);
    assert_eq!(status(&world, &theirs).await, InstanceStatus::Armed);
    let open = world.store.open_instances(world.campaign.id).await.unwrap();
    assert_eq!(open.len(), 2);
}

#[tokio::test]
async fn one_critical_consumes_one_goal_the_oldest_first() {
    let world = World::new().await;
    let event = second_event(&world).await;
    let older = armed_by(&world, &event).await;
    world.advance(1).await;
    let newer = armed_by(&world, &world.invert).await;
    world.crit(0, 20).await;
    assert_eq!(status(&world, &older).await, InstanceStatus::Completed);
    assert_eq!(status(&world, &newer).await, InstanceStatus::Armed);
    world.crit(0, 20).await;
    assert_eq!(status(&world, &newer).await, InstanceStatus::Completed);
}

#[tokio::test]
async fn an_individual_goal_goes_before_an_older_group_goal() {
    let world = World::new().await;
    change_event(&world, &world.chat, |event| event.completion = Completion::Armed).await;
    for (streamer, viewer) in SIX {
        world.click_on(&world.chat, streamer, viewer).await;
    }
    let group = world.group_goal().await.unwrap();
    assert_eq!(group.status(), InstanceStatus::Armed);
    world.advance(1).await;
    let individual = armed(&world, 0).await;
    world.crit(0, 20).await;
    assert_eq!(status(&world, &individual).await, InstanceStatus::Completed);
    assert_eq!(status(&world, &group).await, InstanceStatus::Armed);
    world.crit(1, 20).await;
    assert_eq!(status(&world, &group).await, InstanceStatus::Completed, "any participant's roll");
}

#[tokio::test]
async fn an_armed_goal_takes_only_the_kind_that_its_event_wants() {
    let world = World::new().await;
    let only_failures = json!({ "criticalSuccess": { "enabled": false },
        "criticalFailure": { "enabled": true } });
    change_event(&world, &world.invert, |e| e.trigger.config = object(only_failures)).await;
    let goal = armed(&world, 0).await;
    world.crit(0, 20).await;
    assert_eq!(status(&world, &goal).await, InstanceStatus::Armed);
    world.crit(0, 1).await;
    assert_eq!(status(&world, &goal).await, InstanceStatus::Completed);
}

#[tokio::test]
async fn an_armed_goal_takes_only_a_roll_that_passes_its_filters() {
    for filters in [
        json!({ "criticalSuccess": { "enabled": true, "severityFilter": ["extreme"] } }),
        json!({ "criticalSuccess": { "enabled": true, "categoryFilter": ["degree_3"] } }),
        json!({ "criticalSuccess": { "enabled": true, "diceType": "d100" } }),
    ] {
        let world = World::new().await;
        let wanted = object(filters.clone());
        change_event(&world, &world.invert, |event| event.trigger.config = wanted).await;
        let goal = armed(&world, 0).await;
        world.crit(0, 20).await;
        assert_eq!(status(&world, &goal).await, InstanceStatus::Armed, "{filters}");
    }
}

#[tokio::test]
async fn an_armed_goal_takes_only_a_roll_that_reaches_its_threshold() {
    let world = World::new().await;
    let threshold = json!({ "criticalSuccess": { "enabled": true, "threshold": 20 } });
    change_event(&world, &world.invert, |event| event.trigger.config = object(threshold)).await;
    let goal = armed(&world, 0).await;
    // A champion, whose 19 is a critical.
    let champion = RollReport {
        options: RollOptions { critical_success: Some(19), ..RollOptions::default() },
        ..RollReport::clone(&fixtures::natural(19))
    };
    let input = RollInput::checked(champion).unwrap();
    let roll = IncomingRoll { input, ..world.roll(0, 19) };
    let receipt = world.game.record_roll(roll).await.unwrap();
    let seen = world.store.roll(receipt.roll_id.unwrap()).await.unwrap().unwrap();
    assert!(seen.critical.is_some());
    assert_eq!(status(&world, &goal).await, InstanceStatus::Armed);
    world.crit(0, 20).await;
    assert_eq!(status(&world, &goal).await, InstanceStatus::Completed);
}

#[tokio::test]
async fn an_armed_goal_whose_event_is_not_opened_by_criticals_takes_any() {
    let world = World::new().await;
    let event = second_event(&world).await;
    let goal = armed_by(&world, &event).await;
    world.crit(0, 1).await;
    assert_eq!(status(&world, &goal).await, InstanceStatus::Completed);
    assert_eq!(world.goal(0).await.map(|goal| goal.id), Some(goal.id), "it opened nothing");
}

#[tokio::test]
async fn a_goal_whose_event_was_switched_off_unnoticed_is_not_consumed() {
    let world = World::new().await;
    let goal = armed(&world, 0).await;
    change_config(&world, &world.invert, |config| config.is_enabled = false).await;
    world.crit(0, 20).await;
    assert_eq!(status(&world, &goal).await, InstanceStatus::Armed);
}

#[tokio::test]
async fn a_roll_that_comes_too_late_ends_the_armed_goal_and_opens_a_new_one() {
    let world = World::new().await;
    let goal = armed(&world, 0).await;
    world.advance(1_800).await;
    world.crit(0, 20).await;
    let ended = stored(&world, goal.id).await;
    assert!(matches!(ended.state, InstanceState::Expired { was_armed: true, .. }));
    let fresh = world.goal(0).await.unwrap();
    assert_eq!((fresh.status(), fresh.progress), (InstanceStatus::Active, 0));
    world.work_until_idle().await;
    let rows = world.redemptions().await;
    assert!(rows.iter().all(|row| row.settlement == Settlement::Refunded));
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_late_attribution_consumes_what_is_armed() {
    let world = World::new().await;
    let goal = armed(&world, 1).await;
    let stranger = IncomingRoll { actor_id: None, ..world.roll(0, 20) };
    let receipt = world.game.record_roll(stranger).await.unwrap();
    assert_eq!(status(&world, &goal).await, InstanceStatus::Armed);
    let roll = receipt.roll_id.unwrap();
    world.game.attribute_roll(&gm(), roll, world.streamer(1)).await.unwrap();
    assert_eq!(status(&world, &goal).await, InstanceStatus::Completed);
}
