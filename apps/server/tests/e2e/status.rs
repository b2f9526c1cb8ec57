//! Each way in which Twitch's events come here, with a Twitch in this process: clicks arrive, and
//! what the API tells of logins, subscriptions and rewards is what that Twitch has.

use crate::evening::{Evening, three_clicks};
use crate::program::{Api, Place, Server, until};
use crate::twitch;
use reqwest::{Method, StatusCode};
use scripted_table::{Script, ScriptedTable};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use twitch_sandbox::{Sandbox, SandboxConfig};

/// What is subscribed to of a channel that has granted everything.
const KINDS: usize = 8;

/// Id, type, status and transport.
type Subscription = [String; 4];

struct Stage {
    sandbox: Sandbox,
    twitch: Api,
    place: Place,
    server: Server,
    evening: Evening,
    _table: ScriptedTable,
}

impl Stage {
    async fn with(transport: &str, shard: Option<&str>) -> Self {
        let settings = SandboxConfig::default();
        let client = settings.client.clone();
        let sandbox = Sandbox::start(settings).await.unwrap();
        let control = Api::at(&sandbox.base_url(), None);
        let mut settings = twitch::settings(&sandbox, client);
        // What is seen here was told, not asked for.
        settings.push(("GAMIFICATION_TWITCH_POLL_SECONDS", "3600".to_owned()));
        settings.push(("GAMIFICATION_EVENTSUB_TRANSPORT", transport.to_owned()));
        settings.extend(shard.map(|shard| ("GAMIFICATION_CONDUIT_SHARD", shard.to_owned())));
        let place = Place::with(settings);
        let server = place.serve().await;
        let evening = Evening::begin(&place, three_clicks()).await;
        let token = evening.pair().await;
        let mut table = evening.table(&place, &token, Script::our_module()).await;
        evening.assign(&mut table, "actorElda", "Elda").await;
        Self { sandbox, twitch: control, place, server, evening, _table: table }
    }

    /// What the API tells of alice's channel.
    async fn told(&self) -> Value {
        let path = format!("{}/twitch", self.evening.campaign);
        let channels = self.evening.gm.get(&path).await;
        let channels = channels["items"].as_array().unwrap().clone();
        channels.into_iter().find(|channel| channel["channel"] == "alice").unwrap()
    }

    /// The subscriptions to alice's channel that Twitch has.
    async fn there(&self, channel: &Value) -> BTreeSet<Subscription> {
        let all = self.twitch.get("/sandbox/eventsub/subscriptions").await;
        let all = all["subscriptions"].as_array().unwrap().clone();
        let ours = all.iter().filter(|it| it["condition"]["broadcaster_user_id"] == *channel);
        let shown = ours.map(|it| {
            [&it["id"], &it["type"], &it["status"], &it["transport"]["method"]].map(text)
        });
        shown.collect()
    }

    /// Waits until the API tells of the login as named, and of the subscriptions what Twitch has,
    /// as many of them enabled.
    async fn until_in_step(&self, login: &str, enabled: usize) -> BTreeSet<Subscription> {
        until(&format!("the login {login}, {enabled} enabled, as Twitch has it"), async || {
            let told = self.told().await;
            let there = self.there(&told["twitchId"]).await;
            let shown = told["subscriptions"].as_array().unwrap().iter().map(|it| {
                [&it["id"], &it["subscriptionType"], &it["status"], &it["transport"]].map(text)
            });
            let is_same = shown.collect::<BTreeSet<_>>() == there;
            let alive = there.iter().filter(|it| it[2] == "enabled").count();
            (told["login"]["status"] == login && is_same && alive == enabled).then_some(there)
        })
        .await
    }

    /// Waits until the API tells of the reward what Twitch has, and viewers can redeem it.
    async fn until_redeemable(&self) {
        until("the reward to be open, as Twitch has it", async || {
            let told = self.told().await;
            let path = format!("/sandbox/rewards?broadcaster_id={}", text(&told["twitchId"]));
            let there = self.twitch.get(&path).await;
            let there = there["rewards"].as_array().unwrap().iter().map(|it| {
                let status = if it["isPaused"] == true { "paused" } else { "active" };
                json!([it["id"], it["title"], it["cost"], status])
            });
            let told = told["rewards"].as_array().unwrap().iter();
            let told: Vec<_> =
                told.map(|it| json!([it["id"], it["title"], it["cost"], it["status"]])).collect();
            (there.eq(told.iter().cloned()) && told.iter().any(|it| it[3] == "active"))
                .then_some(())
        })
        .await;
    }

