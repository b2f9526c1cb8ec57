//! The doors of a running server and of its sandbox Twitch, as the benchmarks knock on them.
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the environment and the clock")]

use reqwest::{Client, Method};
use serde_json::{Value, json};
use std::error::Error;
use std::time::Duration;

pub(crate) type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Where the server is, and what opens it.
pub(crate) struct Door {
    pub(crate) http: Client,
    pub(crate) server: String,
    pub(crate) sandbox: String,
    pub(crate) gm_key: String,
}

impl Door {
    /// As the environment says.
    pub(crate) fn from_environment() -> Outcome<Self> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(Self {
            http: Client::builder().no_proxy().timeout(Duration::from_secs(30)).build()?,
            server: variable("STORM_SERVER")?,
            sandbox: variable("STORM_SANDBOX")?,
            gm_key: variable("STORM_GM_KEY")?,
        })
    }

    /// The root of the API.
    pub(crate) fn api(&self) -> String {
        format!("{}/api/v1", self.server)
    }

    /// A call with that key (none when it is empty) and body (none when it is null).
    pub(crate) async fn call(
        &self,
        method: Method,
        url: &str,
        key: &str,
        body: Value,
    ) -> Outcome<Value> {
        let mut request = self.http.request(method, url);
        if !key.is_empty() {
            request = request.bearer_auth(key);
        }
        if !body.is_null() {
            request = request.json(&body);
        }
        let answer = request.send().await?;
        let (status, text) = (answer.status(), answer.text().await?);
        if !status.is_success() {
            return Err(format!("{url}: {status} {text}").into());
        }
        Ok(if text.is_empty() { Value::Null } else { serde_json::from_str(&text)? })
    }

    /// A stream begins, with that many viewers.
    pub(crate) async fn go_live(&self, login: &str, viewers: usize) -> Outcome<()> {
        let url = format!("{}/sandbox/streams/{login}", self.sandbox);
        self.call(Method::PUT, &url, "", json!({ "viewerCount": viewers })).await.map(drop)
    }

    /// A new campaign; its address.
    pub(crate) async fn campaign(&self) -> Outcome<String> {
        let url = format!("{}/campaigns", self.api());
        let made = self.call(Method::POST, &url, &self.gm_key, json!({ "name": "Storm" })).await?;
        Ok(format!("{url}/{}", text(&made, "id")?))
    }

    /// A channel joins the campaign; the streamer's id.
    pub(crate) async fn join(&self, campaign: &str, login: &str, key: &str) -> Outcome<String> {
        let url = format!("{campaign}/members");
        let member = self.call(Method::POST, &url, &self.gm_key, json!({ "login": login })).await?;
        let id = text(&member, "streamerId")?;
        self.call(Method::POST, &format!("{url}/{id}/accept"), key, json!({})).await?;
        Ok(id)
    }

    /// A new event that the campaign uses; its id.
    pub(crate) async fn event(&self, campaign: &str, event: Value) -> Outcome<String> {
        let url = format!("{}/events", self.api());
        let id = text(&self.call(Method::POST, &url, &self.gm_key, event).await?, "id")?;
        let setting = format!("{campaign}/events/{id}");
        self.call(Method::PUT, &setting, &self.gm_key, json!({ "isEnabled": true })).await?;
        Ok(id)
    }

    /// A channel offers an event; the id of the reward on Twitch.
    pub(crate) async fn offer(
        &self,
        campaign: &str,
        streamer: &str,
        event: &str,
        key: &str,
    ) -> Outcome<String> {
        let url = format!("{campaign}/streamers/{streamer}/events/{event}");
        text(&self.call(Method::PUT, &url, key, json!({ "isEnabled": true })).await?, "rewardId")
    }
}

/// The text in a field.
pub(crate) fn text(value: &Value, field: &str) -> Outcome<String> {
    let text = value.get(field).and_then(Value::as_str);
    Ok(text.ok_or_else(|| format!("no {field} in {value}"))?.to_owned())
}

/// A value of the environment.
pub(crate) fn variable(name: &str) -> Outcome<String> {
    std::env::var(name).map_err(|error| format!("{name}: {error}").into())
}
