//! The adapters on a real Redis, and their twins inside one process.
//!
//! `GAMIFICATION_TEST_REDIS_URL` tells where Redis is; `scripts/with-servers` sets it. The tests of
//! outages start a `redis-server` of their own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod contract;
mod in_process;
mod log;
mod nodes;
mod outage;
mod server;
mod support;
