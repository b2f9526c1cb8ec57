mod revocations;

use crate::support::{EVENTSUB_SECRET, Reply, World};
use gamification_core::ledger::Sum;
use gamification_core::ports::{Clock, Queries, Store, StoreError};
use gamification_core::redemption::{Disposition, RefusalReason};
use gamification_testkit::fixtures;
use hmac::{Hmac, Mac};
use poem::http::Method;
use poem::{Body, Request};
use serde_json::{Value, json};
use sha2::Sha256;
use std::fmt::Write;

const PATH: &str = "/webhooks/twitch/eventsub";
const CLICK: &str = include_str!("../fixtures/eventsub-redemption-add.json");

/// A message as Twitch sends it; each part can be spoilt.
struct Message {
    id: String,
    timestamp: String,
    kind: String,
    body: Vec<u8>,
    signature: Option<String>,
}

impl Message {
    fn notification(world: &World, body: impl Into<Vec<u8>>) -> Self {
        let timestamp = world.clock.now().to_string();
        let (id, kind) = ("message-1".to_owned(), "notification".to_owned());
        Self { id, timestamp, kind, body: body.into(), signature: None }
    }

    fn of_kind(mut self, kind: &str) -> Self {
        kind.clone_into(&mut self.kind);
        self
    }

    fn at(mut self, timestamp: &str) -> Self {
        timestamp.clone_into(&mut self.timestamp);
        self
    }

    fn signed(&self) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(EVENTSUB_SECRET.as_bytes()).unwrap();
        mac.update(self.id.as_bytes());
        mac.update(self.timestamp.as_bytes());
        mac.update(&self.body);
        let bytes = mac.finalize().into_bytes();
        bytes.iter().fold("sha256=".to_owned(), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap();
            text
        })
    }

    async fn send(self, world: &World) -> Reply {
        let signature = self.signature.clone().unwrap_or_else(|| self.signed());
        let request = Request::builder()
            .method(Method::POST)
            .uri(PATH.parse().unwrap())
            .header("twitch-eventsub-message-id", self.id)
            .header("twitch-eventsub-message-timestamp", self.timestamp)
            .header("twitch-eventsub-message-signature", signature)
            .header("twitch-eventsub-message-type", self.kind)
            .content_type("application/json")
            .body(self.body);
        world.send(request).await
    }
}

/// A click on that reward, in Twitch's words.
fn click(redemption: &str, reward: &str, at: &str) -> String {
    let mut message: Value = serde_json::from_str(CLICK).unwrap();
    message["event"]["id"] = json!(redemption);
    message["event"]["reward"]["id"] = json!(reward);
    message["event"]["redeemed_at"] = json!(at);
    message.to_string()
}

/// A world in which `reward-1` is ours, of an event that nobody has switched on: clicks are
/// refused.
async fn world_with_a_reward() -> World {
    let world = World::new();
    let (campaign, event) = (fixtures::campaign(1), fixtures::invert_event());
    let streamer = fixtures::streamer(1);
    world.save_user(&fixtures::gm()).await;
    world.save_user(&streamer).await;
    let membership = fixtures::membership(&campaign, streamer.id.into());
    world.save_campaign(&campaign, &[membership]).await;
    let mut unit = world.store.begin().await.unwrap();
    unit.catalogue().insert(&event).await.unwrap();
    let reward = fixtures::reward(1, &campaign, &event, streamer.id.into());
    assert!(unit.rewards().insert(&reward).await.unwrap());
    unit.commit().await.unwrap();
    world
}

async fn received(world: &World) -> Sum {
    let ledger = world.store.ledger(fixtures::campaign(1).id, None).await.unwrap();
    assert!(ledger.is_balanced(), "{ledger:?}");
    ledger.total.received
}

#[tokio::test]
async fn signatures_that_are_wrong_short_missing_or_not_hexadecimal_are_refused() {
    let world = world_with_a_reward().await;
    let body = click("r-1", "reward-1", "2026-01-01T20:00:00Z");
    let right = Message::notification(&world, body.clone()).signed();
    let flipped = if right.ends_with('0') { "1" } else { "0" };
    for signature in [
        "",
        "sha256=",
        &right[..right.len() - 1],
        &right["sha256=".len()..],
        &format!("{}{flipped}", &right[..right.len() - 1]),
        &format!("sha256={}", "zz".repeat(32)),
        &format!("sha1={}", "00".repeat(20)),
    ] {
        let mut message = Message::notification(&world, body.clone());
        message.signature = Some(signature.to_owned());
        assert_eq!(message.send(&world).await.problem(403), "forbidden", "{signature:?}");
    }
    let unsigned = Request::builder().method(Method::POST).uri(PATH.parse().unwrap()).body(body);
    assert_eq!(world.send(unsigned).await.problem(400), "invalid-input");
    assert_eq!(received(&world).await.count, 0);
}

#[tokio::test]
async fn timestamps_that_are_old_unreadable_or_from_the_future_are_refused() {
    let world = world_with_a_reward().await;
    for (timestamp, status) in [
        ("2026-01-01T19:49:59Z", 403),
        ("2026-01-01T20:10:01Z", 403),
        ("yesterday", 400),
        ("1767297600", 400),
    ] {
        let message = Message::notification(&world, click("r-1", "reward-1", timestamp));
        let reply = message.at(timestamp).send(&world).await;
        reply.problem(status);
    }
    assert_eq!(received(&world).await.count, 0);
    for timestamp in ["2026-01-01T19:50:01.123456789Z", "2026-01-01T20:09:59Z"] {
        let body = click("r-1", "reward-1", "2026-01-01T20:00:00Z");
        let reply = Message::notification(&world, body).at(timestamp).send(&world).await;
        assert_eq!(reply.status.as_u16(), 204, "{timestamp}");
    }
}

