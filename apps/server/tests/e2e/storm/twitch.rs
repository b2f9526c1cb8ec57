//! Twitch as a storm meets it: the person who logs in, and somebody else's reward.

use crate::program::{Api, Place};
use reqwest::{StatusCode, header};
use serde_json::{Value, json};
use twitch_sandbox::{ClientCredentials, Sandbox};

pub(super) fn other_client() -> ClientCredentials {
    ClientCredentials { client_id: "other".to_owned(), client_secret: "other-secret".to_owned() }
}

/// Logs in as people do: led to Twitch, says yes, and is led back; what the server says then.
pub(super) async fn try_to_log_in(sandbox: &Sandbox, place: &Place, login: &str) -> StatusCode {
    let http = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let twitch = sandbox.base_url();
    let start = format!("{}/auth/twitch?for=streamer", place.base());
    let mut led = http.get(start).send().await.unwrap();
    // The server may ask once more, for what was granted before and was not asked for now.
    while location(&led).is_some_and(|to| to.starts_with(&twitch)) {
        let cookie = led.headers()[header::SET_COOKIE].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let page = reqwest::Url::parse(location(&led).unwrap()).unwrap();
        let form = format!("{}&login={login}&decision=authorize", page.query().unwrap());
        let said_yes = http
            .post(format!("{twitch}/oauth2/authorize"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form);
        let said_yes = said_yes.send().await.unwrap();
        let back = location(&said_yes).unwrap();
        led = http.get(back).header(header::COOKIE, cookie).send().await.unwrap();
    }
    led.status()
}

/// Where an answer leads.
fn location(answer: &reqwest::Response) -> Option<&str> {
    answer.headers().get(header::LOCATION)?.to_str().ok()
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
