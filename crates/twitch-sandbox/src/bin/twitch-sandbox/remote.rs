//! What can be told to a sandbox that runs.

use std::path::PathBuf;

use clap::Args;
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::{Failure, print, serve};

/// Which sandbox is meant.
#[derive(Debug, Args)]
struct Sandbox {
    /// Where it listens, such as http://127.0.0.1:8080.
    #[arg(long, value_name = "URL")]
    url: String,
}

impl Sandbox {
    /// Calls the control API and prints the answer; a refusal is a failure.
    async fn tell(&self, method: Method, path: &str, body: Option<Value>) -> Result<(), Failure> {
        let url = format!("{}/sandbox{path}", self.url.trim_end_matches('/'));
        let mut request = Client::builder().no_proxy().build()?.request(method, url);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await?;
        let status = response.status();
        let text = response.text().await?;
        if !status.is_success() {
            return Err(format!("the sandbox refuses with {status}: {text}").into());
        }
        if text.is_empty() {
            return Ok(());
        }
        let answer: Value = serde_json::from_str(&text)?;
        Ok(print(&format!("{answer:#}"))?)
    }
}

#[derive(Debug, Args)]
pub(crate) struct Redeem {
    #[command(flatten)]
    sandbox: Sandbox,
    /// The id of the reward.
    #[arg(long, value_name = "ID")]
    reward: String,
    /// Who redeems; made when unknown.
    #[arg(long, value_name = "LOGIN")]
    viewer: String,
    /// How often.
    #[arg(long, default_value_t = 1, value_name = "N")]
    count: u32,
    /// What the viewer writes, where the reward asks for it.
    #[arg(long, value_name = "TEXT")]
    input: Option<String>,
}

impl Redeem {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let body = json!({
            "rewardId": self.reward,
            "viewer": self.viewer,
            "count": self.count,
            "input": self.input,
        });
        self.sandbox.tell(Method::POST, "/redeem", Some(body)).await
    }
}

#[derive(Debug, Args)]
pub(crate) struct Users {
    #[command(flatten)]
    sandbox: Sandbox,
}

impl Users {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        self.sandbox.tell(Method::GET, "/users", None).await
    }
}

#[derive(Debug, Args)]
pub(crate) struct Faults {
    #[command(flatten)]
    sandbox: Sandbox,
    /// A plan to follow from now on, as JSON.
    #[arg(long, value_name = "FILE.json", conflicts_with = "stop")]
    plan: Option<PathBuf>,
    /// From now on all goes right.
    #[arg(long)]
    stop: bool,
}

impl Faults {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        match (&self.plan, self.stop) {
            (Some(path), _) => {
                let plan = serde_json::to_value(serve::plan(path)?)?;
                self.sandbox.tell(Method::PUT, "/faults", Some(plan)).await
            }
            (None, true) => self.sandbox.tell(Method::DELETE, "/faults", None).await,
            (None, false) => self.sandbox.tell(Method::GET, "/faults", None).await,
        }
    }
}
