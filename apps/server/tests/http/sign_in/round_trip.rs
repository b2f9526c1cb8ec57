use super::browser::{Browser, Twitch, led_to, parameter};
use crate::support::World;
use gamification_core::access::Role;
use gamification_core::campaign::User;
use gamification_core::login::{LoginLoss, LoginStatus, TwitchLogin};
use gamification_core::ports::Clock;
use gamification_server::sign_in::SignInRules;
use gamification_testkit::fixtures;
use serde_json::{Value, json};

const REWARDS: &str = "channel:manage:redemptions";
const CHAT: &str = "user:write:chat";
const POLLS: &str = "channel:read:polls";

async fn login_of(world: &World, login: &str) -> TwitchLogin {
    let user = world.queries().user_by_login(login).await.unwrap().unwrap();
    world.queries().logins(&[user.id]).await.unwrap().remove(0)
}

#[tokio::test]
async fn a_streamer_signs_in_and_is_known_with_all_that_was_granted() {
    let twitch = Twitch::start().await;
    let world = World::with_twitch(&twitch.base_url());
    let mut browser = Browser::new(&world);
    let page = browser.begins("?for=streamer&return=/c/7?tab%3Drolls").await;
    assert_eq!(parameter(&page, "response_type"), "code");
    assert_eq!(parameter(&page, "scope"), REWARDS);
    let back = format!("{}/auth/twitch/callback", world.services.public_url);
    assert_eq!(parameter(&page, "redirect_uri"), back);
    assert!(parameter(&page, "state").len() >= 43, "256 bits");
    assert_eq!(browser.cookies["sign-in"].1, "/auth");

    let location = twitch.says_yes(&page, "alice").await;
    let reply = browser.comes_back(&location).await;
    assert_eq!((reply.status.as_u16(), reply.header("location")), (303, Some("/c/7?tab=rolls")));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(browser.cookies.keys().collect::<Vec<_>>(), ["session"], "the attempt is over");
    assert_eq!(browser.cookies["session"].1, "/");

    let me = browser.me().await.body;
    assert_eq!(me["user"]["login"], "alice");
    assert_eq!(me["user"]["broadcasterType"], "affiliate");
    assert_eq!((&me["role"], &me["isAdmin"]), (&json!("streamer"), &json!(false)));
    assert_eq!(me["login"]["status"], "connected");
    assert_eq!(me["login"]["scopes"], json!([REWARDS]));
    assert!(me["login"]["expiresAt"].is_string(), "{me}");
    let login = login_of(&world, "alice").await;
    let secret = &browser.cookies["session"].0;
    let session = world.queries().session_by_hash(secret).await.unwrap();
    assert_eq!(session, None, "the cookie itself is not kept");
    assert_eq!(login.tokens.key_id, world.services.seal.key_id());
    twitch.stop().await;
}

#[tokio::test]
async fn who_only_signs_in_is_asked_for_nothing_and_costs_nobody_what_was_granted() {
    let twitch = Twitch::start().await;
    let world = World::with_twitch(&twitch.base_url());
    let mut browser = Browser::new(&world);
    browser.signs_in(&twitch, "alice", "?for=streamer").await;
    let before = login_of(&world, "alice").await;
    let page = browser.begins("").await;
    assert_eq!(parameter(&page, "scope"), "");
    let reply = browser.comes_back(&twitch.says_yes(&page, "alice").await).await;
    assert_eq!(reply.header("location"), Some("/"));
    assert_eq!(login_of(&world, "alice").await, before);

    // A login that died comes back with everything that it could do.
    let core = &world.services.core;
    core.lose_login(&before.twitch_id, None, LoginLoss::Revoked).await.unwrap();
    let me = browser.me().await.body;
    assert_eq!(
        (&me["login"]["status"], &me["login"]["reason"]),
        (&json!("needs_login"), &json!("revoked"),)
    );
    let asked_again = browser.signs_in(&twitch, "alice", "?return=/x").await;
    let page = led_to(&asked_again);
    assert_eq!(parameter(&page, "scope"), REWARDS);
    let reply = browser.comes_back(&twitch.says_yes(&page, "alice").await).await;
    assert_eq!(reply.header("location"), Some("/x"));
    let after = login_of(&world, "alice").await;
    assert_eq!((after.status(), after.generation), (LoginStatus::Connected, 2));
    assert_eq!(after.scopes, [REWARDS]);
    twitch.stop().await;
}

#[tokio::test]
async fn what_a_streamer_switched_on_is_asked_for_as_well() {
    let twitch = Twitch::start().await;
    let world = World::with_twitch(&twitch.base_url());
    let mut browser = Browser::new(&world);
    browser.signs_in(&twitch, "alice", "").await;
    let alice = world.queries().user_by_login("alice").await.unwrap().unwrap();
    let campaign = fixtures::campaign(1);
    let mut membership = fixtures::membership(&campaign, alice.id.into());
    membership.has_chat_notices = true;
    world.save_campaign(&campaign, &[membership]).await;
    let mut event = fixtures::chat_event();
    event.trigger.kind = "poll_vote".to_owned();
    let config = fixtures::campaign_config(&campaign, event.id);
    let mut uow = world.begin().await;
    uow.catalogue().insert(&event).await.unwrap();
    uow.configs().save_campaign_config(&config).await.unwrap();
    uow.commit().await.unwrap();
    let page = led_to(&browser.signs_in(&twitch, "alice", "?for=streamer").await);
    assert_eq!(parameter(&page, "scope"), format!("{REWARDS} {POLLS} {CHAT}"));
    let reply = browser.comes_back(&twitch.says_yes(&page, "alice").await).await;
    assert_eq!(reply.header("location"), Some("/"));
    assert_eq!(login_of(&world, "alice").await.scopes, [REWARDS, POLLS, CHAT]);
    twitch.stop().await;
}

