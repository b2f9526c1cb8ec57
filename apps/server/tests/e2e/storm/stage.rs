//! A Twitch of its own beside the server, two channels with two events each, and a table.

use super::neighbour::{foreign_reward, other_client};
use crate::program::{Api, Place, Server, until};
use crate::twitch::{self, log_in};
use reqwest::{Method, StatusCode};
use scripted_table::{Script, ScriptedTable};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::task::JoinSet;
use twitch_sandbox::{CallFault, CallFaults, EventFaults, FaultPlan, Sandbox, SandboxConfig};

const WORLD: &str = "the-storm";

/// Longer than the server waits for an answer.
const TIMEOUT_MS: u64 = 6_000;

/// What the server keeps everything in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum House {
    /// Its own file.
    Sqlite,
    /// The servers of the test run; the database is empty, as only one test uses it.
    PostgresAndRedis,
}

impl House {
    fn settings(self) -> Vec<(&'static str, String)> {
        let of = |name: &str| {
            #[expect(clippy::disallowed_methods, reason = "a test has no other configuration")]
            std::env::var(name).unwrap_or_else(|_| panic!("{name}: scripts/with-servers sets it"))
        };
        match self {
            Self::Sqlite => Vec::new(),
            Self::PostgresAndRedis => vec![
                ("GAMIFICATION_DATABASE_URL", of("GAMIFICATION_TEST_POSTGRES_URL")),
                ("GAMIFICATION_REDIS_URL", of("GAMIFICATION_TEST_REDIS_URL")),
            ],
        }
    }
}

/// Everything that a storm passes over.
pub(super) struct Stage {
    seed: u64,
    sandbox: Sandbox,
    /// The control API of Twitch.
    pub(super) twitch: Api,
    place: Arc<Place>,
    server: Option<Server>,
    pub(super) gm: Api,
    /// `/api/v1/campaigns/{id}`.
    pub(super) campaign: String,
    channels: Vec<Channel>,
    events: Vec<String>,
    /// A reward of another client on alice's channel, with a redemption in its queue.
    pub(super) foreign_reward: String,
    _table: JoinSet<()>,
}

/// A channel that takes part.
struct Channel {
    login: &'static str,
    streamer: String,
}

fn event(slug: &str, scope: &str) -> Value {
    json!({
        "slug": slug, "name": slug, "description": "", "scope": scope,
        "trigger": { "type": "manual" },
        "action": { "type": "chat_message", "config": { "content": "it rains" } },
        "cost": 10, "objectiveCoefficient": 0.01, "minimumObjective": 120, "duration": 12,
        "cooldown": { "type": "time", "config": { "durationSeconds": 0 } },
    })
}

impl Stage {
    /// Builds it in good weather.
    pub(super) async fn build(seed: u64, house: House) -> Self {
        let settings =
            SandboxConfig { further_clients: vec![other_client()], ..SandboxConfig::default() };
        let client = settings.client.clone();
        let sandbox = Sandbox::start(settings).await.unwrap();
        let twitch = Api::at(&sandbox.base_url(), None);
        let mut settings = twitch::settings(&sandbox, client);
        settings.push(("GAMIFICATION_TWITCH_POLL_SECONDS", "3".to_owned()));
        settings.extend(house.settings());
        let place = Arc::new(Place::with(settings));
        if house == House::PostgresAndRedis {
            let migrated = place.run(&["migrate"]);
            assert!(migrated.status.success(), "{migrated:?}");
        }
        let server = Some(place.serve().await);
        let gm = Api::at(&place.base(), Some(&place.key("gm", "gm")));
        let made = gm.post("/api/v1/campaigns", json!({ "name": "The Storm" })).await;
        let campaign = format!("/api/v1/campaigns/{}", made["id"].as_str().unwrap());
        let foreign_reward = foreign_reward(&sandbox, &twitch).await;
        let token = pair(&place, &gm, made["id"].as_str().unwrap()).await;
        let mut stage = Self {
            seed,
            sandbox,
            twitch,
            _table: table(&place, token),
            place,
            server,
            gm,
            campaign,
            channels: Vec::new(),
            events: Vec::new(),
            foreign_reward,
        };
        stage.cast().await;
        stage
    }

