//! Somebody else's client on the same channel, whose things are not to be touched.

use crate::program::Api;
use reqwest::header;
use serde_json::{Value, json};
use twitch_sandbox::{ClientCredentials, Sandbox};

pub(super) fn other_client() -> ClientCredentials {
    ClientCredentials { client_id: "other".to_owned(), client_secret: "other-secret".to_owned() }
}

/// Somebody else's reward on alice's channel, with a redemption that waits in its queue.
pub(super) async fn foreign_reward(sandbox: &Sandbox, twitch: &Api) -> String {
    let client = other_client();
    let users = twitch.get("/sandbox/users").await;
    let users = users["users"].as_array().unwrap();
    let alice = users.iter().find(|user| user["login"] == "alice").unwrap();
    let id = alice["id"].as_str().unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let form = format!(
        "client_id={}&client_secret={}&grant_type=user_token&user_id={id}\
         &scope=channel:manage:redemptions",
        client.client_id, client.client_secret
    );
    let request = http
        .post(format!("{}/auth/authorize", sandbox.base_url()))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let tokens: Value = request.body(form).send().await.unwrap().json().await.unwrap();
    let made = http
        .post(format!(
            "{}/helix/channel_points/custom_rewards?broadcaster_id={id}",
            sandbox.base_url()
        ))
        .bearer_auth(tokens["access_token"].as_str().unwrap())
        .header("Client-Id", client.client_id)
        .json(&json!({ "title": "Somebody else's", "cost": 5 }));
    let made: Value = made.send().await.unwrap().json().await.unwrap();
    let reward = made["data"][0]["id"].as_str().unwrap().to_owned();
    twitch.post("/sandbox/redeem", json!({ "viewer": "pippa", "rewardId": reward })).await;
    reward
}
