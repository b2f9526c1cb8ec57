use crate::lobby::Lobby;
use gamification_core::campaign::{Campaign, Character};
use gamification_testkit::fixtures;
use serde_json::{Value, json};

/// The character number `n`, as the table reported it.
async fn report(lobby: &Lobby, n: u32) -> Character {
    let campaign = Campaign { id: lobby.campaign, ..fixtures::campaign(1) };
    let character = fixtures::character(n, &campaign, None);
    let mut unit = lobby.world.begin().await;
    unit.campaigns().save_character(&character).await.unwrap();
    unit.commit().await.unwrap();
    character
}

#[tokio::test]
async fn characters_are_listed_by_name() {
    let lobby = Lobby::open().await;
    let (second, first) = (report(&lobby, 2).await, report(&lobby, 1).await);
    let reply = lobby.world.get(&lobby.at("/characters"), &lobby.gm).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let items = reply.body["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(
        items[0],
        json!({
            "id": first.id,
            "campaignId": lobby.campaign,
            "vttActorId": "actor-1",
            "name": "Hero 1",
            "kind": "pc",
            "details": {
                "avatarUrl": null,
                "hitPoints": { "current": 12, "max": null, "temp": null },
                "spells": [],
            },
        })
    );
    assert_eq!(items[1]["id"], json!(second.id));
}

#[tokio::test]
async fn a_character_is_given_to_a_streamer_and_taken_back() {
    let lobby = Lobby::open().await;
    let path = format!("/api/v1/characters/{}/assignment", report(&lobby, 1).await.id);
    let streamer = fixtures::streamer(1).id;
    let given = lobby.world.put(&path, &lobby.gm, json!({ "streamerId": streamer })).await;
    assert_eq!(given.status, 200, "{}", given.text);
    assert_eq!(given.body["assignedStreamerId"], json!(streamer));
    let listed = lobby.world.get(&lobby.at("/characters"), &lobby.gm).await.body;
    assert_eq!(listed["items"][0], given.body);
    let taken = lobby.world.put(&path, &lobby.gm, json!({ "streamerId": null })).await;
    assert_eq!(taken.status, 200, "{}", taken.text);
    assert_eq!(taken.body["assignedStreamerId"], Value::Null);
}

#[tokio::test]
async fn an_assignment_without_sense_is_refused() {
    let lobby = Lobby::open().await;
    let path = format!("/api/v1/characters/{}/assignment", report(&lobby, 1).await.id);
    let cases = [
        (json!({}), "streamerId"),
        (json!({ "streamerId": "x" }), "streamerId"),
        (json!({ "streamerId": 5 }), "streamerId"),
        (json!({ "streamerId": null, "name": "x" }), "name"),
    ];
    for (body, field) in cases {
        let reply = lobby.world.put(&path, &lobby.gm, body.clone()).await;
        assert_eq!(reply.problem(400), "invalid-input", "{body}");
        assert_eq!(reply.fields(), [field], "{body}");
    }
    let nobody = json!({ "streamerId": fixtures::gm().id });
    assert_eq!(lobby.world.put(&path, &lobby.gm, nobody).await.problem(404), "not-found");
    let invited = json!({ "streamerId": fixtures::streamer(3).id });
    let reply = lobby.world.put(&path, &lobby.gm, invited).await;
    assert_eq!(reply.problem(409), "invitation-open");
}

#[tokio::test]
async fn a_character_of_a_foreign_campaign_looks_like_none() {
    let lobby = Lobby::open().await;
    let there = format!("/api/v1/characters/{}/assignment", report(&lobby, 1).await.id);
    let nowhere = format!("/api/v1/characters/{}/assignment", fixtures::gm().id);
    let body = json!({ "streamerId": null });
    let foreign = lobby.world.put(&there, &lobby.stranger, body.clone()).await;
    let missing = lobby.world.put(&nowhere, &lobby.stranger, body.clone()).await;
    assert_eq!(foreign.problem(404), "not-found");
    assert_eq!(missing.problem(404), "not-found");
    assert_eq!(foreign.body["detail"], missing.body["detail"]);
    let member = lobby.world.put(&there, &lobby.streamers[0], body).await;
    assert_eq!(member.problem(403), "forbidden");
}
