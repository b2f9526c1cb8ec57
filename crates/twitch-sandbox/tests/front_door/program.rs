//! The program of this crate, run as a person runs it.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_twitch-sandbox");

fn run(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).output().unwrap()
}

fn answer(arguments: &[&str]) -> Value {
    let output = run(arguments);
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A served sandbox, and what it printed.
struct Served {
    process: Child,
    settings: HashMap<String, String>,
}

impl Served {
    fn start(arguments: &[&str]) -> Self {
        let mut process = Command::new(PROGRAM)
            .arg("serve")
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines().take(4);
        let setting = |line: std::io::Result<String>| {
            let line = line.unwrap();
            let (name, value) = line.split_once('=').unwrap();
            (name.to_owned(), value.to_owned())
        };
        let settings = lines.map(setting).collect();
        Self { process, settings }
    }

    /// Asks it to end, and waits for it.
    #[cfg(unix)]
    fn stop(mut self, signal: &str) -> Option<i32> {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status.code();
            }
            assert!(Instant::now() < deadline, "it ends when it is asked to");
            std::thread::yield_now();
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[cfg(unix)]
#[test]
fn it_serves_what_it_prints_until_it_is_told_to_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (database, plan) = (path("sandbox.db"), path("faults.json"));
    std::fs::write(&plan, json!({ "seed": 1, "events": { "dropPercent": 10 } }).to_string())
        .unwrap();
    let arguments = ["--database", &database, "--client-id", "mine", "--client-secret", "s3cret"];
    let served = Served::start(&[&arguments[..], &["--faults", &plan, "--seed", "9"]].concat());
    let url = served.settings["GAMIFICATION_TWITCH_AUTH_URL"].clone();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    assert_eq!(served.settings["GAMIFICATION_TWITCH_API_URL"], format!("{url}/helix"));
    let address = url.strip_prefix("http://").unwrap();
    let socket = &served.settings["GAMIFICATION_TWITCH_EVENTSUB_URL"];
    assert_eq!(*socket, format!("ws://{address}/ws"));
    assert_eq!(served.settings["GAMIFICATION_TWITCH_CLIENT_ID"], "mine");

    let users = answer(&["users", "--url", &url]);
    assert_eq!(users["users"].as_array().unwrap().len(), 3);
    let faults = answer(&["faults", "--url", &url]);
    assert_eq!(faults["plan"]["seed"], 9, "the seed of the command line");
    assert_eq!(faults["plan"]["events"]["dropPercent"], 10);
    assert!(run(&["faults", "--url", &url, "--stop"]).status.success());
    assert_eq!(answer(&["faults", "--url", &url])["plan"], Value::Null);
    assert_eq!(answer(&["faults", "--url", &url, "--plan", &plan])["plan"]["seed"], 1);
    let refused = run(&["redeem", "--url", &url, "--reward", "none", "--viewer", "vi"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("There is no such reward"));

    assert_eq!(served.stop("-TERM"), Some(0));
    let again = Served::start(&["--database", &database]);
    assert_eq!(again.stop("-INT"), Some(0));
}

#[test]
fn it_says_why_it_does_not_start() {
    let refused = run(&["serve", "--bind", "0.0.0.0:0", "--log", "off"]);
    assert_eq!(refused.status.code(), Some(1));
    let why = String::from_utf8(refused.stderr).unwrap();
    assert!(why.contains("only listens on loopback"), "{why}");
    let refused = run(&["serve", "--faults", "/nowhere/plan.json", "--log", "off"]);
    let why = String::from_utf8(refused.stderr).unwrap();
    assert!(why.contains("/nowhere/plan.json: "), "{why}");
}
