//! The program's own composition: SQLite and the sandbox Twitch in a directory of their own.

use gamification_server::compose::{App, compose};
use gamification_server::config::{Config, Settings};
use reqwest::StatusCode;
use serde_json::Value;
use std::path::Path;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

fn config(data_dir: &Path) -> Config {
    let mut settings = Settings::default();
    settings.add("bind", "127.0.0.1:0".into()).unwrap();
    settings.add("data_dir", data_dir.display().to_string()).unwrap();
    Config::load(&settings).unwrap()
}

struct Running {
    url: String,
    shutdown: CancellationToken,
    task: JoinHandle<()>,
}

fn start(app: App) -> Running {
    let (url, shutdown) = (format!("http://{}", app.address()), CancellationToken::new());
    let task = TaskTracker::new().spawn(app.run(shutdown.clone()));
    Running { url, shutdown, task }
}

impl Running {
    async fn me(&self, key: &str) -> (StatusCode, Value) {
        let request = reqwest::Client::new().get(format!("{}/api/v1/me", self.url));
        let answer = request.bearer_auth(key).send().await.unwrap();
        let status = answer.status();
        (status, answer.json().await.unwrap())
    }

    async fn stop(self) {
        self.shutdown.cancel();
        let stopped = tokio::time::timeout(Duration::from_secs(10), self.task).await;
        stopped.expect("it does not stop").unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_makes_a_key_and_later_ones_keep_it() {
    let directory = tempfile::tempdir().unwrap();
    let data_dir = directory.path().join("data");
    let config = config(&data_dir);
    let app = compose(&config, false).await.unwrap();
    let key = app.first_key().unwrap().expose().to_owned();
    assert!(key.starts_with("gk_"));
    let running = start(app);
    let (status, me) = running.me(&key).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!((&me["user"]["login"], &me["isAdmin"]), (&"gm".into(), &true.into()));
    let kept = std::fs::read_to_string(data_dir.join("first-key")).unwrap();
    assert_eq!(kept.trim(), key);
    running.stop().await;
    assert!(!data_dir.join("sandbox-url").exists());

    let again = compose(&config, false).await.unwrap();
    assert_eq!(again.first_key(), None);
    let running = start(again);
    assert_eq!(running.me(&key).await.0, StatusCode::OK);
    running.stop().await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn files_with_secrets_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let data_dir = directory.path().join("data");
    let app = compose(&config(&data_dir), false).await.unwrap();
    start(app).stop().await;
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for name in ["first-key", "eventsub-secret", "secret-key"] {
        assert_eq!(mode(&data_dir.join(name)), 0o600, "{name}");
    }
    assert_eq!(mode(&data_dir), 0o700);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_programs_cannot_listen_on_one_address() {
    let directory = tempfile::tempdir().unwrap();
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap();
    let config = Config { bind: address, ..config(directory.path()) };
    let error = compose(&config, false).await.err().expect("it is taken");
    assert_eq!(error.to_string(), format!("cannot listen on {address}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_does_not_work_on_the_files_of_the_first() {
    let directory = tempfile::tempdir().unwrap();
    let config = config(&directory.path().join("data"));
    let running = start(compose(&config, false).await.unwrap());
    let error = compose(&config, false).await.err().expect("it is in use");
    assert!(error.to_string().contains("belongs to a server that is running"), "{error}");
    assert!(config.data_dir.join("sandbox-url").exists(), "the first one's is left alone");
    running.stop().await;
    start(compose(&config, false).await.unwrap()).stop().await;
}