    async fn cast(&mut self) {
        until("the table to be present", async || {
            let connections = self.gm.get("/api/v1/vtt/connections").await;
            (connections["items"][0]["status"] == "present").then_some(())
        })
        .await;
        for (slug, scope) in [("squall", "individual"), ("tempest", "group")] {
            let made = self.gm.post("/api/v1/events", event(slug, scope)).await;
            let id = made["id"].as_str().unwrap().to_owned();
            let setting = format!("{}/events/{id}", self.campaign);
            self.gm.put(&setting, json!({ "isEnabled": true })).await;
            self.events.push(id);
        }
        for login in ["alice", "bob"] {
            let key = self.place.key(login, "streamer");
            let api = Api::at(&self.place.base(), Some(&key));
            let members = format!("{}/members", self.campaign);
            let member = self.gm.post(&members, json!({ "login": login })).await;
            let streamer = member["streamerId"].as_str().unwrap().to_owned();
            api.post(&format!("{members}/{streamer}/accept"), json!({})).await;
            for event in &self.events {
                let offer = format!("{}/streamers/{streamer}/events/{event}", self.campaign);
                api.put(&offer, json!({ "isEnabled": true })).await;
            }
            self.channels.push(Channel { login, streamer });
        }
    }

    /// One event in ten is lost, one in ten comes twice, many are late; one call in five fails.
    pub(super) async fn foul_weather(&self) {
        let plan = FaultPlan {
            seed: self.seed,
            events: EventFaults {
                drop_percent: 10,
                duplicate_percent: 10,
                delay_percent: 20,
                delay_max_ms: 2_000,
                reorder_percent: 10,
            },
            calls: CallFaults {
                fail_percent: 20,
                // Each as likely as it is named often.
                kinds: vec![
                    CallFault::TooManyRequests,
                    CallFault::TooManyRequests,
                    CallFault::InternalError,
                    CallFault::InternalError,
                    CallFault::HalfBatch,
                    CallFault::HalfBatch,
                    CallFault::TimeoutAfterEffect,
                ],
                timeout_ms: TIMEOUT_MS,
            },
            paths: None,
        };
        self.twitch.put("/sandbox/faults", serde_json::to_value(plan).unwrap()).await;
    }

    pub(super) async fn clear_weather(&self) {
        let (status, answer) =
            self.twitch.try_call(Method::DELETE, "/sandbox/faults", None).await.unwrap();
        assert!(status.is_success(), "{answer}");
    }

    /// Every websocket goes on without saying anything, as a half-dead connection does.
    pub(super) async fn silence_sockets(&self) {
        self.twitch.post("/sandbox/eventsub/silence", json!({})).await;
    }

    pub(super) async fn revoke(&self, login: &str) {
        self.twitch.post(&format!("/sandbox/users/{login}/revoke"), json!({})).await;
    }

    pub(super) async fn kill_and_restart(&mut self) {
        self.server.take().unwrap().kill();
        self.server = Some(self.place.serve().await);
    }

    pub(super) async fn leave(mut self) {
        self.server.take().unwrap().stop().await;
        self.sandbox.shutdown().await.unwrap();
    }

    /// How many rewards there are.
    pub(super) fn offers(&self) -> usize {
        self.channels.len() * self.events.len()
    }

    /// Twitch's id of one of the rewards, when there is one.
    pub(super) async fn reward_of(&self, offer: usize) -> Option<String> {
        let channel = &self.channels[offer % self.channels.len()];
        let event = &self.events[offer / self.channels.len()];
        let path = format!("{}/streamers/{}/events", self.campaign, channel.streamer);
        let offers = self.gm.get(&path).await;
        let offers = offers["items"].as_array().unwrap();
        let offer = offers.iter().find(|offer| offer["eventId"] == **event)?;
        assert_eq!(offer["isEnabled"], true, "nobody switched it off: {offer}");
        offer["rewardId"].as_str().map(str::to_owned)
    }

