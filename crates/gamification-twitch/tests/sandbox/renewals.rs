use crate::proxy::Fault;
use crate::world::{World, alice};
use gamification_core::ports::{RewardError, TwitchRewards};
use gamification_twitch::{EventSubConfig, scopes};
use hyper::Method;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use twitch_sandbox::SandboxConfig;

const REWARDS: &str = "/helix/channel_points/custom_rewards";
const TOKEN: &str = "/oauth2/token";

type Listed = Result<usize, RewardError>;

async fn list(world: &World) -> Listed {
    world.rewards().list(&alice()).await.map(|rewards| rewards.len())
}

/// Calls that go on by themselves.
fn listing(world: &World, times: u32) -> JoinSet<Listed> {
    let mut calls = JoinSet::new();
    for _ in 0..times {
        let rewards = Arc::clone(&world.adapter.rewards);
        calls.spawn(async move { rewards.list(&alice()).await.map(|rewards| rewards.len()) });
    }
    calls
}

/// A Twitch on which every refresh token is good once, and a login whose access token is refused.
async fn world_with_a_refused_token() -> World {
    let sandbox = SandboxConfig { rotate_refresh_tokens: true, ..SandboxConfig::default() };
    let world = World::started(sandbox, EventSubConfig::Off).await;
    assert_eq!(list(&world).await, Ok(0));
    world.revoke(&world.proxy.last_token()).await;
    world
}

async fn until(holds: impl Fn() -> bool) {
    let waited = async {
        while !holds() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waited).await.expect("it never comes true");
}

fn is_unavailable(listed: &Listed) -> bool {
    matches!(listed, Err(RewardError::Unavailable { .. }))
}

