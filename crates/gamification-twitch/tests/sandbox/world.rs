//! A sandbox, a proxy before it, the adapter behind that, and the people on Twitch.

use crate::proxy::Proxy;
use crate::vault::MemoryVault;
use gamification_core::cost::Cost;
use gamification_core::event::Colour;
use gamification_core::ids::{RedemptionId, TwitchRewardId, TwitchUserId};
use gamification_core::ports::{RewardChange, TwitchReward, TwitchRewards};
use gamification_core::reward::RewardSpec;
use gamification_core::time::Timestamp;
use gamification_testkit::ManualClock;
use gamification_twitch::{EventSubConfig, Tokens, TwitchAdapter, TwitchConfig, scopes};
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

/// A reward as it is listed when nobody but us changed it.
pub(crate) fn listed(id: &TwitchRewardId, spec: RewardSpec, is_paused: bool) -> TwitchReward {
    let id = id.clone();
    TwitchReward { id, spec, is_paused, is_enabled: true, skips_queue: false, has_limits: false }
}

/// A change of the title alone.
pub(crate) fn title(title: &str) -> RewardChange {
    RewardChange { title: Some(title.to_owned()), ..RewardChange::default() }
}

pub(crate) struct World {
    sandbox: Sandbox,
    pub(crate) proxy: Proxy,
    pub(crate) clock: ManualClock,
    pub(crate) vault: MemoryVault,
    pub(crate) adapter: TwitchAdapter,
    http: reqwest::Client,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::started(SandboxConfig::default(), EventSubConfig::Off).await
    }

    /// With a sandbox of its own ways, which waits for nothing.
    pub(crate) async fn started(sandbox: SandboxConfig, eventsub: EventSubConfig) -> Self {
        let sandbox = Sandbox::start(SandboxConfig {
            settlement_latency_per_id: Duration::ZERO,
            further_clients: vec![stranger()],
            ..sandbox
        });
        let sandbox = sandbox.await.unwrap();
        let proxy = Proxy::before(sandbox.base_url()).await;
        let clock = ManualClock::at(start());
        let vault = MemoryVault::default();
        let config = config(&proxy.url(), SandboxConfig::default().client, eventsub);
        let adapter =
            TwitchAdapter::new(config, Arc::new(clock.clone()), Arc::new(vault.clone())).unwrap();
        Self { sandbox, proxy, clock, vault, adapter, http: browser() }
    }

    /// The adapter of a process that was started anew, or of another node.
    pub(crate) fn restarted_adapter(&self, callback_url: Option<String>) -> TwitchAdapter {
        self.adapter_of(TwitchConfig {
            eventsub: webhook(callback_url),
            ..config(&self.proxy.url(), SandboxConfig::default().client, EventSubConfig::Off)
        })
    }

    /// The adapter of a process that hears of events in this way.
    pub(crate) fn adapter_hearing(&self, eventsub: EventSubConfig) -> TwitchAdapter {
        self.adapter_of(config(&self.proxy.url(), SandboxConfig::default().client, eventsub))
    }

    /// An adapter for which people have to log in.
    pub(crate) fn adapter_for_people(&self) -> TwitchAdapter {
        self.adapter_of(TwitchConfig {
            logs_in_without_people: false,
            ..config(&self.proxy.url(), SandboxConfig::default().client, EventSubConfig::Off)
        })
    }

    /// The adapter of another application, which keeps its own logins.
    pub(crate) fn foreign_adapter(&self) -> TwitchAdapter {
        let config = config(&self.proxy.url(), stranger(), EventSubConfig::Off);
        let vault = Arc::new(MemoryVault::default());
        TwitchAdapter::new(config, Arc::new(self.clock.clone()), vault).unwrap()
    }

    fn adapter_of(&self, config: TwitchConfig) -> TwitchAdapter {
        let vault = Arc::new(self.vault.clone());
        TwitchAdapter::new(config, Arc::new(self.clock.clone()), vault).unwrap()
    }

    /// Tokens as a person gets them who grants these scopes.
    pub(crate) async fn granted(&self, person: &TwitchUserId, scopes: &[&str]) -> Tokens {
        let client = SandboxConfig::default().client;
        let scope = scopes.join(" ");
        let form = [
            ("client_id", client.client_id.as_str()),
            ("client_secret", &client.client_secret),
            ("grant_type", "user_token"),
            ("user_id", person.as_str()),
            ("scope", &scope),
        ];
        let answer: Value = self.post_form("/auth/authorize", &form).await.json().await.unwrap();
        Tokens {
            access: answer["access_token"].as_str().unwrap().to_owned(),
            refresh: answer["refresh_token"].as_str().unwrap().to_owned(),
            scopes: scopes.iter().copied().map(str::to_owned).collect(),
            expires_at: start().plus_seconds(4 * 3600),
        }
    }

    /// The person logs in here, for everything that is ever asked for.
    pub(crate) async fn log_in(&self, person: &TwitchUserId) {
        let all = [scopes::REWARDS, scopes::CHAT, scopes::POLLS];
        self.vault.log_in(person, self.granted(person, &all).await);
    }

    /// Sends a form to the sandbox, as a browser would; redirections are not followed.
    pub(crate) async fn post_form(&self, path: &str, form: &[(&str, &str)]) -> reqwest::Response {
        let mut body = reqwest::Url::parse("http://form").unwrap();
        body.query_pairs_mut().extend_pairs(form);
        let sent = self
            .http
            .post(format!("{}{path}", self.url()))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.query().unwrap().to_owned());
        sent.send().await.unwrap()
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

    pub(crate) async fn revoke(&self, token: &str) {
        let client = SandboxConfig::default().client.client_id;
        let url = format!("{}/oauth2/revoke?client_id={client}&token={token}", self.url());
        let answer = self.http.post(url).send().await.unwrap();
        assert!(answer.status().is_success());
    }

    pub(crate) fn url(&self) -> String {
        self.sandbox.base_url()
    }

    /// Tells the sandbox what happens on Twitch.
    pub(crate) async fn tell(&self, method: &str, path: &str, body: Value) -> Value {
        let url = format!("{}/sandbox/{path}", self.url());
        let sent = self.http.request(method.parse().unwrap(), url).json(&body);
        let answer = sent.send().await.unwrap().bytes().await.unwrap();
        if answer.is_empty() { Value::Null } else { serde_json::from_slice(&answer).unwrap() }
    }
}

fn stranger() -> ClientCredentials {
    ClientCredentials {
        client_id: "another application".to_owned(),
        client_secret: "with a secret of its own".to_owned(),
    }
}

fn browser() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

fn webhook(callback_url: Option<String>) -> EventSubConfig {
    match callback_url {
        Some(callback_url) => {
            EventSubConfig::Webhook { callback_url, secret: EVENTSUB_SECRET.to_owned() }
        }
        None => EventSubConfig::Off,
    }
}

fn config(base: &str, client: ClientCredentials, eventsub: EventSubConfig) -> TwitchConfig {
    TwitchConfig {
        client_id: client.client_id,
        client_secret: client.client_secret,
        api_url: format!("{base}/helix"),
        auth_url: base.to_owned(),
        eventsub,
        logs_in_without_people: true,
    }
}
