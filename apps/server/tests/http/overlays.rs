use crate::lobby::Lobby;
use crate::support::Reply;
use gamification_server::auth::sha256_hex;
use gamification_testkit::fixtures;
use poem::Request;
use poem::http::Method;
use serde_json::{Value, json};

const OVERLAYS: &str = "/api/v1/overlays";

fn wish(lobby: &Lobby, n: u32) -> Value {
    json!({ "campaignId": lobby.campaign, "streamerId": fixtures::streamer(n).id })
}

#[tokio::test]
async fn an_overlay_has_a_secret_address_that_is_kept_hashed_and_sealed() {
    let lobby = Lobby::open().await;
    let (world, streamer) = (&lobby.world, &lobby.streamers[0]);
    let made = world.post(OVERLAYS, streamer, wish(&lobby, 1)).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let token = made.body["token"].as_str().unwrap();
    assert!(token.starts_with("ov_") && token.len() > 40, "{token}");
    let address = format!("http://127.0.0.1:8080/overlay/{token}/stream");
    assert_eq!(made.body["streamUrl"], address);
    assert_eq!(made.body["streamerId"], json!(fixtures::streamer(1).id));
    assert_eq!(made.body["campaignId"], json!(lobby.campaign));

    let hash = sha256_hex(token.as_bytes());
    let kept = world.queries().overlay_by_hash(&hash).await.unwrap().unwrap();
    assert_eq!(json!(kept.id), made.body["id"]);
    assert_eq!(kept.revoked_at, None);
    assert!(!kept.sealed_token.unwrap().contains(&token[3..]));
}

#[tokio::test]
async fn a_streamer_reads_the_own_addresses_again_and_nobody_else_does() {
    let lobby = Lobby::open().await;
    let (world, streamer) = (&lobby.world, &lobby.streamers[0]);
    let list = lobby.at("/overlays");
    assert_eq!(world.get(&list, streamer).await.body["items"], json!([]));
    let first = world.post(OVERLAYS, streamer, wish(&lobby, 1)).await.body;
    world.clock.advance(1);
    let second = world.post(OVERLAYS, streamer, wish(&lobby, 1)).await.body;
    let page = format!("http://127.0.0.1:8080/overlay/{}", second["token"].as_str().unwrap());
    assert_eq!(second["pageUrl"], page);

    let listed = world.get(&list, streamer).await.body;
    for (listed, made) in [(&listed["items"][0], &second), (&listed["items"][1], &first)] {
        for field in ["id", "campaignId", "streamerId", "pageUrl", "streamUrl", "createdAt"] {
            assert_eq!(listed[field], made[field], "{field}");
        }
        assert!(listed["seenAt"].is_null() && listed["isVisible"].is_null());
    }
    world.delete(&format!("{OVERLAYS}/{}", first["id"].as_str().unwrap()), streamer).await;
    assert_eq!(world.get(&list, streamer).await.body["items"].as_array().unwrap().len(), 1);
    assert_eq!(world.get(&list, &lobby.streamers[1]).await.body["items"], json!([]));
    assert_eq!(world.get(&list, &lobby.gm).await.problem(404), "not-found");
    assert_eq!(world.get(&list, &lobby.invited).await.problem(403), "forbidden");
    assert_eq!(world.get(&list, &lobby.stranger).await.problem(404), "not-found");
}

/// An overlay reports with that body.
async fn report(lobby: &Lobby, token: &str, body: &str) -> Reply {
    let uri = format!("/overlay/{token}/seen").parse().unwrap();
    let request = Request::builder().method(Method::POST).uri(uri);
    lobby.world.send(request.content_type("application/json").body(body.to_owned())).await
}

#[tokio::test]
async fn what_an_overlay_tells_of_itself_is_written_with_others_and_shown() {
    let lobby = Lobby::open().await;
    let (world, streamer) = (&lobby.world, &lobby.streamers[0]);
    let made = world.post(OVERLAYS, streamer, wish(&lobby, 1)).await.body;
    let token = made["token"].as_str().unwrap();
    world.clock.advance(30);
    for body in [r#"{"isVisible":false}"#, r#"{"isVisible":true,"isOnAir":false}"#] {
        assert_eq!(report(&lobby, token, body).await.status.as_u16(), 204);
    }
    let board = &world.services.sightings;
    let list = lobby.at("/overlays");
    assert!(world.get(&list, streamer).await.body["items"][0]["seenAt"].is_null());
    assert_eq!(board.write(&world.services.core).await, Ok(1));
    assert_eq!(board.write(&world.services.core).await, Ok(0), "written once");
    let shown = world.get(&list, streamer).await.body["items"][0].clone();
    assert_eq!(shown["seenAt"], "2026-01-01T20:00:30.000000Z");
    assert_eq!((&shown["isVisible"], &shown["isOnAir"]), (&json!(true), &json!(false)));
}

