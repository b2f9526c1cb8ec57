//! What happens around the sockets: who comes and goes, renewals, pings.

use super::LinkTiming;
use super::events::Conversation;
use super::updates::CharacterUpdates;
use super::views::Views;
use crate::link::{ClientEvent, FoundryLink, LiveSocket, Notice};
use crate::wire::COMBAT_EVENTS;
use futures_util::{FutureExt, StreamExt};
use gamification_core::ids::{CampaignId, ConnectionId, SocketId};
use gamification_core::ports::{StoreError, Wakeup};
use gamification_core::service::{
    Fitness, Gamification, Served, TableGone, TableLease, TableSocket,
};
use serde_json::{Value, json};
use socketioxide::extract::{SocketRef, TryData};
use socketioxide::socket::DisconnectReason;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long wake-ups are gathered before the campaigns that they are about are looked at.
const FOLLOW_PAUSE: Duration = Duration::from_millis(200);

/// How many events of one socket may wait; a client that sends faster is told so.
const INBOX_EVENTS_MAX: usize = 512;

/// What has a place of its own to wait in.
pub(super) const CHARACTER_UPDATE: &str = "character:update";

/// The events that are received, beside [`COMBAT_EVENTS`] and [`CHARACTER_UPDATE`].
const EVENTS: [&str; 9] = [
    "dice:roll",
    "actor:delete",
    "spell:effect:expired",
    "spell:effect:consumed",
    "campaign:sync",
    "hello",
    "pong",
    "command:result",
    "panic",
];

/// What every socket of this node needs.
pub(super) struct Desk {
    pub(super) link: Arc<FoundryLink>,
    pub(super) game: Arc<Gamification>,
    timing: LinkTiming,
    tasks: TaskTracker,
    closing: CancellationToken,
    pub(super) views: Views,
    panic_looks: tokio::sync::Mutex<()>,
}

impl Desk {
    pub(super) fn new(
        link: Arc<FoundryLink>,
        game: Arc<Gamification>,
        timing: LinkTiming,
        tasks: TaskTracker,
        closing: CancellationToken,
    ) -> Self {
        Self {
            link,
            game,
            timing,
            tasks,
            closing,
            views: Views::default(),
            panic_looks: tokio::sync::Mutex::default(),
        }
    }

    /// Takes a socket in. Handlers are set before this returns, and each only puts its event into
    /// the socket's inbox: events are worked off one by one, in the order in which they came.
    pub(super) fn seat(self: Arc<Self>, socket: SocketRef) {
        let Some(connection) = socket.extensions.get::<ConnectionId>() else { return };
        let id = SocketId(socket.id.to_string());
        let (inbox, events) = mpsc::channel(INBOX_EVENTS_MAX);
        for name in EVENTS.into_iter().chain(COMBAT_EVENTS) {
            let (link, id) = (self.link.clone(), id.clone());
            socket.on(name, move |from: SocketRef, TryData(body): TryData<Value>| {
                let event = ClientEvent { name, body: body.ok() };
                if !link.deliver(connection, &id, event) {
                    refuse_flood(&from, name);
                }
                std::future::ready(())
            });
        }
        let updates = Arc::new(CharacterUpdates::default());
        let told = Arc::clone(&updates);
        socket.on(CHARACTER_UPDATE, move |from: SocketRef, TryData(body): TryData<Value>| {
            match told.put(&body.unwrap_or_default()) {
                Ok(true) => {}
                Ok(false) => refuse_flood(&from, CHARACTER_UPDATE),
                Err(reason) => refuse(&from, CHARACTER_UPDATE, &reason.to_string()),
            }
            std::future::ready(())
        });
        let (link, left) = (self.link.clone(), id.clone());
        socket.on_disconnect(move |reason: DisconnectReason| {
            tracing::info!(connection_id = %connection, socket = %left, ?reason, "socket closed");
            link.leave(connection, &left);
            std::future::ready(())
        });
        let welcome = json!({
            "connectionId": connection,
            "timestamp": self.game.ports().clock.now().as_millis(),
            "itemCategories": [],
        });
        if socket.emit("connected", &welcome).is_err() {
            tracing::debug!(connection_id = %connection, "a socket left before it was welcomed");
        }
        let entering = LiveSocket {
            id: id.clone(),
            socket: socket.clone(),
            inbox,
            fitness: Fitness::Plain,
            features: Vec::new(),
            version: None,
            connected_at: self.game.ports().clock.now(),
            was_told_panic: false,
        };
        self.link.enter(connection, entering);
        if !socket.connected() {
            // It was lost before it was entered, and its handler found nothing to remove.
            self.link.leave(connection, &id);
        }
        tracing::info!(connection_id = %connection, socket = %id, "table connected");
        let conversation = Conversation::new(self.clone(), connection, id, socket);
        self.tasks.spawn(self.clone().attend(conversation, events, updates));
    }

