//! Polls.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{ALICE, World};
use crate::webhook::Webhook;

const PROGRESS: &str = "channel.poll.progress";
const END: &str = "channel.poll.end";

fn poll(id: Option<&str>, votes: [u32; 2], state: &str) -> Value {
    json!({
        "id": id,
        "title": "Fight or flee?",
        "choices": [
            { "title": "Fight", "votes": votes[0] }, { "title": "Flee", "votes": votes[1] }
        ],
        "state": state,
    })
}

#[tokio::test]
async fn subscribers_hear_how_a_poll_stands_and_how_it_ended() {
    let world = World::new().await;
    world.session(&world.config.client, ALICE, "channel:read:polls").await;
    let (app, webhook) = (world.app().await, Webhook::start().await);
    for kind in [PROGRESS, END] {
        webhook.subscribe(&app, kind, json!({ "broadcaster_user_id": ALICE })).await;
    }
    let tell = async |body| world.control(Method::POST, "/polls/alice", body).await;
    let begun = tell(poll(None, [1, 0], "progress")).await.expect(200).body;
    world.idle().await;
    let id = begun["id"].as_str().unwrap();
    tell(poll(Some(id), [3, 2], "end")).await.expect(200);
    world.idle().await;

    let got = webhook.notifications();
    let kinds: Vec<&str> = got.iter().map(|got| got.header("subscription-type")).collect();
    assert_eq!(kinds, [PROGRESS, END]);
    let (progress, end) = (got[0].json()["event"].clone(), got[1].json()["event"].clone());
    for event in [&progress, &end] {
        assert_eq!((&event["id"], &event["title"]), (&json!(id), &json!("Fight or flee?")));
        assert_eq!(event["broadcaster_user_login"], "alice");
    }
    assert_eq!(progress["started_at"], end["started_at"]);
    assert_eq!(progress["choices"][0]["id"], end["choices"][0]["id"]);
    assert_ne!(end["choices"][0]["id"], end["choices"][1]["id"]);
    let votes =
        |event: &Value| [&event["choices"][0], &event["choices"][1]].map(|c| c["votes"].clone());
    assert_eq!((votes(&progress), votes(&end)), ([json!(1), json!(0)], [json!(3), json!(2)]));
    assert!(progress["ends_at"].is_string() && progress.get("status").is_none());
    assert!(end["ended_at"].is_string() && end.get("ends_at").is_none());
    assert_eq!(end["status"], "completed");

    assert_eq!(tell(poll(Some(id), [9, 9], "end")).await.expect(409).body["reason"], "ENDED");
}

#[tokio::test]
async fn a_poll_belongs_to_its_channel_and_needs_choices() {
    let world = World::new().await;
    let tell = async |login: &str, body: Value| {
        world.control(Method::POST, &format!("/polls/{login}"), body).await
    };
    tell("alice", poll(Some("mine"), [0, 0], "progress")).await.expect(200);
    tell("bob", poll(Some("mine"), [0, 0], "progress")).await.expect(404);
    tell("nobody", poll(None, [0, 0], "progress")).await.expect(404);
    let mut lonely = poll(None, [0, 0], "progress");
    lonely["choices"].as_array_mut().unwrap().pop();
    tell("alice", lonely).await.expect(400);
}

#[tokio::test]
async fn whoever_may_not_read_polls_cannot_subscribe_to_them() {
    let world = World::new().await;
    world.broadcaster(ALICE).await;
    let (app, webhook) = (world.app().await, Webhook::start().await);
    let body = webhook.subscription(PROGRESS, json!({ "broadcaster_user_id": ALICE }));
    app.post("/eventsub/subscriptions", body).await.expect(403);
}
