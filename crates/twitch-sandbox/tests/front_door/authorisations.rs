//! Users who disconnect a client, and tokens that run out.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{ALICE, BOB, GM, MANAGE, World};
use crate::webhook::{ADD, Got, UPDATE, Webhook, status_of};

const REVOKED: &str = "user.authorization.revoke";

fn of_type<'g>(got: &'g [Got], kind: &str) -> Vec<&'g Got> {
    got.iter().filter(|got| got.header("message-type") == kind).collect()
}

#[tokio::test]
async fn who_disconnects_a_client_takes_back_all_its_tokens_and_subscriptions() {
    let world = World::new().await;
    let client = world.config.client.clone();
    let tokens = world.log_in(&client, ALICE, MANAGE).await;
    let alice = world.broadcaster(ALICE).await;
    let bob = world.broadcaster(BOB).await;
    let stranger = world.session(&world.config.further_clients[0], ALICE, MANAGE).await;
    let (app, webhook) = (world.app().await, Webhook::start().await);
    let channel = |id: &str| json!({ "broadcaster_user_id": id });
    let of_alice = webhook.subscribe(&app, ADD, channel(ALICE)).await;
    let of_bob = webhook.subscribe(&app, ADD, channel(BOB)).await;
    let news = json!({ "client_id": client.client_id });
    let of_client = webhook.subscribe(&app, REVOKED, news).await;

    let body = json!({ "clientId": client.client_id });
    let answer = world.control(Method::POST, "/users/alice/revoke", body).await.expect(200);
    let revoked = json!([{ "clientId": client.client_id, "accessTokens": 2, "refreshTokens": 2,
        "subscriptions": 1 }]);
    assert_eq!(answer.body["revoked"], revoked);
    world.idle().await;

    alice.get("/users").await.expect(401);
    let refresh = [
        ("client_id", client.client_id.as_str()),
        ("client_secret", &client.client_secret),
        ("grant_type", "refresh_token"),
        ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
    ];
    world.form("/oauth2/token", &refresh).await.expect(400);
    bob.get("/users").await.expect(200);
    stranger.get("/users").await.expect(200);
    assert_eq!(status_of(&app, &of_alice).await, "authorization_revoked");
    assert_eq!(status_of(&app, &of_bob).await, "enabled");

    let got = webhook.got();
    let revocations = of_type(&got, "revocation");
    assert_eq!(revocations.len(), 1);
    assert!(revocations[0].is_signed());
    let subscription = revocations[0].json()["subscription"].clone();
    assert_eq!(subscription["id"], of_alice);
    assert_eq!(subscription["status"], "authorization_revoked");
    let events = of_type(&got, "notification");
    assert_eq!(events.len(), 1);
    let event = events[0].json();
    assert_eq!(event["subscription"]["id"], of_client);
    assert_eq!(event["subscription"]["condition"], json!({ "client_id": client.client_id }));
    let expected = json!({ "client_id": client.client_id, "user_id": ALICE,
        "user_login": "alice", "user_name": "Alice" });
    assert_eq!(event["event"], expected);
}

#[tokio::test]
async fn after_a_new_login_the_subscription_can_be_made_again() {
    let world = World::new().await;
    world.broadcaster(ALICE).await;
    let (app, webhook) = (world.app().await, Webhook::start().await);
    let condition = json!({ "broadcaster_user_id": ALICE });
    webhook.subscribe(&app, UPDATE, condition.clone()).await;
    world.control(Method::POST, "/users/alice/revoke", Value::Null).await.expect(200);
    let body = webhook.subscription(UPDATE, condition.clone());
    app.post("/eventsub/subscriptions", body).await.expect(403);
    world.broadcaster(ALICE).await;
    webhook.subscribe(&app, UPDATE, condition).await;
}

#[tokio::test]
async fn without_a_client_every_client_is_disconnected() {
    let world = World::new().await;
    let mine = world.broadcaster(ALICE).await;
    let theirs = world.session(&world.config.further_clients[0], ALICE, MANAGE).await;
    let answer = world.control(Method::POST, "/users/alice/revoke", Value::Null).await;
    assert_eq!(answer.expect(200).body["revoked"].as_array().unwrap().len(), 2);
    mine.get("/users").await.expect(401);
    theirs.get("/users").await.expect(401);
    world.control(Method::POST, "/users/nobody/revoke", Value::Null).await.expect(404);
    let unknown = json!({ "clientId": "nobody" });
    world.control(Method::POST, "/users/alice/revoke", unknown).await.expect(404);
}

#[tokio::test]
async fn nobody_listens_to_the_revocations_of_another_client() {
    let world = World::new().await;
    let (app, webhook) = (world.app().await, Webhook::start().await);
    let body = webhook.subscription(REVOKED, json!({ "client_id": "another" }));
    app.post("/eventsub/subscriptions", body).await.expect(403);
}

#[tokio::test]
async fn access_tokens_expire_on_demand_and_can_be_refreshed() {
    let world = World::new().await;
    let client = &world.config.client;
    let tokens = world.log_in(client, ALICE, MANAGE).await;
    let alice = world.broadcaster(ALICE).await;
    let gm = world.broadcaster(GM).await;
    let path = "/users/alice/expire-tokens";
    let answer = world.control(Method::POST, path, Value::Null).await.expect(200);
    assert_eq!(answer.body["expired"], 2);
    alice.get("/users").await.expect(401);
    gm.get("/users").await.expect(200);
    let refresh = [
        ("client_id", client.client_id.as_str()),
        ("client_secret", &client.client_secret),
        ("grant_type", "refresh_token"),
        ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
    ];
    world.form("/oauth2/token", &refresh).await.expect(200);
    let again = world.control(Method::POST, path, Value::Null).await.expect(200);
    assert_eq!(again.body["expired"], 1, "the refreshed one only");
}
