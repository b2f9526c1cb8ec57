use crate::proxy::Fault;
use crate::world::{World, alice, bob, spec};
use gamification_core::login::LoginLoss;
use gamification_core::ports::{RewardError, TwitchRewards};
use hyper::Method;
use std::sync::Arc;
use tokio::task::JoinSet;

const REWARDS: &str = "/helix/channel_points/custom_rewards";
const TOKEN: &str = "/oauth2/token";
const WITHOUT_PEOPLE: &str = "/auth/authorize";

/// Everybody who asks at once gets an answer.
async fn list_often(world: &World, times: u32) -> Vec<Result<usize, RewardError>> {
    let mut tasks = JoinSet::new();
    for _ in 0..times {
        let rewards = Arc::clone(&world.adapter.rewards);
        tasks.spawn(async move { rewards.list(&alice()).await.map(|rewards| rewards.len()) });
    }
    tasks.join_all().await
}

#[tokio::test]
async fn a_channel_of_the_sandbox_is_logged_in_once_and_the_vault_keeps_it() {
    let world = World::new().await;
    assert_eq!(list_often(&world, 20).await, vec![Ok(0); 20]);
    assert_eq!(world.calls("POST", WITHOUT_PEOPLE).await, 1);
    assert_eq!(world.vault.held(&alice()).tokens.access, world.proxy.last_token());
    let restarted = world.restarted_adapter(None);
    assert_eq!(restarted.rewards.list(&alice()).await, Ok(vec![]));
    assert_eq!(world.calls("POST", WITHOUT_PEOPLE).await, 1);
    assert_eq!(world.rewards().list(&bob()).await, Ok(vec![]));
    assert_eq!(world.calls("POST", WITHOUT_PEOPLE).await, 2);
}

#[tokio::test]
async fn a_channel_that_never_logged_in_has_to_and_nobody_is_called_for_that() {
    let world = World::new().await;
    let adapter = world.adapter_for_people();
    assert_eq!(adapter.rewards.list(&alice()).await, Err(RewardError::LoginNeeded));
    assert_eq!(world.rewards().list(&"404".into()).await, Err(RewardError::LoginNeeded));
    assert_eq!(world.calls("GET", REWARDS).await, 0);
    world.log_in(&alice()).await;
    assert_eq!(adapter.rewards.list(&alice()).await, Ok(vec![]));
}

#[tokio::test]
async fn a_token_that_is_refused_is_renewed_once_and_the_call_repeated() {
    let world = World::new().await;
    world.reward_of_alice().await;
    for renewals in 1..=2 {
        let before = world.vault.held(&alice());
        world.revoke(&before.tokens.access).await;
        assert_eq!(world.rewards().list(&alice()).await.unwrap().len(), 1);
        assert_eq!(world.calls("POST", TOKEN).await, renewals);
        let after = world.vault.held(&alice());
        assert_ne!(after.tokens.access, before.tokens.access);
        assert_eq!(after.generation, before.generation);
        assert_eq!(after.tokens.access, world.proxy.last_token());
    }
    world.revoke(&world.proxy.last_token()).await;
    assert!(world.rewards().create(&alice(), &spec("Another"), false).await.is_ok());
    assert_eq!(world.calls("POST", WITHOUT_PEOPLE).await, 1);
}

#[tokio::test]
async fn a_hundred_calls_that_are_refused_at_once_renew_once() {
    let world = World::new().await;
    assert_eq!(world.rewards().list(&alice()).await, Ok(vec![]));
    world.revoke(&world.proxy.last_token()).await;
    assert_eq!(list_often(&world, 100).await, vec![Ok(0); 100]);
    assert_eq!(world.calls("POST", TOKEN).await, 1);
    assert_eq!(world.vault.losses(), []);
}

