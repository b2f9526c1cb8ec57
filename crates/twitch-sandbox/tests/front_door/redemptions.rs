//! Redeeming and settling.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use twitch_sandbox::SandboxConfig;

use crate::harness::{ALICE, Answer, World, quick};

async fn refused(world: &World, body: Value) -> (u16, String) {
    let answer = world.control(Method::POST, "/redeem", body).await;
    (answer.status, answer.body["reason"].as_str().unwrap_or_default().to_owned())
}

fn ids(answer: &Answer) -> Vec<String> {
    answer.data().iter().map(|each| each["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn pending_redemptions_come_page_by_page_oldest_first() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let reward = alice.reward(json!({ "title": "Invert", "cost": 5, "prompt": "p" })).await;
    let made = world.redeem("vera", &reward, 25).await;

    let path = alice.redemptions(&reward, "&status=UNFULFILLED");
    let first = alice.get(&path).await.expect(200);
    assert_eq!(ids(&first), made[..20]);
    let cursor = first.body["pagination"]["cursor"].as_str().unwrap();
    let second = alice.get(&format!("{path}&after={cursor}")).await.expect(200);
    assert_eq!(ids(&second), made[20..]);
    assert_eq!(second.body["pagination"], json!({}));
    let newest = alice.get(&format!("{path}&sort=NEWEST&first=2")).await.expect(200);
    assert_eq!(ids(&newest), [made[24].clone(), made[23].clone()]);
    let cursor = newest.body["pagination"]["cursor"].as_str().unwrap();
    let newest = alice.get(&format!("{path}&sort=NEWEST&first=1&after={cursor}")).await;
    assert_eq!(ids(&newest), [made[22].clone()]);

    let one = &first.data()[0];
    assert_eq!(one["reward"], json!({ "id": reward, "title": "Invert", "prompt": "p", "cost": 5 }));
    assert_eq!((&one["user_login"], &one["broadcaster_id"]), (&json!("vera"), &json!(ALICE)));
    let at = one["redeemed_at"].as_str().unwrap();
    assert_eq!(at.len(), "2020-07-01T18:37:32Z".len(), "Helix shows whole seconds: {at}");
}

#[tokio::test]
async fn wrong_questions_about_redemptions_are_refused() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let reward = alice.reward(json!({ "title": "Invert", "cost": 5 })).await;
    for more in [
        "",
        "&status=PENDING",
        "&status=UNFULFILLED&first=51",
        "&status=UNFULFILLED&first=0",
        "&status=UNFULFILLED&after=x",
        "&status=UNFULFILLED&sort=UP",
    ] {
        let answer = alice.get(&alice.redemptions(&reward, more)).await;
        assert_eq!(answer.status, 400, "{more}");
    }
    alice.get(&alice.redemptions(&reward, "&id=unknown")).await.expect(404);
    alice.get(&alice.redemptions("unknown", "&status=FULFILLED")).await.expect(404);
    let known = world.redeem("vera", &reward, 1).await.remove(0);
    let some = format!("&id=unknown&id={known}");
    let found = alice.get(&alice.redemptions(&reward, &some)).await.expect(200);
    assert_eq!(ids(&found), [known]);
}

#[tokio::test]
async fn fulfilled_keeps_the_points_and_cancelled_gives_them_back() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let reward = alice.reward(json!({ "title": "Invert", "cost": 100 })).await;
    let made = world.redeem("vera", &reward, 3).await;
    assert_eq!(world.points("vera", ALICE).await, 10_000_000 - 300);
    let answer = alice.settle(&reward, &made[..2], "CANCELED").await.expect(200);
    assert_eq!(ids(&answer), made[..2]);
    assert!(answer.data().iter().all(|each| each["status"] == "CANCELED"));
    assert_eq!(world.points("vera", ALICE).await, 10_000_000 - 100);
    alice.settle(&reward, &made[2..], "FULFILLED").await.expect(200);
    assert_eq!(world.points("vera", ALICE).await, 10_000_000 - 100);
    assert_eq!(world.statuses(&reward).await, ["CANCELED", "CANCELED", "FULFILLED"]);
}

