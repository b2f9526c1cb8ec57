//! The program as a child process, and a client of its API.

use rand::Rng;
use reqwest::{Method, StatusCode};
use serde_json::Value;
use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::Instant;

/// Longest wait for something that is to happen.
pub(crate) const SOON: Duration = Duration::from_secs(30);
/// What Twitch and these tests sign with.
pub(crate) const EVENTSUB_SECRET: &str = "a-secret-for-end-to-end-tests";

/// A data directory and a port: what outlives a process.
pub(crate) struct Place {
    files: TempDir,
    port: u16,
    settings: Vec<(&'static str, String)>,
}

impl Place {
    /// A fresh directory, and a port that is free.
    pub(crate) fn new() -> Self {
        Self::with(Vec::new())
    }

    /// The same with settings for every process, by the names of the environment.
    pub(crate) fn with(settings: Vec<(&'static str, String)>) -> Self {
        // A server that is killed has to find its port free again: not one of those that the
        // system gives to the thousands of outgoing connections of these tests.
        let mut random = rand::rng();
        let mut ports = std::iter::repeat_with(|| random.random_range(15_000..30_000));
        let is_free = |port: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok();
        let port = ports.find(is_free).unwrap();
        Self { files: tempfile::tempdir().unwrap(), port, settings }
    }

    pub(crate) fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.files.path().join(name)).unwrap().trim().to_owned()
    }

    pub(crate) fn path(&self) -> &Path {
        self.files.path()
    }

    /// The program with the settings of this place and nothing from the environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gamification-server"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("GAMIFICATION_") {
                command.env_remove(name);
            }
        }
        command
            .args(arguments)
            .current_dir(self.files.path())
            .env("GAMIFICATION_DATA_DIR", self.files.path().join("data"))
            .env("GAMIFICATION_BIND", format!("127.0.0.1:{}", self.port))
            .env("GAMIFICATION_EVENTSUB_SECRET", EVENTSUB_SECRET)
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// A key as `key create` prints it: the last line.
    pub(crate) fn key(&self, login: &str, role: &str) -> String {
        let output = self.run(&["key", "create", "--login", login, "--role", role]);
        assert!(output.status.success(), "{output:?}");
        let printed = String::from_utf8(output.stdout).unwrap();
        let key = printed.lines().last().unwrap().to_owned();
        assert!(key.starts_with("gk_"), "{printed}");
        key
    }

    /// Starts the server and waits until it is ready.
    pub(crate) async fn serve(&self) -> Server {
        let log = self.files.path().join("log");
        let log = File::options().create(true).append(true).open(log).unwrap();
        let mut command = self.command(&["serve"]);
        let child = command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        let mut server = Server { child };
        let api = Api::at(&self.base(), None);
        until("the server to be ready", async || {
            if let Some(status) = server.child.try_wait().unwrap() {
                panic!("the server ended with {status}: {}", self.file("log"));
            }
            let answer = api.try_call(Method::GET, "/readyz", None).await;
            answer.is_ok_and(|(status, _)| status == StatusCode::OK).then_some(())
        })
        .await;
        server
    }
}

/// A server that is killed when it is dropped.
pub(crate) struct Server {
    child: Child,
}

impl Server {
    /// `kill -9`: nothing is finished.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end, and waits until it did.
    pub(crate) async fn stop(mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").arg(pid).status().unwrap().success());
        let mut ended = None;
        until("the server to end", async || {
            ended = self.child.try_wait().unwrap();
            ended.map(drop)
        })
        .await;
        assert!(ended.unwrap().success(), "{ended:?}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended already when a test ended it.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A client with a key.
#[derive(Clone)]
pub(crate) struct Api {
    http: reqwest::Client,
    base: String,
    key: Option<String>,
}

impl Api {
    pub(crate) fn at(base: &str, key: Option<&str>) -> Self {
        // The first of these tests installs it; the others find it installed.
        drop(rustls::crypto::ring::default_provider().install_default());
        // The server closes idle connections, and is killed: no connection is kept.
        let http = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0);
        let http = http.timeout(SOON).build().unwrap();
        Self { http, base: base.to_owned(), key: key.map(str::to_owned) }
    }

    pub(crate) async fn try_call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> reqwest::Result<(StatusCode, Value)> {
        let mut request = self.request(method, path);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await?;
        let status = response.status();
        let text = response.text().await?;
        Ok((status, serde_json::from_str(&text).unwrap_or(Value::String(text))))
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.key {
            Some(key) => request.bearer_auth(key),
            None => request,
        }
    }

    async fn done(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let (status, answer) = self.try_call(method.clone(), path, body).await.unwrap();
        assert!(status.is_success(), "{method} {path}: {status} {answer}");
        answer
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.done(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        self.done(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Value {
        self.done(Method::PUT, path, Some(body)).await
    }

    /// Every row of a list, page by page.
    pub(crate) async fn all(&self, path: &str) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut page = format!("{path}?limit=200");
        loop {
            let answer = self.get(&page).await;
            rows.extend(answer["items"].as_array().unwrap().iter().cloned());
            match answer["nextCursor"].as_str() {
                Some(cursor) => page = format!("{path}?limit=200&cursor={cursor}"),
                None => return rows,
            }
        }
    }
}

/// Looks until there is something to see.
pub(crate) async fn until<T>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    until_within(SOON, what, look).await
}

/// The same with another patience.
pub(crate) async fn until_within<T>(
    patience: Duration,
    what: &str,
    mut look: impl AsyncFnMut() -> Option<T>,
) -> T {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
