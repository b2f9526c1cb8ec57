use crate::proxy::Fault;
use crate::world::{World, alice, spec};
use gamification_core::ports::RewardError;
use gamification_twitch::{AccountsError, ChannelKind, SetupError, TwitchAdapter, TwitchConfig};
use hyper::Method;
use std::sync::Arc;

const REWARDS: &str = "/helix/channel_points/custom_rewards";

#[tokio::test]
async fn a_revoked_login_is_renewed_once_and_the_call_repeated() {
    let world = World::new().await;
    world.reward_of_alice().await;
    assert_eq!(world.calls("POST", "/auth/authorize").await, 1);
    world.revoke(&world.proxy.last_token()).await;
    assert_eq!(world.rewards().list(&alice()).await.unwrap().len(), 1);
    assert_eq!(world.calls("POST", "/auth/authorize").await, 2);
    world.revoke(&world.proxy.last_token()).await;
    let made = world.rewards().create(&alice(), &spec("Another"), false).await;
    assert!(made.is_ok(), "{made:?}");
}

#[tokio::test]
async fn a_login_that_stays_refused_is_needed_again() {
    let world = World::new().await;
    world.proxy.fail(Method::GET, REWARDS, Fault::Answer(401, vec![]), 2);
    assert_eq!(world.rewards().list(&alice()).await, Err(RewardError::LoginNeeded));
    assert_eq!(world.calls("POST", "/auth/authorize").await, 2);
    assert_eq!(world.rewards().list(&alice()).await, Ok(vec![]));
}

#[tokio::test]
async fn a_channel_that_twitch_does_not_know_has_to_log_in() {
    let world = World::new().await;
    let list = world.rewards().list(&"404".into()).await;
    assert_eq!(list, Err(RewardError::LoginNeeded));
}

#[tokio::test]
async fn a_token_service_that_fails_makes_no_dead_login() {
    let world = World::new().await;
    world.proxy.fail(Method::POST, "/auth/authorize", Fault::Answer(503, vec![]), 1);
    let list = world.rewards().list(&alice()).await;
    assert!(matches!(list, Err(RewardError::Unavailable { .. })), "{list:?}");
    assert_eq!(world.rewards().list(&alice()).await, Ok(vec![]));
}

#[tokio::test]
async fn many_calls_at_once_log_in_once() {
    let world = World::new().await;
    let calls: Vec<_> = (0..20).map(|_| Arc::clone(&world.adapter.rewards)).collect();
    let mut tasks = tokio::task::JoinSet::new();
    for rewards in calls {
        tasks.spawn(async move {
            gamification_core::ports::TwitchRewards::list(&*rewards, &alice()).await
        });
    }
    for listed in tasks.join_all().await {
        assert_eq!(listed, Ok(vec![]));
    }
    assert_eq!(world.calls("POST", "/auth/authorize").await, 1);
}

#[tokio::test]
async fn accounts_are_found_by_their_login() {
    let world = World::new().await;
    let accounts = &world.adapter.accounts;
    let found = accounts.by_login("Alice").await.unwrap().unwrap();
    assert_eq!((found.id, found.login.as_str()), (alice(), "alice"));
    assert_eq!((found.display_name.as_str(), found.kind), ("Alice", ChannelKind::Affiliate));
    assert_eq!(accounts.by_login("bob").await.unwrap().unwrap().kind, ChannelKind::Partner);
    assert_eq!(accounts.by_login("nobody").await, Ok(None));
    for impossible in ["", "two words", "a&login=bob", &"x".repeat(26)] {
        assert_eq!(accounts.by_login(impossible).await, Ok(None));
    }
    assert_eq!(world.calls("GET", "/helix/users").await, 3);
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
        eventsub: None,
    };
    let start = |config| {
        let clock = Arc::new(gamification_testkit::ManualClock::default());
        TwitchAdapter::new(config, clock).map(drop)
    };
    assert!(start(config.clone()).is_ok());
    let wrong = TwitchConfig { api_url: "api.twitch.tv".to_owned(), ..config.clone() };
    assert!(matches!(start(wrong), Err(SetupError::Address { setting: "api_url", .. })));
    let wrong = TwitchConfig { auth_url: "ftp://id.twitch.tv".to_owned(), ..config.clone() };
    assert!(matches!(start(wrong), Err(SetupError::Address { setting: "auth_url", .. })));
    for secret in ["too short", &"x".repeat(101), "nön-ascii sécret"] {
        let eventsub = Some(gamification_twitch::EventSubConfig {
            callback_url: "https://example.com/hook".to_owned(),
            secret: secret.to_owned(),
        });
        let wrong = TwitchConfig { eventsub, ..config.clone() };
        assert!(matches!(start(wrong), Err(SetupError::Secret)), "{secret}");
    }
}
