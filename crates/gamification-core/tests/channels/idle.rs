//! What the workers cost while nothing happens.

use crate::support::{change_config, executing, gm, play_out};
use crate::wrapped::{CountedStore, game};
use gamification_core::cost::Cost;
use gamification_core::ports::RewardError;
use gamification_core::service::{Gamification, Missed};
use gamification_testkit::{TwitchCall, World};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

#[tokio::test]
async fn a_pass_over_rewards_that_are_as_they_should_be_begins_no_transaction() {
    let world = World::new().await;
    executing(&world, 0).await;
    play_out(&world).await;
    world.click_on(&world.chat, 1, "ann").await;
    world.advance(10).await;
    world.work_until_idle().await;
    world.advance(2).await;
    let (watched, store) = counted(&world);
    let writes = world.store.faults().writes_seen();
    let calls = world.twitch.calls();
    assert_eq!(watched.reconcile_rewards().await, Ok(0));
    assert_eq!(store.begun.load(Ordering::SeqCst), 0);
    assert_eq!(world.store.faults().writes_seen(), writes);
    assert_eq!(world.twitch.calls(), calls);
    change_config(&world, &world.invert, |c| c.cost = Some(Cost::new(7).unwrap())).await;
    assert_eq!(watched.reconcile_rewards().await, Ok(2), "and it does see what is to be done");
}

/// The world's game on a store that counts its transactions.
fn counted(world: &World) -> (Gamification, Arc<CountedStore>) {
    let store = Arc::new(CountedStore { store: world.store.clone(), begun: AtomicU32::new(0) });
    (game(world, |ports| ports.store = store.clone()), store)
}

#[tokio::test]
async fn asking_twitch_while_hundreds_of_redemptions_are_due_begins_no_transaction() {
    let world = World::new().await;
    world.twitch.set_viewers(&world.streamers[0].twitch_id, Some(2_000));
    let mut clicks = Vec::new();
    for n in 0..300 {
        clicks.push(world.redeem(&world.invert, 0, &format!("viewer-{n}")).await.unwrap());
    }
    for outcome in world.game.contribute(&clicks).await {
        outcome.unwrap();
    }
    let goal = world.goal(0).await.unwrap();
    world.game.cancel_goal(&gm(), goal.id, None).await.unwrap();
    assert_eq!(world.ledger().await.total.pending.count, 300);
    world.advance(10).await;
    let (watched, store) = counted(&world);
    assert_eq!(watched.find_missed_redemptions().await, Ok(Missed::default()));
    assert_eq!(watched.inspect_rewards().await, Ok(0));
    assert_eq!(store.begun.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_retired_reward_that_waits_for_its_rows_begins_no_transaction() {
    let world = World::new().await;
    world.click(0, "ann").await;
    world.advance(10).await;
    let busy = RewardError::Unavailable { after_seconds: Some(600), reason: "busy".to_owned() };
    world.twitch.fail_next(TwitchCall::Settle, busy);
    let (campaign, streamer) = (world.campaign.id, world.streamer(0));
    world.game.withdraw_authorisation(&gm(), campaign, streamer).await.unwrap();
    for _ in 0..4 {
        world.work_until_idle().await;
        world.advance(10).await;
    }
    let (watched, store) = counted(&world);
    assert_eq!(watched.reconcile_rewards().await, Ok(0));
    assert_eq!(store.begun.load(Ordering::SeqCst), 0);
    assert_eq!(world.ledger().await.total.pending.count, 1);
}
