#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
use super::*;
use std::ffi::OsString;

fn load(settings: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let mut all = Settings::default();
    for (name, value) in settings {
        all.add(name, (*value).to_owned())?;
    }
    Config::load(&all)
}

fn complaint(settings: &[(&str, &str)]) -> String {
    load(settings).expect_err("it should be refused").to_string()
}

#[test]
fn without_any_setting_everything_is_local() {
    let config = load(&[]).unwrap();
    assert_eq!(config.bind.to_string(), "127.0.0.1:8080");
    assert_eq!(config.twitch, TwitchSource::Sandbox);
    assert!(config.database.expose().starts_with("sqlite://./data/gamification.db"));
    assert_eq!(config.redis_url, None);
}

#[test]
fn the_environment_beats_the_file_and_a_flag_beats_both() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("config.toml");
    std::fs::write(&file, "bind = \"127.0.0.1:1\"\nlog = \"debug\"\nconnections_max = 20\n")
        .unwrap();
    let mut settings = Settings::default();
    settings.add_file(&file).unwrap();
    let variable = |name: &str, value: &str| (OsString::from(name), OsString::from(value));
    let environment = [variable("GAMIFICATION_BIND", "127.0.0.1:2"), variable("PATH", "/")];
    settings.add_environment(environment).unwrap();
    let config = Config::load(&settings).unwrap();
    assert_eq!((config.bind.port(), config.log.as_str()), (2, "debug"));
    assert_eq!(config.http.connections_max, 20);
    settings.add("bind", "127.0.0.1:3".into()).unwrap();
    assert_eq!(Config::load(&settings).unwrap().bind.port(), 3);
}

#[test]
fn unknown_names_are_refused_by_name() {
    let mut settings = Settings::default();
    let variable = |name: &str| [(OsString::from(name), OsString::from("x"))];
    let error = settings.add_environment(variable("GAMIFICATION_BNID")).unwrap_err();
    assert_eq!(error.to_string(), "GAMIFICATION_BNID is no setting");
    settings.add_environment(variable("GAMIFICATION_TEST_POSTGRES_URL")).unwrap();
    assert_eq!(settings.add("bnid", String::new()), Err(ConfigError::Unknown("bnid".into())));
}

#[test]
fn wrong_values_are_refused_by_name() {
    for (name, value) in [
        ("bind", "nowhere"),
        ("public_url", "ftp://x"),
        ("public_url", "https://x/path"),
        ("database_url", "mysql://x"),
        ("redis_url", "127.0.0.1"),
        ("eventsub_transport", "pigeon"),
        ("eventsub_transport", "websocket"),
        ("twitch_eventsub_url", "ws://127.0.0.1:1/ws"),
        ("eventsub_secret", "short"),
        ("secret_key", "AAAA"),
        ("log_format", "xml"),
        ("connections_max", "0"),
        ("ingest_queue_max", "many"),
    ] {
        assert!(complaint(&[(name, value)]).starts_with(name), "{name}={value}");
    }
}

#[test]
fn real_credentials_are_refused_until_logins_exist() {
    let error = complaint(&[("twitch_client_id", "id"), ("twitch_client_secret", "hush-hush")]);
    assert!(error.contains("sandbox") && !error.contains("hush"), "{error}");
}

#[test]
fn another_twitch_is_refused_for_a_public_server() {
    let mock = [
        ("twitch_api_url", "http://127.0.0.1:1/helix"),
        ("twitch_auth_url", "http://127.0.0.1:1"),
        ("twitch_client_id", "id"),
        ("twitch_client_secret", "secret"),
    ];
    for (url, is_fine) in [
        ("http://127.0.0.1:8080", true),
        ("https://localhost", true),
        ("https://[::1]:8443", true),
        ("https://game.example", false),
    ] {
        let outcome = load(&[&mock[..], &[("public_url", url)]].concat());
        assert_eq!(outcome.is_ok(), is_fine, "{url}: {outcome:?}");
    }
}

#[test]
fn secrets_do_not_show_in_debug_output() {
    let key = "aGFyZC10by1ndWVzcy1zZWNyZXQtb2YtMzItYnl0ZXM=";
    let config = load(&[
        ("database_url", "postgres://u:hush@h/d"),
        ("redis_url", "redis://:hush@h"),
        ("eventsub_secret", "hush-hush-hush"),
        ("secret_key", key),
    ]);
    let shown = format!("{config:?}");
    assert!(shown.starts_with("Ok(") && !shown.contains("hush") && !shown.contains(key), "{shown}");
}
