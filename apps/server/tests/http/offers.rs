use crate::lobby::{DICE_INVERT, GROUP_CHAT, Lobby};
use gamification_core::ports::{RewardError, TwitchRewards};
use gamification_testkit::{TwitchCall, fixtures};
use serde_json::{Value, json};

async fn enabled() -> Lobby {
    let lobby = Lobby::open().await;
    let setting = json!({ "isEnabled": true });
    assert_eq!(lobby.configure(DICE_INVERT, setting).await.status, 200);
    lobby
}

async fn listed(lobby: &Lobby, key: &str) -> Vec<Value> {
    let path = lobby.at(&format!("/streamers/{}/events", fixtures::streamer(1).id));
    let reply = lobby.world.get(&path, key).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.body["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn an_offer_is_answered_with_its_price_difficulty_and_reward() {
    let lobby = enabled().await;
    let reply = lobby.offer(DICE_INVERT, json!({ "isEnabled": true })).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let reward = reply.body["rewardId"].as_str().unwrap().to_owned();
    assert_eq!(
        reply.body,
        json!({
            "eventId": DICE_INVERT,
            "slug": "dice-invert",
            "name": "Invert the die",
            "description": "Reach the goal together, and the next critical at the table turns \
                            into its opposite.",
            "scope": "individual",
            "isAvailable": true,
            "isEnabled": true,
            "effectiveCost": 1000,
            "difficulty": {
                "viewers": 50,
                "objectiveCoefficient": 0.3,
                "minimumObjective": 3,
                "objective": 15,
                "totalCost": 15_000,
                "duration": 60,
            },
            "status": "active",
            "rewardId": reward,
            "reward": {
                "id": reward,
                "title": "Invert the die",
                "cost": 1000,
                "status": "active",
            },
        })
    );
    for key in [&lobby.streamers[0], &lobby.gm] {
        assert_eq!(listed(&lobby, key).await, std::slice::from_ref(&reply.body));
    }
    let channel = fixtures::streamer(1).twitch_id;
    let rewards = lobby.world.twitch.list(&channel).await.unwrap();
    assert_eq!(rewards[0].id.as_str(), reward);
}

#[tokio::test]
async fn a_streamer_sees_what_could_be_offered_and_how_hard_it_would_be() {
    let lobby = enabled().await;
    lobby.world.twitch.set_viewers(&fixtures::streamer(1).twitch_id, None);
    let offers = listed(&lobby, &lobby.streamers[0]).await;
    assert_eq!(offers.len(), 1);
    assert_eq!((&offers[0]["isAvailable"], &offers[0]["isEnabled"]), (&json!(true), &json!(false)));
    assert_eq!((&offers[0]["status"], &offers[0]["rewardId"]), (&json!("off"), &Value::Null));
    assert_eq!(offers[0]["difficulty"]["viewers"], Value::Null);
    assert_eq!(offers[0]["difficulty"]["objective"], 3);
    assert_eq!(offers[0]["difficulty"]["totalCost"], 3000);
}

#[tokio::test]
async fn the_own_price_wins_until_it_is_taken_back() {
    let lobby = enabled().await;
    lobby.configure(DICE_INVERT, json!({ "cost": 300 })).await;
    let set = lobby.offer(DICE_INVERT, json!({ "isEnabled": true, "costOverride": 500 })).await;
    assert_eq!(set.status, 200, "{}", set.text);
    assert_eq!((&set.body["costOverride"], &set.body["effectiveCost"]), (&json!(500), &json!(500)));
    assert_eq!(set.body["reward"]["cost"], 500);
    assert_eq!(set.body["difficulty"]["totalCost"], 7500);
    lobby.world.clock.advance(5);
    let left = lobby.offer(DICE_INVERT, json!({ "isEnabled": true })).await.body;
    assert_eq!(left["effectiveCost"], 500);
    let wish = json!({ "isEnabled": true, "costOverride": null });
    let cleared = lobby.offer(DICE_INVERT, wish).await.body;
    assert_eq!((&cleared["costOverride"], &cleared["effectiveCost"]), (&Value::Null, &json!(300)));
    assert_eq!(cleared["reward"]["cost"], 300);
    assert_eq!(cleared["rewardId"], set.body["rewardId"], "a new price is no new reward");
}

#[tokio::test]
async fn an_offer_that_is_taken_back_is_off_and_its_reward_cannot_be_redeemed() {
    let lobby = enabled().await;
    lobby.offer(DICE_INVERT, json!({ "isEnabled": true })).await;
    lobby.world.clock.advance(5);
    let off = lobby.offer(DICE_INVERT, json!({ "isEnabled": false })).await;
    assert_eq!(off.status, 200, "{}", off.text);
    assert_eq!((&off.body["isEnabled"], &off.body["status"]), (&json!(false), &json!("off")));
    assert_eq!(off.body["reward"]["status"], "paused");
    assert_eq!(off.body["reward"]["pausedBecause"], "streamer_disabled");
}

#[tokio::test]
async fn a_paused_reward_says_why() {
    let lobby = enabled().await;
    let (world, gm) = (&lobby.world, &lobby.gm);
    assert_eq!(world.post(&lobby.at("/sessions"), gm, json!({})).await.status, 201);
    assert_eq!(world.delete(&lobby.at("/sessions/current"), gm).await.status, 200);
    let reply = lobby.offer(DICE_INVERT, json!({ "isEnabled": true })).await;
    assert_eq!((reply.status.as_u16(), &reply.body["status"]), (200, &json!("paused")));
    assert_eq!(reply.body["reward"]["pausedBecause"], "session_ended");
    assert!(reply.body["rewardId"].is_string());
}

#[tokio::test]
async fn what_twitch_refuses_is_a_problem_and_switched_off_again() {
    let cases = [
        (RewardError::NotEligible, "twitch-channel-not-eligible"),
        (RewardError::TooManyRewards, "twitch-too-many-rewards"),
        (RewardError::LoginNeeded, "twitch-login-needed"),
        (RewardError::Refused("no".into()), "twitch-refused"),
    ];
    for (error, kind) in cases {
        let lobby = enabled().await;
        lobby.world.twitch.fail_next(TwitchCall::Create, error.clone());
        let reply = lobby.offer(DICE_INVERT, json!({ "isEnabled": true })).await;
        assert_eq!(reply.problem(409), kind);
        let offer = &listed(&lobby, &lobby.streamers[0]).await[0];
        assert_eq!((&offer["isEnabled"], &offer["status"]), (&json!(false), &json!("off")));
        assert_eq!(offer["switchedOffReason"], error.to_string());
        let again = lobby.offer(DICE_INVERT, json!({ "isEnabled": true })).await;
        assert_eq!((again.status.as_u16(), &again.body["status"]), (200, &json!("active")));
        assert_eq!(again.body["switchedOffReason"], Value::Null);
    }
}

#[tokio::test]
async fn while_twitch_cannot_be_reached_the_offer_is_pending() {
    let lobby = enabled().await;
    let away = RewardError::Unavailable { after_seconds: Some(1), reason: "a storm".into() };
    lobby.world.twitch.fail_next(TwitchCall::Create, away);
    let reply = lobby.offer(DICE_INVERT, json!({ "isEnabled": true })).await;
    assert_eq!(reply.status, 202, "{}", reply.text);
    assert_eq!(
        (&reply.body["isEnabled"], &reply.body["status"]),
        (&json!(true), &json!("pending"))
    );
    assert_eq!(
        (&reply.body["rewardId"], &reply.body["reward"]["status"]),
        (&Value::Null, &json!("creating"))
    );
    assert_eq!(listed(&lobby, &lobby.gm).await[0]["status"], "pending");

    lobby.world.clock.advance(10);
    lobby.world.services.core.reconcile_rewards().await.unwrap();
    assert_eq!(listed(&lobby, &lobby.gm).await[0]["status"], "active");
}

#[tokio::test]
async fn without_an_authorisation_the_offer_is_kept_and_says_what_is_needed() {
    let lobby = enabled().await;
    let streamer = &lobby.streamers[0];
    let path = lobby.at(&format!("/members/{}/authorization", fixtures::streamer(1).id));
    assert_eq!(lobby.world.delete(&path, streamer).await.status, 200);
    let reply = lobby.offer(DICE_INVERT, json!({ "isEnabled": true })).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(
        (&reply.body["isEnabled"], &reply.body["status"]),
        (&json!(true), &json!("authorisation_needed"))
    );
    assert_eq!(reply.body["rewardId"], Value::Null);

    assert_eq!(lobby.world.put(&path, streamer, json!({})).await.status, 200);
    lobby.world.services.core.reconcile_rewards().await.unwrap();
    assert_eq!(listed(&lobby, streamer).await[0]["status"], "active");
}

#[tokio::test]
async fn what_the_game_master_has_not_enabled_cannot_be_offered() {
    let lobby = enabled().await;
    let reply = lobby.offer(GROUP_CHAT, json!({ "isEnabled": true })).await;
    assert_eq!(reply.problem(409), "event-not-enabled");
    let reply = lobby.offer(&fixtures::gm().id.to_string(), json!({ "isEnabled": true })).await;
    assert_eq!(reply.problem(404), "not-found");
    assert_eq!(lobby.world.twitch.calls(), []);
}

#[tokio::test]
async fn an_offer_without_sense_is_refused_by_field() {
    let lobby = enabled().await;
    let cases = [
        (json!({}), 400, "isEnabled"),
        (json!({ "isEnabled": null }), 400, "isEnabled"),
        (json!({ "isEnabled": "yes" }), 400, "isEnabled"),
        (json!({ "isEnabled": true, "costOverride": 0 }), 422, "costOverride"),
        (json!({ "isEnabled": true, "costOverride": -1 }), 422, "costOverride"),
        (json!({ "isEnabled": true, "costOverride": 1_000_001 }), 422, "costOverride"),
        (json!({ "isEnabled": true, "costOverride": 0.5 }), 400, "costOverride"),
        (json!({ "isEnabled": true, "price": 5 }), 400, "price"),
        (json!({ "isEnabled": false, "costOverride": 5 }), 422, "costOverride"),
    ];
    for (body, status, field) in cases {
        let reply = lobby.offer(DICE_INVERT, body.clone()).await;
        assert_eq!(reply.problem(status), "invalid-input", "{body}");
        assert_eq!(reply.fields(), [field], "{body}");
    }
    assert_eq!(listed(&lobby, &lobby.gm).await[0]["isEnabled"], false);
}
