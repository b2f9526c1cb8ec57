//! The token endpoints.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{ALICE, Answer, GM, MANAGE, World, quick};
use std::time::Duration;

async fn validate(world: &World, token: &str) -> Answer {
    let request = world.http.get(world.url("/oauth2/validate"));
    world.send(request.header("Authorization", format!("OAuth {token}"))).await
}

#[tokio::test]
async fn an_application_gets_a_token_that_says_who_it_is() {
    let world = World::new().await;
    let app = world.app().await;
    let answer = validate(&world, &app.token).await.expect(200);
    assert_eq!(answer.body["client_id"], world.config.client.client_id);
    assert_eq!(answer.body["scopes"], json!([]));
    assert!(answer.body.get("user_id").is_none());
    assert!(answer.body["expires_in"].as_i64().unwrap() > 4_000_000);
}

#[tokio::test]
async fn wrong_clients_get_no_token() {
    let world = World::new().await;
    let id = world.config.client.client_id.as_str();
    let token = async |fields: &[(&str, &str)]| {
        let answer = world.form("/oauth2/token", fields).await;
        (answer.status, answer.message().to_owned())
    };
    let grant = ("grant_type", "client_credentials");
    let wrong = [("client_id", id), ("client_secret", "wrong"), grant];
    assert_eq!(token(&wrong).await, (403, "invalid client secret".into()));
    let unknown = [("client_id", "nobody"), ("client_secret", "x"), grant];
    assert_eq!(token(&unknown).await, (400, "invalid client".into()));
    assert_eq!(token(&[grant]).await, (400, "missing client id".into()));
    let secret = world.config.client.client_secret.as_str();
    let no_grant = [("client_id", id), ("client_secret", secret)];
    assert_eq!(token(&no_grant).await, (400, "missing grant type".into()));
}

#[tokio::test]
async fn a_user_token_names_its_user_and_scopes() {
    let world = World::new().await;
    let tokens = world.log_in(&world.config.client, ALICE, "a:b channel:manage:redemptions").await;
    assert_eq!(tokens["scope"], json!(["a:b", MANAGE]));
    assert_eq!(tokens["token_type"], "bearer");
    let answer = validate(&world, tokens["access_token"].as_str().unwrap()).await.expect(200);
    assert_eq!((&answer.body["login"], &answer.body["user_id"]), (&json!("alice"), &json!(ALICE)));
    assert_eq!(answer.body["scopes"], json!(["a:b", MANAGE]));
}

async fn refresh(world: &World, secret: &str, token: &str) -> Answer {
    let fields = [
        ("client_id", world.config.client.client_id.as_str()),
        ("client_secret", secret),
        ("grant_type", "refresh_token"),
        ("refresh_token", token),
    ];
    world.form("/oauth2/token", &fields).await
}

#[tokio::test]
async fn a_refresh_gives_a_new_pair_with_the_same_rights() {
    let world = World::new().await;
    let old = world.log_in(&world.config.client, ALICE, MANAGE).await;
    let secret = world.config.client.client_secret.clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let new = refresh(&world, &secret, &text(&old["refresh_token"])).await.expect(200).body;
    assert_ne!(new["access_token"], old["access_token"]);
    assert_ne!(new["refresh_token"], old["refresh_token"]);
    assert_eq!(new["scope"], json!([MANAGE]));
    validate(&world, &text(&new["access_token"])).await.expect(200);
    refresh(&world, &secret, &text(&new["refresh_token"])).await.expect(200);
    let wrong = refresh(&world, &secret, "unknown").await.expect(400);
    assert_eq!(wrong.message(), "Invalid refresh token");
}

#[tokio::test]
async fn a_revoked_token_is_worth_nothing() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let fields = [("client_id", alice.client_id.as_str()), ("token", alice.token.as_str())];
    world.form("/oauth2/revoke", &fields).await.expect(200);
    let answer = validate(&world, &alice.token).await.expect(401);
    assert_eq!(answer.body, json!({ "status": 401, "message": "invalid access token" }));
    let answer = alice.get(&alice.rewards("")).await.expect(401);
    assert_eq!(answer.body["error"], "Unauthorized");
    assert_eq!(answer.message(), "Invalid OAuth token");
    world.form("/oauth2/revoke", &fields).await.expect(400);
}

