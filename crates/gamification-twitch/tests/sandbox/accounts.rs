use crate::proxy::Fault;
use crate::vault::MemoryVault;
use crate::world::{World, alice, bob};
use gamification_twitch::{
    AccountsError, ChannelKind, EventSubConfig, SetupError, TwitchAdapter, TwitchConfig,
};
use hyper::Method;
use std::sync::Arc;

#[tokio::test]
async fn accounts_are_found_by_their_login() {
    let world = World::new().await;
    let accounts = &world.adapter.accounts;
    let found = accounts.by_login("Alice").await.unwrap().unwrap();
    assert_eq!((found.id, found.login.as_str()), (alice(), "alice"));
    assert_eq!((found.display_name.as_str(), found.kind), ("Alice", ChannelKind::Affiliate));
    assert_eq!(accounts.by_login("bob").await.unwrap().unwrap().kind, ChannelKind::Partner);
    assert_eq!(accounts.by_login("nobody").await, Ok(None));
    let found = accounts.by_id(&bob()).await.unwrap().unwrap();
    assert_eq!((found.id, found.login.as_str()), (bob(), "bob"));
    assert_eq!(accounts.by_id(&"404".into()).await, Ok(None));
    for impossible in ["", "two words", "a&login=bob", &"x".repeat(26)] {
        assert_eq!(accounts.by_login(impossible).await, Ok(None));
    }
    assert_eq!(world.calls("GET", "/helix/users").await, 5);
}

#[tokio::test]
async fn an_application_that_twitch_does_not_know_is_told_so() {
    let world = World::new().await;
    world.proxy.fail(Method::POST, "/oauth2/token", Fault::Answer(403, vec![]), 1);
    let refused = world.adapter.accounts.by_login("alice").await.unwrap_err().to_string();
    assert!(refused.contains("our client id or its secret is wrong"), "{refused}");
    world.proxy.fail(Method::GET, "/helix/users", Fault::Answer(503, vec![]), 1);
    let away = world.adapter.accounts.by_login("alice").await;
    assert_eq!(away, Err(AccountsError::Unavailable("Twitch answered 503".to_owned())));
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_at_start() {
    let config = TwitchConfig {
        client_id: "client".to_owned(),
        client_secret: "secret".to_owned(),
        api_url: "http://127.0.0.1:1/helix".to_owned(),
        auth_url: "http://127.0.0.1:1".to_owned(),
        eventsub: EventSubConfig::Off,
        logs_in_without_people: false,
    };
    let start = |config| {
        let clock = Arc::new(gamification_testkit::ManualClock::default());
        TwitchAdapter::new(config, clock, Arc::new(MemoryVault::default())).map(drop)
    };
    assert!(start(config.clone()).is_ok());
    let wrong = TwitchConfig { api_url: "api.twitch.tv".to_owned(), ..config.clone() };
    assert!(matches!(start(wrong), Err(SetupError::Address { setting: "api_url", .. })));
    let wrong = TwitchConfig { auth_url: "ftp://id.twitch.tv".to_owned(), ..config.clone() };
    assert!(matches!(start(wrong), Err(SetupError::Address { setting: "auth_url", .. })));
    for secret in ["too short", &"x".repeat(101), "nön-ascii sécret"] {
        let callback_url = "https://example.com/hook".to_owned();
        let eventsub = EventSubConfig::Webhook { callback_url, secret: secret.to_owned() };
        let wrong = TwitchConfig { eventsub, ..config.clone() };
        assert!(matches!(start(wrong), Err(SetupError::Secret)), "{secret}");
    }
}
