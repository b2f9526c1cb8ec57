//! A webhook that remembers what it got and answers as it is told.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hmac::{Hmac, Mac};
use poem::http::StatusCode;
use poem::listener::TcpAcceptor;
use poem::web::Data;
use poem::{Body, EndpointExt, Request, Response, Route, Server, handler, post};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::harness::{Session, World};

pub const SECRET: &str = "a secret of the webhook";
pub const ADD: &str = "channel.channel_points_custom_reward_redemption.add";
pub const UPDATE: &str = "channel.channel_points_custom_reward_redemption.update";

#[derive(Debug, Clone)]
pub struct Got {
    pub headers: poem::http::HeaderMap,
    pub raw: Vec<u8>,
}

impl Got {
    pub fn header(&self, name: &str) -> &str {
        self.headers[&*format!("twitch-eventsub-{name}")].to_str().unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.raw).unwrap()
    }

    /// Whether the signature is Twitch's, computed here from the documented recipe.
    pub fn is_signed(&self) -> bool {
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(self.header("message-id").as_bytes());
        mac.update(self.header("message-timestamp").as_bytes());
        mac.update(&self.raw);
        let hex: String = mac.finalize().into_bytes().iter().map(|b| format!("{b:02x}")).collect();
        self.header("message-signature") == format!("sha256={hex}")
    }
}

#[derive(Debug, Default)]
struct Mood {
    got: Vec<Got>,
    wrong_challenge: bool,
    failures_left: u32,
}

#[derive(Debug, Default)]
struct Inner {
    mood: Mutex<Mood>,
    news: Notify,
}

pub struct Webhook {
    inner: Arc<Inner>,
    addr: SocketAddr,
    _tasks: JoinSet<std::io::Result<()>>,
}

#[handler]
async fn receive(inner: Data<&Arc<Inner>>, request: &Request, body: Body) -> Response {
    let got = Got { headers: request.headers().clone(), raw: body.into_vec().await.unwrap() };
    let mut mood = inner.mood.lock().unwrap();
    let challenge = got.json()["challenge"].as_str().map(str::to_owned);
    mood.got.push(got);
    inner.news.notify_waiters();
    if let Some(challenge) = challenge {
        let answer = if mood.wrong_challenge { "\"wrong\"".to_owned() } else { challenge };
        return Response::builder().content_type("text/plain").body(answer);
    }
    if mood.failures_left > 0 {
        mood.failures_left -= 1;
        return Response::builder().status(StatusCode::SERVICE_UNAVAILABLE).finish();
    }
    Response::builder().status(StatusCode::NO_CONTENT).finish()
}

impl Webhook {
    pub async fn start() -> Self {
        let inner = Arc::new(Inner::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let acceptor = TcpAcceptor::from_tokio(listener).unwrap();
        let app = Route::new().at("/hook", post(receive)).data(Arc::clone(&inner));
        let mut tasks = JoinSet::new();
        tasks.spawn(Server::new_with_acceptor(acceptor).run(app));
        Self { inner, addr, _tasks: tasks }
    }

    pub fn url(&self) -> String {
        format!("http://{}/hook", self.addr)
    }

    pub fn answer_challenges_wrongly(&self) {
        self.inner.mood.lock().unwrap().wrong_challenge = true;
    }

    pub fn fail_next(&self, times: u32) {
        self.inner.mood.lock().unwrap().failures_left = times;
    }

    pub fn got(&self) -> Vec<Got> {
        self.inner.mood.lock().unwrap().got.clone()
    }

    pub fn notifications(&self) -> Vec<Got> {
        let mut got = self.got();
        got.retain(|got| got.header("message-type") == "notification");
        got
    }

    /// Waits until that many messages came, challenges included.
    pub async fn wait_for(&self, count: usize) {
        let wait = async {
            loop {
                let news = self.inner.news.notified();
                if self.got().len() >= count {
                    return;
                }
                news.await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), wait).await.expect("messages in time");
    }

    /// The body that subscribes this webhook.
    pub fn subscription(&self, kind: &str, condition: Value) -> Value {
        json!({
            "type": kind,
            "version": "1",
            "condition": condition,
            "transport": { "method": "webhook", "callback": self.url(), "secret": SECRET },
        })
    }

    /// Subscribes to a channel and waits for the verification; gives the subscription's id.
    pub async fn subscribe(&self, app: &Session<'_>, kind: &str, condition: Value) -> String {
        let body = self.subscription(kind, condition);
        let answer = app.post("/eventsub/subscriptions", body).await.expect(202);
        app.world.idle().await;
        let id = answer.only()["id"].as_str().unwrap().to_owned();
        assert_eq!(status_of(app, &id).await, "enabled");
        id
    }
}

pub async fn status_of(app: &Session<'_>, id: &str) -> String {
    let answer = app.get(&format!("/eventsub/subscriptions?subscription_id={id}")).await;
    answer.expect(200).only()["status"].as_str().unwrap().to_owned()
}

/// The statuses of the events, by redemption id, of one subscription type.
pub fn events(got: &[Got], kind: &str) -> Vec<(String, String)> {
    let of_kind = got.iter().filter(|got| got.header("subscription-type") == kind);
    let event = |got: &Got| {
        let event = got.json()["event"].clone();
        let text = |name: &str| event[name].as_str().unwrap().to_owned();
        (text("id"), text("status"))
    };
    of_kind.map(event).collect()
}

/// A world with a reward of alice and a webhook for both types.
pub async fn subscribed(world: &World) -> (Webhook, String) {
    let alice = world.broadcaster(crate::harness::ALICE).await;
    let reward = alice.reward(json!({ "title": "Invert", "cost": 100 })).await;
    let webhook = Webhook::start().await;
    let app = world.app().await;
    for kind in [ADD, UPDATE] {
        let condition = json!({ "broadcaster_user_id": crate::harness::ALICE });
        webhook.subscribe(&app, kind, condition).await;
    }
    (webhook, reward)
}
