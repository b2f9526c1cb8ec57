//! A Twitch in this process, for a server that is told where it is.

use crate::program::Place;
use reqwest::{StatusCode, header};
use twitch_sandbox::{ClientCredentials, Sandbox};

/// What the server has to be told to use that Twitch.
pub(crate) fn settings(
    sandbox: &Sandbox,
    client: ClientCredentials,
) -> Vec<(&'static str, String)> {
    vec![
        ("GAMIFICATION_TWITCH_API_URL", format!("{}/helix", sandbox.base_url())),
        ("GAMIFICATION_TWITCH_AUTH_URL", sandbox.base_url()),
        ("GAMIFICATION_TWITCH_EVENTSUB_URL", format!("ws://{}/ws", sandbox.addr())),
        ("GAMIFICATION_TWITCH_CLIENT_ID", client.client_id),
        ("GAMIFICATION_TWITCH_CLIENT_SECRET", client.client_secret),
    ]
}

/// Logs in as people do: asks for it with that question, is led to Twitch, says yes, and is led
/// back; what the server says then.
pub(crate) async fn log_in(
    sandbox: &Sandbox,
    place: &Place,
    login: &str,
    question: &str,
) -> StatusCode {
    let http = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let twitch = sandbox.base_url();
    let start = format!("{}/auth/twitch?{question}", place.base());
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
