//! A whole application on fakes.

mod twitch;

use gamification_core::access::{ApiKey, Role};
use gamification_core::action::ActionRegistry;
use gamification_core::campaign::{Campaign, Membership, User};
use gamification_core::ids::CampaignId;
use gamification_core::ports::{Clock, Queries, Store, UnitOfWork};
use gamification_core::service::{Gamification, Ports};
use gamification_core::trigger::TriggerRegistry;
use gamification_db::{Database, DatabaseOptions};
use gamification_foundry::pairing::Pairing;
use gamification_foundry::{FoundryLink, LinkTiming, socket_service};
use gamification_server::app::app;
use gamification_server::auth::new_api_key;
use gamification_server::config::Secret;
use gamification_server::foundry_module::ModulePackage;
use gamification_server::ingest::ingest;
use gamification_server::metrics::Metrics;
use gamification_server::seal::Seal;
use gamification_server::services::{Services, Shared};
use gamification_server::sign_in::SignInRules;
use gamification_server::stream::Hub;
use gamification_server::twitch_events::TwitchEvents;
use gamification_testkit::{
    FakeChat, FakeTable, FakeTwitch, FlakyPending, ManualClock, MemoryBroadcast, MemoryStore,
    SeededRandom, SequentialIds, fixtures,
};
use poem::endpoint::BoxEndpoint;
use poem::http::{HeaderMap, Method, StatusCode};
use poem::{Body, Endpoint, EndpointExt, Request, Response};
use serde_json::Value;
use std::sync::Arc;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
#[cfg(feature = "sandbox")]
use twitch::sandbox;
use twitch::{FakeAccounts, LoginPages, NoSubscriptions, RULES, sign_in};

/// What EventSub messages are signed with.
pub(crate) const EVENTSUB_SECRET: &str = "an eventsub secret for tests";

/// Nobody listens there.
const NOBODY: &str = "http://127.0.0.1:1";

/// The application with everything that it stands on.
pub(crate) struct World {
    pub(crate) store: MemoryStore,
    pub(crate) clock: ManualClock,
    pub(crate) twitch: Arc<FakeTwitch>,
    pub(crate) table: Arc<FakeTable>,
    pub(crate) services: Shared,
    app: BoxEndpoint<'static, Response>,
    /// Removed with the world.
    _directory: Option<TempDir>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    /// `Null` when the answer is not JSON.
    pub(crate) body: Value,
}

impl Reply {
    /// The end of a problem's type, after checking that it is a problem with that status.
    pub(crate) fn problem(&self, status: u16) -> &str {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(self.body["status"], status);
        assert_eq!(self.body["requestId"].as_str(), self.header("x-request-id"));
        let kind = self.body["type"].as_str().expect("a problem has a type");
        kind.strip_prefix("urn:gamification:problem:").expect("our prefix")
    }

    /// The names of the fields that a problem complains about.
    pub(crate) fn fields(&self) -> Vec<&str> {
        let errors = self.body["errors"].as_array().expect("a problem about fields");
        errors.iter().filter_map(|error| error["field"].as_str()).collect()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("ASCII"))
    }
}

impl World {
    /// A fresh application with an empty store in memory.
    pub(crate) fn new() -> Self {
        Self::with_twitch(NOBODY)
    }

    /// The same, where people log in at the sandbox Twitch of that address.
    pub(crate) fn with_twitch(url: &str) -> Self {
        Self::with_twitch_and_rules(url, RULES)
    }

    /// The same, with rules of sign-in.
    pub(crate) fn with_twitch_and_rules(url: &str, rules: SignInRules) -> Self {
        let store = MemoryStore::default();
        let (writes, reads) = (Arc::new(store.clone()), Arc::new(store.clone()));
        Self::over(store, writes, reads, None, LoginPages { url, rules })
    }