#[tokio::test]
async fn no_answer_but_a_clear_no_ends_a_login_or_loses_its_tokens() {
    let tokens = |rest: &'static str| Fault::Body(200, rest);
    for fault in [
        Fault::Answer(500, vec![]),
        Fault::Answer(503, vec![]),
        Fault::Answer(429, vec![]),
        Fault::Answer(404, vec![]),
        Fault::Answer(302, vec![("location", "/oauth2/validate".to_owned())]),
        Fault::Body(403, r#"{"status":403,"message":"invalid client secret"}"#),
        Fault::Body(400, r#"{"status":400,"message":"invalid client"}"#),
        tokens("<html>maintenance</html>"),
        tokens("{}"),
        tokens(""),
        tokens(r#"{"access_token":"new","expires_in":4000}"#),
        tokens(r#"{"access_token":"new","refresh_token":"","expires_in":4000}"#),
        tokens(r#"{"access_token":"","refresh_token":"new","expires_in":4000}"#),
        tokens(r#"{"access_token":"new","refresh_token":"new","expires_in":"soon"}"#),
        tokens(r#"{"access_token":"new","refresh_token":"new","expires_in":-1}"#),
        tokens(r#"[{"access_token":"new"}]"#),
    ] {
        let world = world_with_a_refused_token().await;
        let kept = world.vault.held(&alice());
        world.proxy.fail(Method::POST, TOKEN, fault.clone(), 1);
        assert!(is_unavailable(&list(&world).await), "{fault:?}");
        assert_eq!(world.vault.held(&alice()), kept, "{fault:?}");
        assert_eq!(world.vault.losses(), [], "{fault:?}");
        // It is left alone for a few seconds, and then asked again.
        world.clock.advance(4);
        assert!(is_unavailable(&list(&world).await), "{fault:?}");
        assert_eq!(world.calls("POST", TOKEN).await, 0, "{fault:?}");
        world.clock.advance(1);
        assert_eq!(list(&world).await, Ok(0), "{fault:?}");
        assert!(!world.proxy.has_seen("new"));
    }
}

#[tokio::test]
async fn a_token_service_that_hangs_is_waited_for_once_and_not_by_everybody() {
    let world = world_with_a_refused_token().await;
    world.proxy.fail(Method::POST, TOKEN, Fault::Silence, u32::MAX);
    let began = Instant::now();
    for listed in listing(&world, 50).join_all().await {
        assert!(is_unavailable(&listed));
    }
    assert_eq!(world.proxy.faults_met(), 1);
    // One time limit of five seconds, not fifty.
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    assert_eq!(world.vault.losses(), []);
}

#[tokio::test]
async fn new_tokens_are_not_used_before_the_vault_has_them_and_not_lost_when_it_fails() {
    let world = world_with_a_refused_token().await;
    let old = world.vault.held(&alice());
    world.vault.fail_renewals(2);
    for _ in 0..2 {
        assert!(is_unavailable(&list(&world).await));
        assert_eq!(world.vault.held(&alice()), old);
        assert_eq!(world.proxy.last_token(), old.tokens.access);
    }
    assert_eq!(list(&world).await, Ok(0));
    let new = world.vault.held(&alice()).tokens;
    assert_eq!(world.proxy.last_token(), new.access);
    assert_ne!((new.access, new.refresh), (old.tokens.access, old.tokens.refresh));
    // The refresh token was good once: asking again would have ended the login.
    assert_eq!(world.calls("POST", TOKEN).await, 1);
}

#[tokio::test]
async fn a_process_that_dies_between_writing_and_using_leaves_a_good_login() {
    let world = world_with_a_refused_token().await;
    let told = Arc::new(Notify::new());
    world.proxy.fail(Method::POST, TOKEN, Fault::PassOnWhen(Arc::clone(&told)), 1);
    let old = world.vault.held(&alice()).tokens;
    let mut call = listing(&world, 1);
    until(|| world.proxy.faults_met() == 1).await;
    // Whoever asked does not wait for the answer any more; it is kept all the same.
    call.shutdown().await;
    assert_eq!(world.vault.held(&alice()).tokens, old);
    told.notify_one();
    world.adapter.logins.finish().await;
    let new = world.vault.held(&alice()).tokens;
    assert!(!world.proxy.has_seen(&new.access));
    let restarted = world.restarted_adapter(None);
    assert_eq!(restarted.rewards.list(&alice()).await, Ok(vec![]));
    assert_eq!(world.proxy.last_token(), new.access);
    assert_eq!(world.calls("POST", TOKEN).await, 1);
}

#[tokio::test]
async fn a_person_who_logs_in_during_a_renewal_keeps_the_new_login() {
    let world = world_with_a_refused_token().await;
    let told = Arc::new(Notify::new());
    world.proxy.fail(Method::POST, TOKEN, Fault::PassOnWhen(Arc::clone(&told)), 1);
    let call = listing(&world, 1);
    until(|| world.proxy.faults_met() == 1).await;
    let new = world.granted(&alice(), &[scopes::REWARDS]).await;
    world.vault.log_in(&alice(), new.clone());
    told.notify_one();
    assert_eq!(call.join_all().await[0], Ok(0));
    let held = world.vault.held(&alice());
    assert_eq!((held.generation, &held.tokens), (2, &new));
    assert_eq!(world.proxy.last_token(), new.access);
}

#[tokio::test]
async fn a_refusal_of_an_older_login_is_not_held_against_the_new_one() {
    let world = world_with_a_refused_token().await;
    let told = Arc::new(Notify::new());
    world.proxy.fail(Method::POST, TOKEN, Fault::PassOnWhen(Arc::clone(&told)), 1);
    let used_up = world.vault.held(&alice()).tokens.refresh;
    let client = SandboxConfig::default().client;
    let form = [
        ("client_id", client.client_id.as_str()),
        ("client_secret", &client.client_secret),
        ("grant_type", "refresh_token"),
        ("refresh_token", &used_up),
    ];
    assert!(world.post_form(TOKEN, &form).await.status().is_success());
    let call = listing(&world, 1);
    until(|| world.proxy.faults_met() == 1).await;
    let new = world.granted(&alice(), &[scopes::REWARDS]).await;
    world.vault.log_in(&alice(), new);
    told.notify_one();
    assert_eq!(call.join_all().await[0], Ok(0));
    assert_eq!(world.vault.losses(), []);
    assert!(world.vault.held(&alice()).is_connected);
}

#[tokio::test]
async fn a_login_that_returns_while_the_old_one_is_given_up_is_needed_no_more() {
    let world = World::new().await;
    let told = Arc::new(Notify::new());
    world.proxy.fail(Method::GET, REWARDS, Fault::Answer(401, vec![]), 2);
    let waits = Fault::PassOnWhen(Arc::clone(&told));
    world.proxy.fail(Method::GET, "/oauth2/validate", waits, 1);
    let call = listing(&world, 1);
    until(|| world.proxy.faults_met() == 3).await;
    world.revoke(&world.vault.held(&alice()).tokens.access).await;
    world.log_in(&alice()).await;
    told.notify_one();
    assert!(is_unavailable(&call.join_all().await[0]));
    assert_eq!(world.vault.losses(), []);
    assert_eq!(list(&world).await, Ok(0));
}
