//! The fault plan: what goes wrong, that it does so again, and that nothing else does.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use twitch_sandbox::{CallFault, CallFaults, FaultPlan, Sandbox, SandboxConfig, SandboxError};

use crate::harness::{ALICE, Session, World, quick};
use crate::webhook::{ADD, Webhook, events, subscribed};

async fn follow(world: &World, plan: Value) {
    world.control(Method::PUT, "/faults", plan).await.expect(200);
}

/// A plan in which every call goes wrong in one way.
fn always(kind: Value) -> Value {
    json!({ "calls": { "failPercent": 100, "kinds": [kind], "timeoutMs": 20 } })
}

async fn reward_with(alice: &Session<'_>, count: u32) -> (String, Vec<String>) {
    let reward = alice.reward(json!({ "title": "t", "cost": 1 })).await;
    let ids = alice.world.redeem("vi", &reward, count).await;
    (reward, ids)
}

#[tokio::test]
async fn refusals_happen_without_an_effect_until_the_plan_ends() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let (reward, ids) = reward_with(&alice, 1).await;
    for status in [401, 403, 404, 429, 500, 503] {
        follow(&world, always(json!(status))).await;
        let answer = alice.settle(&reward, &ids, "FULFILLED").await.expect(status);
        assert_eq!(answer.body["status"], status);
        let shown = world.look("/faults").await;
        assert_eq!(shown["injected"]["calls"], json!({ status.to_string(): 1 }));
    }
    assert_eq!(world.statuses(&reward).await, ["UNFULFILLED"]);
    world.control(Method::DELETE, "/faults", Value::Null).await.expect(204);
    assert_eq!(world.look("/faults").await["plan"], Value::Null);
    alice.settle(&reward, &ids, "FULFILLED").await.expect(200);
}

#[tokio::test]
async fn an_injected_429_says_when_to_come_again() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    follow(&world, always(json!(429))).await;
    let answer = alice.get("/users").await.expect(429);
    assert_eq!(answer.headers["Ratelimit-Remaining"], "0");
    let reset: i64 = answer.headers["Ratelimit-Reset"].to_str().unwrap().parse().unwrap();
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs().cast_signed();
    assert!((now - 5..=now + 2).contains(&reset), "{reset} is about a second after {now}");
}

#[tokio::test]
async fn a_timeout_leaves_its_effect_or_none() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let (reward, ids) = reward_with(&alice, 2).await;
    follow(&world, always(json!("timeoutBefore"))).await;
    alice.settle(&reward, &ids[..1], "CANCELED").await.expect(504);
    assert_eq!(world.statuses(&reward).await, ["UNFULFILLED"; 2]);
    follow(&world, always(json!("timeoutAfterEffect"))).await;
    alice.settle(&reward, &ids[..1], "CANCELED").await.expect(504);
    assert_eq!(world.statuses(&reward).await, ["CANCELED", "UNFULFILLED"]);
}

#[tokio::test]
async fn whoever_is_less_patient_than_a_timeout_hears_nothing() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let (reward, ids) = reward_with(&alice, 1).await;
    let slow = json!({
        "calls": { "failPercent": 100, "kinds": ["timeoutAfterEffect"], "timeoutMs": 600_000 }
    });
    follow(&world, slow).await;
    let path = alice.redemptions(&reward, &format!("&id={}", ids[0]));
    let request = alice.request(Method::PATCH, &path).json(&json!({ "status": "FULFILLED" }));
    let error = request.timeout(Duration::from_millis(500)).send().await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(world.statuses(&reward).await, ["FULFILLED"]);
}

#[tokio::test]
async fn half_a_batch_is_settled_and_the_answer_is_500() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let (reward, ids) = reward_with(&alice, 5).await;
    follow(&world, always(json!("halfBatch"))).await;
    alice.settle(&reward, &ids, "CANCELED").await.expect(500);
    let half = ["CANCELED", "CANCELED", "CANCELED", "UNFULFILLED", "UNFULFILLED"];
    assert_eq!(world.statuses(&reward).await, half);
    alice.get("/users").await.expect(200);
    assert_eq!(world.look("/faults").await["injected"]["calls"], json!({ "halfBatch": 1 }));
}

#[tokio::test]
async fn only_the_named_calls_go_wrong() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let mut plan = always(json!(500));
    plan["paths"] = json!(["GET /users", "/channel_points/custom_rewards/*"]);
    follow(&world, plan).await;
    alice.get("/users").await.expect(500);
    alice.get("/streams").await.expect(200);
    alice.get(&alice.rewards("")).await.expect(200);
    alice.get(&alice.redemptions("x", "")).await.expect(500);
}

