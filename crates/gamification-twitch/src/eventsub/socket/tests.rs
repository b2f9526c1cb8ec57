#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::envelope::Notification;
use crate::eventsub::session::Retry;
use futures_util::SinkExt;
use serde_json::{Value, json};
use std::net::Ipv4Addr;
use tokio::net::TcpListener;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Bytes;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

fn text(kind: &str, payload: &Value) -> Message {
    let metadata = json!({ "message_id": "m", "message_type": kind });
    Message::text(json!({ "metadata": metadata, "payload": payload }).to_string())
}

fn welcome() -> Message {
    text("session_welcome", &json!({ "session": { "id": "s", "keepalive_timeout_seconds": 10 } }))
}

fn online(channel: &str) -> Message {
    let subscription = json!({ "type": "stream.online" });
    let event = json!({ "broadcaster_user_id": channel });
    text("notification", &json!({ "subscription": subscription, "event": event }))
}

/// A server that says this to whoever comes first, closes with that code, and tells what it was
/// told; beside it, what came of a session there.
async fn talk(says: Vec<Message>, code: u16) -> (Vec<Message>, Ended, Vec<Heard>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = Address::new(format!("ws://{}/ws", listener.local_addr().unwrap()));
    let server = async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = accept_async(stream).await.unwrap();
        for message in says {
            // A client that has had enough is gone.
            let _ = stream.send(message).await;
        }
        let close = CloseFrame { code: code.into(), reason: "".into() };
        let _ = stream.close(Some(close)).await;
        let mut told = Vec::new();
        while let Some(Ok(message)) = stream.next().await {
            told.push(message);
        }
        told
    };
    let mut heard = Vec::new();
    let (told, ended) = tokio::join!(server, hold(&address, |it| heard.push(it)));
    (told, ended, heard)
}

#[tokio::test]
async fn what_cannot_be_used_is_let_pass_and_nothing_but_pongs_is_sent() {
    let says = vec![
        Message::Binary(Bytes::from_static(b"\xff\xfe")),
        Message::text("hello"),
        Message::text("[".repeat(10_000)),
        text("session_party", &json!({})),
        welcome(),
        Message::Ping(Bytes::from_static(b"there?")),
        text("notification", &json!({ "subscription": { "type": "stream.online" } })),
        online("7"),
    ];
    let (told, ended, heard) = talk(says, 4001).await;
    assert_eq!(ended.retry, Retry::Slowly);
    let session_id = "s".to_owned();
    let subscription_type = "stream.online".to_owned();
    let unread = Notification::Other { subscription_type };
    let event = Notification::StreamChanged { channel: "7".into(), is_live: true };
    let expected =
        [Heard::Welcome { session_id }, Heard::Notification(unread), Heard::Notification(event)];
    assert_eq!(heard, expected);
    let is_automatic = |it: &Message| matches!(it, Message::Pong(_) | Message::Close(_));
    assert!(told.iter().all(is_automatic), "{told:?}");
    assert!(told.contains(&Message::Pong(Bytes::from_static(b"there?"))), "{told:?}");
}

#[tokio::test]
async fn a_message_that_is_too_large_ends_the_session() {
    let large = Message::text("x".repeat(LARGEST_MESSAGE + 1));
    let (_, ended, heard) = talk(vec![welcome(), large, online("7")], 4000).await;
    assert_eq!(ended.retry, Retry::AtOnce);
    assert_eq!(heard.len(), 1, "{heard:?}");
}

#[tokio::test]
async fn a_foreign_address_to_move_to_is_not_followed() {
    let url = "ws://10.255.255.1/ws";
    let moves = text("session_reconnect", &json!({ "session": { "reconnect_url": url } }));
    let (_, ended, heard) = talk(vec![welcome(), moves, online("7")], 4000).await;
    assert_eq!(ended.retry, Retry::BackOff);
    assert_eq!(ended.reason, "asked to reconnect to a foreign address");
    assert_eq!(heard.len(), 1, "{heard:?}");
}
