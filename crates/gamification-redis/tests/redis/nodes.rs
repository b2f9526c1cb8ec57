use crate::support::{client_of, connected, entry, fresh_options, next, shared_redis, until_woken};
use fred::interfaces::{KeysInterface, PubsubInterface};
use gamification_core::ports::{EventBroadcaster, PendingExecutions, Wakeup};
use gamification_redis::{RedisAdapter, RedisConfigError, RedisOptions};
use gamification_testkit::fixtures::id;

fn key_of(options: &RedisOptions, n: u32) -> String {
    format!("{}gamification:pending:{}", options.key_prefix, entry(n).instance_id)
}

#[tokio::test]
async fn an_entry_is_json_under_the_goals_key_and_lives_for_a_day() {
    let options = fresh_options();
    let node = connected(&shared_redis(), &options).await;
    node.put(&entry(1)).await.unwrap();

    let client = client_of(&shared_redis()).await;
    let seconds: i64 = client.ttl(key_of(&options, 1)).await.unwrap();
    assert!((86_300..=86_400).contains(&seconds), "{seconds}");
    let json: String = client.get(key_of(&options, 1)).await.unwrap();
    assert!(json.contains(r#""actionType":"dice_invert""#), "{json}");

    node.remove(id(1)).await.unwrap();
    let keys: i64 = client.exists(key_of(&options, 1)).await.unwrap();
    assert_eq!(keys, 0);
}

#[tokio::test]
async fn an_entry_that_cannot_be_read_is_as_good_as_none() {
    let options = fresh_options();
    let node = connected(&shared_redis(), &options).await;
    let client = client_of(&shared_redis()).await;
    let _: () = client.set(key_of(&options, 1), "{}", None, None, false).await.unwrap();
    assert_eq!(node.get(id(1)).await.unwrap(), None);
    node.put(&entry(1)).await.unwrap();
    assert_eq!(node.get(id(1)).await.unwrap(), Some(entry(1)));
    assert!(node.is_reachable());
}

#[tokio::test]
async fn what_one_node_puts_another_one_gets() {
    let (url, options) = (shared_redis(), fresh_options());
    let (one, other) = (connected(&url, &options).await, connected(&url, &options).await);
    one.put(&entry(1)).await.unwrap();
    assert_eq!(other.get(id(1)).await.unwrap(), Some(entry(1)));
    let stranger = connected(&url, &fresh_options()).await;
    assert_eq!(stranger.get(id(1)).await.unwrap(), None);
}

#[tokio::test]
async fn two_nodes_wake_each_other_and_each_hears_itself_once() {
    let (url, options) = (shared_redis(), fresh_options());
    let (one, other) = (connected(&url, &options).await, connected(&url, &options).await);
    let (mut at_one, mut at_other) = (one.subscribe(), other.subscribe());
    let (first, second) = (Wakeup::Campaign(id(1)), Wakeup::Campaign(id(2)));

    one.wake(first);
    assert_eq!(next(&mut at_one).await, first);
    assert_eq!(next(&mut at_other).await, first);
    // Were the first one's echo delivered at home, it would come before the answer.
    other.wake(second);
    assert_eq!(next(&mut at_other).await, second);
    assert_eq!(next(&mut at_one).await, second);
}

#[tokio::test]
async fn a_wake_up_goes_to_the_campaigns_channel() {
    let options = fresh_options();
    let node = connected(&shared_redis(), &options).await;
    let mut stream = node.subscribe();
    let client = client_of(&shared_redis()).await;
    let channel = format!("{}campaign:{}", options.key_prefix, entry(1).campaign_id);
    let listeners: i64 = client.publish(channel, "whoever").await.unwrap();
    assert_eq!(listeners, 1);
    until_woken(&mut stream, Wakeup::Campaign(id(1_000))).await;
}

#[tokio::test]
async fn an_address_or_prefix_that_can_never_work_is_refused() {
    let addresses = [
        "",
        "localhost:6379",
        "http://localhost",
        "redis://",
        "redis://localhost:port",
        "redis://localhost/db",
        "redis-cluster://localhost",
    ];
    for url in addresses {
        let refused = RedisAdapter::connect(url, RedisOptions::default()).await.err();
        assert!(matches!(refused, Some(RedisConfigError::Address(_))), "{url}: {refused:?}");
    }
    for prefix in ["*", "a b", "[x]", "é", &"x".repeat(65)] {
        let options = RedisOptions { key_prefix: prefix.to_owned(), ..RedisOptions::default() };
        let refused = RedisAdapter::connect(&shared_redis(), options).await.err();
        assert_eq!(refused, Some(RedisConfigError::KeyPrefix(prefix.to_owned())));
    }
}
