//! Webhooks and conduits: everything is subscribed to with the application's own token.

use super::EventSubSink;
use super::address::Address;
use super::api::Transport;
use super::board::Standing;
use super::conduit::Keeper;
use super::courier::Courier;
use super::kinds::{Kind, Subject, Wanted};
use super::link::{EVERY, Shared};
use super::pauses::Pauses;
use super::reconcile::{Next, Reconciler, Target};
use super::session::Heard;
use super::settings::ConduitShards;
use super::socket;
use crate::envelope::Notification;
use crate::helix::CallFailure;
use gamification_core::ids::TwitchUserId;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// How soon it is looked whether a webhook has answered its challenge.
const LOOK_AFTER: Duration = Duration::from_millis(200);

/// How often that is looked before the next regular pass.
const LOOKS: u32 = 10;

/// Serves all channels by webhook.
pub(super) async fn webhook(
    link: Arc<Shared>,
    sink: Arc<dyn EventSubSink>,
    callback: String,
    secret: String,
) {
    let (courier, deliveries) = Courier::to(Arc::clone(&sink));
    let server = Server::new(link, sink, courier, None);
    let transport = watch::Sender::new(Some(Transport::Webhook { callback, secret }));
    tokio::join!(server.run(transport.subscribe()), deliveries);
}

/// Serves all channels by a conduit.
pub(super) async fn conduit(link: Arc<Shared>, sink: Arc<dyn EventSubSink>, shards: ConduitShards) {
    let (courier, deliveries) = Courier::to(Arc::clone(&sink));
    let server = Server::new(Arc::clone(&link), sink, courier.clone(), Some(Keeper::default()));
    match shards {
        ConduitShards::Webhook { callback_url: callback, secret } => {
            let transport = watch::Sender::new(Some(Transport::Webhook { callback, secret }));
            tokio::join!(server.run(transport.subscribe()), deliveries);
        }
        ConduitShards::Websocket { url } => {
            let transport = watch::Sender::new(None);
            let run = server.run(transport.subscribe());
            let address = Address::new(url);
            tokio::join!(run, deliveries, connected(&link, &address, &courier, &transport));
        }
    }
}

/// Keeps a session open, and tells `transport` which.
async fn connected(
    link: &Shared,
    address: &Address,
    courier: &Courier,
    transport: &watch::Sender<Option<Transport>>,
) {
    let mut pauses = Pauses::new();
    loop {
        let since = Instant::now();
        let ended = socket::hold(address, |heard| hear(link, courier, transport, heard)).await;
        transport.send_replace(None);
        let pause = pauses.after(ended.retry, since.elapsed());
        tracing::info!(
            reason = ended.reason,
            pause_seconds = pause.as_secs_f32(),
            "a session with Twitch is over"
        );
        tokio::time::sleep(pause).await;
    }
}

fn hear(
    link: &Shared,
    courier: &Courier,
    transport: &watch::Sender<Option<Transport>>,
    heard: Heard,
) {
    match heard {
        Heard::Welcome { session_id } => {
            transport.send_replace(Some(Transport::Websocket { sessions: vec![session_id] }));
        }
        Heard::Moved { session_id } => transport.send_modify(|transport| {
            if let Some(Transport::Websocket { sessions }) = transport {
                sessions.push(session_id);
            }
        }),
        Heard::Notification(notification) => {
            if matches!(
                notification,
                Notification::ShardDisabled { .. } | Notification::AuthorizationRevoked { .. }
            ) {
                link.nudge();
            }
            courier.notification(notification);
        }
        Heard::Revocation(revocation) => {
            link.board.end(&revocation.subscription_id, &revocation.reason);
            link.nudge();
            courier.revocation(revocation);
        }
    }
}

/// Compares and mends, again and again.
struct Server {
    link: Arc<Shared>,
    sink: Arc<dyn EventSubSink>,
    reconciler: Reconciler,
    /// Where there is a conduit between Twitch and us.
    conduit: Option<Keeper>,
}

impl Server {
    fn new(
        link: Arc<Shared>,
        sink: Arc<dyn EventSubSink>,
        courier: Courier,
        conduit: Option<Keeper>,
    ) -> Self {
        let reconciler = Reconciler::new(Arc::clone(&link), courier);
        Self { link, sink, reconciler, conduit }
    }

    /// Works whenever there is a transport: at once when it is another, when nudged, and every
    /// minute.
    async fn run(mut self, mut transport: watch::Receiver<Option<Transport>>) {
        let mut nudges = self.link.nudges();
        let mut pauses = Pauses::new();
        let mut is_forced = true;
        let mut looks = 0;
        loop {
            let Some(here) = transport.borrow_and_update().clone() else {
                self.interrupted().await;
                if transport.changed().await.is_err() {
                    return;
                }
                (looks, is_forced) = (0, true);
                continue;
            };
            nudges.answer();
            let turn = tokio::select! {
                turn = self.turn(&here, is_forced, looks) => turn,
                // A shard has to be bound within 10 s.
                Ok(()) = transport.changed() => continue,
            };
            let (pause, next_looks) = after(turn, looks, &mut pauses);
            tokio::select! {
                was_nudged = nudges.wait(pause) => {
                    is_forced = was_nudged;
                    looks = if was_nudged { 0 } else { next_looks };
                }
                Ok(()) = transport.changed() => {
                    self.reconciler.interrupted();
                    (looks, is_forced) = (0, false);
                }
            }
        }
    }

    /// Nothing is delivered without a transport.
    async fn interrupted(&mut self) {
        self.reconciler.interrupted();
        for channel in self.link.wanted(&*self.sink).await {
            self.link.board.stand(&channel, Standing::Waiting);
        }
    }

    async fn turn(
        &mut self,
        here: &Transport,
        is_forced: bool,
        looks: u32,
    ) -> Result<Next, CallFailure> {
        let channels: Vec<TwitchUserId> = self.link.wanted(&*self.sink).await;
        let client_id = self.link.client_id.clone();
        let mut general =
            vec![Wanted { kind: Kind::AuthorizationRevoked, subject: Subject::Client(client_id) }];
        let mut transport = here.clone();
        let mut is_ready = true;
        if let Some(keeper) = &mut self.conduit {
            let bound = keeper.bind(&self.link.api, here).await?;
            is_ready = bound.is_ready;
            if bound.is_new {
                self.reconciler.interrupted();
            }
            let conduit_id = keeper.id().unwrap_or_default().to_owned();
            transport = Transport::Conduit { id: conduit_id.clone() };
            let client_id = self.link.client_id.clone();
            let subject = Subject::Conduit { client_id, conduit_id };
            general.push(Wanted { kind: Kind::ShardDisabled, subject });
        }
        let target =
            Target { channels: &channels, general: &general, transport: &transport, is_ready };
        match looks {
            0 => self.reconciler.pass(&target, is_forced).await,
            _ => self.reconciler.look(&target).await,
        }
    }
}

/// How long to wait after a turn, and how many looks there have been then; 0 is a pass that mends.
fn after(turn: Result<Next, CallFailure>, looks: u32, pauses: &mut Pauses) -> (Duration, u32) {
    match turn {
        Ok(Next::Look) if looks < LOOKS => {
            *pauses = Pauses::new();
            (LOOK_AFTER * (looks + 1), looks + 1)
        }
        Ok(Next::Settled | Next::Look) => {
            *pauses = Pauses::new();
            (EVERY, 0)
        }
        Ok(Next::Retry) => (pauses.next(), 0),
        Err(failure) => {
            tracing::warn!(%failure, "the subscriptions cannot be compared with Twitch's");
            (pauses.next(), 0)
        }
    }
}
