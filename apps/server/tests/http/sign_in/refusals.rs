//! Sign-ins that must not work. Each leaves the person's login as it was, and the browser without
//! an attempt.

use super::browser::{Browser, Twitch, parameter};
use crate::support::{Reply, World};
use gamification_core::login::TwitchLogin;
use poem::http::Method;

/// Alice with a login that works, and nobody signed in.
struct Scene {
    twitch: Twitch,
    world: World,
    login: TwitchLogin,
}

impl Scene {
    async fn new() -> Self {
        let twitch = Twitch::start().await;
        let world = World::with_twitch(&twitch.base_url());
        Browser::new(&world).signs_in(&twitch, "alice", "?for=streamer").await;
        let login = Self::login(&world).await;
        Self { twitch, world, login }
    }

    async fn login(world: &World) -> TwitchLogin {
        let alice = world.queries().user_by_login("alice").await.unwrap().unwrap();
        world.queries().logins(&[alice.id]).await.unwrap().remove(0)
    }

    /// The reply is that problem, nobody is signed in and nothing was stored.
    async fn refused(&self, browser: &mut Browser<'_>, reply: &Reply, status: u16, kind: &str) {
        assert_eq!(reply.problem(status), kind);
        assert_eq!(browser.cookies.len(), 0, "{:?}", browser.cookies);
        assert_eq!(browser.me().await.problem(401), "unauthenticated");
        assert_eq!(Self::login(&self.world).await, self.login);
    }
}

/// The same address with another value of that parameter.
fn with(location: &str, name: &str, value: Option<&str>) -> String {
    let mut url = reqwest::Url::parse(location).unwrap();
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let others = pairs.iter().filter(|(found, _)| found != name);
    url.query_pairs_mut().clear().extend_pairs(others);
    if let Some(value) = value {
        url.query_pairs_mut().append_pair(name, value);
    }
    url.to_string()
}

#[tokio::test]
async fn an_answer_with_another_state_or_none_is_refused() {
    let scene = Scene::new().await;
    for state in [None, Some(""), Some("wrong"), Some(&*"A".repeat(43))] {
        let mut browser = Browser::new(&scene.world);
        let page = browser.begins("?for=streamer").await;
        let location = scene.twitch.says_yes(&page, "alice").await;
        let reply = browser.comes_back(&with(&location, "state", state)).await;
        scene.refused(&mut browser, &reply, 400, "sign-in-failed").await;
        // The attempt is over: the right answer comes too late.
        let reply = browser.comes_back(&location).await;
        scene.refused(&mut browser, &reply, 400, "sign-in-failed").await;
    }
    scene.twitch.stop().await;
}

#[tokio::test]
async fn the_answer_to_another_browser_is_refused() {
    let scene = Scene::new().await;
    let (mut victim, mut attacker) = (Browser::new(&scene.world), Browser::new(&scene.world));
    let page = attacker.begins("").await;
    let location = scene.twitch.says_yes(&page, "bob").await;
    let reply = victim.comes_back(&location).await;
    scene.refused(&mut victim, &reply, 400, "sign-in-failed").await;
    victim.begins("").await;
    let reply = victim.comes_back(&location).await;
    scene.refused(&mut victim, &reply, 400, "sign-in-failed").await;
    assert_eq!(scene.world.queries().user_by_login("bob").await.unwrap(), None);
    scene.twitch.stop().await;
}

#[tokio::test]
async fn an_answer_works_once_even_for_a_browser_that_keeps_its_cookie() {
    let scene = Scene::new().await;
    let mut browser = Browser::new(&scene.world);
    let page = browser.begins("").await;
    let kept = browser.cookies.clone();
    let location = scene.twitch.says_yes(&page, "alice").await;
    assert_eq!(browser.comes_back(&location).await.status.as_u16(), 303);
    let mut again = Browser::new(&scene.world);
    let reply = again.comes_back(&location).await;
    scene.refused(&mut again, &reply, 400, "sign-in-failed").await;
    again.cookies = kept;
    let reply = again.comes_back(&location).await;
    scene.refused(&mut again, &reply, 400, "sign-in-failed").await;
    // By us: Twitch, which would refuse the code as well, is not asked.
    assert_eq!(reply.body["detail"], "the answer was used before");
    assert_eq!(browser.me().await.status.as_u16(), 200, "who came first stays signed in");
    scene.twitch.stop().await;
}

