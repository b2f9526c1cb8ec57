//! What the workers cost while nothing happens.

use crate::support::{change_config, executing, play_out};
use crate::wrapped::{CountedStore, game};
use gamification_core::cost::Cost;
use gamification_testkit::World;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

#[tokio::test]
async fn a_pass_over_rewards_that_are_as_they_should_be_begins_once_and_writes_nothing() {
    let world = World::new().await;
    executing(&world, 0).await;
    play_out(&world).await;
    world.click_on(&world.chat, 1, "ann").await;
    world.advance(10).await;
    world.work_until_idle().await;
    world.advance(2).await;
    let store = Arc::new(CountedStore { store: world.store.clone(), begun: AtomicU32::new(0) });
    let watched = game(&world, |ports| ports.store = store.clone());
    let writes = world.store.faults().writes_seen();
    let calls = world.twitch.calls();
    assert_eq!(watched.reconcile_rewards().await, Ok(0));
    assert_eq!(store.begun.load(Ordering::SeqCst), 1);
    assert_eq!(world.store.faults().writes_seen(), writes);
    assert_eq!(world.twitch.calls(), calls);
    change_config(&world, &world.invert, |c| c.cost = Some(Cost::new(7).unwrap())).await;
    assert_eq!(watched.reconcile_rewards().await, Ok(2), "and it does see what is to be done");
}
