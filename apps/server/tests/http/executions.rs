use crate::evening::{Evening, OTHER_TABLE_KEY, TABLE_KEY};
use crate::support::Reply;
use gamification_core::instance::Instance;
use gamification_testkit::fixtures;
use poem::Request;
use poem::http::Method;
use serde_json::{Value, json};

async fn confirm(evening: &Evening, goal: &Instance, key: &str, body: Value) -> Reply {
    let path = format!("/api/v1/instances/{}/execution", goal.id);
    evening.world.post(&path, key, body).await
}

async fn settlements(evening: &Evening) -> Vec<String> {
    let reply = evening.world.get(&evening.path("redemptions"), &evening.gm).await;
    let items = reply.body["items"].as_array().unwrap();
    items.iter().map(|i| i["settlement"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_confirmed_effect_executes_the_goal_and_spends_the_points() {
    let evening = Evening::new().await;
    let goal = evening.reach_group_goal().await;
    let body = json!({ "success": true, "message": "it is written" });
    let reply = confirm(&evening, &goal, TABLE_KEY, body.clone()).await;
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.text);
    assert_eq!(reply.body["executionStatus"], "executed");
    assert_eq!(reply.body["result"]["success"], true);
    assert!(reply.body.get("remainingSeconds").is_none());
    assert_eq!(reply.body["cooldown"]["type"], "time");
    assert_eq!(settlements(&evening).await, ["fulfil_due"; 6]);
    let twice = confirm(&evening, &goal, TABLE_KEY, body).await;
    assert_eq!(twice.problem(404), "not-found");
    evening.settle().await;
    assert_eq!(settlements(&evening).await, ["fulfilled"; 6]);
}

#[tokio::test]
async fn an_effect_that_failed_gives_the_points_back_and_says_why() {
    let evening = Evening::new().await;
    let goal = evening.reach_group_goal().await;
    let body = json!({ "success": false, "message": "no\nscene" });
    let reply = confirm(&evening, &goal, TABLE_KEY, body).await;
    assert_eq!(reply.body["executionStatus"], "failed", "{}", reply.text);
    let expected = json!({
        "success": false, "reason": "table", "message": "no scene", "partialFailures": [],
    });
    assert_eq!(reply.body["result"], expected);
    assert_eq!(settlements(&evening).await, ["refund_due"; 6]);
    let late = confirm(&evening, &goal, TABLE_KEY, json!({ "success": true })).await;
    assert_eq!(late.problem(404), "not-found");
    assert_eq!(settlements(&evening).await, ["refund_due"; 6]);
}

#[tokio::test]
async fn the_gm_sees_how_far_the_commands_have_got() {
    let evening = Evening::new().await;
    let goal = evening.reach_group_goal().await;
    evening.world.table.connect(evening.table.id, "socket", false);
    let path = format!("/api/v1/instances/{}", goal.id);
    let drive = async || {
        assert_eq!(evening.core().drive_commands().await.unwrap(), 1);
        evening.world.get(&path, &evening.gm).await.body
    };
    let seen = drive().await;
    assert_eq!(
        (&seen["commands"][0]["status"], &seen["commands"][0]["attempts"]),
        (&json!("sent"), &json!(1))
    );
    assert_eq!(seen["commands"][0]["payload"]["content"], "The viewers greet you");
    evening.world.clock.advance(3);
    let seen = drive().await;
    assert_eq!(seen["commands"][0]["status"], "assumed");
    assert_eq!(
        (&seen["executionStatus"], &seen["result"]["success"]),
        (&json!("executed"), &json!(true))
    );
    assert_eq!(settlements(&evening).await, ["fulfil_due"; 6]);
}

#[tokio::test]
async fn only_the_table_of_the_campaign_confirms() {
    let evening = Evening::new().await;
    let goal = evening.reach_group_goal().await;
    let done = json!({ "success": true });
    for key in ["", "gk_wrong", &evening.gm, &evening.players[0]] {
        let reply = confirm(&evening, &goal, key, done.clone()).await;
        assert_eq!(reply.problem(401), "unauthenticated", "{key:?}");
    }
    let other = confirm(&evening, &goal, OTHER_TABLE_KEY, done.clone()).await;
    assert_eq!(other.problem(404), "not-found");
    let path = format!("/api/v1/vtt/connections/{}", evening.table.id);
    assert_eq!(evening.world.delete(&path, &evening.gm).await.status.as_u16(), 204);
    let revoked = confirm(&evening, &goal, TABLE_KEY, done).await;
    assert_eq!(revoked.problem(401), "unauthenticated");
    let seen = evening.world.queries().instance(goal.id).await.unwrap().unwrap();
    assert!(seen.is_open());
}

#[tokio::test]
async fn a_goal_that_awaits_no_effect_cannot_be_confirmed() {
    let evening = Evening::new().await;
    evening.click(&evening.invert_reward, "anna").await;
    let list = evening.world.get(&evening.path("instances"), &evening.gm).await.body;
    let active = list["items"][0]["id"].as_str().unwrap().to_owned();
    for id in [active, fixtures::id::<gamification_core::ids::InstanceId>(77).to_string()] {
        let path = format!("/api/v1/instances/{id}/execution");
        let reply = evening.world.post(&path, TABLE_KEY, json!({ "success": true })).await;
        assert_eq!(reply.problem(404), "not-found");
    }
}

#[tokio::test]
async fn the_table_of_a_deleted_campaign_finds_nothing() {
    let evening = Evening::new().await;
    let goal = evening.reach_group_goal().await;
    let mut campaign = evening.campaign.clone();
    campaign.is_deleting = true;
    let mut unit = evening.world.begin().await;
    unit.campaigns().update(&campaign).await.unwrap();
    unit.commit().await.unwrap();
    let reply = confirm(&evening, &goal, TABLE_KEY, json!({ "success": true })).await;
    assert_eq!(reply.problem(404), "not-found");
}

#[tokio::test]
async fn bad_confirmations_are_named_and_change_nothing() {
    let evening = Evening::new().await;
    let goal = evening.reach_group_goal().await;
    for (body, field) in [
        (json!({}), "success"),
        (json!({ "success": "yes" }), "success"),
        (json!({ "success": true, "message": 7 }), "message"),
        (json!({ "success": true, "points": 7 }), "points"),
    ] {
        let reply = confirm(&evening, &goal, TABLE_KEY, body).await;
        assert_eq!(reply.problem(400), "invalid-input");
        assert_eq!(reply.fields(), [field]);
    }
    let path = "/api/v1/instances/x/execution";
    let reply = evening.world.post(path, TABLE_KEY, json!({ "success": true })).await;
    assert_eq!(reply.fields(), ["instance"]);
    assert_eq!(settlements(&evening).await, ["pending"; 6]);
}

#[tokio::test]
async fn an_idempotency_key_does_not_stand_in_the_way_of_a_table() {
    let evening = Evening::new().await;
    let goal = evening.reach_group_goal().await;
    let path = format!("/api/v1/instances/{}/execution", goal.id);
    let request = Request::builder().method(Method::POST).uri(path.parse().unwrap());
    let request = request.header("authorization", format!("Bearer {TABLE_KEY}"));
    let request = request.header("idempotency-key", "one").content_type("application/json");
    let reply = evening.world.send(request.body(r#"{"success":true}"#)).await;
    assert_eq!(reply.body["executionStatus"], "executed", "{}", reply.text);
}
