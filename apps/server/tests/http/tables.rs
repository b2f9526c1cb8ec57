use crate::evening::{Evening, OTHER_TABLE_KEY, TABLE_KEY};
use gamification_core::access::Role;
use gamification_foundry::pairing::{PairingRequest, PairingStatus, Requester};
use gamification_testkit::fixtures;
use poem::http::Method;
use serde_json::{Value, json};

const CLAIM: &str = "/api/v1/vtt/pairings/claim";
const LIST: &str = "/api/v1/vtt/connections";

/// The code that a world shows.
async fn code_of(evening: &Evening, world: &str) -> String {
    let request = PairingRequest {
        world_id: world.to_owned(),
        world_name: Some("Barovia".to_owned()),
        module_version: Some("2.3.0".to_owned()),
        game_system_id: Some("dnd5e".to_owned()),
        poll_token: None,
    };
    evening.world.services.pairing.request(&request, "10.0.0.1").await.unwrap().code
}

fn path_of(id: impl std::fmt::Display, rest: &str) -> String {
    format!("{LIST}/{id}{rest}")
}

#[tokio::test]
async fn a_claimed_code_pairs_the_world_and_replaces_the_former_table() {
    let evening = Evening::new().await;
    let code = code_of(&evening, "barovia").await;
    let body =
        json!({ "code": code.to_lowercase().replace('-', ""), "campaignId": evening.campaign.id });
    let reply = evening.world.post(CLAIM, &evening.gm, body.clone()).await;
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.text);
    assert_eq!(
        (&reply.body["worldId"], &reply.body["worldName"]),
        (&json!("barovia"), &json!("Barovia"))
    );
    assert_eq!((&reply.body["status"], &reply.body["isInCombat"]), (&json!("away"), &json!(false)));
    assert_eq!(reply.body["campaignId"], json!(evening.campaign.id));
    let again = evening.world.post(CLAIM, &evening.gm, body).await;
    assert_eq!(again.body["id"], reply.body["id"], "typing it twice changes nothing");

    let list = evening.world.get(LIST, &evening.gm).await;
    let seen: Vec<_> =
        list.body["items"].as_array().unwrap().iter().map(|c| &c["status"]).collect();
    assert_eq!(seen, ["revoked", "away"], "{}", list.text);
    let from = Requester { address: "10.0.0.1", poll_token: None };
    let handed = evening.world.services.pairing.status(&"barovia".into(), &code, from).await;
    let PairingStatus::Completed(handed) = handed.unwrap() else { panic!("not handed over") };
    for secret in
        [&handed.api_key, &handed.session_token, &handed.refresh_token, &handed.fingerprint]
    {
        assert!(!reply.text.contains(secret.as_str()) && !list.text.contains(secret.as_str()));
    }
    assert!(!list.text.to_lowercase().contains("hash"), "{}", list.text);
    let audit = evening.world.get(&evening.path("audit"), &evening.gm).await.body;
    assert_eq!(audit["items"][0]["action"], "world.paired");
}

#[tokio::test]
async fn a_wrong_code_is_told_five_times_and_then_no_more_for_a_while() {
    let evening = Evening::new().await;
    let claim =
        |code: &'static str| evening.world.post(CLAIM, &evening.gm, json!({ "code": code }));
    for code in ["ABC-234", "", "A", "OOOOOO", "ABCDEFGH"] {
        let reply = claim(code).await;
        assert_eq!(reply.problem(422), "invalid-input", "{code}");
        assert_eq!(reply.fields(), ["code"]);
    }
    let reply = claim("ABC-234").await;
    assert_eq!(reply.status.as_u16(), 429, "{}", reply.text);
    assert_eq!(reply.header("retry-after"), Some("60"));
    evening.world.clock.advance(60);
    assert_eq!(claim("ABC-234").await.problem(422), "invalid-input");
}

