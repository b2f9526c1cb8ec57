//! What a signed-in browser may send, and how it signs out.

use super::browser::{Browser, Twitch};
use crate::frames::Frames;
use crate::support::{Reply, World};
use gamification_core::campaign::Campaign;
use gamification_testkit::fixtures;
use poem::http::Method;
use serde_json::json;

/// Bob, who leads a campaign, is signed in.
async fn bob<'w>(twitch: &Twitch, world: &'w World) -> (Browser<'w>, String) {
    let mut browser = Browser::new(world);
    browser.signs_in(twitch, "bob", "").await;
    let bob = world.queries().user_by_login("bob").await.unwrap().unwrap();
    let campaign = Campaign { owner_id: bob.id, ..fixtures::campaign(1) };
    world.save_campaign(&campaign, &[]).await;
    (browser, format!("/api/v1/campaigns/{}", campaign.id))
}

async fn rename(
    browser: &Browser<'_>,
    world: &World,
    path: &str,
    headers: &[(&'static str, &str)],
) -> Reply {
    let mut request = browser.request(Method::PATCH, path).content_type("application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    world.send(request.body(json!({ "name": "The Drowned Keep" }).to_string())).await
}

#[tokio::test]
async fn a_browser_changes_something_only_with_its_token_and_from_our_pages() {
    let twitch = Twitch::start().await;
    let world = World::with_twitch(&twitch.base_url());
    let (mut browser, path) = bob(&twitch, &world).await;
    let token = browser.csrf_token().await;
    let ours = world.services.public_url.clone();
    let mut other = Browser::new(&world);
    other.signs_in(&twitch, "alice", "").await;
    let foreign_token = other.csrf_token().await;
    assert_ne!(foreign_token, token);
    for headers in [
        vec![],
        vec![("x-csrf-token", "")],
        vec![("x-csrf-token", "wrong")],
        vec![("x-csrf-token", &*foreign_token)],
        vec![("origin", &*ours)],
        vec![("x-csrf-token", &*token), ("origin", "https://evil.example")],
        vec![("x-csrf-token", &*token), ("origin", "null")],
        vec![("x-csrf-token", &*token), ("origin", "http://127.0.0.1:8081")],
    ] {
        let reply = rename(&browser, &world, &path, &headers).await;
        assert_eq!(reply.problem(403), "forbidden", "{headers:?}");
    }
    assert_eq!(browser.get(&path).await.body["name"], "Campaign 1", "nothing was changed");
    for headers in
        [vec![("x-csrf-token", &*token)], vec![("x-csrf-token", &*token), ("origin", &*ours)]]
    {
        let reply = rename(&browser, &world, &path, &headers).await;
        assert_eq!(reply.status.as_u16(), 200, "{}", reply.text);
    }
    twitch.stop().await;
}

#[tokio::test]
async fn a_repeated_post_of_a_browser_needs_the_token_each_time() {
    let twitch = Twitch::start().await;
    let world = World::with_twitch(&twitch.base_url());
    let (mut browser, path) = bob(&twitch, &world).await;
    let token = browser.csrf_token().await;
    let start = format!("{path}/sessions");
    for (token, status) in [(None, 403), (Some(&token), 201), (None, 403), (Some(&token), 201)] {
        let mut request = browser.request(Method::POST, &start).header("idempotency-key", "k");
        if let Some(token) = token {
            request = request.header("x-csrf-token", token);
        }
        let reply = browser.send(request).await;
        assert_eq!(reply.status.as_u16(), status, "{}", reply.text);
    }
    twitch.stop().await;
}

#[tokio::test]
async fn a_browser_that_signed_out_is_out_and_its_streams_end() {
    let twitch = Twitch::start().await;
    let world = World::with_twitch(&twitch.base_url());
    let (mut browser, path) = bob(&twitch, &world).await;
    let stream = browser.request(Method::GET, &format!("{path}/stream")).finish();
    let mut frames = Frames::of(world.open(stream).await);
    assert_eq!(frames.next().await.kind, "snapshot");
    let mut copy = Browser::new(&world);
    copy.cookies = browser.cookies.clone();

    let forged = browser.request(Method::POST, "/auth/logout");
    assert_eq!(browser.send(forged).await.problem(403), "forbidden");
    assert_eq!(browser.me().await.status.as_u16(), 200);
    let token = browser.csrf_token().await;
    let foreign = browser
        .request(Method::POST, "/auth/logout")
        .header("x-csrf-token", &token)
        .header("origin", "https://evil.example");
    assert_eq!(browser.send(foreign).await.problem(403), "forbidden");

    let logout = browser.request(Method::POST, "/auth/logout").header("x-csrf-token", &token);
    assert_eq!(browser.send(logout).await.status.as_u16(), 204);
    assert_eq!(browser.cookies.len(), 0);
    let reply = copy.me().await;
    assert_eq!(reply.body["detail"], "the browser signed out");
    assert_eq!(reply.problem(401), "unauthenticated");
    // Twice is once.
    let again = copy.request(Method::POST, "/auth/logout");
    assert_eq!(copy.send(again).await.status.as_u16(), 204);
    let until = tokio::time::Instant::now() + std::time::Duration::from_secs(5);
    let ended = async { while frames.block().await.is_some() {} };
    tokio::time::timeout_at(until, ended).await.expect("the stream ends within five seconds");
    twitch.stop().await;
}

#[tokio::test]
async fn a_page_signs_out_with_a_form() {
    let twitch = Twitch::start().await;
    let world = World::with_twitch(&twitch.base_url());
    let (mut browser, _) = bob(&twitch, &world).await;
    let token = browser.csrf_token().await;
    for (token, status) in [("wrong", 403), (&*token, 303)] {
        let request = browser
            .request(Method::POST, "/auth/logout")
            .header("accept", "text/html")
            .header("origin", world.services.public_url.as_str())
            .content_type("application/x-www-form-urlencoded");
        let reply = world.send(request.body(format!("csrfToken={token}"))).await;
        assert_eq!(reply.status.as_u16(), status, "{}", reply.text);
    }
    assert_eq!(browser.me().await.problem(401), "unauthenticated");
    twitch.stop().await;
}

#[tokio::test]
async fn a_cookie_that_nobody_was_given_opens_nothing() {
    let world = World::new();
    for value in ["", "x", "gk_x"] {
        let request = poem::Request::builder().uri("/api/v1/me".parse().unwrap());
        let request = request.header("cookie", format!("a=b; session={value}"));
        assert_eq!(world.send(request.finish()).await.problem(401), "unauthenticated", "{value}");
    }
}