#[tokio::test]
async fn one_settled_or_unknown_id_refuses_the_whole_batch() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let reward = alice.reward(json!({ "title": "Invert", "cost": 100 })).await;
    let other = alice.reward(json!({ "title": "Other", "cost": 100 })).await;
    let made = world.redeem("vera", &reward, 3).await;
    let foreign = world.redeem("vera", &other, 1).await;
    alice.settle(&reward, &made[..1], "FULFILLED").await.expect(200);
    let points = world.points("vera", ALICE).await;

    alice.settle(&reward, &made, "CANCELED").await.expect(404);
    alice.settle(&reward, &made[..1], "FULFILLED").await.expect(404);
    let unknown = [made[1].clone(), "0b0e5c6e-0000-4000-8000-000000000000".into()];
    alice.settle(&reward, &unknown, "CANCELED").await.expect(404);
    alice.settle(&reward, &[made[1].clone(), foreign[0].clone()], "CANCELED").await.expect(404);
    assert_eq!(world.statuses(&reward).await, ["FULFILLED", "UNFULFILLED", "UNFULFILLED"]);
    assert_eq!(world.points("vera", ALICE).await, points);
    alice.settle(&reward, &made[1..], "CANCELED").await.expect(200);
}

#[tokio::test]
async fn a_batch_holds_fifty_ids_and_only_final_statuses() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let reward = alice.reward(json!({ "title": "Invert", "cost": 1 })).await;
    let made = world.redeem("vera", &reward, 51).await;
    alice.settle(&reward, &made, "FULFILLED").await.expect(400);
    alice.settle(&reward, &[], "FULFILLED").await.expect(400);
    alice.settle(&reward, &made[..1], "UNFULFILLED").await.expect(400);
    alice.settle(&reward, &made[..1], "CANCELLED").await.expect(400);
    assert_eq!(alice.settle(&reward, &made[..50], "FULFILLED").await.expect(200).data().len(), 50);
}

#[tokio::test]
async fn settling_takes_twenty_milliseconds_per_id() {
    let latency = SandboxConfig::default().settlement_latency_per_id;
    let config = SandboxConfig { settlement_latency_per_id: latency, ..quick() };
    let world = World::with(config).await;
    let alice = world.broadcaster(ALICE).await;
    let reward = alice.reward(json!({ "title": "Invert", "cost": 1 })).await;
    let made = world.redeem("vera", &reward, 10).await;
    let start = Instant::now();
    alice.settle(&reward, &made, "FULFILLED").await.expect(200);
    assert!(start.elapsed() >= Duration::from_millis(200), "{:?}", start.elapsed());
}

#[tokio::test]
async fn of_many_settlements_at_once_exactly_one_wins() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let reward = alice.reward(json!({ "title": "Invert", "cost": 100 })).await;
    let made = world.redeem("vera", &reward, 1).await;
    let path = alice.redemptions(&reward, &format!("&id={}", made[0]));
    let mut calls = tokio::task::JoinSet::new();
    for n in 0..10 {
        let status = if n % 2 == 0 { "CANCELED" } else { "FULFILLED" };
        let request = alice.request(Method::PATCH, &path).json(&json!({ "status": status }));
        calls.spawn(async move { (status, request.send().await.unwrap().status().as_u16()) });
    }
    let answers = calls.join_all().await;
    let won: Vec<_> = answers.iter().filter(|(_, code)| *code == 200).collect();
    assert_eq!(won.len(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|(_, code)| *code == 404).count(), 9);
    assert_eq!(world.statuses(&reward).await, [won[0].0]);
    let left = if won[0].0 == "CANCELED" { 10_000_000 } else { 10_000_000 - 100 };
    assert_eq!(world.points("vera", ALICE).await, left);
}

#[tokio::test]
async fn a_settlement_happens_although_the_caller_hung_up() {
    let config = SandboxConfig { settlement_latency_per_id: Duration::from_millis(300), ..quick() };
    let world = World::with(config).await;
    let alice = world.broadcaster(ALICE).await;
    let reward = alice.reward(json!({ "title": "Invert", "cost": 100 })).await;
    let made = world.redeem("vera", &reward, 1).await;
    let path = alice.redemptions(&reward, &format!("&id={}", made[0]));
    let request = alice.request(Method::PATCH, &path).json(&json!({ "status": "FULFILLED" }));
    let hung_up = request.timeout(Duration::from_millis(100)).send().await.unwrap_err();
    assert!(hung_up.is_timeout());
    let settled = async {
        while world.statuses(&reward).await != ["FULFILLED"] {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), settled).await.expect("settled in time");
}

