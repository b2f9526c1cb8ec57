//! Twitch's own mock, `twitch mock-api`, in the ways in which it differs from Twitch: parameters of
//! logins in the address, no refresh tokens, no user without an id, rewards with a field misspelt,
//! one redemption told where many are asked for, and half a batch settled before a 400.

use crate::http_server::{Answer, HttpServer, bytes_of};
use crate::vault::MemoryVault;
use crate::world::{spec, start};
use gamification_core::ids::TwitchRewardId;
use gamification_core::ports::{RewardError, TwitchRewards};
use gamification_core::redemption::{Direction, SettleOutcome, TwitchRedemptionStatus};
use gamification_testkit::ManualClock;
use gamification_twitch::{ChannelKind, EventSubConfig, TwitchAdapter, TwitchConfig};
use hyper::body::Incoming;
use hyper::{Method, Request, Response};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

const CLIENT: &str = "222222222222222222222222222222";
const REWARD: &str = "92af127c-7326-4483-a52b-b0da0be61c01";

#[derive(Default)]
struct Mock {
    logins: u32,
    statuses: BTreeMap<String, String>,
}

fn query(request: &Request<Incoming>) -> Vec<(String, String)> {
    let url = reqwest::Url::parse("http://mock").unwrap().join(&request.uri().to_string()).unwrap();
    url.query_pairs().into_owned().collect()
}

fn one(query: &[(String, String)], name: &str) -> String {
    query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default()
}

impl Mock {
    fn token(&mut self, query: &[(String, String)], grant_type: &str) -> (u16, Value) {
        let scopes = one(query, "scope");
        let is_asked_well = one(query, "client_id") == CLIENT
            && one(query, "client_secret") == "secret"
            && one(query, "grant_type") == grant_type
            && !scopes.contains("user:write:chat");
        if !is_asked_well {
            return (400, json!({ "error": "Bad Request", "message": "Invalid scopes requested" }));
        }
        if grant_type == "user_token" && one(query, "user_id") != "1" {
            return (400, json!({ "error": "Bad Request", "message": "User ID invalid" }));
        }
        self.logins += 1;
        let token = json!({
            "access_token": format!("token-{}", self.logins),
            "refresh_token": "",
            "expires_in": 86_399,
            "scope": scopes.split(' ').collect::<Vec<_>>(),
            "token_type": "bearer",
        });
        (200, token)
    }

    fn redemption(&self, id: &str) -> Option<Value> {
        let status = self.statuses.get(id)?;
        Some(json!({
            "id": id, "user_id": "9001", "user_login": "vera", "user_name": "vera",
            "broadcaster_id": "1", "broadcaster_login": "a", "broadcaster_name": "A",
            "user_input": "", "status": status, "redeemed_at": "2026-03-04T20:00:00Z",
            "reward": { "id": REWARD, "title": "t", "prompt": "", "cost": 500 },
        }))
    }

    fn settle(&mut self, query: &[(String, String)], status: &str) -> (u16, Value) {
        for (_, id) in query.iter().filter(|(name, _)| name == "id") {
            let Some(held) = self.statuses.get_mut(id) else {
                return (404, json!({ "message": "does not exist" }));
            };
            if held != "UNFULFILLED" {
                return (400, json!({ "message": "already fulfilled or cancelled" }));
            }
            status.clone_into(held);
        }
        (200, json!({ "data": [] }))
    }

    fn answer(
        &mut self,
        method: &Method,
        path: &str,
        query: &[(String, String)],
        body: &Value,
    ) -> (u16, Value) {
        let user = json!({ "id": "1", "login": "a", "display_name": "A", "type": "",
            "broadcaster_type": "partner", "description": "", "view_count": 0 });
        let reward = json!({ "id": REWARD, "title": "Betrayal", "prompt": "", "cost": 500,
            "image": null, "background_color": "#8B0000", "is_enabled": true, "is_paused": false,
            "is_user_input_requird": false, "should_redemptions_skip_request_queue": false,
            "max_per_stream_setting": { "is_enabled": true, "max_per_stream": 5 } });
        match (method.as_str(), path) {
            ("POST", "/auth/authorize") => self.token(query, "user_token"),
            ("POST", "/auth/token") => self.token(query, "client_credentials"),
            ("GET", "/mock/users") if one(query, "id") == "1" => (200, json!({ "data": [user] })),
            ("GET", "/mock/users") => (200, json!({ "data": [] })),
            ("GET" | "POST", "/mock/channel_points/custom_rewards") => {
                (200, json!({ "data": [reward] }))
            }
            ("GET", "/mock/channel_points/custom_rewards/redemptions") => {
                let found: Vec<Value> = self.redemption(&one(query, "id")).into_iter().collect();
                (200, json!({ "data": found }))
            }
            ("PATCH", "/mock/channel_points/custom_rewards/redemptions") => {
                self.settle(query, body["status"].as_str().unwrap())
            }
            other => panic!("the mock has no {other:?}"),
        }
    }
}

