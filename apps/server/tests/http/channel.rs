//! The streamer's page, as a browser sees it: signed in, with forms.

use crate::lobby::{DICE_INVERT, Lobby};
use crate::support::Reply;
use gamification_core::campaign::{MembershipStatus, User};
use gamification_core::ports::{Clock, TwitchRewards};
use gamification_core::preferences::OverlayTheme;
use gamification_server::auth::{csrf_token, new_session_secret};
use gamification_testkit::fixtures;
use poem::Request;
use poem::http::Method;
use serde_json::json;

const HOUR_SECONDS: u32 = 3_600;

/// A browser in which somebody of the lobby is signed in.
struct Tab<'l> {
    lobby: &'l Lobby,
    secret: String,
}

impl<'l> Tab<'l> {
    async fn of(lobby: &'l Lobby, user: &User) -> Self {
        let secret = new_session_secret();
        let core = &lobby.world.services.core;
        core.start_login_session(user.id, secret.hash, HOUR_SECONDS).await.unwrap();
        Self { lobby, secret: secret.text }
    }

    fn page(&self) -> String {
        format!("/channel/{}", self.lobby.campaign)
    }

    async fn get(&self, path: &str) -> Reply {
        let request = Request::builder().uri(path.parse().unwrap());
        self.lobby.world.send(request.header("cookie", self.cookie()).finish()).await
    }

    /// Sends a form of the streamer's page, as that page would.
    async fn send(&self, fields: &[(&str, &str)]) -> Reply {
        self.send_to(&self.page(), fields).await
    }

    async fn send_to(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let token = csrf_token(&self.secret);
        self.send_with(path, &token, fields).await
    }

    async fn send_with(&self, path: &str, token: &str, fields: &[(&str, &str)]) -> Reply {
        let fields = [fields, &[("csrfToken", token)]].concat();
        let request = Request::builder()
            .method(Method::POST)
            .uri(path.parse().unwrap())
            .content_type("application/x-www-form-urlencoded")
            .header("cookie", self.cookie())
            .header("origin", &self.lobby.world.services.public_url);
        let body = serde_urlencoded::to_string(&fields).unwrap();
        self.lobby.world.send(request.body(body)).await
    }

    fn cookie(&self) -> String {
        format!("session={}", self.secret)
    }
}

/// Asserts that a form was taken, and answers where the browser is led.
fn led_to(reply: &Reply) -> &str {
    assert_eq!(reply.status, 303, "{}", reply.text);
    reply.header("location").unwrap()
}

async fn with_event() -> Lobby {
    let lobby = Lobby::open().await;
    assert_eq!(lobby.configure(DICE_INVERT, json!({ "isEnabled": true })).await.status, 200);
    lobby
}

#[tokio::test]
async fn who_is_not_signed_in_is_led_to_the_sign_in_and_back() {
    let lobby = Lobby::open().await;
    let path = format!("/channel/{}", lobby.campaign);
    let request = Request::builder().uri(path.parse().unwrap()).finish();
    let reply = lobby.world.send(request).await;
    assert_eq!(led_to(&reply), format!("/?return=%2Fchannel%2F{}", lobby.campaign));
}

#[tokio::test]
async fn who_has_no_place_in_the_game_does_not_learn_that_it_exists() {
    let lobby = Lobby::open().await;
    let tab = Tab::of(&lobby, &crate::lobby::stranger()).await;
    for path in [tab.page(), format!("{}/now", tab.page()), format!("{}/points", tab.page())] {
        let reply = tab.get(&path).await;
        assert_eq!(reply.status, 404, "{path}");
        assert!(!reply.text.contains("The Sunken Keep"), "{path}");
    }
    assert_eq!(tab.send(&[("action", "leave")]).await.status, 404);
}

#[tokio::test]
async fn an_invitation_is_accepted_with_one_button() {
    let lobby = Lobby::open().await;
    let invited = fixtures::streamer(3);
    let tab = Tab::of(&lobby, &invited).await;
    assert!(tab.get("/channel").await.text.contains("The Sunken Keep"));
    assert_eq!(tab.get(&format!("{}/points", tab.page())).await.status, 403);
    let reply = tab.send(&[("action", "accept")]).await;
    assert_eq!(led_to(&reply), format!("{}?done=channel-joined", tab.page()));
    let queries = lobby.world.queries();
    let member = queries.membership(lobby.campaign, invited.id.into()).await.unwrap().unwrap();
    assert_eq!(member.status, MembershipStatus::Active);
    assert_eq!(led_to(&tab.get("/channel").await), tab.page());
}