#[tokio::test]
async fn skipping_the_queue_fulfils_at_once_and_for_ever() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let body = json!({ "title": "Now", "cost": 7, "should_redemptions_skip_request_queue": true });
    let reward = alice.reward(body).await;
    let made = world.redeem("vera", &reward, 1).await;
    assert_eq!(world.statuses(&reward).await, ["FULFILLED"]);
    alice.settle(&reward, &made, "CANCELED").await.expect(404);
}

#[tokio::test]
async fn a_viewer_is_refused_where_twitch_would_refuse() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let reward = alice.reward(json!({ "title": "Invert", "cost": 100 })).await;
    let one = alice.rewards(&format!("&id={reward}"));
    let body = json!({ "viewer": "vera", "rewardId": reward });

    alice.patch(&one, json!({ "is_paused": true })).await.expect(200);
    assert_eq!(refused(&world, body.clone()).await, (409, "PAUSED".into()));
    alice.patch(&one, json!({ "is_paused": false, "is_enabled": false })).await.expect(200);
    assert_eq!(refused(&world, body.clone()).await, (409, "DISABLED".into()));
    let input = json!({ "is_enabled": true, "is_user_input_required": true });
    alice.patch(&one, input).await.expect(200);
    assert_eq!(refused(&world, body.clone()).await, (409, "INPUT_REQUIRED".into()));
    let answered = json!({ "viewer": "vera", "rewardId": reward, "input": "please" });
    let made = world.control(Method::POST, "/redeem", answered).await.expect(200);
    assert_eq!(made.body["redemptions"][0]["user_input"], "please");
    let unknown = json!({ "viewer": "vera", "rewardId": "unknown" });
    assert_eq!(refused(&world, unknown).await, (404, "NOT_FOUND".into()));
    let odd = json!({ "viewer": "Not A Login", "rewardId": reward });
    assert_eq!(refused(&world, odd).await.0, 400);
}

#[tokio::test]
async fn points_run_out_in_the_middle_of_a_row() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let reward = alice.reward(json!({ "title": "Invert", "cost": 100 })).await;
    world.control(Method::PUT, "/users/poor", json!({ "points": 250 })).await.expect(200);
    let body = json!({ "viewer": "poor", "rewardId": reward, "count": 5 });
    let answer = world.control(Method::POST, "/redeem", body.clone()).await.expect(200);
    assert_eq!(answer.body["redemptions"].as_array().unwrap().len(), 2);
    assert_eq!(answer.body["refused"]["reason"], "NOT_ENOUGH_POINTS");
    assert_eq!(refused(&world, body).await, (409, "NOT_ENOUGH_POINTS".into()));
    assert_eq!(world.points("poor", ALICE).await, 50);
}

#[tokio::test]
async fn limits_per_stream_and_the_cooldown_stop_viewers() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    world.control(Method::PUT, "/streams/alice", json!({ "viewerCount": 3 })).await.expect(200);
    let reward = alice
        .reward(json!({
            "title": "Few", "cost": 1,
            "is_max_per_stream_enabled": true, "max_per_stream": 3,
            "is_max_per_user_per_stream_enabled": true, "max_per_user_per_stream": 2,
        }))
        .await;
    world.redeem("vera", &reward, 2).await;
    let by = |viewer: &str| json!({ "viewer": viewer, "rewardId": reward });
    assert_eq!(refused(&world, by("vera")).await, (409, "MAX_PER_USER_PER_STREAM".into()));
    world.redeem("walt", &reward, 1).await;
    assert_eq!(refused(&world, by("walt")).await, (409, "MAX_PER_STREAM".into()));
    let shown = alice.get(&alice.rewards("")).await.expect(200).only().clone();
    assert_eq!(shown["redemptions_redeemed_current_stream"], 3);
    assert_eq!(shown["is_in_stock"], false);

    let cool = json!({
        "title": "Cool", "cost": 1,
        "is_global_cooldown_enabled": true, "global_cooldown_seconds": 600,
    });
    let cool = alice.reward(cool).await;
    world.redeem("vera", &cool, 1).await;
    let by_walt = json!({ "viewer": "walt", "rewardId": cool });
    assert_eq!(refused(&world, by_walt).await, (409, "GLOBAL_COOLDOWN".into()));
    let shown = alice.get(&alice.rewards(&format!("&id={cool}"))).await.only().clone();
    assert!(shown["cooldown_expires_at"].is_string());
}
