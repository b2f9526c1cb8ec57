//! A sandbox, a proxy before it, the adapter behind that, and the people on Twitch.

use crate::proxy::Proxy;
use gamification_core::cost::Cost;
use gamification_core::event::Colour;
use gamification_core::ids::{RedemptionId, TwitchRewardId, TwitchUserId};
use gamification_core::ports::TwitchRewards;
use gamification_core::reward::RewardSpec;
use gamification_core::time::Timestamp;
use gamification_testkit::ManualClock;
use gamification_twitch::{EventSubConfig, TwitchAdapter, TwitchConfig};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use twitch_sandbox::{ClientCredentials, Sandbox, SandboxConfig};

pub(crate) const EVENTSUB_SECRET: &str = "a secret of the tests";

/// The moment at which the clock of the adapter stands.
pub(crate) fn start() -> Timestamp {
    Timestamp::parse("2026-03-04T20:00:00Z").unwrap()
}

pub(crate) fn alice() -> TwitchUserId {
    "218640722".into()
}

pub(crate) fn bob() -> TwitchUserId {
    "361947183".into()
}

pub(crate) fn spec(title: &str) -> RewardSpec {
    RewardSpec {
        title: title.to_owned(),
        cost: Cost::new(500).unwrap(),
        prompt: "Turns a triumph into a disaster".to_owned(),
        colour: Colour("#8B0000".to_owned()),
    }
}

