//! Subscriptions, challenges, and signed deliveries.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use twitch_sandbox::SandboxConfig;

use crate::harness::{ALICE, BOB, World, quick};
use crate::webhook::{ADD, UPDATE, Webhook, events, status_of, subscribed};

#[tokio::test]
async fn a_webhook_is_challenged_before_anything_is_sent() {
    let world = World::new().await;
    world.broadcaster(ALICE).await;
    let app = world.app().await;
    let webhook = Webhook::start().await;
    let body = webhook.subscription(ADD, json!({ "broadcaster_user_id": ALICE }));
    let answer = app.post("/eventsub/subscriptions", body).await.expect(202);
    assert_eq!(answer.only()["status"], "webhook_callback_verification_pending");
    assert!(answer.only()["transport"].get("secret").is_none());
    assert_eq!(
        (&answer.body["total"], &answer.body["max_total_cost"]),
        (&json!(1), &json!(10_000))
    );
    world.idle().await;
    let got = webhook.got().remove(0);
    assert_eq!(got.header("message-type"), "webhook_callback_verification");
    assert!(got.is_signed());
    assert_eq!(got.json()["subscription"]["id"], answer.only()["id"]);
    let id = answer.only()["id"].as_str().unwrap();
    assert_eq!(status_of(&app, id).await, "enabled");
}

#[tokio::test]
async fn a_webhook_that_fails_its_challenge_gets_nothing() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let reward = alice.reward(json!({ "title": "Invert", "cost": 1 })).await;
    let app = world.app().await;
    let webhook = Webhook::start().await;
    webhook.answer_challenges_wrongly();
    let body = webhook.subscription(ADD, json!({ "broadcaster_user_id": ALICE }));
    let answer = app.post("/eventsub/subscriptions", body).await.expect(202);
    world.idle().await;
    let id = answer.only()["id"].as_str().unwrap();
    assert_eq!(status_of(&app, id).await, "webhook_callback_verification_failed");
    world.redeem("vera", &reward, 1).await;
    world.idle().await;
    assert!(webhook.notifications().is_empty());
    let failed = "/eventsub/subscriptions?status=webhook_callback_verification_failed";
    assert_eq!(app.get(failed).await.expect(200).data().len(), 1);
    assert!(app.get("/eventsub/subscriptions?status=enabled").await.data().is_empty());
}

#[tokio::test]
async fn a_redemption_is_told_as_twitch_tells_it() {
    let world = World::new().await;
    let (webhook, reward) = subscribed(&world).await;
    let made = world.redeem("vera", &reward, 1).await;
    world.idle().await;
    let got = webhook.notifications().remove(0);
    assert!(got.is_signed());
    assert_eq!(got.header("subscription-type"), ADD);
    assert_eq!(got.header("subscription-version"), "1");
    assert_eq!(got.header("message-retry"), "0");
    let body = got.json();
    assert_eq!(body["subscription"]["status"], "enabled");
    assert_eq!(body["subscription"]["condition"]["broadcaster_user_id"], ALICE);
    let event = &body["event"];
    assert_eq!(event["id"], made[0]);
    assert_eq!(event["status"], "unfulfilled");
    assert_eq!(event["broadcaster_user_login"], "alice");
    assert_eq!(event["user_login"], "vera");
    assert_eq!(
        event["reward"],
        json!({ "id": reward, "title": "Invert", "cost": 100, "prompt": "" })
    );
    assert!(event["redeemed_at"].as_str().unwrap().contains('.'), "EventSub shows fractions");
}

#[tokio::test]
async fn settling_is_told_with_the_new_status() {
    let world = World::new().await;
    let (webhook, reward) = subscribed(&world).await;
    let alice = world.broadcaster(ALICE).await;
    let made = world.redeem("vera", &reward, 2).await;
    alice.settle(&reward, &made[..1], "FULFILLED").await.expect(200);
    let by_hand = json!({ "redemptionId": made[1], "status": "CANCELED" });
    world.control(Method::POST, "/settle", by_hand.clone()).await.expect(200);
    world.control(Method::POST, "/settle", by_hand).await.expect(409);
    world.idle().await;
    let mut updates = events(&webhook.notifications(), UPDATE);
    updates.sort_by_key(|(id, _)| *id == made[1]);
    let expected = [(made[0].clone(), "fulfilled"), (made[1].clone(), "canceled")];
    assert_eq!(updates, expected.map(|(id, status)| (id, status.to_owned())));
    assert_eq!(world.points("vera", ALICE).await, 10_000_000 - 100);
}

#[tokio::test]
async fn only_the_wanted_channel_and_reward_are_told() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let bob = world.broadcaster(BOB).await;
    let wanted = alice.reward(json!({ "title": "Wanted", "cost": 1 })).await;
    let other = alice.reward(json!({ "title": "Other", "cost": 1 })).await;
    let bobs = bob.reward(json!({ "title": "Bob's", "cost": 1 })).await;
    let webhook = Webhook::start().await;
    let condition = json!({ "broadcaster_user_id": ALICE, "reward_id": wanted });
    webhook.subscribe(&world.app().await, ADD, condition).await;
    let made = world.redeem("vera", &wanted, 1).await;
    world.redeem("vera", &other, 1).await;
    world.redeem("vera", &bobs, 1).await;
    world.idle().await;
    let told = events(&webhook.notifications(), ADD);
    assert_eq!(told, [(made[0].clone(), "unfulfilled".to_owned())]);
}

