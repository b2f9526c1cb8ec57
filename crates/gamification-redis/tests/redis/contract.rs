use crate::support::{connected, fresh_options, shared_redis};
use gamification_core::ports::EventBroadcaster;
use gamification_redis::in_process::{InProcessBroadcast, InProcessPending};
use gamification_testkit::ManualClock;
use gamification_testkit::contract::broadcast::BroadcastUnderTest;
use gamification_testkit::contract::pending::PendingUnderTest;
use std::sync::Arc;

mod redis_pending {
    gamification_testkit::pending_contract!(super::redis_pending);
}
mod redis_broadcast {
    gamification_testkit::broadcast_contract!(super::redis_broadcast);
}
mod in_process_pending {
    gamification_testkit::pending_contract!(super::in_process_pending);
}
mod in_process_broadcast {
    gamification_testkit::broadcast_contract!(super::in_process_broadcast);
}

async fn redis_pending() -> PendingUnderTest {
    let adapter = connected(&shared_redis(), &fresh_options()).await;
    PendingUnderTest { pending: Arc::new(adapter), _guard: Box::new(()) }
}

async fn redis_broadcast() -> BroadcastUnderTest {
    let (url, options) = (shared_redis(), fresh_options());
    let mut nodes: Vec<Arc<dyn EventBroadcaster>> = Vec::new();
    for _ in 0..2 {
        nodes.push(Arc::new(connected(&url, &options).await));
    }
    BroadcastUnderTest { nodes, _guard: Box::new(()) }
}

async fn in_process_pending() -> PendingUnderTest {
    let pending = InProcessPending::new(Arc::new(ManualClock::default()));
    PendingUnderTest { pending: Arc::new(pending), _guard: Box::new(()) }
}

async fn in_process_broadcast() -> BroadcastUnderTest {
    let node: Arc<dyn EventBroadcaster> = Arc::new(InProcessBroadcast::default());
    BroadcastUnderTest { nodes: vec![node], _guard: Box::new(()) }
}