    pub(super) async fn ledger(&self) -> Value {
        self.gm.get(&format!("{}/ledger", self.campaign)).await
    }

    /// How many redemptions of our rewards Twitch has.
    pub(super) async fn accepted_by_twitch(&self) -> usize {
        self.record().await.len()
    }

    /// Twitch's record of the redemptions of our rewards.
    pub(super) async fn record(&self) -> Vec<Value> {
        let mut record = self.twitch.get("/sandbox/redemptions").await;
        let Value::Array(mut record) = record["redemptions"].take() else { panic!("{record}") };
        record.retain(|redemption| redemption["reward_client_id"] != "other");
        record
    }

    /// Waits until the API shows that the login is dead.
    pub(super) async fn until_known_dead(&self, login: &str) {
        until("the login to be known as dead", async || {
            (self.login_status(login).await == "needs_login").then_some(())
        })
        .await;
    }

    async fn login_status(&self, login: &str) -> String {
        let channels = self.gm.get(&format!("{}/twitch", self.campaign)).await;
        let channels = channels["items"].as_array().unwrap().clone();
        let channel = channels.into_iter().find(|channel| channel["channel"] == login).unwrap();
        channel["login"]["status"].as_str().unwrap().to_owned()
    }

    /// Whether nothing waits but what that channel's login has to settle.
    pub(super) async fn only_held_by(&self, login: &str) -> bool {
        let holder = self.channels.iter().find(|channel| channel.login == login).unwrap();
        let ledger = self.ledger().await;
        let channels = ledger["streamers"].as_array().unwrap();
        let others = channels.iter().filter(|channel| channel["streamerId"] != *holder.streamer);
        let goals = self.gm.all(&format!("{}/instances", self.campaign)).await;
        let are_over = goals.iter().all(|goal| goal["isOpen"] != true);
        are_over && others.into_iter().all(|channel| channel["pending"] == 0)
    }

    /// The person logs in, again when it did not work.
    pub(super) async fn log_in(&self, login: &str) {
        until("a login to work", async || {
            let status = log_in(&self.sandbox, &self.place, login, "for=streamer").await;
            assert!(status == StatusCode::SEE_OTHER || status.is_server_error(), "{status}");
            (status == StatusCode::SEE_OTHER).then_some(())
        })
        .await;
        until("the login to be connected", async || {
            (self.login_status(login).await == "connected").then_some(())
        })
        .await;
    }
}

/// Pairs a world; its session token.
async fn pair(place: &Place, gm: &Api, campaign: &str) -> String {
    let server = Api::at(&place.base(), None);
    let request = json!({
        "worldId": WORLD, "worldName": "The Storm", "gmUserId": "gm", "moduleVersion": "2.3.0",
        "gameSystemId": "dnd5e", "gameSystemName": "D&D 5e",
    });
    let asked = server.post("/webhooks/foundry/request-pairing", request).await;
    let code = asked["code"].as_str().unwrap();
    let claim = json!({ "code": code, "campaignId": campaign });
    gm.post("/api/v1/vtt/pairings/claim", claim).await;
    let status = format!("/webhooks/foundry/pairing-status?worldId={WORLD}&code={code}");
    server.get(&status).await["sessionToken"].as_str().unwrap().to_owned()
}

/// A table that comes back whenever the server does.
fn table(place: &Arc<Place>, token: String) -> JoinSet<()> {
    let mut table = JoinSet::new();
    let base = place.base();
    table.spawn(async move {
        loop {
            let script = Script::our_module();
            if let Ok(mut table) = ScriptedTable::connect(&base, &token, script).await {
                while table.next_event(crate::program::SOON).await
                    != Err(scripted_table::TableError::Closed)
                {}
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    });
    table
}