#[tokio::test]
async fn an_event_is_switched_on_at_an_own_price_and_off_again() {
    let lobby = with_event().await;
    let alice = fixtures::streamer(1);
    let tab = Tab::of(&lobby, &alice).await;
    let offer = |on: &'static str, cost: &'static str| {
        let fields = [
            ("action", "offer"),
            ("eventId", DICE_INVERT),
            ("isEnabled", on),
            ("costOverride", cost),
        ];
        let tab = &tab;
        async move { tab.send(&fields).await }
    };
    let reply = offer("true", "250").await;
    assert_eq!(led_to(&reply), format!("{}?done=channel-offered", tab.page()));
    let rewards = lobby.world.twitch.list(&alice.twitch_id).await.unwrap();
    assert_eq!(rewards[0].spec.cost.get(), 250);
    let page = tab.get(led_to(&reply)).await;
    assert!(page.text.contains("It is on your channel."), "{}", page.text);
    assert!(page.text.contains("250 points per click"), "{}", page.text);
    let reply = offer("false", "").await;
    assert_eq!(led_to(&reply), format!("{}?done=channel-offer-off", tab.page()));
    let configs = lobby.world.queries().streamer_configs(lobby.campaign, alice.id.into()).await;
    assert!(!configs.unwrap()[0].is_enabled);
}

