//! What a game master asks the table for directly, vetoes, and stopping everything.

use crate::evening::Evening;
use crate::support::Reply;
use gamification_core::instance::Instance;
use gamification_core::service::{Fitness, TableClient, TableSocket};
use gamification_core::vtt::{CommandResult, VttCommand};
use gamification_testkit::features;
use poem::http::Method;
use serde_json::{Value, json};

fn goal_path(goal: &Instance) -> String {
    format!("/api/v1/instances/{}", goal.id)
}

async fn goal_of(evening: &Evening, goal: &Instance) -> Value {
    evening.world.get(&goal_path(goal), &evening.gm).await.body
}

/// Our module, or the published one, sits at the table and acts.
async fn sit_down(evening: &Evening, socket: &str, is_our_module: bool) {
    evening.world.table.connect(evening.table.id, socket, is_our_module);
    let fitness = if is_our_module { Fitness::ActiveGm } else { Fitness::Plain };
    let seat = TableSocket {
        node: "node".to_owned(),
        socket: socket.into(),
        fitness,
        features: features(is_our_module),
    };
    let client = TableClient {
        connection_id: evening.table.id,
        socket: seat.clone(),
        version: is_our_module.then(|| "0.1.0".to_owned()),
        connected_at: evening.core().ports().clock.now(),
    };
    evening.core().client_seen(&client).await.unwrap();
    evening.core().table_joined(evening.table.id, &seat).await.unwrap();
}

async fn drive(evening: &Evening) -> VttCommand {
    evening.core().drive_commands().await.unwrap();
    evening.world.table.sent().pop().expect("something was sent").command
}

async fn answer(evening: &Evening, command: &VttCommand, socket: &str, outcome: Value) {
    let result = CommandResult { command_id: command.id, outcome: Ok(outcome) };
    evening.core().command_result(evening.table.id, &socket.into(), result).await.unwrap();
}

async fn undo(evening: &Evening, command: &VttCommand) -> Reply {
    let path = format!("/api/v1/commands/{}/undo", command.id);
    evening.world.post(&path, &evening.gm, json!({})).await
}

async fn set_veto(evening: &Evening, seconds: u32) {
    let path = format!("/api/v1/campaigns/{}", evening.campaign.id);
    let body = json!({ "policies": { "vetoSeconds": seconds } });
    let reply = evening.world.patch(&path, &evening.gm, body).await;
    assert_eq!(reply.body["policies"]["vetoSeconds"], seconds, "{}", reply.text);
}

#[tokio::test]
async fn a_goal_is_vetoed_in_its_window_and_everybody_is_refunded() {
    let evening = Evening::new().await;
    sit_down(&evening, "socket", true).await;
    set_veto(&evening, 30).await;
    let goal = evening.reach_group_goal().await;
    let shown = goal_of(&evening, &goal).await;
    assert_eq!(shown["executionStatus"], "pending");
    assert!(shown["vetoUntil"].is_string(), "{shown}");
    evening.world.clock.advance(29);
    evening.core().drive_commands().await.unwrap();
    assert!(evening.world.table.sent().is_empty(), "nothing is sent in the window");
    let path = format!("{}/cancel", goal_path(&goal));
    let reply = evening.world.post(&path, &evening.gm, json!({ "reason": "too cruel" })).await;
    let result = &reply.body["result"];
    assert_eq!((&result["reason"], &result["message"]), (&json!("vetoed"), &json!("too cruel")));
    assert_eq!(reply.body["executionStatus"], "failed");
    evening.core().drive_commands().await.unwrap();
    assert!(evening.world.table.sent().is_empty());
    let ledger = evening.world.get(&evening.path("ledger"), &evening.gm).await.body;
    evening.settle().await;
    assert_eq!((&ledger["received"], &ledger["balanced"]), (&json!(6), &json!(true)));
    let ledger = evening.world.get(&evening.path("ledger"), &evening.gm).await.body;
    assert_eq!(ledger["refunded"], 6, "{ledger}");
}

#[tokio::test]
async fn after_the_window_the_effect_is_sent_and_cannot_be_stopped() {
    let evening = Evening::new().await;
    sit_down(&evening, "socket", true).await;
    set_veto(&evening, 30).await;
    let goal = evening.reach_group_goal().await;
    evening.world.clock.advance(30);
    let command = drive(&evening).await;
    let path = format!("{}/cancel", goal_path(&goal));
    let reply = evening.world.post(&path, &evening.gm, json!({})).await;
    assert_eq!(reply.status.as_u16(), 409, "{}", reply.text);
    answer(&evening, &command, "socket", json!({ "messageId": "m" })).await;
    assert_eq!(goal_of(&evening, &goal).await["executionStatus"], "executed");
}

