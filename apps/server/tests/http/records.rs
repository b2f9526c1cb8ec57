//! The records of the console: points, history, audit, settings.

mod history;
mod settings;

use crate::evening::{Evening, TABLE_KEY, other_gm};
use crate::support::Reply;
use gamification_core::campaign::User;
use gamification_core::ports::TwitchRewards;
use gamification_server::auth::{csrf_token, new_session_secret};
use gamification_testkit::fixtures;
use poem::Request;
use poem::http::{Method, header};
use serde_json::json;

const PAGES: [&str; 6] = ["ledger", "ledger/numbers", "history", "statistics", "audit", "settings"];

/// A signed-in browser at the campaign's console.
struct Seat<'e> {
    evening: &'e Evening,
    cookie: String,
    csrf_token: String,
    language: &'static str,
}

impl<'e> Seat<'e> {
    async fn of(evening: &'e Evening, user: &User) -> Self {
        evening.world.save_user(user).await;
        let secret = new_session_secret();
        evening.core().start_login_session(user.id, secret.hash, 3_600).await.unwrap();
        let (cookie, csrf_token) = (format!("session={}", secret.text), csrf_token(&secret.text));
        Self { evening, cookie, csrf_token, language: "en" }
    }

    async fn gm(evening: &'e Evening) -> Self {
        Self::of(evening, &fixtures::gm()).await
    }

    fn path(&self, rest: &str) -> String {
        format!("/console/{}/{rest}", self.evening.campaign.id)
    }

    fn request(&self, method: Method, rest: &str) -> poem::RequestBuilder {
        let request = Request::builder().method(method).uri(self.path(rest).parse().unwrap());
        let request = request.header(header::COOKIE, &self.cookie);
        request.header(header::ACCEPT_LANGUAGE, self.language)
    }

    async fn get(&self, rest: &str) -> Reply {
        self.evening.world.send(self.request(Method::GET, rest).finish()).await
    }

    /// The text of a page that is shown.
    async fn page(&self, rest: &str) -> String {
        let reply = self.get(rest).await;
        assert_eq!(reply.status.as_u16(), 200, "{rest}: {}", reply.text);
        reply.text
    }

    async fn post(&self, rest: &str, fields: &[(&str, &str)]) -> Reply {
        let mut fields = fields.to_vec();
        fields.push(("csrfToken", &self.csrf_token));
        let request = self.request(Method::POST, rest);
        let request = request.content_type("application/x-www-form-urlencoded");
        let body = serde_urlencoded::to_string(fields).unwrap();
        self.evening.world.send(request.body(body)).await
    }
}

/// The group goal is reached and its effect is confirmed; one click came too late.
async fn play(evening: &Evening) -> String {
    let goal = evening.reach_group_goal().await.id.to_string();
    evening.click(&evening.chat_rewards[0], "late").await;
    let path = format!("/api/v1/instances/{goal}/execution");
    let reply = evening.world.post(&path, TABLE_KEY, json!({ "success": true })).await;
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.text);
    evening.settle().await;
    goal
}

#[tokio::test]
async fn the_records_are_the_game_masters() {
    let evening = Evening::new().await;
    let stranger = Seat::of(&evening, &other_gm()).await;
    let streamer = Seat::of(&evening, &evening.streamers[0]).await;
    let gm = Seat::gm(&evening).await;
    for page in PAGES.into_iter().chain(["history.csv"]) {
        assert_eq!(stranger.get(page).await.status.as_u16(), 404, "{page}");
        assert_eq!(streamer.get(page).await.status.as_u16(), 403, "{page}");
        assert_eq!(gm.get(page).await.status.as_u16(), 200, "{page}");
    }
    for form in ["ledger", "settings", "settings/delete"] {
        assert_eq!(stranger.post(form, &[]).await.status.as_u16(), 404, "{form}");
        assert_eq!(streamer.post(form, &[]).await.status.as_u16(), 403, "{form}");
    }
}

#[tokio::test]
async fn a_list_refuses_what_it_never_gave_out() {
    let evening = Evening::new().await;
    let gm = Seat::gm(&evening).await;
    for wrong in [
        "ledger?cursor=elsewhere",
        "ledger?settlement=lost",
        "history?cursor=elsewhere",
        "history?status=lost",
        "history?streamer=me",
        "history.csv?event=all",
        "audit?cursor=elsewhere",
    ] {
        assert_eq!(gm.get(wrong).await.status.as_u16(), 400, "{wrong}");
    }
}

#[tokio::test]
async fn the_ledger_says_where_all_points_are() {
    let evening = Evening::new().await;
    play(&evening).await;
    let gm = Seat::gm(&evening).await;
    let numbers = gm.page("ledger/numbers").await;
    for expected in ["2,100 points", "1,800 points", "300 points", "all records", "Streamer1"] {
        assert!(numbers.contains(expected), "{expected}: {numbers}");
    }
    let returned = gm.page("ledger?settlement=refunded").await;
    assert!(returned.contains("<bdi>late</bdi>") && !returned.contains("<bdi>viewer-0-0</bdi>"));
    assert!(returned.contains("The goal already has all its clicks."));
}