#[tokio::test]
async fn what_was_typed_stays_when_it_is_refused_and_nothing_is_switched_on() {
    let lobby = with_event().await;
    let alice = fixtures::streamer(1);
    let tab = Tab::of(&lobby, &alice).await;
    for typed in ["1000001", "0", "-5", "many", "\"><script>alert(1)</script>"] {
        let fields = [
            ("action", "offer"),
            ("eventId", DICE_INVERT),
            ("isEnabled", "true"),
            ("costOverride", typed),
        ];
        let reply = tab.send(&fields).await;
        assert!(reply.status.is_client_error(), "{typed}: {}", reply.status);
        let shown = typed.replace('"', "&#34;").replace('<', "&#60;").replace('>', "&#62;");
        assert!(reply.text.contains(&format!("value=\"{shown}\"")), "{}", reply.text);
        assert!(reply.text.contains("aria-invalid=\"true\""), "{typed}");
        assert!(reply.text.contains("A whole number from 1 to 1,000,000"), "{typed}");
        assert!(!reply.text.contains("<script>alert"), "{typed}");
    }
    assert!(lobby.world.twitch.list(&alice.twitch_id).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_form_of_another_sign_in_is_asked_again_and_changes_nothing() {
    let lobby = with_event().await;
    let alice = fixtures::streamer(1);
    let tab = Tab::of(&lobby, &alice).await;
    for token in ["", "0".repeat(64).as_str()] {
        let reply = tab.send_with(&tab.page(), token, &[("action", "withdraw")]).await;
        assert_eq!(reply.status, 409, "{}", reply.text);
        assert!(reply.text.contains("value=\"withdraw\""), "{}", reply.text);
    }
    let queries = lobby.world.queries();
    let member = queries.membership(lobby.campaign, alice.id.into()).await.unwrap().unwrap();
    assert!(member.authorised_until.is_some());
}

#[tokio::test]
async fn rewards_are_allowed_for_a_while_and_taken_off() {
    let lobby = Lobby::open().await;
    let alice = fixtures::streamer(1);
    let tab = Tab::of(&lobby, &alice).await;
    let until = || async {
        let queries = lobby.world.queries();
        let member = queries.membership(lobby.campaign, alice.id.into()).await.unwrap();
        member.unwrap().authorised_until
    };
    assert_eq!(led_to(&tab.send(&[("action", "withdraw")]).await), done(&tab, "withdrawn"));
    assert_eq!(until().await, None);
    let reply = tab.send(&[("action", "authorise"), ("hours", "24")]).await;
    assert_eq!(led_to(&reply), done(&tab, "authorised"));
    assert_eq!(until().await, Some(lobby.world.clock.now().plus_seconds(24 * HOUR_SECONDS)));
    let reply = tab.send(&[("action", "authorise"), ("hours", "5000000")]).await;
    assert_eq!(reply.status, 400, "{}", reply.text);
    assert!(reply.text.contains("id=\"hours-error\""), "{}", reply.text);
}

fn done(tab: &Tab<'_>, what: &str) -> String {
    format!("{}?done=channel-{what}", tab.page())
}

#[tokio::test]
async fn markup_in_names_is_shown_as_text() {
    let lobby = Lobby::open().await;
    let name = "<img src=x onerror=alert(1)>";
    let reply = lobby.world.patch(&lobby.path, &lobby.gm, json!({ "name": name })).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let alice = User { display_name: "<b>Alice</b>".to_owned(), ..fixtures::streamer(1) };
    lobby.world.save_user(&alice).await;
    let page = Tab::of(&lobby, &alice).await;
    let page = page.get(&page.page()).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(!page.text.contains("<img src=x"), "{}", page.text);
    assert!(!page.text.contains("<b>Alice"), "{}", page.text);
    assert!(page.text.contains("&#60;img src=x onerror=alert(1)&#62;"), "{}", page.text);
}

#[tokio::test]
async fn who_leaves_is_out_of_the_game() {
    let lobby = Lobby::open().await;
    let tab = Tab::of(&lobby, &fixtures::streamer(1)).await;
    assert_eq!(led_to(&tab.send(&[("action", "leave")]).await), "/channel?done=channel-left");
    assert_eq!(tab.get(&tab.page()).await.status, 404);
}

/// The overlay's address, where the page shows one.
fn overlay_address(page: &Reply) -> Option<String> {
    let start = page.text.find("/overlay/ov_")?;
    let rest = &page.text[start..];
    Some(rest[..rest.find('"')?].to_owned())
}

#[tokio::test]
async fn the_overlay_gets_an_address_that_can_be_seen_again_and_replaced() {
    let lobby = Lobby::open().await;
    let tab = Tab::of(&lobby, &fixtures::streamer(1)).await;
    assert_eq!(overlay_address(&tab.get(&tab.page()).await), None);
    assert_eq!(led_to(&tab.send(&[("action", "overlay")]).await), done(&tab, "overlay-made"));
    let first = overlay_address(&tab.get(&tab.page()).await).unwrap();
    assert_eq!(overlay_address(&tab.get(&tab.page()).await).as_ref(), Some(&first));
    let reply = tab.send(&[("action", "overlay")]).await;
    assert_eq!(led_to(&reply), done(&tab, "overlay-replaced"));
    assert_ne!(overlay_address(&tab.get(&tab.page()).await).unwrap(), first);
    let stream = lobby.world.get(&format!("{first}/stream"), "").await;
    assert_eq!(stream.status, 404, "{}", stream.text);
}

#[tokio::test]
async fn rules_that_load_something_are_refused_and_stay_in_the_field() {
    let lobby = Lobby::open().await;
    let alice = fixtures::streamer(1);
    let tab = Tab::of(&lobby, &alice).await;
    let look = |css: &'static str| {
        let fields = [("action", "look"), ("theme", "parchment"), ("customCss", css)];
        let tab = &tab;
        async move { tab.send(&fields).await }
    };
    let evil = "body { background: url(https://evil.example/x) }";
    let reply = look(evil).await;
    assert_eq!(reply.status, 422, "{}", reply.text);
    assert!(reply.text.contains(evil), "{}", reply.text);
    assert!(reply.text.contains("id=\"customCss-error\""), "{}", reply.text);
    assert!(lobby.world.queries().preferences(alice.id).await.unwrap().is_none());
    let reply = look(".card { color: red }").await;
    assert_eq!(led_to(&reply), done(&tab, "look-saved"));
    let chosen = lobby.world.queries().preferences(alice.id).await.unwrap().unwrap();
    assert_eq!(chosen.overlay.theme, OverlayTheme::Parchment);
    assert_eq!(chosen.overlay.custom_css.as_deref(), Some(".card { color: red }"));
}

#[tokio::test]
async fn the_language_that_somebody_chose_is_theirs_in_every_browser() {
    let lobby = Lobby::open().await;
    let alice = fixtures::streamer(1);
    let (first, second) = (Tab::of(&lobby, &alice).await, Tab::of(&lobby, &alice).await);
    assert!(second.get(&second.page()).await.text.contains("<html lang=\"en\">"));
    let fields = [("language", "fr"), ("return", "/channel")];
    let reply = first.send_to("/language", &fields).await;
    assert_eq!(led_to(&reply), "/channel");
    let page = second.get(&second.page()).await;
    assert!(page.text.contains("<html lang=\"fr\">"), "{}", page.text);
    assert!(page.text.contains("Votre chaîne sur Twitch"), "{}", page.text);
}
