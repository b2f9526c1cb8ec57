use crate::proxy::Fault;
use crate::world::{World, alice, bob};
use gamification_core::ports::Audience;
use hyper::Method;

const STREAMS: &str = "/helix/streams";

#[tokio::test]
async fn several_channels_are_counted_in_one_call_in_the_order_asked() {
    let world = World::new().await;
    world.set_viewers("alice", 120).await;
    world.set_viewers("bob", 0).await;
    let audience = &world.adapter.audience;
    let channels = [bob(), "104205061".into(), alice(), "404".into(), alice()];
    let counts = audience.viewers(&channels).await;
    assert_eq!(counts, [Some(0), None, Some(120), None, Some(120)]);
    assert_eq!(world.calls("GET", STREAMS).await, 1);
    assert_eq!(audience.viewers(&[]).await, []);
    assert_eq!(world.calls("GET", STREAMS).await, 1);
}

#[tokio::test]
async fn a_count_is_remembered_for_a_minute() {
    let world = World::new().await;
    world.set_viewers("alice", 120).await;
    let audience = &world.adapter.audience;
    assert_eq!(audience.viewers(&[alice(), bob()]).await, [Some(120), None]);
    world.set_viewers("alice", 300).await;
    world.set_viewers("bob", 7).await;
    world.clock.advance(59);
    assert_eq!(audience.viewers(&[alice(), bob()]).await, [Some(120), None]);
    world.clock.advance(1);
    assert_eq!(audience.viewers(&[alice(), bob()]).await, [Some(300), Some(7)]);
    assert_eq!(world.calls("GET", STREAMS).await, 2);
}

#[tokio::test]
async fn a_twitch_that_cannot_tell_is_left_alone_for_ten_seconds() {
    let world = World::new().await;
    world.set_viewers("alice", 120).await;
    world.proxy.fail(Method::GET, STREAMS, Fault::Answer(500, vec![]), 1);
    let audience = &world.adapter.audience;
    assert_eq!(audience.viewers(&[alice()]).await, [None]);
    world.clock.advance(9);
    assert_eq!(audience.viewers(&[alice()]).await, [None]);
    assert_eq!(world.calls("GET", STREAMS).await, 0);
    world.clock.advance(1);
    assert_eq!(audience.viewers(&[alice()]).await, [Some(120)]);
}

#[tokio::test]
async fn more_channels_than_one_call_takes_are_all_counted() {
    let world = World::new().await;
    let mut channels: Vec<_> = (0..150).map(|n| format!("{}", 1000 + n).into()).collect();
    world.set_viewers("bob", 9).await;
    channels.push(bob());
    let counts = world.adapter.audience.viewers(&channels).await;
    assert_eq!(counts.len(), 151);
    assert_eq!(counts.iter().flatten().collect::<Vec<_>>(), [&9]);
    assert_eq!(world.calls("GET", STREAMS).await, 2);
}
