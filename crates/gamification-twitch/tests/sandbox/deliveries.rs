use crate::http_server::{Answer, HttpServer, bytes_of};
use crate::proxy::Fault;
use crate::world::{EVENTSUB_SECRET, World, alice, bob, spec};
use gamification_core::ports::RewardError;
use gamification_core::redemption::{Direction, RedemptionSource, TwitchRedemptionStatus};
use gamification_core::time::Timestamp;
use gamification_twitch::envelope::{Notification, challenge, parse_notification};
use gamification_twitch::webhook::{MessageType, WebhookHeaders, WebhookRefusal, verify};
use hyper::body::Incoming;
use hyper::{Method, Request, Response};
use std::sync::{Arc, Mutex};

const SUBSCRIPTIONS: &str = "/helix/eventsub/subscriptions";

type Seen = Arc<Mutex<Vec<Notification>>>;

/// A webhook that does what the server does: verify, then answer by kind.
async fn webhook() -> (HttpServer, Seen) {
    let seen = Seen::default();
    let shared = Arc::clone(&seen);
    let server = HttpServer::start(move |request| take(Arc::clone(&shared), request)).await;
    (server, seen)
}

async fn take(seen: Seen, request: Request<Incoming>) -> Answer {
    let headers = WebhookHeaders::from_map(request.headers()).unwrap();
    let body = bytes_of(request.into_body()).await;
    // The sandbox signs by the clock on the wall, which its message tells.
    let now = Timestamp::parse(&headers.timestamp).unwrap();
    assert_eq!(verify(EVENTSUB_SECRET.as_bytes(), &headers, &body, now), Ok(()));
    let wrong = verify(b"another secret", &headers, &body, now);
    assert_eq!(wrong, Err(WebhookRefusal::WrongSignature));
    let answer = match headers.message_type {
        MessageType::Verification => challenge(&body).unwrap(),
        MessageType::Notification => {
            let read = parse_notification(&body, RedemptionSource::Webhook).unwrap();
            seen.lock().unwrap().push(read);
            String::new()
        }
        other => panic!("unexpected {other:?}"),
    };
    Ok(Response::new(reqwest::Body::from(answer)))
}

#[tokio::test]
async fn redemptions_of_a_created_reward_are_delivered_signed() {
    let (server, seen) = webhook().await;
    let world = World::with_webhook(Some(server.url())).await;
    let reward = world.reward_of_alice().await;
    world.deliveries_done().await;
    let ids = world.redeem(&reward, 1).await;
    world.deliveries_done().await;
    let polled = world.rewards().unfulfilled(&alice(), &reward, 1).await.unwrap();
    match &seen.lock().unwrap()[..] {
        [Notification::RedemptionAdded { channel, redemption }] => {
            assert_eq!(*channel, alice());
            assert_eq!(redemption.source, RedemptionSource::Webhook);
            assert_eq!((&redemption.id, &redemption.reward_id), (&ids[0], &reward));
            assert_eq!(redemption.viewer_id, polled[0].viewer_id);
            assert_eq!(redemption.viewer_name, polled[0].viewer_name);
            assert_eq!(redemption.cost, polled[0].cost);
        }
        other => panic!("{other:?}"),
    }
    world.rewards().settle(&alice(), &reward, &ids, Direction::Refund).await;
    world.deliveries_done().await;
    let updated = Notification::RedemptionUpdated {
        channel: alice(),
        reward,
        redemption: ids[0].clone(),
        status: TwitchRedemptionStatus::Canceled,
    };
    assert_eq!(seen.lock().unwrap()[1..], [updated]);
}

#[tokio::test]
async fn a_channel_is_subscribed_once_in_a_process_and_again_after_a_restart() {
    let (server, seen) = webhook().await;
    let world = World::with_webhook(Some(server.url())).await;
    world.reward_of_alice().await;
    let reward = world.rewards().create(&alice(), &spec("Second"), false).await.unwrap();
    world.adapter.rewards.ensure_subscriptions(&alice()).await.unwrap();
    assert_eq!(world.calls("POST", SUBSCRIPTIONS).await, 2);
    world.rewards().create(&bob(), &spec("Bob's"), false).await.unwrap();
    assert_eq!(world.calls("POST", SUBSCRIPTIONS).await, 4);
    let restarted = world.restarted_adapter(Some(server.url()));
    assert_eq!(restarted.rewards.ensure_subscriptions(&alice()).await, Ok(()));
    assert_eq!(world.calls("POST", SUBSCRIPTIONS).await, 6);
    world.deliveries_done().await;
    world.redeem(&reward, 1).await;
    world.deliveries_done().await;
    assert_eq!(seen.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn without_a_subscription_no_reward_is_made() {
    let (server, _) = webhook().await;
    let world = World::with_webhook(Some(server.url())).await;
    world.proxy.fail(Method::POST, SUBSCRIPTIONS, Fault::Answer(503, vec![]), 1);
    let made = world.rewards().create(&alice(), &spec("Deaf"), false).await;
    assert!(matches!(made, Err(RewardError::Unavailable { .. })), "{made:?}");
    assert_eq!(world.rewards().list(&alice()).await, Ok(vec![]));
    world.proxy.fail(Method::POST, SUBSCRIPTIONS, Fault::Answer(403, vec![]), 1);
    let made = world.rewards().create(&alice(), &spec("Deaf"), false).await;
    assert_eq!(made, Err(RewardError::LoginNeeded));
    assert!(world.rewards().create(&alice(), &spec("Deaf"), false).await.is_ok());
}