#[tokio::test]
async fn a_veto_window_has_limits() {
    let evening = Evening::new().await;
    let path = format!("/api/v1/campaigns/{}", evening.campaign.id);
    let body = json!({ "policies": { "vetoSeconds": 601 } });
    let reply = evening.world.patch(&path, &evening.gm, body).await;
    assert_eq!(reply.problem(422), "invalid-input");
    assert_eq!(reply.fields(), ["policies.vetoSeconds"]);
}

#[tokio::test]
async fn panic_stops_clicks_and_commands_until_the_gm_resumes() {
    let evening = Evening::new().await;
    sit_down(&evening, "socket", true).await;
    let goal = evening.reach_group_goal().await;
    let path = evening.path("panic");
    for _ in 0..2 {
        let reply = evening.world.post(&path, &evening.gm, json!({})).await;
        assert_eq!((reply.status.as_u16(), &reply.body["isPanicked"]), (200, &json!(true)));
    }
    evening.core().drive_commands().await.unwrap();
    assert!(evening.world.table.sent().is_empty());
    let refused = evening.click(&evening.invert_reward, "anna").await;
    assert_eq!(format!("{refused:?}"), "Refused(Panic)");
    let reply = evening.world.delete(&path, &evening.gm).await;
    assert_eq!((reply.status.as_u16(), &reply.body["isPanicked"]), (200, &json!(false)));
    let command = drive(&evening).await;
    answer(&evening, &command, "socket", json!(null)).await;
    assert_eq!(goal_of(&evening, &goal).await["executionStatus"], "executed");
    let audit = evening.world.get(&evening.path("audit"), &evening.gm).await.body;
    let actions: Vec<_> = audit["items"].as_array().unwrap().iter().map(|i| &i["action"]).collect();
    let count = |action: &str| actions.iter().filter(|seen| **seen == action).count();
    assert_eq!((count("panic.started"), count("panic.ended")), (1, 1), "said twice is done once");
    evening.is_for_the_gm(Method::POST, &path, None).await;
    evening.is_for_the_gm(Method::DELETE, &path, None).await;
}

#[tokio::test]
async fn an_effect_is_taken_back_once_by_the_client_that_remembers_it() {
    let evening = Evening::new().await;
    sit_down(&evening, "socket", true).await;
    let goal = evening.reach_group_goal().await;
    let command = drive(&evening).await;
    let early = undo(&evening, &command).await;
    assert_eq!(early.problem(409), "not-undoable", "it has not happened yet");
    answer(&evening, &command, "socket", json!({ "messageId": "m" })).await;
    let reply = undo(&evening, &command).await;
    assert_eq!(reply.status.as_u16(), 202, "{}", reply.text);
    assert_eq!((&reply.body["kind"], &reply.body["status"]), (&json!("undo"), &json!("pending")));
    assert_eq!(reply.body["undoes"], command.id.to_string());
    assert_eq!(undo(&evening, &command).await.problem(409), "undone-already");
    let sent = drive(&evening).await;
    assert_eq!(sent.command.payload["undoes"], command.id.to_string());
    answer(&evening, &sent, "socket", json!(null)).await;
    let path = format!("/api/v1/commands/{}", sent.id);
    assert_eq!(evening.world.get(&path, &evening.gm).await.body["status"], "confirmed");
    let shown = goal_of(&evening, &goal).await;
    assert_eq!(shown["undos"][0]["id"], sent.id.to_string(), "{shown}");
    assert_eq!(shown["executionStatus"], "executed", "the points stay spent");
    let undo_of_undo = undo(&evening, &sent).await;
    assert_eq!(undo_of_undo.problem(409), "not-undoable");
    for key in evening.players.iter().chain(&evening.outsiders) {
        let reply = evening.world.post(&format!("{path}/undo"), key, json!({})).await;
        assert!([403, 404].contains(&reply.status.as_u16()), "{}", reply.text);
    }
}

#[tokio::test]
async fn what_the_published_module_did_to_a_chat_stays() {
    let evening = Evening::new().await;
    sit_down(&evening, "socket", false).await;
    evening.reach_group_goal().await;
    let command = drive(&evening).await;
    evening.world.clock.advance(3);
    evening.core().drive_commands().await.unwrap();
    let reply = undo(&evening, &command).await;
    assert_eq!(reply.problem(409), "not-undoable");
    assert!(
        reply.body["detail"].as_str().unwrap().contains("our Foundry module"),
        "{}",
        reply.text
    );
}

#[tokio::test]
async fn a_confirmation_after_the_refund_is_shown_and_can_be_undone() {
    let evening = Evening::new().await;
    sit_down(&evening, "socket", true).await;
    let goal = evening.reach_group_goal().await;
    let command = drive(&evening).await;
    evening.world.clock.advance(120);
    evening.core().sweep_overdue().await.unwrap();
    assert_eq!(goal_of(&evening, &goal).await["executionStatus"], "failed");
    answer(&evening, &command, "socket", json!({ "messageId": "m" })).await;
    let shown = goal_of(&evening, &goal).await;
    assert_eq!(shown["executionStatus"], "failed", "who was refunded stays refunded");
    let step = &shown["commands"][0];
    assert_eq!((&step["status"], &step["wasConfirmedLate"]), (&json!("expired"), &json!(true)));
    assert_eq!(undo(&evening, &command).await.status.as_u16(), 202);
}

