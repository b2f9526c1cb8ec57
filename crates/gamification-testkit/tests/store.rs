//! The memory store keeps the contract of every store.
#![allow(clippy::unwrap_used, missing_docs)]

use gamification_testkit::MemoryStore;
use gamification_testkit::contract::store::StoreUnderTest;
use gamification_testkit::store_contract;
use std::sync::Arc;

async fn memory() -> StoreUnderTest {
    let store = MemoryStore::default();
    StoreUnderTest {
        store: Arc::new(store.clone()),
        queries: Arc::new(store),
        _guard: Box::new(()),
    }
}

store_contract!(memory);
