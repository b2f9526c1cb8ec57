use crate::lobby::{DICE_INVERT, Lobby};
use gamification_testkit::fixtures;
use serde_json::{Value, json};

async fn listed(lobby: &Lobby, event: &str) -> Value {
    let reply = lobby.world.get(&lobby.at("/events"), &lobby.gm).await;
    let items = reply.body["items"].as_array().expect("a list");
    items.iter().find(|item| item["eventId"] == event).expect("the event is listed").clone()
}

#[tokio::test]
async fn an_event_that_nobody_touched_is_off_with_its_own_values() {
    let lobby = Lobby::open().await;
    assert_eq!(
        listed(&lobby, DICE_INVERT).await,
        json!({
            "eventId": DICE_INVERT,
            "slug": "dice-invert",
            "name": "Invert the die",
            "scope": "individual",
            "isEnabled": false,
            "maxContributionsPerViewer": 0,
            "effective": {
                "cost": 1000,
                "objectiveCoefficient": 0.3,
                "minimumObjective": 3,
                "duration": 60,
                "cooldown": 300,
            },
        })
    );
}

#[tokio::test]
async fn null_clears_an_override_and_a_missing_field_leaves_it() {
    let lobby = Lobby::open().await;
    let all = json!({
        "isEnabled": true,
        "cost": 500,
        "objectiveCoefficient": 0.5,
        "minimumObjective": 10,
        "duration": 120,
        "cooldown": 0,
        "maxContributionsPerViewer": 2,
    });
    let reply = lobby.configure(DICE_INVERT, all.clone()).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    for (field, value) in all.as_object().unwrap() {
        assert_eq!(&reply.body[field], value, "{field}");
        if !["isEnabled", "maxContributionsPerViewer"].contains(&field.as_str()) {
            assert_eq!(&reply.body["effective"][field], value, "{field}");
        }
    }
    assert_eq!(listed(&lobby, DICE_INVERT).await, reply.body);

    let left = lobby.configure(DICE_INVERT, json!({ "isEnabled": true })).await;
    assert_eq!(left.body, reply.body);
    let some = lobby.configure(DICE_INVERT, json!({ "cost": null, "duration": null })).await.body;
    assert_eq!(
        (&some["isEnabled"], &some["cost"], &some["duration"]),
        (&json!(true), &Value::Null, &Value::Null)
    );
    assert_eq!(
        (&some["effective"]["cost"], &some["effective"]["duration"]),
        (&json!(1000), &json!(60))
    );
    assert_eq!(some["minimumObjective"], 10);
    let nulls = json!({
        "objectiveCoefficient": null,
        "minimumObjective": null,
        "cooldown": null,
        "maxContributionsPerViewer": null,
    });
    let cleared = lobby.configure(DICE_INVERT, nulls).await.body;
    assert_eq!(cleared["effective"], listed_effective());
    assert_eq!(cleared["maxContributionsPerViewer"], 0);
}

fn listed_effective() -> Value {
    json!({
        "cost": 1000,
        "objectiveCoefficient": 0.3,
        "minimumObjective": 3,
        "duration": 60,
        "cooldown": 300,
    })
}