#[tokio::test]
async fn a_token_that_is_about_to_end_is_renewed_before_it_is_used() {
    let world = World::new().await;
    assert_eq!(world.rewards().list(&alice()).await, Ok(vec![]));
    world.clock.advance(4 * 3600 - 70);
    assert_eq!(world.rewards().list(&alice()).await, Ok(vec![]));
    assert_eq!(world.calls("POST", TOKEN).await, 0);
    world.clock.advance(20);
    assert_eq!(world.rewards().list(&alice()).await, Ok(vec![]));
    assert_eq!(world.calls("POST", TOKEN).await, 1);
    assert_eq!(world.calls("GET", REWARDS).await, 3);
}

#[tokio::test]
async fn a_token_that_is_about_to_end_is_used_when_no_new_one_comes() {
    let world = World::new().await;
    assert_eq!(world.rewards().list(&alice()).await, Ok(vec![]));
    world.clock.advance(4 * 3600 - 50);
    world.proxy.fail(Method::POST, TOKEN, Fault::Answer(503, vec![]), 1);
    assert_eq!(world.rewards().list(&alice()).await, Ok(vec![]));
    assert_eq!(world.proxy.faults_met(), 1);
    assert_eq!(world.vault.losses(), []);
}

#[tokio::test]
async fn what_another_node_renewed_is_taken_from_the_vault() {
    let world = World::new().await;
    let other = world.restarted_adapter(None);
    assert_eq!(world.rewards().list(&alice()).await, Ok(vec![]));
    assert_eq!(other.rewards.list(&alice()).await, Ok(vec![]));
    world.revoke(&world.proxy.last_token()).await;
    assert_eq!(world.rewards().list(&alice()).await, Ok(vec![]));
    assert_eq!(other.rewards.list(&alice()).await, Ok(vec![]));
    assert_eq!(world.calls("POST", TOKEN).await, 1);
}

#[tokio::test]
async fn a_refresh_token_that_is_refused_ends_the_login_until_the_person_returns() {
    for body in [r#"{"status":400,"message":"Invalid refresh token"}"#, "not even json"] {
        let world = World::new().await;
        world.log_in(&alice()).await;
        let kept = world.vault.held(&alice()).tokens;
        world.revoke(&kept.access).await;
        world.proxy.fail(Method::POST, TOKEN, Fault::Body(400, body), 1);
        let mut listed = list_often(&world, 20).await;
        listed.dedup();
        assert_eq!(listed, [Err(RewardError::LoginNeeded)]);
        assert_eq!(world.vault.losses(), [(alice(), LoginLoss::Refused)]);
        assert_eq!(world.vault.held(&alice()).tokens, kept);
        let calls = world.calls("GET", REWARDS).await;
        assert_eq!(world.rewards().list(&alice()).await, Err(RewardError::LoginNeeded));
        assert_eq!(world.calls("GET", REWARDS).await, calls);
        assert_eq!(world.calls("POST", WITHOUT_PEOPLE).await, 1, "only the first login");
        world.log_in(&alice()).await;
        assert_eq!(world.rewards().list(&alice()).await, Ok(vec![]));
    }
}

#[tokio::test]
async fn a_refusal_of_a_token_that_twitch_calls_good_troubles_nobody() {
    let world = World::new().await;
    world.proxy.fail(Method::GET, REWARDS, Fault::Answer(401, vec![]), 2);
    let refused = world.rewards().list(&alice()).await;
    assert!(matches!(refused, Err(RewardError::Unavailable { .. })), "{refused:?}");
    assert_eq!(world.calls("POST", TOKEN).await, 1);
    assert_eq!(world.vault.losses(), []);
    assert_eq!(world.rewards().list(&alice()).await, Ok(vec![]));
}

#[tokio::test]
async fn a_new_token_that_is_refused_everywhere_ends_the_login() {
    let world = World::new().await;
    world.proxy.fail(Method::GET, REWARDS, Fault::Answer(401, vec![]), 2);
    world.proxy.fail(Method::GET, "/oauth2/validate", Fault::Answer(401, vec![]), 1);
    assert_eq!(world.rewards().list(&alice()).await, Err(RewardError::LoginNeeded));
    assert_eq!(world.vault.losses(), [(alice(), LoginLoss::Refused)]);
}