    async fn attend(
        self: Arc<Self>,
        mut conversation: Conversation,
        mut events: mpsc::Receiver<ClientEvent>,
        updates: Arc<CharacterUpdates>,
    ) {
        let (connection, id) = (conversation.connection, conversation.id.clone());
        self.note_client(connection, &id).await;
        self.doubt_combat(connection).await;
        let mut is_introduced = false;
        let grace = sleep(self.timing.hello_grace);
        tokio::pin!(grace);
        loop {
            // Rolls and results do not wait for a world that tells all its characters.
            tokio::select! {
                biased;
                event = events.recv() => match event {
                    Some(event) => conversation.take(event).await,
                    None => break,
                },
                () = &mut grace, if !is_introduced => {
                    is_introduced = true;
                    self.claim(connection).await;
                }
                update = updates.next() => conversation.take_character(update).await,
            }
        }
        drop(conversation);
        self.views.leave(connection, &id);
        if let Err(error) = self.game.socket_lost(connection, &id).await {
            tracing::warn!(connection_id = %connection, socket = %id, %error, "loss not recorded");
        }
        if let Err(error) = self.game.table_left(connection, &id).await {
            tracing::warn!(connection_id = %connection, socket = %id, %error, "lease not given up");
        }
        tracing::info!(connection_id = %connection, socket = %id, "table disconnected");
        self.claim(connection).await;
    }

    /// Notes who is there: when it came, or said more of itself.
    pub(super) async fn note_client(&self, connection: ConnectionId, id: &SocketId) {
        let Some(client) = self.link.client(connection, id) else { return };
        if let Err(error) = self.game.client_seen(&client).await {
            tracing::warn!(connection_id = %connection, socket = %id, %error, "client not noted");
        }
    }

    /// When a world comes back, its first client tells at once of the combat that it shows. An end
    /// that came while nobody was there is told by nobody.
    async fn doubt_combat(&self, connection: ConnectionId) {
        if self.link.socket_count_of(connection) > 1 {
            return;
        }
        if let Err(error) = self.game.combat_in_doubt(connection).await {
            tracing::warn!(connection_id = %connection, %error, "combat not doubted");
        }
    }

    /// Offers the fittest socket that is here: when one came, introduced itself, or left.
    pub(super) async fn claim(&self, connection: ConnectionId) {
        if let Some(candidate) = self.link.candidate(connection) {
            let lease = self.game.table_joined(connection, &candidate).await;
            self.note_lease(connection, &candidate, lease);
            self.tell_panic(connection).await;
        }
    }

    fn note_lease(
        &self,
        connection: ConnectionId,
        candidate: &TableSocket,
        lease: Served<TableLease>,
    ) {
        match lease {
            Ok(TableLease::Held { acting }) => {
                if acting.socket == candidate.socket {
                    tracing::debug!(connection_id = %connection, epoch = acting.epoch, "acting");
                }
                self.link.set_acting(connection, acting);
            }
            Ok(TableLease::Gone(TableGone::Revoked)) => {
                self.link.close(connection, &Notice::Revoked("the connection was revoked"));
            }
            Ok(TableLease::Gone(TableGone::CampaignDeleted)) => {
                self.link.close(connection, &Notice::CampaignDeleted);
            }
            Err(error) => {
                tracing::warn!(connection_id = %connection, %error, "presence not renewed");
            }
        }
    }

