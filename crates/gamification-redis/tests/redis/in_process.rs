use crate::support::entry;
use futures_util::StreamExt;
use gamification_core::ports::{EventBroadcaster, PendingExecutions};
use gamification_redis::in_process::{ENTRIES_MAX, InProcessBroadcast, InProcessPending};
use gamification_testkit::ManualClock;
use gamification_testkit::fixtures::id;
use std::sync::Arc;

#[tokio::test]
async fn an_entry_is_kept_for_24_hours_since_it_was_last_put() {
    let clock = ManualClock::default();
    let pending = InProcessPending::new(Arc::new(clock.clone()));
    pending.put(&entry(1)).await.unwrap();
    pending.put(&entry(2)).await.unwrap();
    clock.advance(40_000);
    pending.put(&entry(2)).await.unwrap();
    clock.advance(46_399);
    assert_eq!(pending.get(id(1)).await.unwrap(), Some(entry(1)));
    clock.advance(1);
    assert_eq!(pending.get(id(1)).await.unwrap(), None);
    assert_eq!(pending.get(id(2)).await.unwrap(), Some(entry(2)));
}

#[tokio::test]
async fn a_full_cache_forgets_its_oldest_entry() {
    let clock = ManualClock::default();
    let pending = InProcessPending::new(Arc::new(clock.clone()));
    let entries_max = u32::try_from(ENTRIES_MAX).unwrap();
    pending.put(&entry(0)).await.unwrap();
    clock.advance(1);
    for n in 1..=entries_max {
        pending.put(&entry(n)).await.unwrap();
    }
    assert_eq!(pending.get(id(0)).await.unwrap(), None);
    assert_eq!(pending.get(id(1)).await.unwrap(), Some(entry(1)));
    assert_eq!(pending.get(id(entries_max)).await.unwrap(), Some(entry(entries_max)));
}

#[tokio::test]
async fn streams_end_with_the_broadcaster() {
    let broadcaster = InProcessBroadcast::default();
    let mut stream = broadcaster.subscribe();
    drop(broadcaster);
    assert_eq!(stream.next().await, None);
}
