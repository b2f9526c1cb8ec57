use crate::server::{RedisServer, free_port, url_of};
use crate::support::{client_of, connected, entry, eventually, fresh_options};
use crate::support::{next, until_woken, within};
use fred::interfaces::ClientInterface;
use fred::types::client::ClientPauseKind;
use gamification_core::ports::{EventBroadcaster, PendingExecutions, PortUnavailable, Wakeup};
use gamification_redis::{RedisAdapter, RedisOptions};
use gamification_testkit::fixtures::id;
use std::time::{Duration, Instant};

/// Every call fails, a hundred of each in less time than one may take.
async fn calls_fail_fast(node: &RedisAdapter) {
    let started = Instant::now();
    for n in 0..100 {
        assert!(matches!(node.put(&entry(n)).await, Err(PortUnavailable(_))));
        assert!(matches!(node.get(id(n)).await, Err(PortUnavailable(_))));
        assert!(matches!(node.remove(id(n)).await, Err(PortUnavailable(_))));
    }
    assert!(started.elapsed() < RedisOptions::default().command_timeout);
}

/// Local subscribers are woken, and telling them takes no time.
async fn wake_ups_stay_at_home(node: &RedisAdapter) {
    let mut stream = node.subscribe();
    node.wake(Wakeup::Campaign(id(7)));
    assert_eq!(next(&mut stream).await, Wakeup::Campaign(id(7)));
    drop(stream);
    let started = Instant::now();
    (0..10_000).for_each(|n| node.wake(Wakeup::Campaign(id(n))));
    assert!(started.elapsed() < Duration::from_secs(1));
}

async fn works_again(node: &RedisAdapter) {
    eventually("Redis is reachable again", async || node.is_reachable()).await;
    node.put(&entry(1)).await.unwrap();
    assert_eq!(node.get(id(1)).await.unwrap(), Some(entry(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_dies_is_done_without_until_it_is_back() {
    let server = RedisServer::start();
    let options = fresh_options();
    let one = connected(&server.url(), &options).await;
    let other = connected(&server.url(), &options).await;
    one.put(&entry(1)).await.unwrap();

    let port = server.kill();
    for node in [&one, &other] {
        eventually("the loss is noticed", async || !node.is_reachable()).await;
        calls_fail_fast(node).await;
        wake_ups_stay_at_home(node).await;
    }

    let (mut at_one, mut at_other) = (one.subscribe(), other.subscribe());
    let _server = RedisServer::start_on(port);
    until_woken(&mut at_one, Wakeup::All).await;
    until_woken(&mut at_other, Wakeup::All).await;
    works_again(&one).await;
    works_again(&other).await;
    one.wake(Wakeup::Campaign(id(3)));
    until_woken(&mut at_other, Wakeup::Campaign(id(3))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_is_away_at_the_start_is_found_later() {
    let port = free_port();
    let options = fresh_options();
    let url = url_of(port);
    let connecting = RedisAdapter::connect(&url, options);
    let node = within("connecting gives up soon", connecting).await.unwrap();
    assert!(!node.is_reachable());
    calls_fail_fast(&node).await;
    wake_ups_stay_at_home(&node).await;

    let mut stream = node.subscribe();
    let _server = RedisServer::start_on(port);
    until_woken(&mut stream, Wakeup::All).await;
    works_again(&node).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_hangs_costs_one_timeout_and_is_found_again() {
    let server = RedisServer::start();
    let node = connected(&server.url(), &fresh_options()).await;
    server.freeze();
    let started = Instant::now();
    assert!(matches!(node.put(&entry(1)).await, Err(PortUnavailable(_))));
    assert!(started.elapsed() < Duration::from_secs(1));
    calls_fail_fast(&node).await;
    wake_ups_stay_at_home(&node).await;
    server.thaw();
    works_again(&node).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_node_could_not_tell_the_others_becomes_one_look_everywhere() {
    let server = RedisServer::start();
    let options = fresh_options();
    let node = connected(&server.url(), &options).await;
    let other = connected(&server.url(), &options).await;
    let mut at_other = other.subscribe();

    // Writing stops, connections stay: only a message can wake the other node.
    let client = client_of(&server.url()).await;
    client.client_pause(60_000, Some(ClientPauseKind::Write)).await.unwrap();
    eventually("the loss is noticed", async || !node.is_reachable()).await;
    node.wake(Wakeup::Work);
    client.client_unpause().await.unwrap();
    assert_eq!(next(&mut at_other).await, Wakeup::All);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_shutdown_wake_ups_stay_at_home_and_the_cache_is_away() {
    let server = RedisServer::start();
    let node = connected(&server.url(), &fresh_options()).await;
    within("the tasks end", node.shutdown()).await;
    calls_fail_fast(&node).await;
    wake_ups_stay_at_home(&node).await;
    within("a second shutdown changes nothing", node.shutdown()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shutdown_does_not_wait_for_an_absent_redis() {
    let node = RedisAdapter::connect(&url_of(free_port()), fresh_options()).await.unwrap();
    let started = Instant::now();
    within("the tasks end", node.shutdown()).await;
    assert!(started.elapsed() < Duration::from_secs(5));
}
