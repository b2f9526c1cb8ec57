//! `Idempotency-Key` on every `POST` about campaigns and events.

use crate::lobby::{DICE_INVERT, Lobby};
use crate::support::Reply;
use gamification_testkit::fixtures;
use poem::Request;
use poem::http::Method;
use serde_json::{Value, json};

async fn post(lobby: &Lobby, path: &str, key: &str, body: &Value) -> Reply {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path.parse().unwrap())
        .header("authorization", format!("Bearer {key}"))
        .header("idempotency-key", "the-same")
        .content_type("application/json");
    lobby.world.send(request.body(body.to_string())).await
}

#[tokio::test]
async fn every_post_gets_the_same_answer_again_and_another_body_none() {
    let event = json!({
        "slug": "greeting",
        "name": "Greet the table",
        "trigger": { "type": "manual" },
        "action": { "type": "chat_message", "config": { "content": "Hello!" } },
        "cost": 100,
        "objectiveCoefficient": 0.25,
        "minimumObjective": 2,
        "duration": 90,
    });
    let rule = json!({
        "field": "max_die",
        "op": ">=",
        "value": 19,
        "kind": "success",
        "severity": "extreme",
        "label": "Keen",
    });
    let accept = format!("/members/{}/accept", fixtures::streamer(3).id);
    let release = format!("/events/{DICE_INVERT}/cooldown/release");
    let cases = [
        ("gm", "/api/v1/campaigns".to_owned(), json!({ "name": "Another" }), 201),
        ("gm", "{c}/sessions".to_owned(), json!({}), 201),
        ("gm", "{c}/members".to_owned(), json!({ "login": "newcomer" }), 201),
        ("invited", format!("{{c}}{accept}"), json!({}), 200),
        ("gm", "/api/v1/events".to_owned(), event, 201),
        ("gm", format!("{{c}}{release}"), json!({}), 200),
        ("gm", "{c}/cooldowns/reset".to_owned(), json!({}), 200),
        ("gm", "{c}/criticality-rules".to_owned(), rule, 201),
        (
            "streamer",
            "/api/v1/overlays".to_owned(),
            json!({ "streamerId": fixtures::streamer(1).id }),
            201,
        ),
    ];
    for (who, path, mut body, status) in cases {
        let lobby = Lobby::open().await;
        lobby.configure(DICE_INVERT, json!({ "isEnabled": true })).await;
        if who == "streamer" {
            body["campaignId"] = json!(lobby.campaign);
        }
        let key = match who {
            "gm" => &lobby.gm,
            "invited" => &lobby.invited,
            _ => &lobby.streamers[0],
        };
        let path = path.replace("{c}", &lobby.path);
        let first = post(&lobby, &path, key, &body).await;
        assert_eq!(first.status.as_u16(), status, "{path}: {}", first.text);
        assert_eq!(first.header("idempotency-replayed"), None);
        let again = post(&lobby, &path, key, &body).await;
        assert_eq!((again.status, &again.body), (first.status, &first.body), "{path}");
        assert_eq!(again.header("idempotency-replayed"), Some("true"), "{path}");
        let mut other = body.clone();
        other["another"] = json!(true);
        let other = post(&lobby, &path, key, &other).await;
        assert_eq!(other.problem(422), "idempotency-key-reused", "{path}");
    }
}

#[tokio::test]
async fn a_new_overlay_token_is_repeated_to_who_asks_again_with_the_same_key() {
    let lobby = Lobby::open().await;
    let body = json!({ "campaignId": lobby.campaign, "streamerId": fixtures::streamer(1).id });
    let made = lobby.world.post("/api/v1/overlays", &lobby.streamers[0], body).await.body;
    let path = format!("/api/v1/overlays/{}/rotate", made["id"].as_str().unwrap());
    let first = post(&lobby, &path, &lobby.streamers[0], &json!({})).await;
    let again = post(&lobby, &path, &lobby.streamers[0], &json!({})).await;
    assert_eq!(first.status, 200, "{}", first.text);
    assert_eq!(again.body, first.body);
}

#[tokio::test]
async fn a_post_that_was_refused_may_be_corrected_under_the_same_key() {
    let lobby = Lobby::open().await;
    let path = lobby.at("/members");
    let refused = post(&lobby, &path, &lobby.gm, &json!({ "login": "nobody" })).await;
    assert_eq!(refused.problem(422), "invalid-input");
    let made = post(&lobby, &path, &lobby.gm, &json!({ "login": "somebody" })).await;
    assert_eq!(made.status, 201, "{}", made.text);
}
