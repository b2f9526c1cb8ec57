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
        ("conduit_shard", "websocket"),
        ("secret_keys_old", "AAAA"),
        ("open_signup", "perhaps"),
        ("session_days", "0"),
        ("session_days", "366"),
        ("eventsub_secret", "short"),
        ("secret_key", "AAAA"),
        ("log_format", "xml"),
        ("connections_max", "0"),
        ("ingest_queue_max", "many"),
    ] {
        assert!(complaint(&[(name, value)]).starts_with(name), "{name}={value}");
    }
}

const CLIENT: [(&str, &str); 2] = [("twitch_client_id", "id"), ("twitch_client_secret", "hush")];

const MOCK: [(&str, &str); 4] = [
    ("twitch_api_url", "http://127.0.0.1:1/helix"),
    ("twitch_auth_url", "http://127.0.0.1:1"),
    CLIENT[0],
    CLIENT[1],
];

#[test]
fn credentials_without_the_addresses_of_a_mock_are_those_of_the_real_twitch() {
    let config = load(&CLIENT).unwrap();
    assert!(matches!(config.twitch, TwitchSource::Real { client_id, .. } if client_id == "id"));
    for (given, missing) in [(CLIENT[0], CLIENT[1].0), (CLIENT[1], CLIENT[0].0)] {
        let error = complaint(&[given]);
        assert!(error.starts_with(missing) && !error.contains("hush"), "{error}");
    }
    for (given, missing) in [
        (vec![MOCK[0]], "twitch_auth_url"),
        (vec![MOCK[1]], "twitch_api_url"),
        (vec![("twitch_eventsub_url", "ws://127.0.0.1:1/ws")], "twitch_api_url"),
        (MOCK[..2].to_vec(), "twitch_client_id"),
    ] {
        let error = complaint(&given);
        assert!(error.starts_with(missing), "{error}");
    }
    let not_a_websocket = [&MOCK[..], &[("twitch_eventsub_url", "http://127.0.0.1:1")]].concat();
    assert!(complaint(&not_a_websocket).starts_with("twitch_eventsub_url"));
}

#[test]
fn events_come_over_a_websocket_unless_there_is_none_or_something_else_is_asked_for() {
    use EventSubTransport::{Conduit, Webhook, Websocket};
    let websocket = ("twitch_eventsub_url", "ws://127.0.0.1:1/ws");
    let transport = |value| ("eventsub_transport", value);
    let shard = |value| ("conduit_shard", value);
    for (settings, expected) in [
        (vec![], Websocket),
        (CLIENT.to_vec(), Websocket),
        (MOCK.to_vec(), Webhook),
        ([&MOCK[..], &[websocket]].concat(), Websocket),
        ([&MOCK[..], &[websocket, transport("webhook")]].concat(), Webhook),
        (vec![transport("conduit")], Conduit(ConduitShard::Websocket)),
        (vec![transport("conduit"), shard("webhook")], Conduit(ConduitShard::Webhook)),
    ] {
        let config = load(&settings).unwrap();
        assert_eq!(config.eventsub_transport, expected, "{settings:?}");
    }
    for kind in ["websocket", "conduit"] {
        let error = complaint(&[&MOCK[..], &[transport(kind)]].concat());
        assert!(error.starts_with("twitch_eventsub_url"), "{error}");
    }
    let error = complaint(&[transport("conduit"), shard("pigeon")]);
    assert!(error.starts_with("conduit_shard"), "{error}");
}

#[test]
fn the_real_twitch_is_not_asked_to_call_an_address_that_it_does_not_call() {
    let webhook = ("eventsub_transport", "webhook");
    let conduit = [("eventsub_transport", "conduit"), ("conduit_shard", "webhook")];
    for (url, is_fine) in [
        ("https://game.example", true),
        ("https://game.example:443", true),
        ("https://game.example:8443", false),
        ("http://game.example", false),
        ("https://localhost", false),
    ] {
        let url = ("public_url", url);
        for outcome in [
            load(&[&CLIENT[..], &[webhook, url]].concat()),
            load(&[&CLIENT[..], &conduit, &[url]].concat()),
        ] {
            assert_eq!(outcome.is_ok(), is_fine, "{url:?}: {outcome:?}");
        }
        assert!(load(&[&CLIENT[..], &[url]].concat()).is_ok(), "a websocket needs no address");
    }
    assert!(complaint(&[&CLIENT[..], &[webhook]].concat()).starts_with("public_url"));
}

#[test]
fn keys_of_old_and_the_rules_of_sign_in_are_read() {
    let config = load(&[]).unwrap();
    assert!(!config.open_signup && config.session_days == 30 && config.secret_keys_old.is_empty());
    let (one, two) = (Secret::random_key(), Secret::random_key());
    let old = format!("{}, {}", one.expose(), two.expose());
    let settings = [("secret_keys_old", &*old), ("open_signup", "true"), ("session_days", "7")];
    let config = load(&settings).unwrap();
    assert!(config.open_signup && config.session_days == 7);
    assert_eq!(config.secret_keys_old, [one, two]);
}

#[test]
fn another_twitch_is_refused_for_a_public_server() {
    for (url, is_fine) in [
        ("http://127.0.0.1:8080", true),
        ("https://localhost", true),
        ("https://[::1]:8443", true),
        ("https://game.example", false),
    ] {
        let outcome = load(&[&MOCK[..], &[("public_url", url)]].concat());
        assert_eq!(outcome.is_ok(), is_fine, "{url}: {outcome:?}");
    }
    // Named, even where the other addresses are not there.
    let public = ("public_url", "https://game.example");
    let error = complaint(&[("twitch_eventsub_url", "ws://127.0.0.1:1/ws"), public]);
    assert!(error.starts_with("twitch_eventsub_url"), "{error}");
}

#[test]
fn secrets_do_not_show_in_debug_output() {
    let key = "aGFyZC10by1ndWVzcy1zZWNyZXQtb2YtMzItYnl0ZXM=";
    let config = load(&[
        ("database_url", "postgres://u:hush@h/d"),
        ("redis_url", "redis://:hush@h"),
        ("eventsub_secret", "hush-hush-hush"),
        ("secret_key", key),
        ("secret_keys_old", key),
        CLIENT[0],
        CLIENT[1],
    ]);
    let shown = format!("{config:?}");
    assert!(shown.starts_with("Ok(") && !shown.contains("hush") && !shown.contains(key), "{shown}");
}
