//! How long an event rests after a goal of it was completed.

use crate::support::{
    armed, assert_refused, change_config, change_event, counts, executing, gm, play_out, redeemed,
    stored, write,
};
use gamification_core::event::{Completion, CooldownRule, Event, HandlerSpec};
use gamification_core::ids::EventId;
use gamification_core::instance::Cooldown;
use gamification_core::ports::Queries;
use gamification_core::redemption::RefusalReason;
use gamification_core::service::ConfigChanges;
use gamification_testkit::{World, fixtures};
use serde_json::Map;

/// The first channel's inversion has just been executed, with that pause after it. Its reward is
/// still redeemable: Twitch is told two seconds after the last change.
async fn cooling(rule: CooldownRule) -> World {
    let world = World::new().await;
    change_event(&world, &world.invert, |event| event.cooldown = rule).await;
    executing(&world, 0).await;
    play_out(&world).await;
    world
}

#[tokio::test]
async fn a_cooldown_of_no_seconds_is_none() {
    let world = cooling(CooldownRule::Time { duration_seconds: Some(0) }).await;
    assert!(counts(world.click(0, "dan").await));
}

#[tokio::test]
async fn a_cooldown_that_nobody_set_takes_five_minutes() {
    let world = World::new().await;
    let rule = CooldownRule::Time { duration_seconds: None };
    change_event(&world, &world.invert, |event| event.cooldown = rule).await;
    let goal = executing(&world, 0).await;
    assert_eq!(goal.cooldown, Some(Cooldown::Until(fixtures::at(300))));
}

#[tokio::test]
async fn the_campaigns_cooldown_goes_before_the_events() {
    let world = World::new().await;
    change_config(&world, &world.invert, |config| config.cooldown_seconds = Some(30)).await;
    executing(&world, 0).await;
    play_out(&world).await;
    let [early, late] = redeemed(&world, 0, ["dan", "eve"]).await;
    world.advance(29).await;
    assert_refused(&world, &early, RefusalReason::Cooldown).await;
    world.advance(1).await;
    assert!(counts(world.deliver(&late).await.unwrap()));
}

#[tokio::test]
async fn a_cooldown_that_the_gm_ends_lasts_until_then() {
    let world = cooling(CooldownRule::GmValidation {}).await;
    let [early] = redeemed(&world, 0, ["dan"]).await;
    world.advance(500).await;
    assert_refused(&world, &early, RefusalReason::Cooldown).await;
    world.advance(30_000).await;
    world.work_until_idle().await;
    assert!(world.redeem(&world.invert, 0, "eve").await.is_err(), "the reward stays paused");
    let (campaign, event) = (world.campaign.id, world.invert.id);
    assert_eq!(world.game.release_cooldown(&gm(), campaign, event).await.unwrap(), 1);
    world.work_until_idle().await;
    assert!(counts(world.click(0, "eve").await));
}

/// Another individual event of the first channel, which writes to the chat at once.
async fn awaited_event(world: &World) -> Event {
    let event = Event {
        id: fixtures::id(2_003),
        slug: "test-awaited".to_owned(),
        completion: Completion::Immediate,
        action: world.chat.action.clone(),
        trigger: HandlerSpec { kind: "manual".to_owned(), config: Map::new() },
        ..world.invert.clone()
    };
    write(world, async |uow| {
        uow.catalogue().insert(&event).await.unwrap();
        let config = fixtures::campaign_config(&world.campaign, event.id);
        uow.configs().save_campaign_config(&config).await.unwrap();
        for streamer in [world.streamer(0), world.streamer(1)] {
            let opt_in = fixtures::streamer_config(&world.campaign, streamer, event.id);
            uow.configs().save_streamer_config(&opt_in).await.unwrap();
        }
    })
    .await;
    world.work_until_idle().await;
    event
}

/// The first channel's inversion has just been executed and waits for a goal of the other event.
async fn waiting() -> (World, Event) {
    let world = World::new().await;
    let awaited = awaited_event(&world).await;
    let rule = CooldownRule::EventComplete { wait_for_event_id: awaited.id };
    change_event(&world, &world.invert, |event| event.cooldown = rule).await;
    executing(&world, 0).await;
    play_out(&world).await;
    (world, awaited)
}

async fn is_cooling(world: &World, event: EventId) -> bool {
    let now = world.game.ports().clock.now();
    let cooling = world.store.cooling_instances(world.campaign.id, now).await.unwrap();
    cooling.iter().any(|goal| goal.event_id == event)
}

async fn fill(world: &World, event: &Event, streamer: usize) {
    for viewer in ["ann", "ben", "cat"] {
        assert!(counts(world.click_on(event, streamer, viewer).await));
    }
}

#[tokio::test]
async fn a_cooldown_that_waits_for_an_event_ends_when_its_goal_was_executed_in_the_same_scope() {
    let (world, awaited) = waiting().await;
    fill(&world, &awaited, 1).await;
    play_out(&world).await;
    assert!(is_cooling(&world, world.invert.id).await, "that was another channel");
    fill(&world, &awaited, 0).await;
    assert!(is_cooling(&world, world.invert.id).await, "completed is not executed");
    play_out(&world).await;
    assert!(!is_cooling(&world, world.invert.id).await);
    assert!(counts(world.click(0, "dan").await));
}

#[tokio::test]
async fn a_failed_goal_of_the_awaited_event_releases_nothing() {
    let (world, awaited) = waiting().await;
    fill(&world, &awaited, 0).await;
    world.advance(121).await;
    world.work_until_idle().await;
    assert!(is_cooling(&world, world.invert.id).await);
}

#[tokio::test]
async fn disabling_the_awaited_event_releases_who_waits_for_it() {
    let (world, awaited) = waiting().await;
    let disable = ConfigChanges { is_enabled: Some(false), ..ConfigChanges::default() };
    world.game.configure_event(&gm(), world.campaign.id, awaited.id, disable).await.unwrap();
    assert!(!is_cooling(&world, world.invert.id).await);
}

#[tokio::test]
async fn neither_expiry_nor_cancellation_brings_a_cooldown() {
    let world = World::new().await;
    world.click(0, "ann").await;
    world.advance(60).await;
    world.work_until_idle().await;
    assert!(counts(world.click(0, "ann").await));
    let goal = world.goal(0).await.unwrap();
    world.game.cancel_goal(&gm(), goal.id, None).await.unwrap();
    assert!(counts(world.click(0, "ann").await));
    for ended in [goal.id, armed(&world, 1).await.id] {
        assert_eq!(stored(&world, ended).await.cooldown, None);
    }
}

#[tokio::test]
async fn a_cooldown_begins_with_completion_and_a_failure_ends_it() {
    let world = World::new().await;
    let goal = executing(&world, 0).await;
    assert!(goal.cooldown.is_some());
    let connection = world.connection.id;
    world.game.confirm_execution(connection, goal.id, false, None).await.unwrap();
    assert_eq!(stored(&world, goal.id).await.cooldown, None);
    assert!(counts(world.click(0, "dan").await));
}

#[tokio::test]
async fn a_new_session_ends_every_cooldown() {
    let world = cooling(CooldownRule::GmValidation {}).await;
    world.game.start_session(&gm(), world.campaign.id).await.unwrap();
    assert!(!is_cooling(&world, world.invert.id).await);
    assert!(counts(world.click(0, "dan").await));
}