#[tokio::test]
async fn the_same_seed_fails_the_same_calls() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let run = async |seed: u64| {
        let calls = json!({ "failPercent": 30, "kinds": [429, 500, 503] });
        follow(&world, json!({ "seed": seed, "calls": calls })).await;
        let mut statuses = Vec::new();
        for _ in 0..40 {
            statuses.push(alice.get("/users").await.status);
        }
        statuses
    };
    let first = run(7).await;
    assert_eq!(run(7).await, first);
    assert_ne!(run(8).await, first);
    let kinds: HashSet<u16> = first.into_iter().collect();
    assert!(kinds.contains(&200) && kinds.len() > 2, "{kinds:?}");
}

async fn redemption_events(world: &World, webhook: &Webhook) -> Vec<(String, String)> {
    world.idle().await;
    let got = webhook.notifications();
    let ids = events(&got, ADD).into_iter().map(|(id, _)| id);
    ids.zip(got.iter().map(|got| got.header("message-id").to_owned())).collect()
}

#[tokio::test]
async fn events_get_lost_come_twice_and_come_late() {
    let world = World::new().await;
    let (webhook, reward) = subscribed(&world).await;
    let events = json!({ "dropPercent": 20, "duplicatePercent": 30, "delayPercent": 30,
        "delayMaxMs": 30, "reorderPercent": 20 });
    follow(&world, json!({ "seed": 5, "events": events })).await;
    let made = world.redeem("vi", &reward, 100).await;
    let got = redemption_events(&world, &webhook).await;
    let injected = world.look("/faults").await["injected"]["events"].clone();
    let count = |name: &str| injected[name].as_u64().unwrap() as usize;

    let mut messages_of: HashMap<&str, Vec<&str>> = HashMap::new();
    for (redemption, message) in &got {
        messages_of.entry(redemption).or_default().push(message);
    }
    assert_eq!(messages_of.len(), made.len() - count("dropped"));
    let twice: Vec<_> = messages_of.values().filter(|ids| ids.len() == 2).collect();
    let under_one_id = twice.iter().filter(|ids| ids[0] == ids[1]).count();
    assert_eq!(under_one_id, count("duplicated"));
    assert_eq!(twice.len() - under_one_id, count("duplicatedUnderNewId"));
    for name in ["dropped", "duplicated", "duplicatedUnderNewId", "delayed", "reordered"] {
        assert!(count(name) > 0, "{injected}");
    }
}

#[tokio::test]
async fn a_reordered_event_is_not_lost() {
    let world = World::new().await;
    let (webhook, reward) = subscribed(&world).await;
    follow(&world, json!({ "events": { "reorderPercent": 100 } })).await;
    let first = world.redeem("vi", &reward, 1).await;
    world.control(Method::DELETE, "/faults", Value::Null).await.expect(204);
    let second = world.redeem("vi", &reward, 1).await;
    let got = redemption_events(&world, &webhook).await;
    let order: HashSet<&String> = got.iter().map(|(redemption, _)| redemption).collect();
    assert_eq!(order, HashSet::from([&first[0], &second[0]]), "neither is lost");
}

#[tokio::test]
async fn a_plan_that_cannot_be_followed_is_refused() {
    let world = World::new().await;
    for plan in [
        json!({ "events": { "dropPercent": 101 } }),
        json!({ "calls": { "failPercent": 1, "kinds": [] } }),
        json!({ "calls": { "kinds": ["odd"] } }),
        json!({ "odd": 1 }),
    ] {
        world.control(Method::PUT, "/faults", plan).await.expect(400);
    }
    assert_eq!(world.look("/faults").await["plan"], Value::Null);
    let calls = CallFaults { fail_percent: 101, ..CallFaults::default() };
    let faults = Some(FaultPlan { calls, ..FaultPlan::default() });
    let refused = Sandbox::start(SandboxConfig { faults, ..quick() }).await.unwrap_err();
    assert!(matches!(refused, SandboxError::Faults(_)), "{refused}");
}

#[tokio::test]
async fn a_sandbox_can_start_with_faults() {
    let kinds = vec![CallFault::Unavailable];
    let calls = CallFaults { fail_percent: 100, kinds, ..CallFaults::default() };
    let faults = Some(FaultPlan { calls, ..FaultPlan::default() });
    let world = World::with(SandboxConfig { faults, ..quick() }).await;
    let alice = world.broadcaster(ALICE).await;
    alice.get("/users").await.expect(503);
}