pub(crate) struct World {
    sandbox: Sandbox,
    pub(crate) proxy: Proxy,
    pub(crate) clock: ManualClock,
    pub(crate) adapter: TwitchAdapter,
    http: reqwest::Client,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with_webhook(None).await
    }

    /// With redemptions delivered to that address.
    pub(crate) async fn with_webhook(callback_url: Option<String>) -> Self {
        let sandbox = Sandbox::start(SandboxConfig {
            settlement_latency_per_id: Duration::ZERO,
            further_clients: vec![stranger()],
            ..SandboxConfig::default()
        });
        let sandbox = sandbox.await.unwrap();
        let proxy = Proxy::before(sandbox.base_url()).await;
        let clock = ManualClock::at(start());
        let client = SandboxConfig::default().client;
        let config = config(&proxy.url(), client, callback_url);
        let adapter = TwitchAdapter::new(config, Arc::new(clock.clone())).unwrap();
        Self { sandbox, proxy, clock, adapter, http: reqwest::Client::new() }
    }

    /// The adapter of a process that was started anew.
    pub(crate) fn restarted_adapter(&self, callback_url: Option<String>) -> TwitchAdapter {
        let client = SandboxConfig::default().client;
        let config = config(&self.proxy.url(), client, callback_url);
        TwitchAdapter::new(config, Arc::new(self.clock.clone())).unwrap()
    }

    /// The adapter of another application.
    pub(crate) fn foreign_adapter(&self) -> TwitchAdapter {
        let config = config(&self.proxy.url(), stranger(), None);
        TwitchAdapter::new(config, Arc::new(self.clock.clone())).unwrap()
    }

    pub(crate) fn rewards(&self) -> &dyn TwitchRewards {
        &*self.adapter.rewards
    }

    /// Twitch goes away for good.
    pub(crate) async fn shut_down(self) -> (TwitchAdapter, Proxy) {
        self.sandbox.shutdown().await.unwrap();
        (self.adapter, self.proxy)
    }

    pub(crate) async fn reward_of_alice(&self) -> TwitchRewardId {
        self.rewards().create(&alice(), &spec("Betrayal of the die"), false).await.unwrap()
    }

    /// A viewer redeems that often; the redemptions in order.
    pub(crate) async fn redeem(&self, reward: &TwitchRewardId, count: u32) -> Vec<RedemptionId> {
        let answer = self.try_redeem(reward, count).await.expect("the viewer may redeem");
        let ids = answer["redemptions"].as_array().unwrap();
        ids.iter().map(|it| it["id"].as_str().unwrap().into()).collect()
    }

    /// What the sandbox answers, or the name of the refusal.
    pub(crate) async fn try_redeem(
        &self,
        reward: &TwitchRewardId,
        count: u32,
    ) -> Result<Value, String> {
        self.try_redeem_as("vera", reward, count).await
    }

    pub(crate) async fn try_redeem_as(
        &self,
        viewer: &str,
        reward: &TwitchRewardId,
        count: u32,
    ) -> Result<Value, String> {
        let body = json!({ "viewer": viewer, "rewardId": reward.as_str(), "count": count });
        let answer = self.tell("POST", "redeem", body).await;
        match answer["reason"].as_str() {
            Some(reason) => Err(reason.to_owned()),
            None => Ok(answer),
        }
    }

    /// A moderator settles in Twitch's own queue: `FULFILLED` or `CANCELED`.
    pub(crate) async fn moderator_settles(&self, redemption: &RedemptionId, status: &str) {
        let body = json!({ "redemptionId": redemption.as_str(), "status": status });
        let answer = self.tell("POST", "settle", body).await;
        assert_eq!(answer["redemptions"][0]["status"], status, "{answer}");
    }

    pub(crate) async fn set_broadcaster_type(&self, login: &str, kind: &str) -> TwitchUserId {
        let body = json!({ "broadcasterType": kind });
        let answer = self.tell("PUT", &format!("users/{login}"), body).await;
        answer["id"].as_str().unwrap().into()
    }

    pub(crate) async fn set_viewers(&self, login: &str, viewers: u32) {
        let body = json!({ "viewerCount": viewers });
        let answer = self.tell("PUT", &format!("streams/{login}"), body).await;
        assert_eq!(answer["viewer_count"], viewers);
    }

    /// The redemptions of a reward that Twitch has in that state.
    pub(crate) async fn in_status(&self, reward: &TwitchRewardId, status: &str) -> usize {
        let path = format!("redemptions?reward_id={}&status={status}", reward.as_str());
        self.tell("GET", &path, Value::Null).await["redemptions"].as_array().unwrap().len()
    }

    /// How often the sandbox was called with that method and path.
    pub(crate) async fn calls(&self, method: &str, path: &str) -> usize {
        let answer = self.tell("GET", "requests", Value::Null).await;
        let calls = answer["requests"].as_array().unwrap();
        calls.iter().filter(|call| call["method"] == method && call["path"] == path).count()
    }

    /// Waits until every notification is delivered.
    pub(crate) async fn deliveries_done(&self) {
        let done = async {
            while self.tell("GET", "idle", Value::Null).await["pendingDeliveries"] != 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), done).await.expect("deliveries take long");
    }

    pub(crate) async fn revoke(&self, token: &str) {
        let client = SandboxConfig::default().client.client_id;
        let url = format!("{}/oauth2/revoke?client_id={client}&token={token}", self.url());
        let answer = self.http.post(url).send().await.unwrap();
        assert!(answer.status().is_success());
    }

    fn url(&self) -> String {
        self.sandbox.base_url()
    }

    async fn tell(&self, method: &str, path: &str, body: Value) -> Value {
        let url = format!("{}/sandbox/{path}", self.url());
        let sent = self.http.request(method.parse().unwrap(), url).json(&body);
        sent.send().await.unwrap().json().await.unwrap()
    }
}

fn stranger() -> ClientCredentials {
    ClientCredentials {
        client_id: "another application".to_owned(),
        client_secret: "with a secret of its own".to_owned(),
    }
}

fn config(base: &str, client: ClientCredentials, callback_url: Option<String>) -> TwitchConfig {
    TwitchConfig {
        client_id: client.client_id,
        client_secret: client.client_secret,
        api_url: format!("{base}/helix"),
        auth_url: base.to_owned(),
        eventsub: callback_url.map(|callback_url| EventSubConfig {
            callback_url,
            secret: EVENTSUB_SECRET.to_owned(),
        }),
    }
}
