//! A process that hears of events.

use crate::http_server::{Answer, HttpServer, bytes_of};
use crate::world::{EVENTSUB_SECRET, World};
use async_trait::async_trait;
use gamification_core::ids::{RedemptionId, TwitchUserId};
use gamification_core::redemption::RedemptionSource;
use gamification_core::time::Timestamp;
use gamification_twitch::envelope::{
    Notification, Revocation, challenge, parse_notification, parse_revocation,
};
use gamification_twitch::webhook::{MessageType, WebhookHeaders, WebhookRefusal, verify};
use gamification_twitch::{
    EventSubConfig, EventSubSink, SinkBusy, SubscriptionState, TwitchAdapter,
};
use hyper::body::Incoming;
use hyper::{Request, Response};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::task::JoinSet;

pub(crate) const SUBSCRIPTIONS: &str = "/helix/eventsub/subscriptions";

/// Longer than any test waits for anything.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Default)]
pub(crate) struct Heard {
    pub(crate) wanted: Vec<TwitchUserId>,
    /// Whether it fails to say what is wanted.
    pub(crate) cannot_tell: bool,
    pub(crate) notifications: Vec<Notification>,
    pub(crate) reconnected: Vec<TwitchUserId>,
    pub(crate) revoked: Vec<Revocation>,
    /// How many events are refused before one is taken.
    pub(crate) busy: u32,
}

impl Heard {
    /// The redemptions that were told of, each once.
    pub(crate) fn redemptions(&self) -> BTreeSet<RedemptionId> {
        let id = |notification: &Notification| match notification {
            Notification::RedemptionAdded { redemption, .. } => Some(redemption.id.clone()),
            _ => None,
        };
        self.notifications.iter().filter_map(id).collect()
    }

    pub(crate) fn reconnections_of(&self, channel: &TwitchUserId) -> usize {
        self.reconnected.iter().filter(|it| *it == channel).count()
    }
}

#[derive(Clone, Default)]
pub(crate) struct Sink(Arc<Mutex<Heard>>);

impl Sink {
    pub(crate) fn heard(&self) -> MutexGuard<'_, Heard> {
        self.0.lock().unwrap()
    }
}

#[async_trait]
impl EventSubSink for Sink {
    async fn channels(&self) -> Result<Vec<TwitchUserId>, SinkBusy> {
        let heard = self.heard();
        if heard.cannot_tell { Err(SinkBusy) } else { Ok(heard.wanted.clone()) }
    }

    async fn deliver(&self, notification: Notification) -> Result<(), SinkBusy> {
        let mut heard = self.heard();
        if heard.busy > 0 {
            heard.busy -= 1;
            return Err(SinkBusy);
        }
        heard.notifications.push(notification);
        Ok(())
    }

    async fn reconnected(&self, channel: &TwitchUserId) {
        self.heard().reconnected.push(channel.clone());
    }

    async fn revoked(&self, revocation: Revocation) {
        self.heard().revoked.push(revocation);
    }
}

/// A process that hears of events until it is dropped, which is like a crash.
pub(crate) struct Listener {
    pub(crate) adapter: TwitchAdapter,
    pub(crate) sink: Sink,
    _tasks: JoinSet<()>,
}

impl Listener {
    pub(crate) fn start(world: &World, config: EventSubConfig, channels: &[TwitchUserId]) -> Self {
        let sink = Sink::default();
        sink.heard().wanted = channels.to_vec();
        Self::of(world.adapter_hearing(config), sink)
    }

    pub(crate) fn of(adapter: TwitchAdapter, sink: Sink) -> Self {
        let mut tasks = JoinSet::new();
        let (link, shared) = (Arc::clone(&adapter.eventsub), sink.clone());
        tasks.spawn(async move { link.run(Arc::new(shared), std::future::pending()).await });
        Self { adapter, sink, _tasks: tasks }
    }

    /// Waits until that holds of what was heard.
    pub(crate) async fn until(&self, what: &str, holds: impl Fn(&Heard) -> bool) {
        until(what, async || holds(&self.sink.heard())).await;
    }

    /// Waits until the channel's redemptions are delivered, for the `times`th time.
    pub(crate) async fn until_served(&self, channel: &TwitchUserId, times: usize) {
        let what = format!("{channel} served {times} times");
        self.until(&what, |heard| heard.reconnections_of(channel) >= times).await;
    }

    pub(crate) async fn until_redemptions(&self, ids: &[RedemptionId]) {
        self.until("all redemptions heard", |heard| {
            let redemptions = heard.redemptions();
            ids.iter().all(|id| redemptions.contains(id))
        })
        .await;
    }

    pub(crate) fn states_of(&self, channel: &TwitchUserId) -> Vec<SubscriptionState> {
        let all = self.adapter.eventsub.subscriptions();
        all.into_iter().filter(|it| it.channel.as_ref() == Some(channel)).collect()
    }

    /// Waits until the channel's subscriptions are these many in that status.
    pub(crate) async fn until_states(&self, channel: &TwitchUserId, status: &str, count: usize) {
        until(&format!("{count} subscriptions of {channel} are {status}"), async || {
            let states = self.states_of(channel);
            states.iter().filter(|it| it.status == status).count() == count
        })
        .await;
    }
}

/// Waits until that holds.
pub(crate) async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    let mut ticks = tokio::time::interval(Duration::from_millis(10));
    let held = async {
        while !holds().await {
            ticks.tick().await;
        }
    };
    tokio::time::timeout(PATIENCE, held).await.unwrap_or_else(|_| panic!("not in time: {what}"));
}

/// What the sandbox has of subscriptions: id, channel, status, and where to.
pub(crate) async fn in_sandbox(world: &World) -> Vec<Value> {
    let answer = world.tell("GET", "eventsub/subscriptions", Value::Null).await;
    answer["subscriptions"].as_array().unwrap().clone()
}

/// A webhook that does what the server does: verify, then answer by kind.
pub(crate) async fn webhook(sink: &Sink) -> HttpServer {
    let sink = sink.clone();
    HttpServer::start(move |request| take(sink.clone(), request)).await
}

async fn take(sink: Sink, request: Request<Incoming>) -> Answer {
    let headers = WebhookHeaders::from_map(request.headers()).unwrap();
    let body = bytes_of(request.into_body()).await;
    // The sandbox signs by the clock on the wall, which its message tells.
    let now = Timestamp::parse(&headers.timestamp).unwrap();
    assert_eq!(verify(EVENTSUB_SECRET.as_bytes(), &headers, &body, now), Ok(()));
    let wrong = verify(b"another secret", &headers, &body, now);
    assert_eq!(wrong, Err(WebhookRefusal::WrongSignature));
    let answer = match headers.message_type {
        MessageType::Verification => challenge(&body).unwrap(),
        MessageType::Notification => {
            let read = parse_notification(&body, RedemptionSource::Webhook).unwrap();
            sink.heard().notifications.push(read);
            String::new()
        }
        MessageType::Revocation => {
            sink.heard().revoked.push(parse_revocation(&body).unwrap());
            String::new()
        }
        other @ MessageType::Unknown(_) => panic!("unexpected {other:?}"),
    };
    Ok(Response::new(reqwest::Body::from(answer)))
}

pub(crate) fn webhook_config(server: &HttpServer) -> EventSubConfig {
    EventSubConfig::Webhook { callback_url: server.url(), secret: EVENTSUB_SECRET.to_owned() }
}

/// Where the sandbox has its websocket.
pub(crate) fn socket_url(world: &World) -> String {
    format!("{}/ws", world.url().replacen("http", "ws", 1))
}