#[tokio::test]
async fn bodies_that_are_not_json_not_utf8_or_incomplete_are_refused() {
    let world = world_with_a_reward().await;
    let not_json: [&[u8]; 4] = [b"", b"{", b"[]]", b"{\"subscription\":\"\xff\xfe\"}"];
    for body in not_json {
        let reply = Message::notification(&world, body).send(&world).await;
        assert_eq!(reply.problem(400), "malformed-request", "{body:?}");
    }
    let mut click: Value = serde_json::from_str(CLICK).unwrap();
    click["event"]["reward"].as_object_mut().unwrap().remove("cost");
    let reply = Message::notification(&world, click.to_string()).send(&world).await;
    assert_eq!(reply.problem(400), "invalid-input");
    assert_eq!(reply.fields(), ["event.reward.cost"]);
    let reply = Message::notification(&world, vec![b' '; 1024 * 1024]).send(&world).await;
    assert_eq!(reply.problem(413), "too-large");
}

#[tokio::test]
async fn messages_of_unknown_kinds_are_acknowledged_and_ignored() {
    let world = world_with_a_reward().await;
    let reply = Message::notification(&world, "whatever").of_kind("party").send(&world).await;
    assert_eq!(reply.status.as_u16(), 204);
    let other = json!({ "subscription": { "type": "stream.online" }, "event": { "id": "1" } });
    let reply = Message::notification(&world, other.to_string()).send(&world).await;
    assert_eq!(reply.status.as_u16(), 204);
    let foreign = click("r-1", "somebody-else-s-reward", "2026-01-01T20:00:00Z");
    let reply = Message::notification(&world, foreign).send(&world).await;
    assert_eq!(reply.status.as_u16(), 204);
    assert_eq!(received(&world).await.count, 0);
}

#[tokio::test]
async fn a_verification_is_answered_with_the_challenge_and_nothing_else() {
    let world = World::new();
    let body = json!({ "challenge": "pogchamp-kappa-360noscope", "subscription": {} });
    let message = Message::notification(&world, body.to_string());
    let reply = message.of_kind("webhook_callback_verification").send(&world).await;
    assert_eq!(reply.status.as_u16(), 200);
    assert_eq!(reply.text, "pogchamp-kappa-360noscope");
    assert!(reply.header("content-type").unwrap().starts_with("text/plain"));
}

#[tokio::test]
async fn a_revocation_is_acknowledged() {
    let world = World::new();
    let subscription = json!({ "id": "s", "type": "t", "status": "authorization_revoked" });
    let body = json!({ "subscription": subscription }).to_string();
    let reply = Message::notification(&world, body).of_kind("revocation").send(&world).await;
    assert_eq!(reply.status.as_u16(), 204);
}

#[tokio::test]
async fn twenty_copies_of_a_click_at_once_are_in_the_ledger_once() {
    let world = world_with_a_reward().await;
    let copies = (0..20).map(|n| {
        let body = click("r-1", "reward-1", "2026-01-01T20:00:00Z");
        let mut message = Message::notification(&world, body);
        message.id = format!("message-{}", n % 3);
        message.send(&world)
    });
    for reply in futures_util::future::join_all(copies).await {
        assert_eq!(reply.status.as_u16(), 204);
    }
    assert_eq!(received(&world).await, Sum { count: 1, points: 100 });
    let row = world.store.redemption(&"r-1".into()).await.unwrap().unwrap();
    assert_eq!(row.disposition, Disposition::Refused(RefusalReason::EventDisabled));
}

#[tokio::test]
async fn a_click_is_acknowledged_only_after_it_was_committed() {
    let world = world_with_a_reward().await;
    let body = click("r-1", "reward-1", "2026-01-01T20:00:00Z");
    world.store.faults().set_down(true);
    let reply = Message::notification(&world, body.clone()).send(&world).await;
    assert_eq!(reply.problem(503), "unavailable");
    world.store.faults().set_down(false);
    assert_eq!(received(&world).await.count, 0);
    let reply = Message::notification(&world, body).send(&world).await;
    assert_eq!(reply.status.as_u16(), 204);
    assert_eq!(received(&world).await.count, 1);
}

#[tokio::test]
async fn a_store_that_fails_at_any_write_loses_nothing_and_leaves_nothing_half_done() {
    let world = world_with_a_reward().await;
    let mut refused = 0;
    for k in 1..50 {
        let body = click(&format!("r-{k}"), "reward-1", "2026-01-01T20:00:00Z");
        world.store.faults().fail_at_write(k, StoreError::Unavailable("fault".into()));
        let reply = Message::notification(&world, body.clone()).send(&world).await;
        let was_armed = world.store.faults().is_armed();
        world.store.faults().set_down(false);
        if was_armed {
            assert_eq!(reply.status.as_u16(), 204, "no write number {k} is left to fail");
            assert!(refused > 0, "no write failed at all");
            return;
        }
        reply.problem(503);
        refused += 1;
        assert_eq!(received(&world).await.count, u64::from(refused as u32 - 1));
        let reply = Message::notification(&world, body).send(&world).await;
        assert_eq!(reply.status.as_u16(), 204);
        assert_eq!(received(&world).await.count, u64::from(refused as u32));
    }
    panic!("fifty writes for one click");
}

#[tokio::test]
async fn an_empty_request_is_refused() {
    let world = World::new();
    let request = Request::builder().method(Method::POST).uri(PATH.parse().unwrap());
    let reply = world.send(request.body(Body::empty())).await;
    assert_eq!(reply.problem(400), "invalid-input");
    assert_eq!(reply.fields(), ["twitch-eventsub-message-id"]);
}
