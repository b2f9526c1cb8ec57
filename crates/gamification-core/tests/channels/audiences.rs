//! Objectives that follow the audience.

use crate::support::change_event;
use gamification_core::announcement::AnnouncementKind;
use gamification_core::instance::{Instance, InstanceStatus};
use gamification_core::ports::Queries;
use gamification_testkit::World;

/// A world whose goals follow their audience; `viewers` watch both channels.
async fn following(viewers: u32) -> World {
    let world = World::new().await;
    for event in [&world.invert, &world.chat] {
        change_event(&world, event, |event| event.recalculate_objective = true).await;
    }
    for streamer in [0, 1] {
        watched(&world, streamer, Some(viewers));
    }
    world
}

fn watched(world: &World, streamer: usize, viewers: Option<u32>) {
    world.twitch.set_viewers(&world.streamers[streamer].twitch_id, viewers);
}

async fn mine(world: &World) -> Instance {
    world.goal(0).await.unwrap()
}

#[tokio::test]
async fn an_individual_goal_follows_its_audience_from_the_last_count_that_was_taken_over() {
    let world = following(100).await;
    world.click(0, "ann").await;
    assert_eq!(mine(&world).await.target, 30);
    for (viewers, target, changed) in
        [(115, 30, 0), (120, 36, 1), (140, 36, 0), (144, 43, 1), (116, 43, 0), (115, 35, 1)]
    {
        watched(&world, 0, Some(viewers));
        assert_eq!(world.game.recalculate_objectives().await, Ok(changed), "{viewers}");
        assert_eq!(mine(&world).await.target, target, "{viewers}");
    }
    let facts = world.store.events_after(world.campaign.id, 0, 1_000).await.unwrap();
    let is_change = |kind| kind == AnnouncementKind::ObjectiveChanged;
    assert_eq!(facts.iter().filter(|fact| is_change(fact.announcement.kind)).count(), 3);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_goal_is_never_completed_by_viewers_who_leave() {
    let world = following(20).await;
    for viewer in ["ann", "ben", "cat", "dan"] {
        world.click(0, viewer).await;
    }
    watched(&world, 0, Some(1));
    assert_eq!(world.game.recalculate_objectives().await, Ok(1));
    let goal = mine(&world).await;
    assert_eq!((goal.progress, goal.target, goal.status()), (4, 5, InstanceStatus::Active));
    world.click(0, "eve").await;
    assert_eq!(mine(&world).await.status(), InstanceStatus::Armed);
    watched(&world, 0, Some(1_000));
    assert_eq!(world.game.recalculate_objectives().await, Ok(0), "it collects nothing any more");
}

#[tokio::test]
async fn a_channel_that_is_offline_or_unknown_changes_nothing() {
    let world = following(100).await;
    world.click(0, "ann").await;
    watched(&world, 0, None);
    assert_eq!(world.game.recalculate_objectives().await, Ok(0));
    assert_eq!(mine(&world).await.target, 30);
    watched(&world, 0, Some(0));
    assert_eq!(
        world.game.recalculate_objectives().await,
        Ok(1),
        "live and alone is something else"
    );
    assert_eq!(mine(&world).await.target, 3);
}

#[tokio::test]
async fn a_group_goal_needs_the_sum_of_what_each_audience_asks_for() {
    let world = following(100).await;
    world.click_on(&world.chat, 0, "ann").await;
    assert_eq!(world.group_goal().await.unwrap().target, 20 + 20);
    watched(&world, 0, Some(200));
    watched(&world, 1, None);
    assert_eq!(world.game.recalculate_objectives().await, Ok(1));
    let goal = world.group_goal().await.unwrap();
    let parts: Vec<_> =
        goal.participants.iter().map(|p| (p.viewer_count, p.local_objective)).collect();
    assert_eq!((goal.target, parts), (60, vec![(200, 40), (100, 20)]));
}

#[tokio::test]
async fn a_goal_whose_event_does_not_ask_for_it_keeps_its_objective() {
    let world = World::new().await;
    world.click(0, "ann").await;
    watched(&world, 0, Some(1_000));
    assert_eq!(world.game.recalculate_objectives().await, Ok(0));
    assert_eq!(mine(&world).await.target, 3);
}
