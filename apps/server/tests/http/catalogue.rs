use crate::lobby::{DICE_INVERT, GROUP_CHAT, Lobby, stranger};
use gamification_core::access::Role;
use gamification_core::campaign::User;
use serde_json::{Value, json};

const EVENTS: &str = "/api/v1/events";

fn greeting() -> Value {
    json!({
        "slug": "greeting",
        "name": "Greet the table",
        "description": "The viewers say hello",
        "scope": "group",
        "trigger": { "type": "manual" },
        "action": { "type": "chat_message", "config": { "content": "Hello!" } },
        "cost": 100,
        "objectiveCoefficient": 0.25,
        "minimumObjective": 2,
        "duration": 90,
    })
}

/// The greeting with some fields replaced.
fn greeting_with(changes: &Value) -> Value {
    let mut body = greeting();
    for (field, value) in changes.as_object().unwrap() {
        body[field] = value.clone();
    }
    body
}

fn slugs(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|e| e["slug"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_event_is_made_changed_and_removed() {
    let lobby = Lobby::open().await;
    let (world, gm) = (&lobby.world, &lobby.gm);
    let made = world.post(EVENTS, gm, greeting()).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let path = format!("{EVENTS}/{}", made.body["id"].as_str().unwrap());
    for (field, value) in greeting().as_object().unwrap() {
        if !["trigger", "action"].contains(&field.as_str()) {
            assert_eq!(&made.body[field], value, "{field}");
        }
    }
    assert_eq!(made.body["trigger"], json!({ "type": "manual", "config": {} }));
    assert_eq!(made.body["cooldown"], json!({ "type": "time", "config": {} }));
    assert_eq!(
        (&made.body["completion"], &made.body["armedTtlSeconds"], &made.body["isSystem"]),
        (&json!("auto"), &json!(1800), &json!(false))
    );
    assert_eq!(world.get(&path, gm).await.body, made.body);

    let change = json!({ "name": "Hello", "cooldown": { "type": "gm_validation" } });
    let changed = world.patch(&path, gm, change).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    let mut expected = made.body.clone();
    expected["name"] = json!("Hello");
    expected["cooldown"] = json!({ "type": "gm_validation", "config": {} });
    assert_eq!(changed.body, expected);

    assert_eq!(world.delete(&path, gm).await.status, 204);
    assert_eq!(world.get(&path, gm).await.problem(404), "not-found");
    assert_eq!(world.delete(&path, gm).await.problem(404), "not-found");
}

#[tokio::test]
async fn built_in_events_are_seen_by_all_and_changed_by_nobody() {
    let lobby = Lobby::open().await;
    let (world, gm) = (&lobby.world, &lobby.gm);
    let path = format!("{EVENTS}/{DICE_INVERT}");
    let event = world.get(&path, &lobby.stranger).await.body;
    assert_eq!((&event["slug"], &event["isSystem"]), (&json!("dice-invert"), &json!(true)));
    assert_eq!(event["french"]["name"], "Inverser le dé");
    assert_eq!(event["createdBy"], Value::Null);
    let reply = world.patch(&path, gm, json!({ "cost": 5 })).await;
    assert_eq!(reply.problem(409), "event-built-in");
    assert_eq!(world.delete(&path, gm).await.problem(409), "event-built-in");
}

#[tokio::test]
async fn events_of_others_are_not_there_except_for_admins() {
    let lobby = Lobby::open().await;
    let world = &lobby.world;
    let made = world.post(EVENTS, &lobby.stranger, greeting()).await.body;
    let path = format!("{EVENTS}/{}", made["id"].as_str().unwrap());
    assert_eq!(world.get(&path, &lobby.gm).await.problem(404), "not-found");
    let reply = world.patch(&path, &lobby.gm, json!({ "cost": 5 })).await;
    assert_eq!(reply.problem(404), "not-found");
    assert_eq!(world.delete(&path, &lobby.gm).await.problem(404), "not-found");
    assert!(!slugs(&world.get(EVENTS, &lobby.gm).await.body).contains(&"greeting"));
    let admin = world.key(Role::Admin, &User { is_admin: true, ..stranger() }).await;
    assert_eq!(world.get(&path, &admin).await.status, 200);
    assert!(slugs(&world.get(EVENTS, &admin).await.body).contains(&"greeting"));
}

#[tokio::test]
async fn the_catalogue_is_listed_in_pages_ordered_by_slug() {
    let lobby = Lobby::open().await;
    let (world, gm) = (&lobby.world, &lobby.gm);
    world.post(EVENTS, gm, greeting()).await;
    let all = world.get(EVENTS, gm).await.body;
    let mut sorted = slugs(&all);
    sorted.sort_unstable();
    assert_eq!(slugs(&all), sorted);
    let first = world.get(&format!("{EVENTS}?limit=1"), gm).await.body;
    assert_eq!(slugs(&first), sorted[..1]);
    let cursor = first["nextCursor"].as_str().unwrap();
    let rest = world.get(&format!("{EVENTS}?cursor={cursor}"), gm).await.body;
    assert_eq!(slugs(&rest), sorted[1..]);
}

#[tokio::test]
async fn what_is_wrong_with_an_event_is_told_by_field() {
    let lobby = Lobby::open().await;
    let cases = [
        (json!({ "slug": "No Slug" }), 422, "slug"),
        (json!({ "slug": "ab" }), 422, "slug"),
        (json!({ "name": "x".repeat(46) }), 422, "name"),
        (json!({ "description": "x".repeat(201) }), 422, "description"),
        (json!({ "scope": "planet" }), 400, "scope"),
        (json!({ "completion": "never" }), 400, "completion"),
        (json!({ "trigger": { "type": "moon" } }), 422, "trigger.type"),
        (json!({ "trigger": {} }), 400, "trigger.type"),
        (json!({ "trigger": { "type": "manual", "x": 1 } }), 400, "trigger.x"),
        (json!({ "action": { "type": "chat_message", "config": [] } }), 400, "action.config"),
        (json!({ "action": { "type": "chat_message" } }), 422, "action.config.content"),
        (json!({ "cost": 0 }), 422, "cost"),
        (json!({ "cost": -5 }), 422, "cost"),
        (json!({ "cost": 1_000_001 }), 422, "cost"),
        (json!({ "cost": 1.5 }), 400, "cost"),
        (json!({ "cost": "100" }), 400, "cost"),
        (json!({ "cost": null }), 400, "cost"),
        (json!({ "objectiveCoefficient": 0 }), 422, "objectiveCoefficient"),
        (json!({ "objectiveCoefficient": 0.125 }), 422, "objectiveCoefficient"),
        (json!({ "objectiveCoefficient": 10.01 }), 422, "objectiveCoefficient"),
        (json!({ "minimumObjective": 0 }), 422, "minimumObjective"),
        (json!({ "minimumObjective": 1001 }), 422, "minimumObjective"),
        (json!({ "duration": 9 }), 422, "duration"),
        (json!({ "duration": 3601 }), 422, "duration"),
        (json!({ "armedTtlSeconds": 59 }), 422, "armedTtlSeconds"),
        (json!({ "cooldown": { "type": "rest" } }), 422, "cooldown.type"),
        (
            json!({ "cooldown": { "type": "time", "config": { "durationSeconds": -1 } } }),
            422,
            "cooldown.config.durationSeconds",
        ),
        (
            json!({ "cooldown": {
                "type": "event_complete",
                "config": { "waitForEventId": DICE_INVERT },
            } }),
            422,
            "cooldown.config.waitForEventId",
        ),
        (json!({ "rewardColor": "red" }), 422, "rewardColor"),
        (json!({ "isSystem": true }), 400, "isSystem"),
    ];
    for (changes, status, field) in cases {
        let reply = lobby.world.post(EVENTS, &lobby.gm, greeting_with(&changes)).await;
        assert_eq!(reply.problem(status), "invalid-input", "{changes}");
        assert_eq!(reply.fields(), [field], "{changes}");
    }
    for field in ["slug", "name", "trigger", "action", "cost", "objectiveCoefficient", "duration"] {
        let mut body = greeting();
        body.as_object_mut().unwrap().remove(field);
        let reply = lobby.world.post(EVENTS, &lobby.gm, body).await;
        assert_eq!((reply.problem(400), reply.fields()), ("invalid-input", vec![field]));
    }
    assert!(!slugs(&lobby.world.get(EVENTS, &lobby.gm).await.body).contains(&"greeting"));
}

#[tokio::test]
async fn a_slug_is_taken_once_and_an_event_in_use_stays() {
    let lobby = Lobby::open().await;
    let (world, gm) = (&lobby.world, &lobby.gm);
    let made = world.post(EVENTS, gm, greeting()).await.body;
    let id = made["id"].as_str().unwrap();
    assert_eq!(world.post(EVENTS, gm, greeting()).await.problem(409), "slug-taken");
    let path = format!("{EVENTS}/{id}");
    let taken = json!({ "slug": "dice-invert" });
    assert_eq!(world.patch(&path, gm, taken).await.problem(409), "slug-taken");
    let scope = world.patch(&path, gm, json!({ "scope": "individual" })).await;
    assert_eq!((scope.problem(400), scope.fields()), ("invalid-input", vec!["scope"]));

    assert_eq!(lobby.configure(id, json!({ "isEnabled": true })).await.status, 200);
    assert_eq!(world.delete(&path, gm).await.problem(409), "event-in-use");
    let other = json!({ "action": { "type": "chat_message", "config": { "content": "Bye" } } });
    assert_eq!(world.patch(&path, gm, other).await.problem(409), "event-in-use");
    assert_eq!(world.patch(&path, gm, json!({ "cost": 7 })).await.status, 200);
    assert_eq!(lobby.configure(id, json!({ "isEnabled": false })).await.status, 200);
    assert_eq!(world.delete(&path, gm).await.status, 204);
}

#[tokio::test]
async fn a_cooldown_may_wait_for_another_event_of_the_same_scope() {
    let lobby = Lobby::open().await;
    let cooldown = json!({
        "type": "event_complete",
        "config": { "waitForEventId": GROUP_CHAT },
    });
    let body = greeting_with(&json!({ "cooldown": cooldown }));
    let made = lobby.world.post(EVENTS, &lobby.gm, body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.body["cooldown"], cooldown);
}