    pub(super) async fn renew_until_closing(self: Arc<Self>) {
        let mut ticks = every(self.timing.renew_period);
        while self.next(&mut ticks).await {
            for connection in self.link.connections() {
                if let Some(candidate) = self.link.candidate(connection) {
                    let lease = self.game.table_renewed(connection, &candidate).await;
                    self.note_lease(connection, &candidate, lease);
                    self.link.ask_to_tell(connection);
                    self.tell_panic(connection).await;
                }
            }
        }
    }

    pub(super) async fn ping_until_closing(self: Arc<Self>) {
        let mut ticks = every(self.timing.ping_period);
        while self.next(&mut ticks).await {
            let ping = json!({ "timestamp": self.game.ports().clock.now().as_millis() });
            for socket in self.link.all_sockets() {
                if socket.emit("ping", &ping).is_err() {
                    tracing::debug!(socket = %socket.id, "a socket left before it was pinged");
                }
            }
        }
    }

    /// Follows what happens in the campaigns of the tables that are here, since a panic has to
    /// reach their clients within a second, whichever node it was started on.
    pub(super) async fn follow_until_closing(self: Arc<Self>) {
        let mut wakeups = self.game.ports().broadcaster.subscribe();
        while let Some(Some(wakeup)) = self.closing.run_until_cancelled(wakeups.next()).await {
            let mut campaigns = BTreeSet::from_iter(campaign_of(wakeup));
            // What comes in quick succession is looked at once.
            let pause = self.closing.run_until_cancelled(sleep(FOLLOW_PAUSE)).await;
            while let Some(Some(wakeup)) = wakeups.next().now_or_never() {
                campaigns.extend(campaign_of(wakeup));
            }
            if pause.is_none() {
                return;
            }
            for campaign in campaigns {
                match self.game.ports().queries.connection_of(campaign).await {
                    Ok(Some(world)) => self.tell_panic(world.id).await,
                    Ok(None) => {}
                    Err(error) => {
                        tracing::warn!(campaign_id = %campaign, %error, "panic not looked up");
                    }
                }
            }
        }
    }

    /// Tells the clients of a world that is here whether everything is stopped, as it is now. One
    /// look at a time: what was read first must not be told last.
    async fn tell_panic(&self, connection: ConnectionId) {
        if self.link.socket_count_of(connection) == 0 {
            return;
        }
        let _one_at_a_time = self.panic_looks.lock().await;
        match self.is_panicked(connection).await {
            Ok(is_panicked) => self.link.tell_panic(connection, is_panicked),
            Err(error) => {
                tracing::warn!(connection_id = %connection, %error, "panic not looked up");
            }
        }
    }

    async fn is_panicked(&self, connection: ConnectionId) -> Result<bool, StoreError> {
        let queries = &self.game.ports().queries;
        let world = queries.connection(connection).await?;
        let Some(campaign) = world.and_then(|world| world.campaign_id) else { return Ok(false) };
        Ok(queries.campaign(campaign).await?.is_some_and(|campaign| campaign.is_panicked))
    }

    async fn next(&self, ticks: &mut Interval) -> bool {
        tokio::select! {
            () = self.closing.cancelled() => false,
            _ = ticks.tick() => true,
        }
    }
}

/// The campaign that a wake-up is about. When wake-ups were lost, the next renewal tells.
const fn campaign_of(wakeup: Wakeup) -> Option<CampaignId> {
    match wakeup {
        Wakeup::Campaign(campaign) => Some(campaign),
        Wakeup::Work | Wakeup::All => None,
    }
}

/// Ticks at the end of each period; late ones are not made up for.
fn every(period: Duration) -> Interval {
    let mut ticks = interval_at(Instant::now() + period, period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

fn refuse_flood(socket: &SocketRef, event: &str) {
    refuse(socket, event, "too many events wait, send it again later");
}

fn refuse(socket: &SocketRef, event: &str, reason: &str) {
    let refusal = json!({ "success": false, "error": reason });
    if socket.emit(format!("{event}:ack"), &refusal).is_err() {
        tracing::debug!(socket = %socket.id, "a socket that floods was gone");
    }
}
