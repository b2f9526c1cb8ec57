use crate::proxy::Fault;
use crate::world::{World, alice, start};
use gamification_core::ports::{ChatNotices, ChatOutcome};
use hyper::Method;
use serde_json::{Value, json};

const MESSAGES: &str = "/helix/chat/messages";

async fn say(world: &World, text: &str) -> ChatOutcome {
    world.adapter.chat.say(&alice(), text).await
}

fn dropped(reason: &str) -> ChatOutcome {
    ChatOutcome::Dropped { reason: reason.to_owned() }
}

fn not_now(after_seconds: Option<u32>, reason: &str) -> ChatOutcome {
    ChatOutcome::NotNow { after_seconds, reason: reason.to_owned() }
}

#[tokio::test]
async fn a_line_is_said_by_the_channel_s_own_account() {
    let world = World::new().await;
    assert_eq!(say(&world, "The dice turn: \"1\" becomes 20 🎲").await, ChatOutcome::Said);
    let seen = world.tell("GET", "chat?channel=alice", Value::Null).await;
    let [message] = &seen["messages"].as_array().unwrap()[..] else { panic!("{seen}") };
    assert_eq!(message["message"], "The dice turn: \"1\" becomes 20 🎲");
    assert_eq!(message["senderId"], alice().as_str());
    assert_eq!(message["broadcasterId"], alice().as_str());
}

#[tokio::test]
async fn a_line_that_twitch_does_not_show_is_told_with_twitch_s_reason() {
    let world = World::new().await;
    let drops = json!({ "count": 1, "code": "msg_duplicate", "message": "Say something new." });
    world.tell("PUT", "chat/drops", drops).await;
    assert_eq!(say(&world, "again").await, dropped("Say something new."));
    world.tell("PUT", "chat/drops", json!({ "count": 1, "code": "msg_rejected" })).await;
    assert_eq!(say(&world, "again").await, dropped("msg_rejected"));
    let silent = r#"{"data":[{"message_id":"","is_sent":false}]}"#;
    world.proxy.fail(Method::POST, MESSAGES, Fault::Body(200, silent), 1);
    assert_eq!(say(&world, "again").await, dropped("Twitch gave no reason"));
}

#[tokio::test]
async fn a_line_that_twitch_refuses_is_dropped() {
    let world = World::new().await;
    let empty = say(&world, " ").await;
    assert_eq!(empty, dropped("Twitch answered 400: The message cannot be empty"));
    let nobody = world.adapter_for_people().chat.say(&"404".into(), "hello").await;
    assert_eq!(nobody, dropped("the channel has to log in with Twitch again"));
}

#[tokio::test]
async fn a_line_that_was_certainly_not_said_may_be_tried_again() {
    let world = World::new().await;
    let reset = (start().as_seconds() + 9).to_string();
    let headers = vec![("ratelimit-remaining", "0".to_owned()), ("ratelimit-reset", reset)];
    world.proxy.fail(Method::POST, MESSAGES, Fault::Answer(429, headers), 1);
    let slower = "Twitch asks for fewer calls";
    assert_eq!(say(&world, "hello").await, not_now(Some(9), slower));
    // The bucket is known to be empty: nobody is called.
    world.clock.advance(4);
    assert_eq!(say(&world, "hello").await, not_now(Some(5), slower));
    assert_eq!(world.calls("POST", MESSAGES).await, 0);
    world.clock.advance(5);
    assert_eq!(say(&world, "hello").await, ChatOutcome::Said);
}

#[tokio::test]
async fn a_line_of_which_nobody_knows_is_told_so() {
    let world = World::new().await;
    let unknown = |reason: &str| ChatOutcome::Unknown { reason: reason.to_owned() };
    for (fault, expected) in [
        (Fault::Answer(500, vec![]), "Twitch answered 500"),
        (Fault::HangUpAfterEffect, "the connection to Twitch broke"),
        (Fault::Body(200, r#"{"data":[]}"#), "Twitch's answer could not be read"),
        (Fault::Body(200, "{}"), "Twitch's answer could not be read"),
    ] {
        world.proxy.fail(Method::POST, MESSAGES, fault, 1);
        assert_eq!(say(&world, "hello").await, unknown(expected));
    }
}
