//! Chat messages.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{ALICE, Answer, BOB, Session, World};

const WRITE: &str = "user:write:chat";

async fn say(session: &Session<'_>, channel: &str, sender: &str, message: &str) -> Answer {
    let body = json!({ "broadcaster_id": channel, "sender_id": sender, "message": message });
    session.post("/chat/messages", body).await
}

#[tokio::test]
async fn a_user_speaks_and_the_sandbox_remembers() {
    let world = World::new().await;
    let client = &world.config.client;
    let alice = world.session(client, ALICE, WRITE).await;
    let sent = say(&alice, BOB, ALICE, "Hello").await.expect(200);
    let sent = sent.only();
    assert_eq!((&sent["is_sent"], &sent["drop_reason"]), (&json!(true), &Value::Null));
    say(&alice, ALICE, ALICE, "To myself").await.expect(200);

    let there = world.look("/chat?channel=bob").await["messages"].clone();
    assert_eq!(there.as_array().unwrap().len(), 1);
    assert_eq!(there[0]["messageId"], sent["message_id"]);
    assert_eq!((&there[0]["senderId"], &there[0]["message"]), (&json!(ALICE), &json!("Hello")));
    assert_eq!(world.look("/chat").await["messages"].as_array().unwrap().len(), 2);

    assert_eq!(say(&alice, BOB, ALICE, &"x".repeat(500)).await.status, 200);
    say(&alice, BOB, ALICE, &"x".repeat(501)).await.expect(422);
    say(&alice, BOB, ALICE, " ").await.expect(400);
    say(&alice, "1", ALICE, "Hello").await.expect(400);
    say(&alice, BOB, BOB, "As somebody else").await.expect(401);
    let silent = world.broadcaster(ALICE).await;
    let refused = say(&silent, BOB, ALICE, "Hello").await.expect(401);
    assert_eq!(refused.message(), "Missing scope: user:write:chat");
}

#[tokio::test]
async fn an_application_speaks_where_its_bot_was_let_in() {
    let world = World::new().await;
    let client = &world.config.client;
    let app = world.app().await;
    let missing = async |channel| say(&app, channel, ALICE, "Hi").await.expect(401);
    assert_eq!(missing(ALICE).await.message(), "Missing scope: user:write:chat");
    world.log_in(client, ALICE, WRITE).await;
    assert_eq!(missing(ALICE).await.message(), "Missing scope: user:bot");
    world.log_in(client, ALICE, "user:bot").await;
    say(&app, ALICE, ALICE, "Hi").await.expect(200);
    assert_eq!(missing(BOB).await.message(), "Missing scope: channel:bot");
    world.log_in(client, BOB, "channel:bot").await;
    say(&app, BOB, ALICE, "Hi").await.expect(200);
}

#[tokio::test]
async fn dropped_messages_have_a_reason_and_no_id() {
    let world = World::new().await;
    let alice = world.session(&world.config.client, ALICE, WRITE).await;
    let reason = json!({ "count": 1, "code": "followers_only_mode", "message": "Follow first" });
    world.control(Method::PUT, "/chat/drops", reason).await.expect(200);
    let dropped = say(&alice, ALICE, ALICE, "One").await.expect(200);
    let dropped = dropped.only();
    assert_eq!((&dropped["is_sent"], &dropped["message_id"]), (&json!(false), &json!("")));
    let reason = json!({ "code": "followers_only_mode", "message": "Follow first" });
    assert_eq!(dropped["drop_reason"], reason);
    assert_eq!(say(&alice, ALICE, ALICE, "Two").await.expect(200).only()["is_sent"], true);
    let messages = world.look("/chat").await["messages"].clone();
    let sent: Vec<&Value> = messages.as_array().unwrap().iter().map(|m| &m["isSent"]).collect();
    assert_eq!(sent, [&json!(false), &json!(true)]);
}