#[tokio::test]
async fn what_is_out_of_range_is_refused_by_name_and_changes_nothing() {
    let lobby = Lobby::open().await;
    let before = lobby.configure(DICE_INVERT, json!({ "isEnabled": true })).await.body;
    let cases = [
        (json!({ "cost": 0 }), 422, "cost"),
        (json!({ "cost": -1 }), 422, "cost"),
        (json!({ "cost": 1_000_001 }), 422, "cost"),
        (json!({ "cost": 9_223_372_036_854_775_807_i64 }), 422, "cost"),
        (json!({ "cost": 18_446_744_073_709_551_615_u64 }), 400, "cost"),
        (json!({ "cost": 1e30 }), 400, "cost"),
        (json!({ "cost": "1" }), 400, "cost"),
        (json!({ "objectiveCoefficient": 0 }), 422, "objectiveCoefficient"),
        (json!({ "objectiveCoefficient": -0.3 }), 422, "objectiveCoefficient"),
        (json!({ "objectiveCoefficient": 0.301 }), 422, "objectiveCoefficient"),
        (json!({ "objectiveCoefficient": 10.01 }), 422, "objectiveCoefficient"),
        (json!({ "objectiveCoefficient": "many" }), 400, "objectiveCoefficient"),
        (json!({ "minimumObjective": 0 }), 422, "minimumObjective"),
        (json!({ "minimumObjective": 1001 }), 422, "minimumObjective"),
        (json!({ "duration": 9 }), 422, "duration"),
        (json!({ "duration": 3601 }), 422, "duration"),
        (json!({ "cooldown": -1 }), 422, "cooldown"),
        (json!({ "cooldown": 86_401 }), 422, "cooldown"),
        (json!({ "maxContributionsPerViewer": -1 }), 422, "maxContributionsPerViewer"),
        (json!({ "maxContributionsPerViewer": 101 }), 422, "maxContributionsPerViewer"),
        (json!({ "isEnabled": "yes" }), 400, "isEnabled"),
        (json!({ "costs": 5 }), 400, "costs"),
        (json!({ "isEnabled": false, "cost": 0 }), 422, "cost"),
    ];
    for (body, status, field) in cases {
        let reply = lobby.configure(DICE_INVERT, body.clone()).await;
        assert_eq!(reply.problem(status), "invalid-input", "{body}");
        assert_eq!(reply.fields(), [field], "{body}");
    }
    let all_wrong = lobby.configure(DICE_INVERT, json!({ "cost": 0, "duration": 0 })).await;
    assert_eq!(all_wrong.fields(), ["cost", "duration"]);
    assert_eq!(listed(&lobby, DICE_INVERT).await, before);
}

#[tokio::test]
async fn a_campaign_uses_built_in_events_and_its_game_masters_own() {
    let lobby = Lobby::open().await;
    let body = json!({
        "slug": "greeting",
        "name": "Greet the table",
        "trigger": { "type": "manual" },
        "action": { "type": "chat_message", "config": { "content": "Hello!" } },
        "cost": 100,
        "objectiveCoefficient": 0.25,
        "minimumObjective": 2,
        "duration": 90,
        "cooldown": { "type": "gm_validation" },
    });
    let foreign = lobby.world.post("/api/v1/events", &lobby.stranger, body.clone()).await.body;
    let foreign = foreign["id"].as_str().unwrap();
    let reply = lobby.configure(foreign, json!({ "isEnabled": true })).await;
    assert_eq!(reply.problem(404), "not-found");
    let unknown = fixtures::gm().id.to_string();
    let reply = lobby.configure(&unknown, json!({ "isEnabled": true })).await;
    assert_eq!(reply.problem(404), "not-found");

    let mut body = body;
    body["slug"] = json!("my-greeting");
    let own = lobby.world.post("/api/v1/events", &lobby.gm, body).await.body;
    let own = own["id"].as_str().unwrap();
    let reply = lobby.configure(own, json!({ "isEnabled": true })).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    // A pause that somebody has to end has no length.
    assert_eq!(reply.body["effective"]["cooldown"], Value::Null);

    let page = lobby.world.get(&lobby.at("/events?limit=1"), &lobby.gm).await.body;
    let cursor = page["nextCursor"].as_str().unwrap();
    let next = lobby.at(&format!("/events?cursor={cursor}"));
    let rest = lobby.world.get(&next, &lobby.gm).await.body;
    let ids = [&page, &rest].map(|page| page["items"].as_array().unwrap().clone()).concat();
    let ids: Vec<_> = ids.iter().map(|item| item["eventId"].as_str().unwrap()).collect();
    let built_in = |number| format!("01930000-0000-7000-8000-00000000000{number}");
    let by_slug = [1, 8, 5, 6].map(built_in).into_iter().chain([own.to_owned()]);
    assert_eq!(ids, by_slug.chain([3, 4, 2].map(built_in)).collect::<Vec<_>>());
}
