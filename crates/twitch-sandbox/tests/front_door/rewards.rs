//! Custom rewards.

use serde_json::{Value, json};

use crate::harness::{ALICE, BOB, MANAGE, World};

#[tokio::test]
async fn a_reward_is_made_read_changed_and_deleted() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let body = json!({
        "title": "Invert the die", "cost": 500, "prompt": "why?", "background_color": "#a1B2c3",
        "is_enabled": false, "is_user_input_required": true,
        "is_global_cooldown_enabled": true, "global_cooldown_seconds": 60, "is_paused": true,
    });
    let made = alice.post(&alice.rewards(""), body).await.expect(200).only().clone();
    assert_eq!(made["title"], "Invert the die");
    assert_eq!(made["broadcaster_login"], "alice");
    assert_eq!((&made["is_enabled"], &made["is_in_stock"]), (&json!(false), &json!(true)));
    assert_eq!(made["is_paused"], false, "a reward is not born paused");
    assert_eq!(
        made["global_cooldown_setting"],
        json!({ "is_enabled": true, "global_cooldown_seconds": 60 })
    );
    assert_eq!(made["max_per_stream_setting"], json!({ "is_enabled": false, "max_per_stream": 0 }));

    let one = alice.rewards(&format!("&id={}", made["id"].as_str().unwrap()));
    let body = json!({ "cost": 700, "is_enabled": true, "is_paused": true });
    let changed = alice.patch(&one, body).await.expect(200).only().clone();
    let mut expected = made.clone();
    for (field, value) in [("cost", json!(700)), ("is_enabled", true.into())] {
        expected[field] = value;
    }
    expected["is_paused"] = true.into();
    assert_eq!(changed, expected);
    assert_eq!(alice.get(&one).await.expect(200).only(), &expected);

    let gone = alice.delete(&one).await.expect(204);
    assert_eq!(gone.body, Value::Null);
    alice.get(&one).await.expect(404);
    alice.delete(&one).await.expect(404);
    alice.patch(&one, json!({ "cost": 1 })).await.expect(404);
    assert!(alice.get(&alice.rewards("")).await.expect(200).data().is_empty());
}

#[tokio::test]
async fn what_a_reward_may_not_be_is_a_400_and_makes_nothing() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let wrong = [
        json!({ "cost": 1 }),
        json!({ "title": "no cost" }),
        json!({ "title": "", "cost": 1 }),
        json!({ "title": "x".repeat(46), "cost": 1 }),
        json!({ "title": "t", "cost": 0 }),
        json!({ "title": "t", "cost": -5 }),
        json!({ "title": "t", "cost": "many" }),
        json!({ "title": "t", "cost": 1, "prompt": "x".repeat(201) }),
        json!({ "title": "t", "cost": 1, "background_color": "red" }),
        json!({ "title": "t", "cost": 1, "background_color": "#12345g" }),
        json!({ "title": "t", "cost": 1, "is_max_per_stream_enabled": true }),
        json!({ "title": "t", "cost": 1, "is_global_cooldown_enabled": true,
                "global_cooldown_seconds": 604_801 }),
        json!("not an object"),
    ];
    for body in wrong {
        let answer = alice.post(&alice.rewards(""), body.clone()).await;
        assert_eq!((answer.status, &answer.body["error"]), (400, &json!("Bad Request")), "{body}");
    }
    assert!(alice.get(&alice.rewards("")).await.data().is_empty());
    let edge = json!({ "title": "ä".repeat(45), "cost": 1, "prompt": "ö".repeat(200) });
    let reward = alice.reward(edge).await;
    let one = alice.rewards(&format!("&id={reward}"));
    alice.patch(&one, json!({ "cost": 0 })).await.expect(400);
    assert_eq!(alice.get(&one).await.only()["cost"], 1);
    alice.post("/channel_points/custom_rewards", json!({})).await.expect(400);
}

