//! A websocket client of EventSub.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use twitch_sandbox::{SandboxConfig, WebsocketConfig};

use crate::harness::{Answer, Session, World, quick};

const PATIENCE: Duration = Duration::from_secs(20);

pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub welcome: Value,
}

/// What a websocket does that nobody waits for.
pub fn with_websocket(websocket: WebsocketConfig) -> SandboxConfig {
    SandboxConfig { websocket, ..quick() }
}

impl Socket {
    /// Connects and takes the welcome.
    pub async fn open(world: &World) -> Self {
        Self::open_with(world, "").await
    }

    pub async fn open_with(world: &World, query: &str) -> Self {
        let url = format!("ws://{}/ws{query}", world.sandbox.addr());
        let mut socket = Self::dial(&url).await;
        socket.welcome = socket.next().await;
        assert_eq!(socket.welcome["metadata"]["message_type"], "session_welcome");
        socket
    }

    /// Connects and reads nothing yet.
    pub async fn dial(url: &str) -> Self {
        let (stream, _) = connect_async(url).await.unwrap();
        Self { stream, welcome: Value::Null }
    }

    pub fn session(&self) -> String {
        self.welcome["payload"]["session"]["id"].as_str().unwrap().to_owned()
    }

    /// The next message, pings apart.
    pub async fn next(&mut self) -> Value {
        match self.read().await {
            Message::Text(text) => serde_json::from_str(&text).unwrap(),
            other => panic!("no message: {other:?}"),
        }
    }

    /// The next message of this type; keepalives are passed over, anything else is wrong.
    pub async fn expect(&mut self, message_type: &str) -> Value {
        loop {
            let message = self.next().await;
            let found = message["metadata"]["message_type"].as_str().unwrap();
            if found == message_type {
                return message;
            }
            assert_eq!(found, "session_keepalive", "{message}");
        }
    }

    async fn read(&mut self) -> Message {
        loop {
            let read = tokio::time::timeout(PATIENCE, self.stream.next());
            match read.await.expect("a message in time").expect("a connection").unwrap() {
                Message::Ping(_) | Message::Pong(_) => {}
                message => return message,
            }
        }
    }

    /// The code with which the sandbox closes the connection, whatever comes before.
    pub async fn close_code(&mut self) -> u16 {
        loop {
            match self.read().await {
                Message::Close(frame) => return frame.expect("a close frame").code.into(),
                Message::Text(_) => {}
                other => panic!("unexpected {other:?}"),
            }
        }
    }

    /// Whether nothing comes for this long.
    pub async fn is_silent_for(&mut self, span: Duration) -> bool {
        tokio::time::timeout(span, self.stream.next()).await.is_err()
    }

    pub async fn say(&mut self, text: &str) {
        self.stream.send(Message::text(text)).await.unwrap();
    }

    pub async fn close(mut self) {
        self.stream.close(None).await.unwrap();
        while let Some(Ok(_)) = self.stream.next().await {}
    }
}

pub fn subscription(kind: &str, condition: Value, session: &str) -> Value {
    json!({
        "type": kind,
        "version": "1",
        "condition": condition,
        "transport": { "method": "websocket", "session_id": session },
    })
}

impl Session<'_> {
    /// Asks for a subscription of this user's own channel over a websocket.
    pub async fn listen(&self, kind: &str, session: &str) -> Answer {
        let condition = json!({ "broadcaster_user_id": self.user });
        self.post("/eventsub/subscriptions", subscription(kind, condition, session)).await
    }

    /// The statuses of the subscriptions that this token sees, oldest first.
    pub async fn subscription_statuses(&self) -> Vec<String> {
        let answer = self.get("/eventsub/subscriptions").await.expect(200);
        let status = |each: &Value| each["status"].as_str().unwrap().to_owned();
        answer.data().iter().map(status).collect()
    }

    /// Waits until the subscriptions that this token sees have these statuses.
    pub async fn wait_for_statuses(&self, expected: &[&str]) {
        let wait = async {
            while self.subscription_statuses().await != expected {
                tokio::task::yield_now().await;
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, wait).await.is_ok();
        assert!(in_time, "{:?}", self.subscription_statuses().await);
    }
}
