use crate::evening::Evening;
use gamification_core::access::Actor;
use gamification_core::ids::InstanceId;
use gamification_core::service::Contribution;
use poem::http::Method;
use serde_json::{Value, json};

fn goal_path(id: impl std::fmt::Display, rest: &str) -> String {
    format!("/api/v1/instances/{id}{rest}")
}

/// An individual goal of the first streamer with one click.
async fn open_goal(evening: &Evening) -> InstanceId {
    match evening.click(&evening.invert_reward, "anna").await {
        Contribution::Counted(goal) => goal,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_gm_starts_a_goal_and_every_member_sees_it() {
    let evening = Evening::new().await;
    let streamer = evening.streamers[0].id;
    let body = json!({ "eventId": evening.invert.id, "streamerId": streamer, "data": { "x": 1 } });
    let reply = evening.world.post(&evening.path("instances"), &evening.gm, body).await;
    assert_eq!(reply.status.as_u16(), 201, "{}", reply.text);
    let goal = &reply.body;
    assert_eq!((&goal["type"], &goal["status"]), (&json!("individual"), &json!("active")));
    assert_eq!((&goal["openedBy"], &goal["data"]), (&json!("manual"), &json!({ "x": 1 })));
    assert_eq!((&goal["currentProgress"], &goal["objectiveTarget"]), (&json!(0), &json!(3)));
    assert_eq!((&goal["remainingSeconds"], &goal["progressPercentage"]), (&json!(60), &json!(0)));
    assert_eq!(goal["expiresAt"], "2026-01-01T20:01:00.000000Z");
    assert_eq!(goal["streamers"][0]["viewerCount"], 10);
    assert_eq!(goal["eventNames"]["fr"], "Inverser les dés");

    evening.world.clock.advance(20);
    evening.click(&evening.invert_reward, "anna").await;
    let path = goal_path(goal["id"].as_str().unwrap(), "");
    let seen = evening.world.get(&path, &evening.players[1]).await.body;
    assert_eq!((&seen["currentProgress"], &seen["remainingSeconds"]), (&json!(1), &json!(40)));
    assert_eq!(seen["progressPercentage"], 33);
    assert_eq!(seen["streamers"][0]["contributions"], 1);
    assert!(seen.get("data").is_none() && seen.get("commands").is_none(), "{seen}");
    assert_eq!(evening.world.get(&path, &evening.gm).await.body["commands"], json!([]));
}

#[tokio::test]
async fn goals_are_found_by_a_part_of_their_events_name() {
    let evening = Evening::new().await;
    let goal = open_goal(&evening).await;
    let found = async |search: &str| {
        let path = evening.path(&format!("instances?search={search}"));
        evening.world.get(&path, &evening.gm).await
    };
    for search in ["INVERSER", "les%20d%C3%89s", "%20", ""] {
        assert_eq!(found(search).await.body["items"][0]["id"], json!(goal), "{search}");
    }
    assert_eq!(found("nothing").await.body["items"], json!([]));
    let long = found(&"x".repeat(101)).await;
    assert_eq!((long.problem(400), long.fields()), ("invalid-input", vec!["search"]));
}

#[tokio::test]
async fn a_goal_that_may_not_start_is_refused_with_the_reason_of_a_click() {
    let evening = Evening::new().await;
    open_goal(&evening).await;
    let path = evening.path("instances");
    let start = |body: Value| evening.world.post(&path, &evening.gm, body);
    let streamer = evening.streamers[0].id;
    let again = json!({ "eventId": evening.invert.id, "streamerId": streamer });
    let reply = start(again).await;
    assert_eq!(reply.problem(409), "goal-refused");
    assert_eq!(reply.body["reason"], "goal_full");
    let other = json!({ "eventId": evening.invert.id, "streamerId": evening.streamers[1].id });
    assert_eq!(start(other).await.body["reason"], "streamer_disabled");
    let nobody = start(json!({ "eventId": evening.invert.id })).await;
    assert_eq!(nobody.problem(422), "invalid-input");
    assert_eq!(nobody.fields(), ["streamerId"]);
    let unknown = start(json!({ "eventId": evening.campaign.id })).await;
    assert_eq!(unknown.problem(404), "not-found");
}

#[tokio::test]
async fn the_same_idempotency_key_starts_one_goal() {
    let evening = Evening::new().await;
    let body = json!({ "eventId": evening.chat.id });
    let send = || {
        let path = evening.path("instances").parse().unwrap();
        let request = poem::Request::builder().method(Method::POST).uri(path);
        let request = request.header("authorization", format!("Bearer {}", evening.gm));
        let request = request.header("idempotency-key", "one").content_type("application/json");
        evening.world.send(request.body(body.to_string()))
    };
    let (first, second) = (send().await, send().await);
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (201, 201), "{}", first.text);
    assert_eq!(first.body, second.body);
}

#[tokio::test]
async fn goals_are_listed_by_status_and_channel_in_parts() {
    let evening = Evening::new().await;
    let invert = open_goal(&evening).await;
    evening.world.clock.advance(1);
    let chat = evening.reach_group_goal().await.id;
    let list = async |rest: &str| {
        let path = evening.path(&format!("instances{rest}"));
        let reply = evening.world.get(&path, &evening.players[1]).await;
        assert_eq!(reply.status.as_u16(), 200, "{}", reply.text);
        let ids = reply.body["items"].as_array().unwrap().iter().map(|i| i["id"].clone());
        (ids.collect::<Vec<_>>(), reply.body["nextCursor"].as_str().map(str::to_owned))
    };
    let (chat, invert) = (json!(chat), json!(invert));
    let (of_chat, of_invert) = (vec![chat.clone()], vec![invert.clone()]);
    assert_eq!(list("").await, (vec![chat, invert], None));
    assert_eq!(list("?status=active").await.0, of_invert);
    assert_eq!(list("?status=completed").await.0, of_chat);
    assert!(list("?status=expired").await.0.is_empty());
    let second = evening.streamers[1].id;
    assert_eq!(list(&format!("?streamer={second}")).await.0, of_chat);
    let (first_part, cursor) = list("?limit=1").await;
    assert_eq!(first_part, of_chat);
    let cursor = cursor.unwrap().replace(' ', "%20").replace('|', "%7C");
    assert_eq!(list(&format!("?limit=1&cursor={cursor}")).await, (of_invert, None));
}

#[tokio::test]
async fn cancelling_refunds_and_happens_once() {
    let evening = Evening::new().await;
    let goal = open_goal(&evening).await;
    let path = goal_path(goal, "/cancel");
    let body = json!({ "reason": "we are late" });
    let reply = evening.world.post(&path, &evening.gm, body.clone()).await;
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.text);
    assert_eq!(reply.body["status"], "cancelled");
    assert_eq!(reply.body["cancelReason"], "gm");
    assert_eq!(reply.body["cancelNote"], "we are late");
    assert!(reply.body.get("remainingSeconds").is_none());
    assert_eq!(reply.body["endedAt"], "2026-01-01T20:00:00.000000Z");
    let due = evening.path("redemptions?settlement=refund_due");
    assert_eq!(evening.world.get(&due, &evening.gm).await.body["items"][0]["direction"], "refund");
    let again = evening.world.post(&path, &evening.gm, body).await;
    assert_eq!(again.problem(409), "goal-in-another-state");
}