#[tokio::test]
async fn a_token_expires_and_its_refresh_token_does_not() {
    let config = crate::harness::quick();
    let world = World::with(twitch_sandbox::SandboxConfig {
        user_token_lifetime: Duration::ZERO,
        ..config
    })
    .await;
    let tokens = world.log_in(&world.config.client, ALICE, MANAGE).await;
    validate(&world, tokens["access_token"].as_str().unwrap()).await.expect(401);
    let secret = world.config.client.client_secret.clone();
    refresh(&world, &secret, tokens["refresh_token"].as_str().unwrap()).await.expect(200);
}

#[tokio::test]
async fn helix_wants_a_bearer_token_and_the_client_it_was_given_to() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let url = world.url("/helix/users");
    let bare = world.send(world.http.get(&url)).await.expect(401);
    assert_eq!(bare.message(), "OAuth token is missing");
    let no_client = world.http.get(&url).bearer_auth(&alice.token);
    assert_eq!(world.send(no_client).await.expect(401).message(), "Client ID is missing");
    let other = world.http.get(&url).bearer_auth(&alice.token).header("Client-Id", "another");
    let other = world.send(other).await.expect(401);
    assert_eq!(other.message(), "Client ID and OAuth token do not match");
}

#[tokio::test]
async fn rewards_need_the_broadcaster_with_the_scope_and_channel_points() {
    let world = World::new().await;
    let client = &world.config.client;
    let body = json!({ "title": "t", "cost": 1 });
    let alice = world.broadcaster(ALICE).await;
    let path = alice.rewards("");

    world.broadcaster(GM).await.post(&path, body.clone()).await.expect(401);
    world.app().await.post(&path, body.clone()).await.expect(401);
    let reader = world.session(client, ALICE, "channel:read:redemptions").await;
    let refused = reader.post(&path, body.clone()).await.expect(401);
    assert_eq!(refused.message(), "Missing scope: channel:manage:redemptions");
    reader.get(&path).await.expect(200);

    let viewer = json!({ "displayName": "Vi" });
    let viewer = world.control(Method::PUT, "/users/vi", viewer).await.expect(200);
    let viewer = world.broadcaster(viewer.body["id"].as_str().unwrap()).await;
    let refused = viewer.post(&viewer.rewards(""), body.clone()).await.expect(403);
    assert_eq!(refused.body["error"], "Forbidden");
    world.control(Method::PUT, "/users/vi", json!({ "broadcasterType": "affiliate" })).await;
    viewer.post(&viewer.rewards(""), body).await.expect(200);
}

#[tokio::test]
async fn an_empty_bucket_is_a_429_and_every_answer_shows_the_bucket() {
    let config = twitch_sandbox::SandboxConfig { rate_limit_points: 3, ..quick() };
    let world = World::with(config).await;
    let alice = world.broadcaster(ALICE).await;
    for left in ["2", "1", "0"] {
        let answer = alice.get("/users").await.expect(200);
        assert_eq!(answer.headers["Ratelimit-Limit"], "3");
        assert_eq!(answer.headers["Ratelimit-Remaining"], left);
    }
    let answer = alice.get("/users").await.expect(429);
    assert_eq!(answer.headers["Ratelimit-Remaining"], "0");
    let reset: i64 = answer.headers["Ratelimit-Reset"].to_str().unwrap().parse().unwrap();
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs().cast_signed();
    assert!((now + 50..now + 70).contains(&reset), "{reset} is about a minute after {now}");
    world.broadcaster(GM).await.get("/users").await.expect(200);
    world.app().await.get("/users?login=gm").await.expect(200);
    let stranger = world.session(&world.config.further_clients[0], ALICE, MANAGE).await;
    stranger.get("/users").await.expect(200);
}

#[tokio::test]
async fn the_default_bucket_has_room_for_many_calls() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    for _ in 0..100 {
        alice.get("/users").await.expect(200);
    }
}
