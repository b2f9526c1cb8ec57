//! Who settled what, and who changed which reward.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{ALICE, World};

/// Cause, client and status of every settlement of a reward's redemptions, oldest first.
async fn settlements(world: &World, reward: &str) -> Vec<Vec<String>> {
    let all = world.look(&format!("/redemptions?reward_id={reward}")).await;
    let each = |redemption: &Value| {
        assert_eq!(
            redemption["settled_at"].is_string(),
            !redemption["settlements"].as_array().unwrap().is_empty()
        );
        let settlements = redemption["settlements"].as_array().unwrap().iter();
        settlements
            .map(|each| {
                let text = |name: &str| each[name].as_str().unwrap_or("-").to_owned();
                format!("{} {} {}", text("cause"), text("client_id"), text("status"))
            })
            .collect()
    };
    all["redemptions"].as_array().unwrap().iter().map(each).collect()
}

#[tokio::test]
async fn every_settlement_is_written_down_once_with_who_did_it() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let client = alice.client_id.as_str();
    let reward = alice.reward(json!({ "title": "t", "cost": 1 })).await;
    let ids = world.redeem("vi", &reward, 4).await;
    alice.settle(&reward, &ids[..1], "CANCELED").await.expect(200);
    alice.settle(&reward, &ids[..1], "FULFILLED").await.expect(404);
    let by_hand = json!({ "redemptionId": ids[1], "status": "FULFILLED" });
    world.control(Method::POST, "/settle", by_hand).await.expect(200);
    alice.settle(&reward, &ids[..3], "FULFILLED").await.expect(404);
    assert!(settlements(&world, &reward).await[2].is_empty(), "a refused batch settles nothing");
    alice.delete(&alice.rewards(&format!("&id={reward}"))).await.expect(204);
    let expected = [
        [format!("api {client} CANCELED")],
        ["moderator - FULFILLED".to_owned()],
        [format!("reward_deleted {client} FULFILLED")],
        [format!("reward_deleted {client} FULFILLED")],
    ];
    assert_eq!(settlements(&world, &reward).await, expected);
    let all = world.look("/redemptions").await;
    assert_eq!(all["redemptions"][0]["reward_client_id"], client, "also when the reward is gone");

    let no_queue = json!({
        "title": "q", "cost": 1, "should_redemptions_skip_request_queue": true
    });
    let reward = alice.reward(no_queue).await;
    world.redeem("vi", &reward, 1).await;
    assert_eq!(settlements(&world, &reward).await, [["queue_skipped - FULFILLED"]]);
}

#[tokio::test]
async fn every_change_of_a_reward_is_written_down_with_who_did_it() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let stranger = world.session(&world.config.further_clients[0], ALICE, crate::harness::MANAGE);
    let stranger = stranger.await;
    let reward = alice.reward(json!({ "title": "t", "cost": 1 })).await;
    let path = alice.rewards(&format!("&id={reward}"));
    alice.patch(&path, json!({ "is_paused": true })).await.expect(200);
    stranger.patch(&path, json!({ "is_paused": false })).await.expect(403);
    stranger.reward(json!({ "title": "theirs", "cost": 1 })).await;
    alice.delete(&path).await.expect(204);
    let changes = world.look("/reward-changes").await["rewardChanges"].clone();
    let brief = |change: &Value| {
        let text = |name: &str| change[name].as_str().unwrap().to_owned();
        let (by, owner) = (text("clientId"), text("ownerClientId"));
        assert_eq!(by, owner, "nobody touches what is not theirs");
        format!("{} {}", text("change"), change["reward"]["title"].as_str().unwrap())
    };
    let changes = changes.as_array().unwrap();
    let brief: Vec<String> = changes.iter().map(brief).collect();
    assert_eq!(brief, ["created t", "updated t", "created theirs", "deleted t"]);
    assert_eq!(changes[1]["reward"]["isPaused"], true);
    let of_one = world.look(&format!("/reward-changes?reward_id={reward}")).await;
    assert_eq!(of_one["rewardChanges"].as_array().unwrap().len(), 3);
}
