//! One campaign with a GM, a streamer and a character, an HTTP server, and everything wired.

use gamification_core::action::ActionRegistry;
use gamification_core::campaign::Campaign;
use gamification_core::ids::{ConnectionId, UserId, VttWorldId};
use gamification_core::ports::{Clock, Lock, Queries, Store};
use gamification_core::service::{Gamification, Ports};
use gamification_core::time::Timestamp;
use gamification_core::trigger::TriggerRegistry;
use gamification_core::vtt::VttConnection;
use gamification_foundry::pairing::{
    HandedOver, Pairing, PairingRequest, PairingStatus, Requester,
};
use gamification_foundry::{FoundryLink, LinkTiming, TableServer, socket_service};
use gamification_testkit::{
    FakeChat, FakeTwitch, FlakyPending, ManualClock, MemoryBroadcast, MemoryStore, SeededRandom,
    SequentialIds, fixtures,
};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use scripted_table::{Script, ScriptedTable, TableError};
use serde_json::json;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Longest wait for something that is to happen.
pub(crate) const SOON: Duration = Duration::from_secs(10);
/// Where the tests' worlds ask from.
pub(crate) const HERE: Requester<'static> = Requester { address: "192.0.2.7", poll_token: None };

pub(crate) struct World {
    pub(crate) store: MemoryStore,
    pub(crate) clock: ManualClock,
    pub(crate) link: Arc<FoundryLink>,
    pub(crate) game: Arc<Gamification>,
    pub(crate) pairing: Arc<Pairing>,
    pub(crate) server: TableServer,
    pub(crate) base_url: String,
    pub(crate) campaign: Campaign,
    _listening: JoinSet<()>,
}

/// Periods that suit tests.
pub(crate) fn quick() -> LinkTiming {
    LinkTiming {
        ping_period: Duration::from_millis(50),
        renew_period: Duration::from_millis(50),
        hello_grace: Duration::from_millis(20),
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with_timing(LinkTiming::default()).await
    }

    pub(crate) async fn with_timing(timing: LinkTiming) -> Self {
        let (store, clock) = (MemoryStore::default(), ManualClock::default());
        let link = FoundryLink::new("node-1", Arc::new(clock.clone()));
        let twitch = Arc::new(FakeTwitch::default());
        let ports = Ports {
            clock: Arc::new(clock.clone()),
            ids: Arc::new(SequentialIds::default()),
            random: Arc::new(SeededRandom::new(7)),
            store: Arc::new(store.clone()),
            queries: Arc::new(store.clone()),
            rewards: twitch.clone(),
            audience: twitch,
            chat: Arc::new(FakeChat::default()),
            vtt: link.clone(),
            pending: Arc::new(FlakyPending::default()),
            broadcaster: Arc::new(MemoryBroadcast::default()),
        };
        let url = "http://127.0.0.1".to_owned();
        let pairing = Arc::new(Pairing::new(ports.clone(), b"a secret key", url, link.clone()));
        let game = Arc::new(Gamification::new(
            ports,
            TriggerRegistry::with_builtin(),
            ActionRegistry::with_builtin(),
        ));
        let server = socket_service(link.clone(), game.clone(), pairing.clone(), timing);
        let (base_url, listening) = listen(server.clone()).await;
        let campaign = seed(&store).await;
        Self {
            store,
            clock,
            link,
            game,
            pairing,
            server,
            base_url,
            campaign,
            _listening: listening,
        }
    }

    pub(crate) fn gm(&self) -> UserId {
        self.campaign.owner_id
    }

    /// Pairs that world with the campaign; its secrets.
    pub(crate) async fn pair(&self, world: &str) -> HandedOver {
        let request = request(world);
        let code = self.pairing.request(&request, HERE.address).await.unwrap().code;
        self.pairing.claim(&code, self.gm(), Some(self.campaign.id)).await.unwrap();
        let status = self.pairing.status(&VttWorldId::from(world), &code, HERE).await.unwrap();
        let PairingStatus::Completed(handed) = status else { panic!("not completed: {status:?}") };
        handed
    }

    pub(crate) async fn connect(
        &self,
        token: &str,
        script: Script,
    ) -> Result<ScriptedTable, TableError> {
        ScriptedTable::connect(&self.base_url, token, script).await
    }

    pub(crate) async fn connection(&self, id: ConnectionId) -> VttConnection {
        self.store.connection(id).await.unwrap().unwrap()
    }

    /// Waits until that table's fittest socket acts for it.
    pub(crate) async fn until_acting(&self, connection: ConnectionId, remembers: bool) -> String {
        use gamification_core::ports::VttCommands;
        let mut found = None;
        until("the right socket acts", async || {
            let acting = self.link.acting_client(connection).await;
            found = acting.filter(|acting| acting.remembers_commands == remembers);
            found.is_some()
        })
        .await;
        found.unwrap().socket.0
    }

    pub(crate) fn clock_now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) async fn delete_campaign(&self) {
        let leaving = Campaign { is_deleting: true, ..self.campaign.clone() };
        let mut uow = self.store.begin().await.unwrap();
        uow.campaigns().update(&leaving).await.unwrap();
        uow.commit().await.unwrap();
    }

    /// As another node would.
    pub(crate) async fn revoke_behind_the_links_back(&self, id: ConnectionId) {
        let revoked_at = Some(self.clock_now());
        let mut uow = self.store.begin().await.unwrap();
        let connection = uow.vtt().connection(id, Lock::Exclusive).await.unwrap().unwrap();
        let revoked = VttConnection { revoked_at, ..connection };
        uow.vtt().save_connection(&revoked).await.unwrap();
        uow.commit().await.unwrap();
    }

    /// The names of what was told, oldest first.
    pub(crate) async fn told(&self) -> Vec<(String, serde_json::Value)> {
        let facts = self.store.events_after(self.campaign.id, 0, 1_000).await.unwrap();
        let told = facts.into_iter().map(|fact| fact.announcement);
        told.map(|fact| (fact.kind.wire_name().to_owned(), fact.payload)).collect()
    }
}

