//! The suite of [`EventBroadcaster`].

use super::bounded;
use crate::fixtures::id;
use futures_util::StreamExt;
use gamification_core::ids::CampaignId;
use gamification_core::ports::{EventBroadcaster, Wakeup, WakeupStream};
use std::any::Any;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A broadcaster to test, connected, that nobody else uses.
pub struct BroadcastUnderTest {
    /// The broadcaster as each node has it: at least one, and two where nodes are connected. What
    /// one tells, the subscribers of every one get.
    pub nodes: Vec<Arc<dyn EventBroadcaster>>,
    /// Kept until the case is over: a server, connections.
    pub _guard: Box<dyn Any + Send>,
}

/// Expands to the tests of an [`EventBroadcaster`]: `broadcast_contract!(make)`, where `make()`
/// gives a future of a
/// [`BroadcastUnderTest`](crate::contract::broadcast::BroadcastUnderTest).
#[macro_export]
macro_rules! broadcast_contract {
    ($make:expr) => {
        $crate::contract_cases! {
            fresh_broadcast: $crate::contract::broadcast::BroadcastUnderTest, $make,
            $crate::contract::broadcast => broadcast_contract {
                every_subscriber_of_every_node_is_woken,
                each_kind_of_wake_up_arrives_as_itself,
                a_subscriber_gets_wake_ups_from_its_subscription_on,
                waking_without_a_subscriber_is_no_error,
                a_subscriber_that_went_away_disturbs_nobody,
                a_slow_subscriber_gets_everything_or_is_told_to_look_everywhere,
            }
        }
    };
}

/// Reads until that wake-up, or one that stands for it, comes.
async fn wait_for(stream: &mut WakeupStream, wanted: Wakeup) {
    loop {
        let wakeup = bounded(stream.next()).await.expect("the broadcaster lives");
        if wakeup == wanted || wakeup == Wakeup::All {
            return;
        }
    }
}

pub async fn every_subscriber_of_every_node_is_woken(under_test: &BroadcastUnderTest) {
    let twice = under_test.nodes.iter().chain(&under_test.nodes);
    let mut subscribers: Vec<_> = twice.map(|node| node.subscribe()).collect();
    for node in &under_test.nodes {
        node.wake(Wakeup::Campaign(id(1)));
        for subscriber in &mut subscribers {
            wait_for(subscriber, Wakeup::Campaign(id(1))).await;
        }
    }
}

pub async fn each_kind_of_wake_up_arrives_as_itself(under_test: &BroadcastUnderTest) {
    let node = &under_test.nodes[0];
    for wakeup in [Wakeup::Campaign(id(7)), Wakeup::Work, Wakeup::Campaign(id(8)), Wakeup::All] {
        let mut subscribers: Vec<_> =
            under_test.nodes.iter().map(|node| node.subscribe()).collect();
        node.wake(wakeup);
        for subscriber in &mut subscribers {
            assert_eq!(bounded(subscriber.next()).await, Some(wakeup));
        }
    }
}

pub async fn a_subscriber_gets_wake_ups_from_its_subscription_on(under_test: &BroadcastUnderTest) {
    let node = &under_test.nodes[0];
    let mut early = node.subscribe();
    node.wake(Wakeup::Campaign(id(1)));
    wait_for(&mut early, Wakeup::Campaign(id(1))).await;
    let mut late = node.subscribe();
    node.wake(Wakeup::Campaign(id(2)));
    assert_eq!(bounded(late.next()).await, Some(Wakeup::Campaign(id(2))));
    assert_eq!(bounded(early.next()).await, Some(Wakeup::Campaign(id(2))));
}

pub async fn waking_without_a_subscriber_is_no_error(under_test: &BroadcastUnderTest) {
    let node = &under_test.nodes[0];
    node.wake(Wakeup::Work);
    let mut subscriber = node.subscribe();
    node.wake(Wakeup::Campaign(id(1)));
    wait_for(&mut subscriber, Wakeup::Campaign(id(1))).await;
}

pub async fn a_subscriber_that_went_away_disturbs_nobody(under_test: &BroadcastUnderTest) {
    let node = &under_test.nodes[0];
    let gone = node.subscribe();
    let mut stays = node.subscribe();
    drop(gone);
    node.wake(Wakeup::Campaign(id(1)));
    wait_for(&mut stays, Wakeup::Campaign(id(1))).await;
}

pub async fn a_slow_subscriber_gets_everything_or_is_told_to_look_everywhere(
    under_test: &BroadcastUnderTest,
) {
    const MANY: u32 = 5_000;
    for subscriber_node in &under_test.nodes {
        let mut slow = subscriber_node.subscribe();
        (0..MANY).for_each(|n| under_test.nodes[0].wake(Wakeup::Campaign(id(n))));
        let mut missing: BTreeSet<CampaignId> = (0..MANY).map(id).collect();
        while !missing.is_empty() {
            match bounded(slow.next()).await.expect("the broadcaster lives") {
                Wakeup::Campaign(campaign) => {
                    missing.remove(&campaign);
                }
                Wakeup::All => missing.clear(),
                Wakeup::Work => {}
            }
        }
        // It goes on after that.
        under_test.nodes[0].wake(Wakeup::Work);
        wait_for(&mut slow, Wakeup::Work).await;
    }
}