#[tokio::test]
async fn the_table_is_cleaned_and_asked_for_its_characters_in_a_panic_too() {
    let evening = Evening::new().await;
    sit_down(&evening, "socket", false).await;
    evening.world.post(&evening.path("panic"), &evening.gm, json!({})).await;
    for (path, body, kind, payload) in [
        (
            "vtt/cleanup",
            json!({ "cleanChat": true }),
            "cleanup_all_effects",
            json!({ "cleanChat": true }),
        ),
        ("vtt/cleanup", json!({}), "cleanup_all_effects", json!({ "cleanChat": false })),
        ("vtt/sync", json!({ "actorId": "a1" }), "request_sync", json!({ "actorId": "a1" })),
        ("vtt/sync", json!({}), "request_sync", json!({})),
    ] {
        let reply = evening.world.post(&evening.path(path), &evening.gm, body).await;
        assert_eq!((reply.status.as_u16(), &reply.body["kind"]), (202, &json!(kind)));
        let sent = drive(&evening).await;
        assert_eq!(sent.command.payload, payload);
    }
    evening
        .complains(
            Method::POST,
            &evening.path("vtt/cleanup"),
            Some(json!({ "cleanChat": 1 })),
            "cleanChat",
        )
        .await;
    for path in ["vtt/cleanup", "vtt/sync"] {
        evening.is_for_the_gm(Method::POST, &evening.path(path), Some(json!({}))).await;
    }
}

#[tokio::test]
async fn what_nobody_answers_for_two_minutes_is_given_up() {
    let evening = Evening::new().await;
    let reply = evening.world.post(&evening.path("vtt/cleanup"), &evening.gm, json!({})).await;
    let path = format!("/api/v1/commands/{}", reply.body["id"].as_str().unwrap());
    evening.world.clock.advance(119);
    evening.core().drive_commands().await.unwrap();
    assert_eq!(evening.world.get(&path, &evening.gm).await.body["status"], "pending");
    evening.world.clock.advance(1);
    evening.core().drive_commands().await.unwrap();
    assert_eq!(evening.world.get(&path, &evening.gm).await.body["status"], "expired");
}

#[tokio::test]
async fn the_gm_sees_who_is_connected_and_who_acts() {
    let evening = Evening::new().await;
    sit_down(&evening, "published", false).await;
    evening.world.clock.advance(1);
    sit_down(&evening, "ours", true).await;
    let seen = evening.world.get("/api/v1/vtt/connections", &evening.gm).await.body;
    let clients = seen["items"][0]["clients"].as_array().unwrap().clone();
    let told: Vec<_> =
        clients.iter().map(|c| (&c["kind"], &c["isActing"], &c["version"])).collect();
    let expected = [
        (&json!("published"), &json!(false), &Value::Null),
        (&json!("our_module"), &json!(true), &json!("0.1.0")),
    ];
    assert_eq!(told, expected, "{seen}");
    evening.core().table_left(evening.table.id, &"ours".into()).await.unwrap();
    evening.world.clock.advance(30);
    let seen = evening.world.get("/api/v1/vtt/connections", &evening.gm).await.body;
    assert_eq!(seen["items"][0]["clients"], json!([]), "nobody was renewed");
}

#[tokio::test]
async fn a_preflight_names_what_is_missing_before_anybody_pays() {
    let evening = Evening::new().await;
    let streamer = evening.streamers[0].id;
    let path = evening.path(&format!("events/{}/preflight?streamer={streamer}", evening.invert.id));
    let reply = evening.world.get(&path, &evening.gm).await;
    assert_eq!(reply.body["isReady"], true, "{}", reply.text);
    evening.world.post(&evening.path("panic"), &evening.gm, json!({})).await;
    evening.click(&evening.invert_reward, "anna").await;
    let reply = evening.world.get(&path, &evening.gm).await;
    let missing: Vec<_> = reply.body["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|check| check["isOk"] == false)
        .map(|check| (check["name"].as_str().unwrap(), check["reason"].as_str().unwrap()))
        .collect();
    assert_eq!(missing, [("campaign", "everything is stopped: resume first")]);
    evening.is_for_the_gm(Method::GET, &path, None).await;
    let nobody = evening.path(&format!("events/{}/preflight", evening.invert.id));
    let reply = evening.world.get(&nobody, &evening.gm).await;
    assert_eq!(reply.fields(), ["streamer"], "{}", reply.text);
}