#[tokio::test]
async fn an_attempt_that_is_old_or_was_changed_is_refused() {
    let scene = Scene::new().await;
    let mut browser = Browser::new(&scene.world);
    let page = browser.begins("").await;
    let location = scene.twitch.says_yes(&page, "alice").await;
    scene.world.clock.advance(600);
    let reply = browser.comes_back(&location).await;
    scene.refused(&mut browser, &reply, 400, "sign-in-failed").await;

    let page = browser.begins("").await;
    let location = scene.twitch.says_yes(&page, "alice").await;
    let cookie = browser.cookies.get_mut("sign-in").unwrap();
    let flipped = if cookie.0.ends_with('A') { "B" } else { "A" };
    cookie.0.replace_range(cookie.0.len() - 1.., flipped);
    cookie.0.replace_range(..1, if cookie.0.starts_with('A') { "B" } else { "A" });
    let reply = browser.comes_back(&location).await;
    scene.refused(&mut browser, &reply, 400, "sign-in-failed").await;
    scene.twitch.stop().await;
}

#[tokio::test]
async fn only_paths_of_this_server_are_returned_to() {
    let scene = Scene::new().await;
    let mut browser = Browser::new(&scene.world);
    for place in ["//evil.example", "/%5Cevil.example", "https://evil.example", "/auth/twitch", ""]
    {
        let reply = browser.get(&format!("/auth/twitch?return={place}")).await;
        scene.refused(&mut browser, &reply, 400, "invalid-input").await;
        assert_eq!(reply.fields(), ["return"], "{place}");
    }
    let reply = browser.get("/auth/twitch?for=everything").await;
    assert_eq!((reply.problem(400), reply.fields()), ("invalid-input", vec!["for"]));
    scene.twitch.stop().await;
}

#[tokio::test]
async fn the_way_back_is_the_configured_one_whatever_the_request_says() {
    let scene = Scene::new().await;
    let mut browser = Browser::new(&scene.world);
    let request = browser.request(Method::GET, "/auth/twitch?redirect_uri=https://evil.example");
    let request = request.header("host", "evil.example").header("x-forwarded-host", "evil.example");
    let reply = browser.send(request).await;
    let back = parameter(&super::browser::led_to(&reply), "redirect_uri");
    assert_eq!(back, format!("{}/auth/twitch/callback", scene.world.services.public_url));
    scene.twitch.stop().await;
}

#[tokio::test]
async fn who_says_no_is_told_kindly() {
    let scene = Scene::new().await;
    let mut browser = Browser::new(&scene.world);
    let page = browser.begins("?for=streamer").await;
    let location = scene.twitch.decide(&page, "alice", "deny").await;
    let reply = browser.comes_back(&location).await;
    scene.refused(&mut browser, &reply, 403, "sign-in-declined").await;

    // People get a page, programs get problems.
    let page = browser.begins("").await;
    let location = scene.twitch.decide(&page, "alice", "deny").await;
    let path = location.strip_prefix(scene.world.services.public_url.as_str()).unwrap();
    let request = browser.request(Method::GET, path).header("accept", "text/html,*/*;q=0.8");
    let reply = browser.send(request).await;
    assert_eq!(reply.status.as_u16(), 403);
    assert!(reply.header("content-type").unwrap().starts_with("text/html"));
    assert!(reply.text.contains("You said no on Twitch. Nothing was changed"), "{}", reply.text);
    assert_eq!(browser.cookies.len(), 0);
    scene.twitch.stop().await;
}

#[tokio::test]
async fn a_code_that_twitch_does_not_take_signs_nobody_in() {
    let scene = Scene::new().await;
    for (name, value) in
        [("code", Some("made-up")), ("code", None), ("error", Some("server_error"))]
    {
        let mut browser = Browser::new(&scene.world);
        let page = browser.begins("?for=streamer").await;
        let location = scene.twitch.says_yes(&page, "alice").await;
        let reply = browser.comes_back(&with(&location, name, value)).await;
        scene.refused(&mut browser, &reply, 400, "sign-in-failed").await;
    }
    scene.twitch.stop().await;
}

#[tokio::test]
async fn a_token_service_that_is_down_costs_nobody_the_login_that_works() {
    let Scene { twitch, world, login } = Scene::new().await;
    let mut browser = Browser::new(&world);
    let page = browser.begins("?for=streamer").await;
    let location = twitch.says_yes(&page, "alice").await;
    twitch.stop().await;
    let reply = browser.comes_back(&location).await;
    assert_eq!(reply.problem(503), "unavailable");
    assert_eq!(browser.cookies.len(), 0, "{:?}", browser.cookies);
    assert_eq!(Scene::login(&world).await, login);
}