#[tokio::test]
async fn signing_in_again_ends_the_session_from_before() {
    let twitch = Twitch::start().await;
    let world = World::with_twitch(&twitch.base_url());
    let mut browser = Browser::new(&world);
    browser.signs_in(&twitch, "alice", "").await;
    let mut copy = Browser::new(&world);
    copy.cookies = browser.cookies.clone();
    browser.signs_in(&twitch, "bob", "").await;
    assert_eq!(browser.me().await.body["user"]["login"], "bob");
    assert_eq!(copy.me().await.problem(401), "unauthenticated");
    twitch.stop().await;
}

#[tokio::test]
async fn roles_of_sessions_follow_from_what_the_person_may_do() {
    let twitch = Twitch::start().await;
    let world = World::with_twitch(&twitch.base_url());
    let mut browser = Browser::new(&world);
    browser.signs_in(&twitch, "alice", "").await;
    let alice = world.queries().user_by_login("alice").await.unwrap().unwrap();
    let role = async |browser: &mut Browser<'_>| browser.me().await.body["role"].clone();
    assert_eq!(role(&mut browser).await, "streamer");

    let led = gamification_core::campaign::Campaign { owner_id: alice.id, ..fixtures::campaign(1) };
    world.save_campaign(&led, &[]).await;
    assert_eq!(role(&mut browser).await, "gm");
    assert_eq!(browser.me().await.body["campaigns"][0]["roles"], json!(["gm"]));
    let path = format!("/api/v1/campaigns/{}", led.id);
    assert_eq!(browser.get(&path).await.status.as_u16(), 200);

    world.save_user(&User { is_admin: true, ..alice.clone() }).await;
    let me = browser.me().await.body;
    assert_eq!((&me["role"], &me["isAdmin"]), (&json!("admin"), &json!(true)));

    // A key lends what it says, whatever its owner may do, and goes before the cookie.
    let key = world.key(Role::Streamer, &User { is_admin: true, ..alice }).await;
    let request = browser.request(poem::http::Method::GET, "/api/v1/me");
    let me = browser.send(request.header("authorization", format!("Bearer {key}"))).await.body;
    assert_eq!((&me["role"], &me["csrfToken"]), (&json!("streamer"), &Value::Null));
    twitch.stop().await;
}

#[tokio::test]
async fn who_is_new_makes_campaigns_only_when_sign_up_is_open() {
    let twitch = Twitch::start().await;
    for open_signup in [false, true] {
        let rules = SignInRules { open_signup, session_days: 30 };
        let world = World::with_twitch_and_rules(&twitch.base_url(), rules);
        let mut browser = Browser::new(&world);
        browser.signs_in(&twitch, "bob", "").await;
        let token = browser.csrf_token().await;
        let request = browser
            .request(poem::http::Method::POST, "/api/v1/campaigns")
            .header("x-csrf-token", token)
            .content_type("application/json");
        let reply = world.send(request.body(json!({ "name": "The Keep" }).to_string())).await;
        assert_eq!(reply.status.as_u16(), if open_signup { 201 } else { 403 }, "{}", reply.text);
        // Whom an administrator shut out stays out.
        let bob = world.queries().user_by_login("bob").await.unwrap().unwrap();
        world.save_user(&User { may_create_campaigns: false, ..bob }).await;
        browser.signs_in(&twitch, "bob", "").await;
        let bob = world.queries().user_by_login("bob").await.unwrap().unwrap();
        assert!(!bob.may_create_campaigns);
    }
    twitch.stop().await;
}

#[tokio::test]
async fn a_session_ends_after_the_days_that_it_was_given() {
    let twitch = Twitch::start().await;
    let rules = SignInRules { open_signup: false, session_days: 2 };
    let world = World::with_twitch_and_rules(&twitch.base_url(), rules);
    let mut browser = Browser::new(&world);
    let reply = browser.signs_in(&twitch, "bob", "").await;
    let cookies = reply.headers.get_all("set-cookie").iter();
    let session = cookies.map(|it| it.to_str().unwrap()).find(|it| it.starts_with("session="));
    assert!(session.unwrap().contains("; Max-Age=172800;"), "{session:?}");
    world.clock.advance(2 * 24 * 3600 - 1);
    assert_eq!(browser.me().await.status.as_u16(), 200);
    world.clock.advance(1);
    let reply = browser.me().await;
    assert_eq!(reply.problem(401), "unauthenticated");
    assert_eq!(reply.body["detail"], "the session has expired: sign in again");
    assert!(world.clock.now() > fixtures::NOW);
    twitch.stop().await;
}