#[tokio::test]
async fn a_goal_whose_effect_was_sent_cannot_be_cancelled() {
    let evening = Evening::new().await;
    let goal = evening.reach_group_goal().await;
    evening.world.table.connect(evening.table.id, "socket", true);
    assert_eq!(evening.core().drive_commands().await.unwrap(), 1);
    let reply = evening.world.post(&goal_path(goal.id, "/cancel"), &evening.gm, json!({})).await;
    assert_eq!(reply.problem(409), "goal-in-another-state");
    let seen = evening.world.get(&goal_path(goal.id, ""), &evening.gm).await.body;
    assert_eq!(
        (&seen["status"], &seen["executionStatus"]),
        (&json!("completed"), &json!("pending"))
    );
    assert_eq!(seen["remainingSeconds"], 120);
    assert_eq!(seen["commands"][0]["kind"], "chat_message");
    assert_eq!(seen["commands"][0]["status"], "sent");
}

#[tokio::test]
async fn all_goals_are_cancelled_or_those_of_one_channel() {
    let evening = Evening::new().await;
    open_goal(&evening).await;
    evening.click(&evening.chat_rewards[1], "bert").await;
    let path = evening.path("instances/cancel");
    let cancel = |body: Value| evening.world.post(&path, &evening.gm, body);
    let of = |channel: usize| json!({ "streamerId": evening.streamers[channel].id });
    assert_eq!(cancel(of(1)).await.body, json!({ "cancelled": 0 }));
    assert_eq!(cancel(of(0)).await.body, json!({ "cancelled": 1 }));
    assert_eq!(cancel(json!({})).await.body, json!({ "cancelled": 1 }));
    let active = evening.path("instances?status=active");
    assert_eq!(evening.world.get(&active, &evening.gm).await.body["items"], json!([]));
}

#[tokio::test]
async fn a_trigger_opens_a_goal_of_each_event_that_it_fires() {
    let evening = Evening::new().await;
    let mut vote = evening.chat.clone();
    vote.trigger.kind = "custom".to_owned();
    let mut unit = evening.world.begin().await;
    unit.catalogue().update(&vote).await.unwrap();
    unit.commit().await.unwrap();
    let path = evening.path("triggers/custom");
    let feed = |body: Value| evening.world.post(&path, &evening.gm, body);
    let silent = feed(json!({ "data": null })).await;
    assert_eq!(silent.problem(409), "trigger-silent", "{}", silent.text);
    let fed = feed(json!({ "data": { "song": "over" } })).await;
    assert_eq!(fed.status.as_u16(), 201, "{}", fed.text);
    assert_eq!(fed.body["items"][0]["openedBy"], "trigger");
    assert_eq!(fed.body["items"][0]["eventId"], json!(vote.id));
    let unknown = evening.path("triggers/full_moon");
    let reply = evening.world.post(&unknown, &evening.gm, json!({ "data": 1 })).await;
    assert_eq!(reply.problem(404), "not-found");
}

