//! Several workers settle at the same time, and some of them die on the way.

use crate::support::{armed, gm, redeemed, row};
use async_trait::async_trait;
use gamification_core::action::ActionRegistry;
use gamification_core::ids::{RedemptionId, TwitchRewardId, TwitchUserId};
use gamification_core::ports::{
    RewardChange, RewardError, StoreError, TwitchReward, TwitchRewards,
};
use gamification_core::redemption::{
    Direction, IncomingRedemption, SettleOutcome, SettledBy, Settlement, TwitchRedemptionStatus,
};
use gamification_core::reward::RewardSpec;
use gamification_core::service::{Gamification, Ports};
use gamification_core::trigger::TriggerRegistry;
use gamification_testkit::{FakeTwitch, World};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// A Twitch that answers no settlement before it is let go on, and watches how many are under way.
struct SlowTwitch {
    twitch: Arc<FakeTwitch>,
    may_answer: Semaphore,
    calls: Mutex<Calls>,
}

#[derive(Default)]
struct Calls {
    under_way: BTreeMap<TwitchUserId, u32>,
    most_at_once: usize,
    asked: Vec<RedemptionId>,
}

impl SlowTwitch {
    /// On how many channels redemptions are being settled.
    fn under_way(&self) -> usize {
        self.calls.lock().unwrap().under_way.len()
    }
}

#[async_trait]
impl TwitchRewards for SlowTwitch {
    async fn settle(
        &self,
        channel: &TwitchUserId,
        reward: &TwitchRewardId,
        redemptions: &[RedemptionId],
        direction: Direction,
    ) -> Vec<(RedemptionId, SettleOutcome)> {
        {
            let mut calls = self.calls.lock().unwrap();
            *calls.under_way.entry(channel.clone()).or_default() += 1;
            assert_eq!(calls.under_way[channel], 1, "{channel} is settled by one worker");
            calls.most_at_once = calls.most_at_once.max(calls.under_way.len());
            calls.asked.extend_from_slice(redemptions);
        }
        self.may_answer.acquire().await.unwrap().forget();
        let outcomes = self.twitch.settle(channel, reward, redemptions, direction).await;
        self.calls.lock().unwrap().under_way.remove(channel);
        outcomes
    }

    async fn create(
        &self,
        _: &TwitchUserId,
        _: &RewardSpec,
        _: bool,
    ) -> Result<TwitchRewardId, RewardError> {
        panic!("it only settles")
    }

    async fn update(
        &self,
        _: &TwitchUserId,
        _: &TwitchRewardId,
        _: &RewardChange,
    ) -> Result<(), RewardError> {
        panic!("it only settles")
    }

    async fn delete(&self, _: &TwitchUserId, _: &TwitchRewardId) -> Result<(), RewardError> {
        panic!("it only settles")
    }

    async fn list(&self, _: &TwitchUserId) -> Result<Vec<TwitchReward>, RewardError> {
        panic!("it only settles")
    }

    async fn unfulfilled(
        &self,
        _: &TwitchUserId,
        _: &TwitchRewardId,
        _: u32,
    ) -> Result<Vec<IncomingRedemption>, RewardError> {
        panic!("it only settles")
    }

    async fn look_up(
        &self,
        _: &TwitchUserId,
        _: &TwitchRewardId,
        _: &[RedemptionId],
    ) -> Result<Vec<(RedemptionId, TwitchRedemptionStatus)>, RewardError> {
        panic!("it only settles")
    }
}

/// The world's service on a Twitch that takes its time.
fn slow(world: &World) -> (Arc<Gamification>, Arc<SlowTwitch>) {
    let twitch = Arc::new(SlowTwitch {
        twitch: world.twitch.clone(),
        may_answer: Semaphore::new(0),
        calls: Mutex::default(),
    });
    let ports = Ports { rewards: twitch.clone(), ..world.game.ports().clone() };
    let (triggers, actions) = (TriggerRegistry::with_builtin(), ActionRegistry::with_builtin());
    (Arc::new(Gamification::new(ports, triggers, actions)), twitch)
}

/// That many clicks of each channel, all to be refunded.
async fn to_refund(world: &World, clicks: usize) {
    for streamer in [0, 1] {
        let mut late = Vec::new();
        for n in 0..clicks {
            let viewer = format!("viewer-{streamer}-{n}");
            late.push(world.redeem(&world.invert, streamer, &viewer).await.unwrap());
        }
        armed(world, streamer).await;
        for outcome in world.game.contribute(&late).await {
            outcome.unwrap();
        }
    }
    assert_eq!(due(world).await, 2 * clicks);
}