#[tokio::test]
async fn a_message_that_is_not_taken_comes_again_under_the_same_id() {
    let world = World::new().await;
    let (webhook, reward) = subscribed(&world).await;
    webhook.fail_next(2);
    world.redeem("vera", &reward, 1).await;
    world.idle().await;
    let got = webhook.notifications();
    assert_eq!(got.len(), 3);
    assert!(got.iter().all(|each| each.is_signed()));
    assert!(got.iter().all(|each| each.header("message-id") == got[0].header("message-id")));
    assert!(got.iter().all(|each| each.raw == got[0].raw));
    let retries: Vec<_> = got.iter().map(|each| each.header("message-retry")).collect();
    assert_eq!(retries, ["0", "1", "2"]);
}

#[tokio::test]
async fn a_message_is_given_up_in_the_end() {
    let config = SandboxConfig { delivery_attempts: 3, ..quick() };
    let world = World::with(config).await;
    let (webhook, reward) = subscribed(&world).await;
    webhook.fail_next(100);
    world.redeem("vera", &reward, 1).await;
    world.idle().await;
    assert_eq!(webhook.notifications().len(), 3);
}

#[tokio::test]
async fn a_webhook_that_is_gone_does_not_stop_the_others() {
    let world = World::new().await;
    let (webhook, reward) = subscribed(&world).await;
    let gone = Webhook::start().await;
    gone.subscribe(&world.app().await, ADD, json!({ "broadcaster_user_id": ALICE })).await;
    drop(gone);
    world.redeem("vera", &reward, 5).await;
    world.idle().await;
    assert_eq!(webhook.notifications().len(), 5);
}

#[tokio::test]
async fn an_event_can_be_sent_again_under_the_same_or_a_new_id() {
    let world = World::new().await;
    let (webhook, reward) = subscribed(&world).await;
    let made = world.redeem("vera", &reward, 1).await;
    world.idle().await;
    let first = webhook.notifications().remove(0);
    for new_message_id in [false, true] {
        let body = json!({ "redemptionId": made[0], "newMessageId": new_message_id });
        let sent = world.control(Method::POST, "/resend", body).await.expect(200);
        world.idle().await;
        let last = webhook.notifications().pop().unwrap();
        assert_eq!(sent.body["messages"][0]["messageId"], last.header("message-id"));
        assert_eq!(last.header("message-id") != first.header("message-id"), new_message_id);
        assert_eq!(last.raw, first.raw);
        assert!(last.is_signed());
    }
    assert_eq!(webhook.notifications().len(), 3);
}

#[tokio::test]
async fn a_deleted_subscription_is_told_nothing() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let reward = alice.reward(json!({ "title": "Invert", "cost": 1 })).await;
    let webhook = Webhook::start().await;
    let app = world.app().await;
    let condition = json!({ "broadcaster_user_id": ALICE, "reward_id": null });
    let id = webhook.subscribe(&app, ADD, condition).await;
    let path = format!("/eventsub/subscriptions?id={id}");
    alice.delete(&path).await.expect(404);
    app.delete(&path).await.expect(204);
    app.delete(&path).await.expect(404);
    world.redeem("vera", &reward, 1).await;
    world.idle().await;
    assert!(webhook.notifications().is_empty());
}

#[tokio::test]
async fn subscriptions_that_twitch_would_not_take_are_refused() {
    let world = World::new().await;
    let app = world.app().await;
    let webhook = Webhook::start().await;
    let condition = json!({ "broadcaster_user_id": ALICE });
    let good = webhook.subscription(ADD, condition.clone());
    let with = |path: &str, value: serde_json::Value| {
        let mut body = good.clone();
        *body.pointer_mut(path).unwrap() = value;
        body
    };
    let path = "/eventsub/subscriptions";
    let refused = app.post(path, good.clone()).await.expect(403);
    assert_eq!(refused.message(), "subscription missing proper authorization");
    let alice = world.broadcaster(ALICE).await;
    let wrong = [
        with("/type", "stream.imagined".into()),
        with("/version", "9".into()),
        with("/transport/secret", "short".into()),
        with("/transport/callback", "http://example.com/hook".into()),
        with("/transport/callback", "nonsense".into()),
        with("/transport/method", "pigeon".into()),
        with("/condition/broadcaster_user_id", "0".into()),
        json!({}),
    ];
    for body in wrong {
        let answer = app.post(path, body.clone()).await;
        assert_eq!(answer.status, 400, "{body}");
    }
    let refused = alice.post(path, good.clone()).await.expect(400);
    assert_eq!(refused.message(), "invalid transport and auth combination");

    webhook.subscribe(&app, ADD, condition).await;
    app.post(path, good.clone()).await.expect(409);
    for n in ["?1", "?2"] {
        let other = with("/transport/callback", format!("{}{n}", webhook.url()).into());
        app.post(path, other).await.expect(202);
    }
    let fourth = with("/transport/callback", format!("{}?3", webhook.url()).into());
    app.post(path, fourth).await.expect(429);
    world.idle().await;
}

#[tokio::test]
async fn a_hundred_redemptions_are_all_told_once() {
    let world = World::with(SandboxConfig { delivery_timeout: Duration::from_secs(20), ..quick() });
    let world = world.await;
    let (webhook, reward) = subscribed(&world).await;
    let mut made = world.redeem("vera", &reward, 100).await;
    webhook.wait_for(102).await;
    world.idle().await;
    let mut told: Vec<_> =
        events(&webhook.notifications(), ADD).into_iter().map(|(id, _)| id).collect();
    told.sort();
    made.sort();
    assert_eq!(told, made);
}
