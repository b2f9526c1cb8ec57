//! What the tests share.

use fred::clients::Client;
use fred::interfaces::ClientLike;
use fred::types::Builder;
use fred::types::config::Config;
use futures_util::StreamExt;
use gamification_core::ports::{PendingExecution, Wakeup, WakeupStream};
use gamification_redis::{RedisAdapter, RedisOptions};
use gamification_testkit::fixtures::{at, id};
use std::future::Future;
use std::time::Duration;
use uuid::Uuid;

const PATIENCE: Duration = Duration::from_secs(20);

/// The Redis that all tests share.
pub(crate) fn shared_redis() -> String {
    #[expect(clippy::disallowed_methods, reason = "a test has no other configuration")]
    let url = std::env::var("GAMIFICATION_TEST_REDIS_URL");
    url.expect("GAMIFICATION_TEST_REDIS_URL is set; scripts/with-servers does that")
}

/// Options with keys that nobody else uses.
pub(crate) fn fresh_options() -> RedisOptions {
    RedisOptions { key_prefix: format!("test:{}:", Uuid::new_v4()), ..RedisOptions::default() }
}

/// A node at a server that is there.
pub(crate) async fn connected(url: &str, options: &RedisOptions) -> RedisAdapter {
    let adapter = RedisAdapter::connect(url, options.clone()).await.unwrap();
    eventually("Redis is reachable", async || adapter.is_reachable()).await;
    adapter
}

/// A client of the test's own, to look at what is there.
pub(crate) async fn client_of(url: &str) -> Client {
    let client = Builder::from_config(Config::from_url(url).unwrap()).build().unwrap();
    client.init().await.unwrap();
    client
}

pub(crate) fn entry(n: u32) -> PendingExecution {
    PendingExecution {
        instance_id: id(n),
        campaign_id: id(1_000),
        event_id: id(2_000),
        streamer_id: None,
        action_type: "dice_invert".to_owned(),
        event_name: "Invert the dice".to_owned(),
        completed_at: at(n),
    }
}

/// Waits for the condition; says which one when it does not come.
pub(crate) async fn eventually(what: &str, is_so: impl AsyncFn() -> bool) {
    let condition = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    within(what, condition).await;
}

pub(crate) async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    let Ok(answer) = tokio::time::timeout(PATIENCE, future).await else {
        panic!("waited in vain: {what}");
    };
    answer
}

/// The next wake-up.
pub(crate) async fn next(stream: &mut WakeupStream) -> Wakeup {
    within("a wake-up", stream.next()).await.expect("the broadcaster lives")
}

/// Reads until exactly that wake-up comes.
pub(crate) async fn until_woken(stream: &mut WakeupStream, wanted: Wakeup) {
    while next(stream).await != wanted {}
}
