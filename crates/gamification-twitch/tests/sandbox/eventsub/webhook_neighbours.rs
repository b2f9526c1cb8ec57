use super::listener::{SUBSCRIPTIONS, in_sandbox, until};
use super::webhook::hooked;
use crate::http_server::HttpServer;
use crate::world::{World, alice, bob};
use serde_json::Value;
use std::collections::BTreeSet;

/// The channels that have enabled subscriptions to that address.
async fn channels_of(world: &World, server: &HttpServer) -> BTreeSet<String> {
    let all = in_sandbox(world).await;
    let here =
        |it: &&Value| it["transport"]["callback"] == server.url() && it["status"] == "enabled";
    let channel = |it: &Value| it["condition"]["broadcaster_user_id"].as_str().map(str::to_owned);
    all.iter().filter(here).filter_map(channel).filter(|it| !it.is_empty()).collect()
}

#[tokio::test]
async fn what_is_not_wanted_any_more_is_deleted_and_nothing_of_another_installation() {
    let world = World::new().await;
    let (other, others) = hooked(&world, &[alice(), bob()]).await;
    let (ours, server) = hooked(&world, &[alice(), bob()]).await;
    for listener in [&other, &ours] {
        listener.until_served(&alice(), 1).await;
        listener.until_served(&bob(), 1).await;
    }
    let both = BTreeSet::from([alice().to_string(), bob().to_string()]);
    assert_eq!(channels_of(&world, &server).await, both);
    ours.sink.heard().wanted = vec![bob()];
    ours.adapter.eventsub.nudge();
    let left = BTreeSet::from([bob().to_string()]);
    until("alice's are gone", async || channels_of(&world, &server).await == left).await;
    assert_eq!(channels_of(&world, &others).await, both);
    // A sink that cannot tell changes nothing.
    ours.sink.heard().cannot_tell = true;
    ours.sink.heard().wanted = vec![];
    let listed = world.calls("GET", SUBSCRIPTIONS).await;
    ours.adapter.eventsub.nudge();
    until("it was compared", async || world.calls("GET", SUBSCRIPTIONS).await > listed).await;
    assert_eq!(channels_of(&world, &server).await, left);
    // One that names none wants none.
    ours.sink.heard().cannot_tell = false;
    ours.adapter.eventsub.nudge();
    until("bob's are gone", async || channels_of(&world, &server).await.is_empty()).await;
    assert_eq!(channels_of(&world, &others).await, both);
}

#[tokio::test]
async fn where_others_have_used_up_the_three_that_twitch_allows_it_is_said() {
    let world = World::new().await;
    let mut others = Vec::new();
    for _ in 0..3 {
        let other = hooked(&world, &[alice()]).await;
        other.0.until_served(&alice(), 1).await;
        other.0.until("all are asked for", |_| other.0.states_of(&alice()).len() == 8).await;
        others.push(other);
    }
    let (ours, server) = hooked(&world, &[alice()]).await;
    ours.until("it is said", |_| {
        ours.states_of(&alice()).iter().any(|it| it.status == "too_many_alike")
    })
    .await;
    assert!(ours.states_of(&alice()).iter().all(|it| it.status != "enabled"));
    for (other, address) in &others {
        assert_eq!(channels_of(&world, address).await.len(), 1);
        assert!(other.states_of(&alice()).iter().any(|it| it.status == "enabled"));
    }
    assert!(channels_of(&world, &server).await.is_empty());
}
