//! A sandbox with a client in front of it.

use std::time::Duration;

use reqwest::{Client, Method, header};
use serde_json::{Value, json};
use twitch_sandbox::{ClientCredentials, Sandbox, SandboxConfig};

pub const GM: &str = "104205061";
pub const ALICE: &str = "218640722";
pub const BOB: &str = "361947183";
pub const MANAGE: &str = "channel:manage:redemptions";

/// An answer, whole.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: header::HeaderMap,
    pub body: Value,
}

impl Answer {
    pub fn message(&self) -> &str {
        self.body["message"].as_str().unwrap()
    }

    /// The one element of `data`.
    pub fn only(&self) -> &Value {
        let data = self.data();
        assert_eq!(data.len(), 1, "{self:?}");
        &data[0]
    }

    pub fn data(&self) -> &Vec<Value> {
        self.body["data"].as_array().unwrap_or_else(|| panic!("no data: {self:?}"))
    }

    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }
}

pub struct World {
    pub sandbox: Sandbox,
    pub config: SandboxConfig,
    pub http: Client,
}

/// No waiting where a test is not about waiting, and a second client.
pub fn quick() -> SandboxConfig {
    SandboxConfig {
        settlement_latency_per_id: Duration::ZERO,
        delivery_backoff: Duration::from_millis(5),
        further_clients: vec![ClientCredentials {
            client_id: "another".into(),
            client_secret: "another-secret".into(),
        }],
        ..SandboxConfig::default()
    }
}

impl World {
    pub async fn new() -> Self {
        Self::with(quick()).await
    }

    pub async fn with(config: SandboxConfig) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let sandbox = Sandbox::start(config.clone()).await.unwrap();
        let http = Client::builder().no_proxy().build().unwrap();
        Self { sandbox, config, http }
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let bytes = response.bytes().await.unwrap();
        let body = match bytes.is_empty() {
            true => Value::Null,
            false => serde_json::from_slice(&bytes).unwrap(),
        };
        Answer { status, headers, body }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox.base_url())
    }

    /// A form at a token endpoint.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let url = reqwest::Url::parse_with_params(&self.url(path), fields).unwrap();
        let body = url.query().unwrap().to_owned();
        let request = self.http.post(self.url(path));
        let form = "application/x-www-form-urlencoded";
        self.send(request.header(header::CONTENT_TYPE, form).body(body)).await
    }

    /// Logs a user in at a client, and gives all that comes back.
    pub async fn log_in(&self, client: &ClientCredentials, user: &str, scope: &str) -> Value {
        let fields = [
            ("client_id", client.client_id.as_str()),
            ("client_secret", &client.client_secret),
            ("grant_type", "user_token"),
            ("user_id", user),
            ("scope", scope),
        ];
        let url = reqwest::Url::parse_with_params(&self.url("/auth/authorize"), fields).unwrap();
        self.send(self.http.post(url)).await.expect(200).body
    }

    /// A broadcaster of our own client, who may manage redemptions.
    pub async fn broadcaster(&self, user: &str) -> Session<'_> {
        self.session(&self.config.client, user, MANAGE).await
    }

    pub async fn session(
        &self,
        client: &ClientCredentials,
        user: &str,
        scope: &str,
    ) -> Session<'_> {
        let tokens = self.log_in(client, user, scope).await;
        let token = tokens["access_token"].as_str().unwrap().to_owned();
        Session { world: self, client_id: client.client_id.clone(), user: user.to_owned(), token }
    }

    /// Our own client, as an application.
    pub async fn app(&self) -> Session<'_> {
        let client = &self.config.client;
        let answer = self
            .form(
                "/oauth2/token",
                &[
                    ("client_id", &client.client_id),
                    ("client_secret", &client.client_secret),
                    ("grant_type", "client_credentials"),
                ],
            )
            .await
            .expect(200);
        let token = answer.body["access_token"].as_str().unwrap().to_owned();
        let client_id = client.client_id.clone();
        Session { world: self, client_id, user: String::new(), token }
    }

    pub async fn control(&self, method: Method, path: &str, body: Value) -> Answer {
        let request = self.http.request(method, self.url(&format!("/sandbox{path}")));
        self.send(if body.is_null() { request } else { request.json(&body) }).await
    }

    pub async fn look(&self, path: &str) -> Value {
        self.control(Method::GET, path, Value::Null).await.expect(200).body
    }

    /// Redeems, and gives the ids of what was made.
    pub async fn redeem(&self, viewer: &str, reward: &str, count: u32) -> Vec<String> {
        let body = json!({ "viewer": viewer, "rewardId": reward, "count": count });
        let answer = self.control(Method::POST, "/redeem", body).await.expect(200);
        assert!(answer.body["refused"].is_null(), "{answer:?}");
        let made = answer.body["redemptions"].as_array().unwrap();
        made.iter().map(|redemption| redemption["id"].as_str().unwrap().to_owned()).collect()
    }

    /// What a viewer has left on a channel where something was redeemed.
    pub async fn points(&self, viewer: &str, broadcaster: &str) -> i64 {
        let users = self.look("/users").await;
        let users = users["users"].as_array().unwrap();
        let user = users.iter().find(|user| user["login"] == viewer).unwrap();
        let balances = user["balances"].as_array().unwrap();
        let balance = balances.iter().find(|balance| balance["broadcasterId"] == broadcaster);
        balance.unwrap()["points"].as_i64().unwrap()
    }

    /// The statuses of a reward's redemptions, oldest first.
    pub async fn statuses(&self, reward: &str) -> Vec<String> {
        let all = self.look(&format!("/redemptions?reward_id={reward}")).await;
        let all = all["redemptions"].as_array().unwrap();
        all.iter().map(|each| each["status"].as_str().unwrap().to_owned()).collect()
    }

    /// Waits until every message is delivered or given up.
    pub async fn idle(&self) {
        let wait = async {
            while self.look("/idle").await["pendingDeliveries"] != 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), wait).await.expect("idle in time");
    }
}

/// Somebody who calls Helix.
pub struct Session<'w> {
    pub world: &'w World,
    pub client_id: String,
    pub user: String,
    pub token: String,
}

impl Session<'_> {
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.world.http.request(method, self.world.url(&format!("/helix{path}")));
        request.bearer_auth(&self.token).header("Client-Id", &self.client_id)
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.world.send(self.request(Method::GET, path)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.world.send(self.request(Method::DELETE, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.world.send(self.request(Method::POST, path).json(&body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.world.send(self.request(Method::PATCH, path).json(&body)).await
    }

    pub fn rewards(&self, more: &str) -> String {
        format!("/channel_points/custom_rewards?broadcaster_id={}{more}", self.user)
    }

    pub fn redemptions(&self, reward: &str, more: &str) -> String {
        let user = &self.user;
        format!(
            "/channel_points/custom_rewards/redemptions?broadcaster_id={user}\
             &reward_id={reward}{more}"
        )
    }

    /// Makes a reward, and gives its id.
    pub async fn reward(&self, body: Value) -> String {
        let answer = self.post(&self.rewards(""), body).await.expect(200);
        answer.only()["id"].as_str().unwrap().to_owned()
    }

    /// Settles redemptions of one reward.
    pub async fn settle(&self, reward: &str, ids: &[String], status: &str) -> Answer {
        let ids: String = ids.iter().map(|id| format!("&id={id}")).collect();
        self.patch(&self.redemptions(reward, &ids), json!({ "status": status })).await
    }
}