    /// A viewer redeems; it is counted, and came that way.
    async fn count_one(&self, viewer: &str, source: &str) {
        self.until_redeemable().await;
        let click = json!({ "viewer": viewer, "rewardId": self.evening.reward });
        self.twitch.post("/sandbox/redeem", click).await;
        let row = until("the click to be in the ledger", async || {
            let rows = self.evening.redemptions().await;
            rows.into_iter().find(|row| row["viewerName"].as_str() == Some(viewer))
        })
        .await;
        assert_eq!(
            (text(&row["disposition"]).as_str(), text(&row["source"]).as_str()),
            ("counted", source),
            "{row}"
        );
    }

    /// Alice takes back what she granted, while nothing else happens, and logs in again.
    async fn revoke_and_log_in(&self, left: usize) {
        self.twitch.post("/sandbox/users/alice/revoke", json!({})).await;
        self.until_in_step("needs_login", left).await;
        let question = "for=streamer&polls=true";
        let led = twitch::log_in(&self.sandbox, &self.place, "alice", question).await;
        assert_eq!(led, StatusCode::SEE_OTHER);
        self.until_in_step("connected", KINDS).await;
    }

    async fn leave(self) {
        self.server.stop().await;
        self.sandbox.shutdown().await.unwrap();
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn by_websocket_clicks_count_and_the_status_is_twitch_s() {
    let stage = Stage::with("websocket", None).await;
    let before = stage.until_in_step("connected", KINDS).await;
    stage.count_one("pippa", "websocket").await;
    stage.twitch.post("/sandbox/eventsub/close", json!({ "code": 4006 })).await;
    until("other subscriptions, of another session", async || {
        let after = stage.until_in_step("connected", KINDS).await;
        after.is_disjoint(&before).then_some(())
    })
    .await;
    stage.revoke_and_log_in(0).await;
    stage.count_one("juno", "websocket").await;
    stage.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_webhook_clicks_count_and_the_status_is_twitch_s() {
    let stage = Stage::with("webhook", None).await;
    stage.until_in_step("connected", KINDS).await;
    stage.count_one("pippa", "webhook").await;
    // Whether somebody streams is no secret.
    stage.revoke_and_log_in(2).await;
    stage.count_one("juno", "webhook").await;
    stage.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_a_conduit_with_a_websocket_clicks_count_and_the_status_is_twitch_s() {
    let stage = Stage::with("conduit", Some("websocket")).await;
    stage.until_in_step("connected", KINDS).await;
    stage.count_one("pippa", "websocket").await;
    stage.revoke_and_log_in(2).await;
    stage.count_one("juno", "websocket").await;
    stage.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_a_conduit_with_a_webhook_clicks_count_and_the_status_is_twitch_s() {
    let stage = Stage::with("conduit", Some("webhook")).await;
    stage.until_in_step("connected", KINDS).await;
    stage.count_one("pippa", "webhook").await;
    stage.revoke_and_log_in(2).await;
    stage.count_one("juno", "webhook").await;
    stage.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_without_channel_points_is_told_so_and_keeps_its_login() {
    let stage = Stage::with("websocket", None).await;
    let plain = json!({ "broadcasterType": "" });
    stage.twitch.put("/sandbox/users/carol", plain).await;
    let Evening { gm, campaign, event, .. } = &stage.evening;
    let carol = Api::at(&stage.place.base(), Some(&stage.place.key("carol", "streamer")));
    let invited = gm.post(&format!("{campaign}/members"), json!({ "login": "carol" })).await;
    let streamer = text(&invited["streamerId"]);
    carol.post(&format!("{campaign}/members/{streamer}/accept"), json!({})).await;
    let offer = format!("{campaign}/streamers/{streamer}/events/{event}");
    let body = Some(json!({ "isEnabled": true }));
    let (status, answer) = carol.try_call(Method::PUT, &offer, body).await.unwrap();
    assert!(status.is_client_error(), "{status} {answer}");
    assert!(text(&answer["type"]).ends_with("twitch-channel-not-eligible"), "{answer}");
    let channels = gm.get(&format!("{campaign}/twitch")).await;
    let channels = channels["items"].as_array().unwrap();
    let shown = channels.iter().find(|channel| channel["channel"] == "carol").unwrap();
    assert_ne!(shown["login"]["status"], "needs_login", "{shown}");
    assert!(shown["rewards"].as_array().unwrap().iter().all(|it| it["id"].is_null()), "{shown}");
    stage.leave().await;
}