#[tokio::test]
async fn a_title_is_taken_once_per_channel() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let body = json!({ "title": "Invert", "cost": 1, "is_enabled": false });
    alice.reward(body.clone()).await;
    let answer = alice.post(&alice.rewards(""), body.clone()).await.expect(400);
    assert_eq!(answer.message(), "CREATE_CUSTOM_REWARD_DUPLICATE_REWARD");
    let other = alice.reward(json!({ "title": "Other", "cost": 1 })).await;
    let one = alice.rewards(&format!("&id={other}"));
    let answer = alice.patch(&one, json!({ "title": "Invert" })).await.expect(400);
    assert_eq!(answer.message(), "UPDATE_CUSTOM_REWARD_DUPLICATE_REWARD");
    alice.patch(&one, json!({ "title": "Other", "cost": 2 })).await.expect(200);
    world.broadcaster(BOB).await.reward(body).await;
}

#[tokio::test]
async fn a_channel_has_fifty_rewards_at_most_disabled_ones_included() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let mut last = String::new();
    for n in 0..50 {
        let enabled = n % 2 == 0;
        last =
            alice.reward(json!({ "title": n.to_string(), "cost": 1, "is_enabled": enabled })).await;
    }
    let more = json!({ "title": "one more", "cost": 1 });
    let answer = alice.post(&alice.rewards(""), more.clone()).await.expect(400);
    assert_eq!(answer.message(), "CREATE_CUSTOM_REWARD_TOO_MANY_REWARDS");
    alice.delete(&alice.rewards(&format!("&id={last}"))).await.expect(204);
    alice.post(&alice.rewards(""), more).await.expect(200);
    assert_eq!(alice.get(&alice.rewards("")).await.data().len(), 50);
}

#[tokio::test]
async fn only_the_client_that_made_a_reward_may_touch_it() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let other = world.session(&world.config.further_clients[0], ALICE, MANAGE).await;
    let reward = alice.reward(json!({ "title": "Mine", "cost": 1 })).await;
    let redemption = world.redeem("vera", &reward, 1).await;
    let one = alice.rewards(&format!("&id={reward}"));

    other.patch(&one, json!({ "cost": 2 })).await.expect(403);
    other.delete(&one).await.expect(403);
    other.settle(&reward, &redemption, "FULFILLED").await.expect(403);
    other.get(&other.redemptions(&reward, "&status=UNFULFILLED")).await.expect(403);
    other.get(&one).await.expect(200);
    let mine = alice.rewards("&only_manageable_rewards=true");
    assert!(other.get(&mine).await.expect(200).data().is_empty());
    assert_eq!(alice.get(&mine).await.expect(200).data().len(), 1);
    assert_eq!(world.statuses(&reward).await, ["UNFULFILLED"]);
    let bob = world.broadcaster(BOB).await;
    bob.delete(&bob.rewards(&format!("&id={reward}"))).await.expect(404);
}

#[tokio::test]
async fn deleting_a_reward_fulfils_what_was_pending_and_keeps_the_points() {
    let world = World::new().await;
    let (webhook, reward) = crate::webhook::subscribed(&world).await;
    let alice = world.broadcaster(ALICE).await;
    let ids = world.redeem("vera", &reward, 3).await;
    alice.settle(&reward, &ids[..1], "CANCELED").await.expect(200);
    let before = world.points("vera", ALICE).await;
    alice.delete(&alice.rewards(&format!("&id={reward}"))).await.expect(204);
    assert_eq!(world.statuses(&reward).await, ["CANCELED", "FULFILLED", "FULFILLED"]);
    assert_eq!(world.points("vera", ALICE).await, before);
    alice.settle(&reward, &ids[1..], "CANCELED").await.expect(404);
    world.idle().await;
    let mut updates = crate::webhook::events(&webhook.notifications(), crate::webhook::UPDATE);
    updates.sort_by_key(|(id, _)| ids.iter().position(|known| known == id));
    let statuses: Vec<_> = updates.iter().map(|(_, status)| status.as_str()).collect();
    assert_eq!(statuses, ["canceled", "fulfilled", "fulfilled"]);
}