#[tokio::test]
async fn the_ledger_speaks_french() {
    let evening = Evening::new().await;
    play(&evening).await;
    let gm = Seat { language: "fr", ..Seat::gm(&evening).await };
    let page = gm.page("ledger").await;
    for expected in ["lang=\"fr\"", "2\u{202f}100 points", "Équilibré", "<bdi>Streamer1</bdi>"] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
}

#[tokio::test]
async fn records_that_differ_are_told_with_what_they_say() {
    let evening = Evening::new().await;
    let mut goal = evening.reach_group_goal().await;
    goal.progress += 2;
    let mut unit = evening.world.begin().await;
    unit.instances().update(&goal).await.unwrap();
    unit.commit().await.unwrap();
    let numbers = Seat::gm(&evening).await.page("ledger/numbers").await;
    assert!(numbers.contains("Not balanced"), "{numbers}");
    assert!(numbers.contains("redemptions.counted = goals.progress"), "{numbers}");
    assert!(numbers.contains(&goal.id.to_string()), "{numbers}");
}

#[tokio::test]
async fn a_stuck_click_is_tried_again_from_its_row() {
    let evening = Evening::new().await;
    evening.reach_group_goal().await;
    evening.click(&evening.chat_rewards[0], "<late>").await;
    let (channel, reward) = (&evening.streamers[0].twitch_id, &evening.chat_rewards[0]);
    let twitch: &dyn TwitchRewards = &*evening.world.twitch;
    twitch.delete(channel, reward.twitch_id.as_ref().unwrap()).await.unwrap();
    evening.settle().await;
    let gm = Seat::gm(&evening).await;
    let stuck = gm.page("ledger?settlement=stuck").await;
    assert!(stuck.contains("The reward was deleted on Twitch"), "{stuck}");
    assert!(stuck.contains("<bdi>&#60;late&#62;</bdi>") && !stuck.contains("<late>"), "{stuck}");
    let (_, rest) = stuck.split_once("name=\"redemptionId\" value=\"").expect("a retry button");
    let (id, _) = rest.split_once('"').unwrap();
    let reply = gm.post("ledger", &[("redemptionId", id)]).await;
    assert_eq!(reply.status.as_u16(), 303, "{}", reply.text);
    assert!(gm.page("ledger?settlement=refund_due").await.contains(">Being returned</span>"));
    let again = gm.post("ledger", &[("redemptionId", id)]).await;
    assert_eq!(again.status.as_u16(), 409);
    assert!(again.text.contains("This click is not stuck any more"), "{}", again.text);
    let unknown = gm.post("ledger", &[("redemptionId", "somebody-elses")]).await;
    assert_eq!(unknown.status.as_u16(), 404);
}

#[tokio::test]
async fn the_audit_says_who_did_what_in_words() {
    let evening = Evening::new().await;
    let goal = evening.reach_group_goal().await;
    let path = format!("/api/v1/instances/{}/cancel", goal.id);
    let note = json!({ "reason": "<b>no</b>" });
    let reply = evening.world.post(&path, &evening.gm, note).await;
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.text);
    let audit = Seat::gm(&evening).await.page("audit").await;
    assert!(audit.contains("Stopped a goal") && audit.contains("<bdi>GM</bdi>"), "{audit}");
    assert!(audit.contains(&format!("/history/{}", goal.id)), "{audit}");
    assert!(audit.contains("&#60;b&#62;no&#60;/b&#62;") && !audit.contains("<b>no"), "{audit}");
}

#[tokio::test]
async fn the_address_of_a_command_leads_back_to_the_page_with_its_form() {
    let evening = Evening::new().await;
    let gm = Seat::gm(&evening).await;
    let console = format!("/console/{}", evening.campaign.id);
    for (command, page) in [
        ("goals/start", ""),
        ("goals/cancel", ""),
        ("goals/01930000-0000-7000-8000-000000000009/cancel", ""),
        ("session", ""),
        ("panic", ""),
        ("cooldowns", ""),
        ("people/01930000-0000-7000-8000-000000000009/remove", "/people"),
        ("table/revoke", "/table"),
        ("table/sync?done=paired", "/table"),
        ("characters/01930000-0000-7000-8000-000000000009", "/table"),
        ("rolls/01930000-0000-7000-8000-000000000009", "/table"),
        ("practice/roll", "/table"),
        ("settings/delete", "/settings"),
    ] {
        let reply = gm.get(command).await;
        let led = (reply.status.as_u16(), reply.header("location"));
        assert_eq!(led, (303, Some(format!("{console}{page}").as_str())), "{command}");
    }
    for page in ["people", "table", "settings"] {
        gm.page(page).await;
    }

    // What is refused is shown at the command's address, where another language may be chosen.
    let refused = gm.post("goals/start", &[]).await;
    assert_eq!(refused.status.as_u16(), 400, "{}", refused.text);
    let back = format!("name=\"return\" value=\"{console}/goals/start\"");
    assert!(refused.text.contains(&back), "{}", refused.text);
}