#[tokio::test]
async fn only_the_gm_starts_feeds_and_cancels() {
    let evening = Evening::new().await;
    let goal = open_goal(&evening).await;
    let start = json!({ "eventId": evening.chat.id });
    for (path, body) in [
        (evening.path("instances"), start),
        (evening.path("instances/cancel"), json!({})),
        (evening.path("triggers/custom"), json!({ "data": 1 })),
        (goal_path(goal, "/cancel"), json!({})),
    ] {
        evening.is_for_the_gm(Method::POST, &path, Some(body)).await;
    }
    evening.refuses_outsiders(Method::GET, &evening.path("instances"), None).await;
    evening.refuses_outsiders(Method::GET, &goal_path(goal, ""), None).await;
    let goal = evening.world.queries().instance(goal).await.unwrap().unwrap();
    assert!(goal.is_open());
}

#[tokio::test]
async fn a_goal_that_does_not_exist_looks_like_one_of_strangers() {
    let evening = Evening::new().await;
    let goal = open_goal(&evening).await;
    let stranger = &evening.outsiders[0];
    let hidden = evening.world.get(&goal_path(goal, ""), stranger).await;
    let missing = evening.world.get(&goal_path(evening.campaign.id, ""), stranger).await;
    assert_eq!(hidden.problem(404), missing.problem(404));
    assert_eq!(hidden.body["detail"], missing.body["detail"]);
}

#[tokio::test]
async fn bad_input_is_named() {
    let evening = Evening::new().await;
    let (list, post) = (evening.path("instances"), Method::POST);
    for (method, path, body, field) in [
        (Method::GET, "/api/v1/campaigns/x/instances".to_owned(), None, "campaign"),
        (Method::GET, goal_path("x", ""), None, "instance"),
        (Method::GET, format!("{list}?status=sleeping"), None, "status"),
        (Method::GET, format!("{list}?streamer=anna"), None, "streamer"),
        (Method::GET, format!("{list}?limit=0"), None, "limit"),
        (Method::GET, format!("{list}?limit=201"), None, "limit"),
        (Method::GET, format!("{list}?cursor=mine"), None, "cursor"),
        (post.clone(), list.clone(), Some(json!({})), "eventId"),
        (post.clone(), list.clone(), Some(json!({ "eventId": "x" })), "eventId"),
        (post.clone(), goal_path("x", "/cancel"), Some(json!({})), "instance"),
        (post.clone(), evening.path("triggers/custom"), Some(json!({})), "data"),
        (
            post.clone(),
            evening.path("instances/cancel"),
            Some(json!({ "streamer": 1 })),
            "streamer",
        ),
    ] {
        evening.complains(method, &path, body, field).await;
    }
}

#[tokio::test]
async fn what_is_understood_but_not_allowed_is_422() {
    let evening = Evening::new().await;
    let goal = open_goal(&evening).await;
    let deep = (0..17).fold(json!(1), |inner, _| json!([inner]));
    let long = "x".repeat(501);
    for (path, body, field) in [
        (evening.path("instances"), json!({ "eventId": evening.chat.id, "data": deep }), "data"),
        (evening.path("triggers/custom"), json!({ "data": "x".repeat(20_000) }), "data"),
        (goal_path(goal, "/cancel"), json!({ "reason": long }), "reason"),
        (goal_path(goal, "/cancel"), json!({ "reason": "a\u{0}b" }), "reason"),
    ] {
        let reply = evening.world.post(&path, &evening.gm, body).await;
        assert_eq!(reply.problem(422), "invalid-input", "{path}");
        assert_eq!(reply.fields(), [field], "{path}");
    }
}

#[tokio::test]
async fn the_audit_tells_the_gm_who_did_what() {
    let evening = Evening::new().await;
    let start = json!({ "eventId": evening.chat.id });
    let goal = evening.world.post(&evening.path("instances"), &evening.gm, start).await.body;
    evening.world.clock.advance(1);
    let path = goal_path(goal["id"].as_str().unwrap(), "/cancel");
    evening.world.post(&path, &evening.gm, json!({})).await;
    let audit = evening.path("audit");
    evening.is_for_the_gm(Method::GET, &audit, None).await;
    let reply = evening.world.get(&audit, &evening.gm).await;
    let actions: Vec<_> =
        reply.body["items"].as_array().unwrap().iter().map(|i| &i["action"]).collect();
    assert_eq!(actions, ["goal.cancelled", "goal.started"]);
    let first = &reply.body["items"][0];
    let gm = gamification_testkit::fixtures::gm().id;
    assert_eq!(first["details"]["instanceId"], goal["id"]);
    assert_eq!((&first["actor"], &first["userId"]), (&json!("user"), &json!(gm)));
    evening
        .core()
        .audit(Some(evening.campaign.id), &Actor::Service, "a.b", json!({}))
        .await
        .unwrap();
    evening.complains(Method::GET, &format!("{audit}?cursor=x"), None, "cursor").await;
}
