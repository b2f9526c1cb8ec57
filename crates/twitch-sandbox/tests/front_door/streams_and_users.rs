//! Users and streams in Helix.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{ALICE, BOB, GM, World};

#[tokio::test]
async fn the_first_people_are_there() {
    let world = World::new().await;
    let app = world.app().await;
    let answer = app.get(&format!("/users?login=gm&id={ALICE}&id={BOB}")).await.expect(200);
    let shown: Vec<_> = answer
        .data()
        .iter()
        .map(|user| (user["login"].as_str().unwrap(), user["broadcaster_type"].as_str().unwrap()))
        .collect();
    assert_eq!(shown, [("gm", "affiliate"), ("alice", "affiliate"), ("bob", "partner")]);
    app.get("/users").await.expect(400);
    let me = world.broadcaster(GM).await.get("/users").await.expect(200);
    assert_eq!(me.only()["id"], GM);
    assert!(app.get("/users?login=nobody").await.expect(200).data().is_empty());
    let many: String = (0..101).map(|n| format!("&id={n}")).collect();
    app.get(&format!("/users?{many}")).await.expect(400);
}

#[tokio::test]
async fn only_live_channels_have_a_stream() {
    let world = World::new().await;
    let app = world.app().await;
    let both = format!("/streams?user_id={ALICE}&user_id={BOB}");
    assert!(app.get(&both).await.expect(200).data().is_empty());
    let put = async |login: &str, viewers: Value| {
        let body = json!({ "viewerCount": viewers });
        world.control(Method::PUT, &format!("/streams/{login}"), body).await
    };
    put("alice", json!(41)).await.expect(200);
    let started = app.get(&both).await.only()["started_at"].clone();
    put("alice", json!(42)).await.expect(200);
    let live = app.get(&both).await.expect(200).only().clone();
    assert_eq!((&live["viewer_count"], &live["type"]), (&json!(42), &json!("live")));
    assert_eq!((&live["user_login"], &live["started_at"]), (&json!("alice"), &started));
    put("bob", json!(100)).await.expect(200);
    let page = app.get("/streams?first=1").await.expect(200);
    assert_eq!(page.only()["user_login"], "bob");
    let cursor = page.body["pagination"]["cursor"].as_str().unwrap();
    let page = app.get(&format!("/streams?first=1&after={cursor}")).await.expect(200);
    assert_eq!(page.only()["user_login"], "alice");
    assert_eq!(page.body["pagination"], json!({}));
    let end = async |login| world.control(Method::DELETE, login, Value::Null).await;
    end("/streams/alice").await.expect(204);
    end("/streams/alice").await.expect(404);
    assert!(app.get("/streams?user_login=alice").await.expect(200).data().is_empty());
    put("nobody", json!(1)).await.expect(404);
    put("alice", json!(-1)).await.expect(400);
}