async fn answer(mock: Arc<Mutex<Mock>>, request: Request<Incoming>) -> Answer {
    let (query, method, path) =
        (query(&request), request.method().clone(), request.uri().path().to_owned());
    let body = bytes_of(request.into_body()).await;
    let body = serde_json::from_slice(&body).unwrap_or_default();
    let (status, body) = mock.lock().unwrap().answer(&method, &path, &query, &body);
    let mut response = Response::new(reqwest::Body::from(body.to_string()));
    *response.status_mut() = status.try_into().unwrap();
    Ok(response)
}

struct AtTheMock {
    mock: Arc<Mutex<Mock>>,
    clock: ManualClock,
    vault: MemoryVault,
    adapter: TwitchAdapter,
    _server: HttpServer,
}

async fn at_the_mock() -> AtTheMock {
    let mock = Arc::new(Mutex::new(Mock::default()));
    let shared = Arc::clone(&mock);
    let server = HttpServer::start(move |request| answer(Arc::clone(&shared), request)).await;
    let config = TwitchConfig {
        client_id: CLIENT.to_owned(),
        client_secret: "secret".to_owned(),
        api_url: format!("{}/mock", server.url()),
        auth_url: format!("{}/auth", server.url()),
        eventsub: EventSubConfig::Off,
        logs_in_without_people: true,
    };
    let (clock, vault) = (ManualClock::at(start()), MemoryVault::default());
    let adapter =
        TwitchAdapter::new(config, Arc::new(clock.clone()), Arc::new(vault.clone())).unwrap();
    AtTheMock { mock, clock, vault, adapter, _server: server }
}

#[tokio::test]
async fn a_channel_logs_in_at_the_mock_and_again_when_its_token_ends() {
    let here = at_the_mock().await;
    let rewards = &here.adapter.rewards;
    let listed = rewards.list(&"1".into()).await.unwrap();
    assert_eq!((listed.len(), listed[0].has_limits), (1, true));
    assert_eq!(rewards.create(&"1".into(), &spec("Betrayal"), false).await, Ok(REWARD.into()));
    assert_eq!(here.mock.lock().unwrap().logins, 1);
    here.clock.advance(86_400);
    rewards.list(&"1".into()).await.unwrap();
    assert_eq!(here.mock.lock().unwrap().logins, 2);
    assert_eq!(here.vault.held(&"1".into()).generation, 1, "it is the same login");
    let account = here.adapter.accounts.by_id(&"1".into()).await.unwrap().unwrap();
    assert_eq!((account.login.as_str(), account.kind), ("a", ChannelKind::Partner));
}

#[tokio::test]
async fn a_channel_that_the_mock_does_not_know_gets_no_login() {
    let here = at_the_mock().await;
    let listed = here.adapter.rewards.list(&"2".into()).await;
    assert_eq!(listed, Err(RewardError::LoginNeeded));
}

#[tokio::test]
async fn every_redemption_is_settled_though_the_mock_tells_only_one() {
    let here = at_the_mock().await;
    let ids: Vec<_> = ["a", "b", "c", "d"].map(Into::into).into();
    {
        let statuses = &mut here.mock.lock().unwrap().statuses;
        for (id, status) in [("a", "UNFULFILLED"), ("b", "CANCELED"), ("d", "UNFULFILLED")] {
            statuses.insert(id.to_owned(), status.to_owned());
        }
    }
    let reward = TwitchRewardId::from(REWARD);
    let settled = here.adapter.rewards.settle(&"1".into(), &reward, &ids, Direction::Fulfil).await;
    let outcomes: Vec<_> = settled.into_iter().map(|(_, outcome)| outcome).collect();
    assert_eq!(outcomes[0], SettleOutcome::AlreadyDone(Direction::Fulfil));
    assert_eq!(outcomes[1], SettleOutcome::AlreadyDone(Direction::Refund));
    assert!(matches!(outcomes[2], SettleOutcome::Impossible(_)), "{outcomes:?}");
    assert_eq!(outcomes[3], SettleOutcome::Done);
    let found = here.adapter.rewards.look_up(&"1".into(), &reward, &ids[..1]).await;
    assert_eq!(found, Ok(vec![(ids[0].clone(), TwitchRedemptionStatus::Fulfilled)]));
}