#[tokio::test]
async fn only_an_address_that_works_may_tell_and_only_what_is_asked() {
    let lobby = Lobby::open().await;
    let (world, streamer) = (&lobby.world, &lobby.streamers[0]);
    let made = world.post(OVERLAYS, streamer, wish(&lobby, 1)).await.body;
    let token = made["token"].as_str().unwrap();
    let body = r#"{"isVisible":true,"isOnAir":null}"#;
    assert_eq!(report(&lobby, "ov_guessed", body).await.problem(404), "not-found");
    for body in ["", "{}", "[]", r#"{"isVisible":1}"#, r#"{"isVisible":true,"theme":"x"}"#] {
        assert_eq!(report(&lobby, token, body).await.status.as_u16(), 400, "{body}");
    }
    let long = format!("{body}{}", " ".repeat(300));
    assert_eq!(report(&lobby, token, &long).await.problem(413), "too-large");
    assert_eq!(world.services.sightings.write(&world.services.core).await, Ok(0));
    world.delete(&format!("{OVERLAYS}/{}", made["id"].as_str().unwrap()), streamer).await;
    assert_eq!(report(&lobby, token, body).await.problem(404), "not-found");
}

#[tokio::test]
async fn a_new_token_replaces_the_old_one_until_the_overlay_is_deleted() {
    let lobby = Lobby::open().await;
    let (world, streamer) = (&lobby.world, &lobby.streamers[0]);
    let made = world.post(OVERLAYS, streamer, wish(&lobby, 1)).await.body;
    let path = format!("{OVERLAYS}/{}", made["id"].as_str().unwrap());
    let rotated = world.post(&format!("{path}/rotate"), streamer, json!({})).await;
    assert_eq!(rotated.status, 200, "{}", rotated.text);
    assert_eq!(rotated.body["id"], made["id"]);
    assert_ne!(rotated.body["token"], made["token"]);
    let old = sha256_hex(made["token"].as_str().unwrap().as_bytes());
    assert_eq!(world.queries().overlay_by_hash(&old).await.unwrap(), None);

    assert_eq!(world.delete(&path, streamer).await.status, 204);
    let new = sha256_hex(rotated.body["token"].as_str().unwrap().as_bytes());
    let kept = world.queries().overlay_by_hash(&new).await.unwrap();
    assert!(kept.is_none_or(|overlay| overlay.revoked_at.is_some()));
    assert_eq!(world.delete(&path, streamer).await.problem(404), "not-found");
    let reply = world.post(&format!("{path}/rotate"), streamer, json!({})).await;
    assert_eq!(reply.problem(404), "not-found");
}

#[tokio::test]
async fn only_the_streamer_has_and_knows_the_own_overlay() {
    let lobby = Lobby::open().await;
    let world = &lobby.world;
    let foreign = wish(&lobby, 1);
    for (key, status) in [
        (&lobby.gm, 403),
        (&lobby.streamers[1], 403),
        (&lobby.invited, 403),
        (&lobby.stranger, 404),
    ] {
        assert_eq!(world.post(OVERLAYS, key, foreign.clone()).await.status, status);
    }
    assert_eq!(world.post(OVERLAYS, &lobby.invited, wish(&lobby, 3)).await.status, 403);

    let made = world.post(OVERLAYS, &lobby.streamers[0], foreign).await.body;
    let path = format!("{OVERLAYS}/{}", made["id"].as_str().unwrap());
    for key in [&lobby.gm, &lobby.streamers[1], &lobby.invited, &lobby.stranger] {
        assert_eq!(world.delete(&path, key).await.problem(404), "not-found");
        let reply = world.post(&format!("{path}/rotate"), key, json!({})).await;
        assert_eq!(reply.problem(404), "not-found");
    }
    assert_eq!(world.delete(&path, &lobby.streamers[0]).await.status, 204);
}

#[tokio::test]
async fn an_overlay_without_sense_is_refused_by_field() {
    let lobby = Lobby::open().await;
    let (campaign, streamer) = (lobby.campaign, fixtures::streamer(1).id);
    let cases = [
        (json!({ "campaignId": campaign }), "streamerId"),
        (json!({ "streamerId": streamer }), "campaignId"),
        (json!({ "campaignId": "x", "streamerId": streamer }), "campaignId"),
        (json!({ "campaignId": null, "streamerId": streamer }), "campaignId"),
        (json!({ "campaignId": campaign, "streamerId": streamer, "theme": "dark" }), "theme"),
    ];
    for (body, field) in cases {
        let reply = lobby.world.post(OVERLAYS, &lobby.streamers[0], body.clone()).await;
        assert_eq!(reply.problem(400), "invalid-input", "{body}");
        assert_eq!(reply.fields(), [field], "{body}");
    }
}