async fn due(world: &World) -> usize {
    let rows = world.redemptions().await;
    rows.iter().filter(|row| row.settlement == Settlement::RefundDue).count()
}

#[tokio::test]
async fn workers_settle_different_channels_at_once_and_one_channel_one_after_the_other() {
    let world = World::new().await;
    to_refund(&world, 120).await;
    let (game, twitch) = slow(&world);
    let mut workers = JoinSet::new();
    for _ in 0..6 {
        let game = Arc::clone(&game);
        workers.spawn(async move {
            let mut moved = 0;
            for _ in 0..1_000 {
                match game.settle_due().await.unwrap() {
                    0 => tokio::task::yield_now().await,
                    some => moved += some,
                }
            }
            moved
        });
    }
    let both = async {
        while twitch.under_way() < 2 {
            tokio::task::yield_now().await;
        }
        twitch.may_answer.add_permits(1_000);
        workers.join_all().await.iter().sum::<u64>()
    };
    let moved = tokio::time::timeout(Duration::from_secs(60), both).await;
    assert_eq!(moved, Ok(240), "each moved once");
    let mut asked = twitch.calls.lock().unwrap().asked.clone();
    asked.sort_unstable();
    asked.dedup();
    assert_eq!(asked.len(), 240);
    assert_eq!(twitch.calls.lock().unwrap().asked.len(), 240, "none was settled twice");
    assert_eq!(twitch.calls.lock().unwrap().most_at_once, 2);
    assert_eq!(due(&world).await, 0);
    world.assert_balanced().await;
}

#[tokio::test]
async fn a_channel_that_takes_its_time_does_not_hold_up_the_other() {
    let world = World::new().await;
    to_refund(&world, 60).await;
    let (game, twitch) = slow(&world);
    let slow = game.settle_due();
    let meanwhile = async {
        while twitch.under_way() == 0 {
            tokio::task::yield_now().await;
        }
        for _ in 0..10 {
            world.game.settle_due().await.unwrap();
        }
        assert_eq!(due(&world).await, 60, "the other channel is done, this one waits");
        twitch.may_answer.add_permits(1);
    };
    let both = async { tokio::join!(slow, meanwhile).0 };
    assert_eq!(tokio::time::timeout(Duration::from_secs(60), both).await, Ok(Ok(50)));
    world.work_until_idle().await;
    assert_eq!(due(&world).await, 0);
    world.assert_balanced().await;
}

/// A click whose refund Twitch made, while the worker died before it wrote that.
async fn settled_and_not_written(world: &World) -> IncomingRedemption {
    let [click] = redeemed(world, 0, ["ann"]).await;
    world.deliver(&click).await.unwrap();
    let goal = world.goal(0).await.unwrap();
    world.game.cancel_goal(&gm(), goal.id, None).await.unwrap();
    world.store.faults().fail_at_write(3, StoreError::Unavailable("gone".to_owned()));
    assert!(world.game.settle_due().await.is_err(), "claimed, settled, not written");
    assert_eq!(row(world, &click).await.settlement, Settlement::RefundDue);
    click
}

#[tokio::test]
async fn what_was_settled_in_a_try_that_was_lost_is_ours() {
    let world = World::new().await;
    let click = settled_and_not_written(&world).await;
    world.work_until_idle().await;
    assert_eq!(row(&world, &click).await.settlement, Settlement::RefundDue, "it is leased");
    world.advance(60).await;
    world.work_until_idle().await;
    let ended = row(&world, &click).await;
    assert_eq!((ended.settlement, ended.settled_by), (Settlement::Refunded, Some(SettledBy::Us)));
    assert_eq!(ended.attempts, 2);
    world.assert_balanced().await;
}

#[tokio::test]
async fn what_was_settled_before_our_first_try_is_a_moderators() {
    let world = World::new().await;
    let [told, untold] = redeemed(&world, 0, ["ann", "ben"]).await;
    for click in [&told, &untold] {
        world.deliver(click).await.unwrap();
    }
    let goal = world.goal(0).await.unwrap();
    world.game.cancel_goal(&gm(), goal.id, None).await.unwrap();
    let channel = &world.streamers[0].twitch_id;
    for click in [&told, &untold] {
        assert!(world.twitch.moderate(channel, &click.id, Direction::Refund));
    }
    world.game.redemption_updated(&told.id, TwitchRedemptionStatus::Canceled).await.unwrap();
    world.work_until_idle().await;
    for click in [&told, &untold] {
        let ended = row(&world, click).await;
        assert_eq!(ended.settlement, Settlement::Refunded);
        assert_eq!(ended.settled_by, Some(SettledBy::External));
    }
    world.assert_balanced().await;
}
