//! One click: the sandbox Twitch takes the browser for one of its people.

use super::browser::{Browser, Twitch, led_to};
use crate::support::{Reply, World};
use poem::http::Method;
use reqwest::Url;

/// Follows the browser through the sandbox, where nobody is asked.
async fn answered(page: Url) -> String {
    let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    let answer = http.build().unwrap().get(page).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 302, "{}", answer.text().await.unwrap());
    answer.headers()["location"].to_str().unwrap().to_owned()
}

async fn adds(browser: &mut Browser<'_>, form: &'static str, origin: &str) -> Reply {
    let request = browser.request(Method::POST, "/auth/sandbox/people").header("origin", origin);
    let request = request.content_type("application/x-www-form-urlencoded");
    let reply = browser.send_with(request, form).await;
    assert_eq!(browser.cookies.len(), 0, "{:?}", browser.cookies);
    reply
}

#[tokio::test]
async fn a_person_of_the_sandbox_is_signed_in_without_being_asked() {
    let twitch = Twitch::start().await;
    let world = World::with_twitch(&twitch.base_url());
    let mut browser = Browser::new(&world);
    let back = answered(browser.begins("?as=Alice&for=streamer&return=/channel").await).await;
    let reply = browser.comes_back(&back).await;
    assert_eq!((reply.status.as_u16(), reply.header("location")), (303, Some("/channel")));
    let me = browser.me().await.body;
    assert_eq!(
        (&me["login"]["status"], &me["user"]["displayName"]),
        (&"connected".into(), &"Alice".into())
    );

    // Who was streamer before is asked again for everything: also that goes without asking.
    let alice = world.queries().user_by_login("alice").await.unwrap().unwrap();
    let core = &world.services.core;
    let revoked = gamification_core::login::LoginLoss::Revoked;
    core.lose_login(&alice.twitch_id, None, revoked).await.unwrap();
    let back = answered(browser.begins("?as=alice").await).await;
    let back = answered(led_to(&browser.comes_back(&back).await)).await;
    let reply = browser.comes_back(&back).await;
    assert_eq!((reply.status.as_u16(), reply.header("location")), (303, Some("/")));
    twitch.stop().await;
}

#[tokio::test]
async fn nobody_is_signed_in_as_who_is_not_there_or_with_another_twitch() {
    let twitch = Twitch::start().await;
    let world = World::with_twitch(&twitch.base_url());
    let mut browser = Browser::new(&world);
    let reply = browser.get("/auth/twitch?as=nobody").await;
    assert_eq!((reply.problem(422), reply.fields()), ("invalid-input", vec!["as"]));
    twitch.stop().await;

    let world = World::new();
    let mut browser = Browser::new(&world);
    let reply = browser.get("/auth/twitch?as=alice").await;
    assert_eq!((reply.problem(400), reply.fields()), ("invalid-input", vec!["as"]));
    let reply = adds(&mut browser, "login=carla", "http://127.0.0.1:8080").await;
    assert_eq!(reply.problem(404), "not-found");
}

#[tokio::test]
async fn somebody_new_gets_an_account_and_is_led_to_sign_in() {
    let twitch = Twitch::start().await;
    let world = World::with_twitch(&twitch.base_url());
    let mut browser = Browser::new(&world);
    let ours = "http://127.0.0.1:8080";
    for (form, origin, status) in [
        ("login=Carla", "http://evil.example", 403),
        ("login=not+a+login", ours, 422),
        ("login=", ours, 422),
        ("name=carla", ours, 400),
    ] {
        let reply = adds(&mut browser, form, origin).await;
        assert_eq!(reply.status.as_u16(), status, "{form}: {}", reply.text);
    }
    let reply = adds(&mut browser, "login=Carla&return=/channel&for=streamer", ours).await;
    let address = led_to(&reply);
    let query = format!("?{}", address.query().unwrap());
    let back = answered(browser.begins(&query).await).await;
    let reply = browser.comes_back(&back).await;
    assert_eq!(reply.header("location"), Some("/channel"));
    assert_eq!(browser.me().await.body["user"]["displayName"], "Carla");
    let people = world.services.sandbox.as_ref().unwrap().people().await.unwrap();
    let carla = people.iter().find(|person| person.login == "carla").unwrap();
    assert!(carla.is_streamer && people.iter().any(|person| person.login == "gm"), "{people:?}");
    twitch.stop().await;
}

#[tokio::test]
async fn a_browser_that_knows_this_machine_by_another_name_is_led_to_ours_first() {
    let twitch = Twitch::start().await;
    let world = World::with_twitch(&twitch.base_url());
    let mut browser = Browser::new(&world);
    let path = "/auth/twitch?as=alice&return=/x";
    for (host, expected) in [
        ("localhost:8080", format!("http://127.0.0.1:8080{path}")),
        ("127.0.0.1:8080", twitch.base_url()),
        ("evil.example:8080", twitch.base_url()),
    ] {
        let request = browser.request(Method::GET, path).header("host", host);
        let address = led_to(&browser.send(request).await);
        assert!(address.as_str().starts_with(&expected), "{host}: {address}");
    }
    twitch.stop().await;
}
