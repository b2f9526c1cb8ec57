//! The filters of `dice_critical` on rolls of several systems: a critical that may not open a goal
//! may not consume one either.

use crate::event::{d, dice, sum};
use gamification_core::event::{Completion, Event, HandlerSpec};
use gamification_core::instance::{InstanceStatus, OpenedBy};
use gamification_core::ports::{Queries, Store};
use gamification_core::service::IncomingRoll;
use gamification_foundry::wire::parse_roll;
use gamification_testkit::{World, fixtures};
use serde_json::{Map, Value, json};

fn coc_fumble() -> Value {
    sum("CoC7", vec![d("1d100", "100")])
}

fn swade_ace() -> Value {
    sum("swade", vec![d("1d8x", "8! 3")])
}

fn messy_critical() -> Value {
    sum("wod5e", vec![d("1d10", "10"), dice("VampireHungerDie", "1dgcs>5", 10, "10")])
}

fn natural_20() -> Value {
    sum("dnd5e", vec![d("1d20", "20")])
}

/// Both kinds on, with these filters.
fn both(filters: &Value) -> Map<String, Value> {
    let mut filters = filters.clone();
    filters["enabled"] = true.into();
    let config = json!({ "criticalSuccess": filters, "criticalFailure": filters });
    config.as_object().unwrap().clone()
}

/// A world with one more individual event: a critical that passes the filters makes the table
/// write to the chat. It needs no deciding die, unlike the inversion, which is switched off.
async fn world_with(filters: &Value) -> (World, Event) {
    let world = World::new().await;
    let event = Event {
        id: fixtures::id(2_003),
        slug: "test-filtered".to_owned(),
        completion: Completion::Armed,
        action: world.chat.action.clone(),
        trigger: HandlerSpec { kind: "dice_critical".to_owned(), config: both(filters) },
        ..world.invert.clone()
    };
    let streamer = world.streamer(0);
    let mut uow = world.store.begin().await.unwrap();
    uow.catalogue().insert(&event).await.unwrap();
    let config = fixtures::campaign_config(&world.campaign, event.id);
    uow.configs().save_campaign_config(&config).await.unwrap();
    let opt_in = fixtures::streamer_config(&world.campaign, streamer, event.id);
    uow.configs().save_streamer_config(&opt_in).await.unwrap();
    let mut inversion = fixtures::campaign_config(&world.campaign, world.invert.id);
    inversion.is_enabled = false;
    uow.configs().save_campaign_config(&inversion).await.unwrap();
    uow.commit().await.unwrap();
    world.work_until_idle().await;
    (world, event)
}

/// The first streamer's character reports that roll.
async fn report(world: &World, event: &Value) {
    let read = parse_roll(event).unwrap();
    let roll = IncomingRoll { input: read.input, result: read.result, ..world.roll(0, 1) };
    let receipt = world.game.record_roll(roll).await.unwrap();
    let seen = world.store.roll(receipt.roll_id.unwrap()).await.unwrap().unwrap();
    assert!(seen.critical.is_some(), "the roll is a critical");
}

async fn opens(filters: &Value, event: &Value) -> bool {
    let (world, _) = world_with(filters).await;
    report(&world, event).await;
    let open = world.store.open_instances(world.campaign.id).await.unwrap();
    open.iter().any(|goal| goal.trigger.opened_by == OpenedBy::Critical)
}

async fn consumes(filters: &Value, event: &Value) -> bool {
    let (world, filtered) = world_with(filters).await;
    for viewer in ["ann", "ben", "cat"] {
        world.click_on(&filtered, 0, viewer).await;
    }
    let goals = || async { world.store.open_instances(world.campaign.id).await.unwrap() };
    assert_eq!(goals().await[0].status(), InstanceStatus::Armed);
    report(&world, event).await;
    goals().await[0].status() == InstanceStatus::Completed
}

#[tokio::test]
async fn a_severity_or_category_that_is_filtered_out_neither_opens_nor_consumes() {
    let (fumble, ace) = (coc_fumble(), swade_ace());
    let (messy, natural) = (messy_critical(), natural_20());
    for (filters, roll, passes) in [
        (json!({ "severityFilter": ["extreme"] }), &fumble, true),
        (json!({ "severityFilter": ["extreme"] }), &messy, true),
        (json!({ "severityFilter": ["extreme"] }), &natural, false),
        (json!({ "severityFilter": ["extreme"] }), &ace, false),
        (json!({ "severityFilter": ["minor"] }), &ace, true),
        (json!({ "severityFilter": ["minor", "major"] }), &fumble, false),
        (json!({ "categoryFilter": ["coc_fumble", "ace"] }), &fumble, true),
        (json!({ "categoryFilter": ["coc_fumble", "ace"] }), &ace, true),
        (json!({ "categoryFilter": ["coc_fumble", "ace"] }), &natural, false),
        (json!({ "categoryFilter": ["v5_critical"], "severityFilter": ["major"] }), &messy, false),
        (json!({}), &ace, true),
    ] {
        let about = format!("{filters} with {}", roll["metadata"]["systemId"]);
        assert_eq!(opens(&filters, roll).await, passes, "opening: {about}");
        assert_eq!(consumes(&filters, roll).await, passes, "consuming: {about}");
    }
}