#[tokio::test]
async fn only_a_gm_pairs_and_only_with_a_campaign_of_theirs() {
    let evening = Evening::new().await;
    let code = code_of(&evening, "barovia").await;
    let [streamer, other, scoped] = &evening.outsiders[..] else { panic!("three") };
    let body = json!({ "code": code, "campaignId": evening.campaign.id });
    let post = Method::POST;
    let refused = |key| evening.call(&post, CLAIM, key, Some(&body));
    assert_eq!(refused(None).await.problem(401), "unauthenticated");
    assert_eq!(refused(Some(TABLE_KEY)).await.problem(401), "unauthenticated");
    assert_eq!(refused(Some(streamer)).await.problem(403), "forbidden");
    assert_eq!(refused(Some(&evening.players[0])).await.problem(403), "forbidden");
    for key in [other, scoped] {
        assert_eq!(refused(Some(key)).await.problem(404), "not-found");
    }
    for (body, field) in [
        (json!({}), "code"),
        (json!({ "code": 7 }), "code"),
        (json!({ "code": "x", "campaignId": "y" }), "campaignId"),
        (json!({ "code": "x", "apiKey": "y" }), "apiKey"),
    ] {
        evening.complains(Method::POST, CLAIM, Some(body), field).await;
    }
    let paired = evening.world.queries().connection_of(evening.campaign.id).await.unwrap();
    assert_eq!(paired.unwrap().id, evening.table.id);
}

#[tokio::test]
async fn a_scoped_key_pairs_with_its_campaign_and_sees_no_other() {
    let evening = Evening::new().await;
    let key = evening.world.key_for(Role::Gm, &fixtures::gm(), Some(evening.campaign.id)).await;
    let code = code_of(&evening, "barovia").await;
    let reply = evening.world.post(CLAIM, &key, json!({ "code": code })).await;
    assert_eq!(reply.body["campaignId"], json!(evening.campaign.id), "{}", reply.text);
    let elsewhere = &evening.outsiders[2];
    assert_eq!(evening.world.get(LIST, elsewhere).await.body["items"], json!([]));
    assert_eq!(evening.world.get(LIST, &key).await.body["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_world_is_taken_off_and_allowed_again() {
    let evening = Evening::new().await;
    let status = async || -> Value {
        evening.world.get(LIST, &evening.gm).await.body["items"][0]["status"].clone()
    };
    assert_eq!(status().await, "present");
    let (own, again) = (path_of(evening.table.id, ""), path_of(evening.table.id, "/reauthorize"));
    for _ in 0..2 {
        assert_eq!(evening.world.delete(&own, &evening.gm).await.status.as_u16(), 204);
        assert_eq!(status().await, "revoked");
    }
    for _ in 0..2 {
        let reply = evening.world.post(&again, &evening.gm, json!({})).await;
        assert_eq!(reply.status.as_u16(), 200, "{}", reply.text);
        assert_eq!(reply.body["status"], "away");
        assert!(reply.body.get("revokedAt").is_none());
    }
    let audit = evening.world.get(&evening.path("audit"), &evening.gm).await.body;
    let actions: Vec<_> = audit["items"].as_array().unwrap().iter().map(|i| &i["action"]).collect();
    assert_eq!(actions, ["world.reauthorized", "world.revoked"]);
}

#[tokio::test]
async fn a_world_whose_campaign_has_another_table_is_not_allowed_again() {
    let evening = Evening::new().await;
    let code = code_of(&evening, "barovia").await;
    let body = json!({ "code": code, "campaignId": evening.campaign.id });
    evening.world.post(CLAIM, &evening.gm, body).await;
    let path = path_of(evening.table.id, "/reauthorize");
    let reply = evening.world.post(&path, &evening.gm, json!({})).await;
    assert_eq!(reply.problem(409), "world-taken");
}

#[tokio::test]
async fn connections_are_for_those_who_lead_their_campaign() {
    let evening = Evening::new().await;
    let [streamer, other, scoped] = &evening.outsiders[..] else { panic!("three") };
    let id = evening.table.id;
    for (method, path) in
        [(Method::DELETE, path_of(id, "")), (Method::POST, path_of(id, "/reauthorize"))]
    {
        for (key, status) in [
            (None, 401),
            (Some(TABLE_KEY), 401),
            (Some(OTHER_TABLE_KEY), 401),
            (Some(streamer.as_str()), 403),
            (Some(evening.players[0].as_str()), 403),
            (Some(other.as_str()), 404),
            (Some(scoped.as_str()), 404),
        ] {
            evening.call(&method, &path, key, None).await.problem(status);
        }
        let unknown = path.replace(&id.to_string(), &evening.campaign.id.to_string());
        let reply = evening.call(&method, &unknown, Some(&evening.gm), None).await;
        assert_eq!(reply.problem(404), "not-found");
        let unreadable = path.replace(&id.to_string(), "x");
        evening.complains(method, &unreadable, None, "connection").await;
    }
    assert_eq!(evening.world.get(LIST, streamer).await.problem(403), "forbidden");
    let seen = evening.world.queries().connection(id).await.unwrap().unwrap();
    assert!(!seen.is_revoked());
}