pub(crate) fn json_of(answer: &impl serde::Serialize) -> serde_json::Value {
    serde_json::to_value(answer).unwrap()
}

pub(crate) fn request(world: &str) -> PairingRequest {
    serde_json::from_value(json!({
        "worldId": world,
        "worldName": "The Sunken Keep",
        "gmUserId": "gm",
        "moduleVersion": "2.3.0",
        "gameSystemId": "dnd5e",
        "gameSystemName": "Dungeons & Dragons",
    }))
    .unwrap()
}

/// Waits until the condition holds; fails with that name when it does not soon.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let mut ticks = tokio::time::interval(Duration::from_millis(5));
    let waited = tokio::time::timeout(SOON, async {
        while !holds().await {
            ticks.tick().await;
        }
    });
    assert!(waited.await.is_ok(), "never: {what}");
}

async fn seed(store: &MemoryStore) -> Campaign {
    let (gm, streamer, campaign) = (fixtures::gm(), fixtures::streamer(1), fixtures::campaign(1));
    let mut uow = store.begin().await.unwrap();
    uow.users().save(&gm).await.unwrap();
    uow.users().save(&streamer).await.unwrap();
    uow.campaigns().insert(&campaign).await.unwrap();
    let membership = fixtures::membership(&campaign, streamer.id.into());
    uow.campaigns().save_membership(&membership).await.unwrap();
    let character = fixtures::character(1, &campaign, Some(streamer.id.into()));
    uow.campaigns().save_character(&character).await.unwrap();
    uow.commit().await.unwrap();
    campaign
}

/// A small HTTP server in front of the sockets, as the real one has it.
async fn listen(server: TableServer) -> (String, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut listening = JoinSet::new();
    listening.spawn(async move {
        let mut connections = JoinSet::new();
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let server = server.clone();
            connections.spawn(async move {
                let service = service_fn(move |request| answer(server.clone(), request));
                let connection = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .with_upgrades();
                let _ends_as_clients_like = connection.await;
            });
        }
    });
    (format!("http://{address}"), listening)
}

async fn answer(
    server: TableServer,
    mut request: http::Request<Incoming>,
) -> Result<http::Response<Full<bytes::Bytes>>, Infallible> {
    let on_upgrade = hyper::upgrade::on(&mut request);
    let upgrade = async move { on_upgrade.await.map(TokioIo::new) };
    let (head, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let answer = server.serve(http::Request::from_parts(head, body), Some(upgrade)).await;
    Ok(answer.map(Full::new))
}