    /// The same on a SQLite database of its own, with the built-in events; `store` is out of use.
    pub(crate) async fn on_sqlite() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("gamification.db");
        let url = format!("sqlite://{}?mode=rwc", file.display());
        let database = Database::connect(&url, DatabaseOptions::default()).await.unwrap();
        database.migrate().await.unwrap();
        let (writes, reads) = (database.store(), database.queries());
        let pages = LoginPages { url: NOBODY, rules: RULES };
        Self::over(MemoryStore::default(), writes, reads, Some(directory), pages)
    }

    fn over(
        store: MemoryStore,
        writes: Arc<dyn Store>,
        reads: Arc<dyn Queries>,
        directory: Option<TempDir>,
        pages: LoginPages<'_>,
    ) -> Self {
        let clock = ManualClock::default();
        let twitch = Arc::new(FakeTwitch::default());
        let table = Arc::new(FakeTable::default());
        let ports = Ports {
            clock: Arc::new(clock.clone()),
            ids: Arc::new(SequentialIds::default()),
            random: Arc::new(SeededRandom::new(7)),
            store: writes,
            queries: reads,
            rewards: Arc::clone(&twitch) as _,
            audience: Arc::clone(&twitch) as _,
            chat: Arc::new(FakeChat::default()),
            vtt: Arc::clone(&table) as _,
            pending: Arc::new(FlakyPending::default()),
            broadcaster: Arc::new(MemoryBroadcast::default()),
        };
        let triggers = TriggerRegistry::with_builtin();
        let core = Arc::new(Gamification::new(ports, triggers, ActionRegistry::with_builtin()));
        let metrics = Arc::new(Metrics::default());
        let shutdown = CancellationToken::new();
        let (ingest, task) = ingest(Arc::clone(&core), Arc::clone(&metrics), 1_000);
        let tasks = TaskTracker::new();
        tasks.spawn(task.run(shutdown.clone()));
        let public_url = "http://127.0.0.1:8080".to_owned();
        let link = FoundryLink::new("node", Arc::new(clock.clone()));
        let ports = core.ports().clone();
        let pairing = Pairing::new(ports, &[7; 32], public_url.clone(), Arc::clone(&link));
        let pairing = Arc::new(pairing);
        let (game, timing) = (Arc::clone(&core), LinkTiming::default());
        let tables = socket_service(link, game, Arc::clone(&pairing), timing);
        let metrics_of_events = Arc::clone(&metrics);
        let twitch_events =
            TwitchEvents::new(Arc::clone(&core), ingest.clone(), metrics_of_events, tasks.clone());
        let seal = Seal::new(&[7; 32]);
        let sign_in = sign_in(&pages, &core, &seal);
        let services = Arc::new(Services {
            streams: Hub::new(Arc::clone(&core), shutdown.clone()),
            sightings: Arc::default(),
            core,
            pairing,
            tables,
            foundry_module: ModulePackage::new(&public_url).unwrap(),
            ingest,
            metrics,
            accounts: Arc::new(FakeAccounts),
            subscriptions: Arc::new(NoSubscriptions),
            twitch_events,
            sign_in,
            seal,
            eventsub_secret: Secret::new(EVENTSUB_SECRET),
            public_url,
            twitch: "sandbox",
            #[cfg(feature = "sandbox")]
            sandbox: sandbox(&pages),
            tasks,
            shutdown,
        });
        let app = app(&services).boxed();
        Self { store, clock, twitch, table, services, app, _directory: directory }
    }

    pub(crate) fn queries(&self) -> &dyn Queries {
        &*self.services.core.ports().queries
    }

    /// A transaction on whatever the application stands on.
    pub(crate) async fn begin(&self) -> Box<dyn UnitOfWork> {
        self.services.core.ports().store.begin().await.unwrap()
    }

    pub(crate) async fn save_user(&self, user: &User) {
        let mut unit = self.begin().await;
        unit.users().save(user).await.unwrap();
        unit.commit().await.unwrap();
    }

    pub(crate) async fn save_campaign(&self, campaign: &Campaign, members: &[Membership]) {
        let mut unit = self.begin().await;
        unit.campaigns().insert(campaign).await.unwrap();
        for membership in members {
            unit.campaigns().save_membership(membership).await.unwrap();
        }
        unit.commit().await.unwrap();
    }

    /// A key of that person, who is saved.
    pub(crate) async fn key(&self, role: Role, user: &User) -> String {
        self.key_for(role, user, None).await
    }

    /// A key of that person that opens one campaign only.
    pub(crate) async fn key_for(
        &self,
        role: Role,
        user: &User,
        only: Option<CampaignId>,
    ) -> String {
        let secret = new_api_key();
        let key = ApiKey {
            id: self.services.core.ports().ids.next_id().into(),
            user_id: user.id,
            role,
            campaign_id: only,
            hash: secret.hash.clone(),
            created_at: self.clock.now(),
            expires_at: None,
            revoked_at: None,
        };
        self.save_key(user, &key).await;
        secret.text
    }

    pub(crate) async fn save_key(&self, user: &User, key: &ApiKey) {
        self.save_user(user).await;
        let mut unit = self.begin().await;
        unit.access().insert_key(key).await.unwrap();
        unit.commit().await.unwrap();
    }

    /// The GM of [`fixtures`], saved, with a key.
    pub(crate) async fn gm_key(&self) -> String {
        self.key(Role::Gm, &fixtures::gm()).await
    }

    pub(crate) async fn get(&self, path: &str, key: &str) -> Reply {
        self.call(Method::GET, path, key, None).await
    }

    pub(crate) async fn delete(&self, path: &str, key: &str) -> Reply {
        self.call(Method::DELETE, path, key, None).await
    }

    pub(crate) async fn post(&self, path: &str, key: &str, body: Value) -> Reply {
        self.call(Method::POST, path, key, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, key: &str, body: Value) -> Reply {
        self.call(Method::PUT, path, key, Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, key: &str, body: Value) -> Reply {
        self.call(Method::PATCH, path, key, Some(body)).await
    }

    async fn call(&self, method: Method, path: &str, key: &str, body: Option<Value>) -> Reply {
        let mut request = Request::builder().method(method).uri(path.parse().unwrap());
        request = request.header("authorization", format!("Bearer {key}"));
        let request = match body {
            Some(body) => request.content_type("application/json").body(body.to_string()),
            None => request.body(Body::empty()),
        };
        self.send(request).await
    }

    /// Sends any request; the answer may have no end.
    pub(crate) async fn open(&self, request: Request) -> Response {
        self.app.get_response(request).await
    }

    /// Sends any request and reads the answer to its end.
    pub(crate) async fn send(&self, request: Request) -> Reply {
        let mut response = self.open(request).await;
        let text = response.take_body().into_string().await.expect("a text");
        Reply {
            status: response.status(),
            headers: response.headers().clone(),
            body: serde_json::from_str(&text).unwrap_or_default(),
            text,
        }
    }
}
