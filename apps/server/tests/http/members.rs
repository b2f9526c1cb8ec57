use crate::lobby::Lobby;
use gamification_core::access::Role;
use gamification_testkit::fixtures;
use serde_json::{Value, json};

fn member(lobby: &Lobby, n: u32) -> String {
    lobby.at(&format!("/members/{}", fixtures::streamer(n).id))
}

#[tokio::test]
async fn somebody_who_is_known_is_invited_by_login_in_any_case() {
    let lobby = Lobby::open().await;
    let user = fixtures::streamer(4);
    lobby.world.save_user(&user).await;
    let body = json!({ "login": "Streamer4" });
    let reply = lobby.world.post(&lobby.at("/members"), &lobby.gm, body.clone()).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    assert_eq!(
        reply.body,
        json!({
            "streamerId": user.id,
            "campaignId": lobby.campaign,
            "login": "streamer4",
            "displayName": "Streamer4",
            "broadcasterType": "affiliate",
            "hasChatNotices": false,
            "status": "invited",
            "isAuthorised": false,
        })
    );
    let again = lobby.world.post(&lobby.at("/members"), &lobby.gm, body).await;
    assert_eq!(again.problem(409), "already-a-member");
}

#[tokio::test]
async fn somebody_who_is_new_is_looked_up_on_twitch() {
    let lobby = Lobby::open().await;
    let body = json!({ "login": "newcomer" });
    let reply = lobby.world.post(&lobby.at("/members"), &lobby.gm, body).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    assert_eq!(reply.body["displayName"], "NEWCOMER");
    let user = lobby.world.queries().user_by_login("newcomer").await.unwrap().unwrap();
    assert_eq!(user.twitch_id.as_str(), "twitch-newcomer");
    assert_eq!(reply.body["streamerId"], json!(user.id));
}

#[tokio::test]
async fn an_invitation_without_sense_names_the_login() {
    let lobby = Lobby::open().await;
    let cases = [
        (json!({ "login": "nobody" }), 422, "login"),
        (json!({}), 400, "login"),
        (json!({ "login": null }), 400, "login"),
        (json!({ "login": 7 }), 400, "login"),
        (json!({ "login": "streamer4", "role": "gm" }), 400, "role"),
    ];
    for (body, status, field) in cases {
        let reply = lobby.world.post(&lobby.at("/members"), &lobby.gm, body.clone()).await;
        assert_eq!(reply.problem(status), "invalid-input", "{body}");
        assert_eq!(reply.fields(), [field], "{body}");
    }
}

#[tokio::test]
async fn the_members_are_listed_by_login() {
    let lobby = Lobby::open().await;
    let reply = lobby.world.get(&lobby.at("/members"), &lobby.gm).await;
    let items = reply.body["items"].as_array().unwrap();
    let shown: Vec<_> = items
        .iter()
        .map(|m| (m["login"].as_str().unwrap(), m["status"].as_str().unwrap()))
        .collect();
    assert_eq!(shown, [("streamer1", "active"), ("streamer2", "active"), ("streamer3", "invited")]);
    assert_eq!(items[0]["isAuthorised"], true);
    assert_eq!(items[0]["authorisedUntil"], "2026-01-02T08:00:00.000000Z");
    assert_eq!(items[2]["authorisedUntil"], Value::Null);
}

#[tokio::test]
async fn an_invitation_is_accepted_once_and_by_the_invited_alone() {
    let lobby = Lobby::open().await;
    let world = &lobby.world;
    let accept = format!("{}/accept", member(&lobby, 3));
    for other in [&lobby.gm, &lobby.streamers[0]] {
        assert_eq!(world.post(&accept, other, json!({})).await.problem(403), "forbidden");
    }
    let reply = world.post(&accept, &lobby.invited, json!({})).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(
        (&reply.body["status"], &reply.body["isAuthorised"]),
        (&json!("active"), &json!(true))
    );
    assert_eq!(world.post(&accept, &lobby.invited, json!({})).await.problem(409), "not-invited");
}

#[tokio::test]
async fn the_game_master_may_take_part_with_a_channel() {
    let lobby = Lobby::open().await;
    let (world, gm) = (&lobby.world, fixtures::gm());
    world.post(&lobby.at("/members"), &lobby.gm, json!({ "login": gm.login })).await;
    let accept = lobby.at(&format!("/members/{}/accept", gm.id));
    assert_eq!(world.post(&accept, &lobby.gm, json!({})).await.status, 200);
    // The same person with a streamer's key is a streamer.
    let streamer = world.key(Role::Streamer, &gm).await;
    assert_eq!(world.get(&lobby.path, &streamer).await.problem(403), "forbidden");
}

#[tokio::test]
async fn the_authorisation_is_given_for_a_time_and_taken_back() {
    let lobby = Lobby::open().await;
    let (world, streamer) = (&lobby.world, &lobby.streamers[0]);
    let path = format!("{}/authorization", member(&lobby, 1));
    let until = json!({ "until": "2026-01-03T00:00:00+01:00" });
    let reply = world.put(&path, streamer, until).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(reply.body["authorisedUntil"], "2026-01-02T23:00:00.000000Z");
    for body in [json!({}), json!({ "until": null })] {
        let reply = world.put(&path, streamer, body).await;
        assert_eq!(reply.body["authorisedUntil"], "2026-01-02T08:00:00.000000Z");
    }
    for until in ["2026-01-01T19:59:59Z", "2026-02-01T00:00:00Z"] {
        let reply = world.put(&path, streamer, json!({ "until": until })).await;
        assert_eq!(reply.problem(422), "invalid-input", "{until}");
        assert_eq!(reply.fields(), ["until"]);
    }
    for until in [json!("tomorrow"), json!(5)] {
        assert_eq!(world.put(&path, streamer, json!({ "until": until })).await.status, 400);
    }
    let withdrawn = world.delete(&path, streamer).await;
    assert_eq!(withdrawn.status, 200, "{}", withdrawn.text);
    assert_eq!(withdrawn.body["isAuthorised"], false);
    assert_eq!(withdrawn.body["authorisedUntil"], Value::Null);
}

#[tokio::test]
async fn who_was_removed_is_out_and_may_be_invited_again() {
    let lobby = Lobby::open().await;
    let world = &lobby.world;
    let path = member(&lobby, 1);
    assert_eq!(world.delete(&path, &lobby.gm).await.status, 204);
    assert_eq!(world.delete(&path, &lobby.gm).await.problem(404), "not-found");
    let offers = lobby.at(&format!("/streamers/{}/events", fixtures::streamer(1).id));
    assert_eq!(world.get(&offers, &lobby.streamers[0]).await.problem(404), "not-found");
    assert_eq!(world.get(&offers, &lobby.gm).await.problem(404), "not-found");
    let again = json!({ "login": "streamer1" });
    assert_eq!(world.post(&lobby.at("/members"), &lobby.gm, again).await.status, 201);
}
