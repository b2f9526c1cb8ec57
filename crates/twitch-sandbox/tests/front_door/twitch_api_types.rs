//! The answers, read by the crate that the server talks to Twitch with.

use reqwest::Method;
use serde_json::{Value, json};
use twitch_api::eventsub::{Event, Message};
use twitch_api::helix::points::{
    CreateCustomRewardRequest, CustomRewardRedemptionStatus, GetCustomRewardRedemptionRequest,
    GetCustomRewardRequest, UpdateRedemptionStatusRequest,
};
use twitch_api::helix::streams::GetStreamsRequest;
use twitch_api::helix::users::GetUsersRequest;
use twitch_api::helix::{RequestGet, RequestPatch, RequestPost};
use twitch_sandbox::WebsocketConfig;

use crate::harness::{ALICE, Answer, World};
use crate::socket::{Socket, with_websocket};
use crate::webhook::subscribed;

fn http(answer: &Answer) -> http::Response<Vec<u8>> {
    let body = answer.body.to_string().into_bytes();
    http::Response::builder().status(answer.status).body(body).unwrap()
}

fn uri() -> http::Uri {
    http::Uri::from_static("http://localhost/helix")
}

#[tokio::test]
async fn twitch_api_reads_rewards_and_redemptions() {
    let world = World::new().await;
    let alice = world.broadcaster(ALICE).await;
    let body = json!({ "title": "Invert", "cost": 9, "is_global_cooldown_enabled": true,
        "global_cooldown_seconds": 1 });
    let made = alice.post(&alice.rewards(""), body).await;
    let request = CreateCustomRewardRequest::broadcaster_id(ALICE);
    let reward = CreateCustomRewardRequest::parse_response(Some(request), &uri(), http(&made));
    let reward = reward.unwrap().data.id.to_string();
    let id = world.redeem("vera", &reward, 1).await;

    let all = alice.get(&alice.rewards("")).await;
    let request = GetCustomRewardRequest::broadcaster_id(ALICE);
    let all = GetCustomRewardRequest::parse_response(Some(request), &uri(), http(&all)).unwrap();
    assert!(all.data[0].cooldown_expires_at.is_some());

    let pending = alice.get(&alice.redemptions(&reward, "&status=UNFULFILLED")).await;
    let request = GetCustomRewardRedemptionRequest::broadcaster_id(ALICE);
    let pending =
        GetCustomRewardRedemptionRequest::parse_response(Some(request), &uri(), http(&pending))
            .unwrap();
    assert_eq!(pending.data[0].id.as_str(), id[0]);

    let settled = alice.settle(&reward, &id, "CANCELED").await;
    let request = UpdateRedemptionStatusRequest::new(ALICE, reward.as_str(), id[0].as_str());
    let settled =
        UpdateRedemptionStatusRequest::parse_response(Some(request), &uri(), http(&settled))
            .unwrap();
    assert_eq!(settled.data.status, CustomRewardRedemptionStatus::Canceled);
}

#[tokio::test]
async fn twitch_api_reads_users_and_streams() {
    let world = World::new().await;
    world.control(Method::PUT, "/streams/alice", json!({ "viewerCount": 7 })).await.expect(200);
    let app = world.app().await;
    let users = app.get("/users?login=alice").await;
    let users = GetUsersRequest::parse_response(Some(GetUsersRequest::new()), &uri(), http(&users));
    assert_eq!(users.unwrap().data[0].id.as_str(), ALICE);
    let streams = app.get("/streams").await;
    let request = GetStreamsRequest::default();
    let streams = GetStreamsRequest::parse_response(Some(request), &uri(), http(&streams));
    assert_eq!(streams.unwrap().data[0].viewer_count, 7);
}

#[tokio::test]
async fn twitch_api_verifies_and_reads_the_messages() {
    let world = World::new().await;
    let (webhook, reward) = subscribed(&world).await;
    let id = world.redeem("vera", &reward, 1).await;
    world.idle().await;
    for got in webhook.got() {
        let mut request = http::Request::post("http://localhost/hook");
        *request.headers_mut().unwrap() = got.headers.clone();
        let request = request.body(got.raw.clone()).unwrap();
        assert!(Event::verify_payload(&request, crate::webhook::SECRET.as_bytes()));
        match Event::parse_http(&request).unwrap() {
            Event::ChannelPointsCustomRewardRedemptionAddV1(payload) => match payload.message {
                Message::Notification(event) => assert_eq!(event.id.as_str(), id[0]),
                Message::VerificationRequest(request) => assert!(!request.challenge.is_empty()),
                other => panic!("{other:?}"),
            },
            Event::ChannelPointsCustomRewardRedemptionUpdateV1(payload) => {
                assert!(matches!(payload.message, Message::VerificationRequest(_)));
            }
            other => panic!("{other:?}"),
        }
    }
}

/// The next frame as the crate reads it, by the name of what it is.
async fn read(socket: &mut Socket) -> String {
    let frame = socket.next().await.to_string();
    let data = Event::parse_websocket(&frame).unwrap_or_else(|error| panic!("{error}: {frame}"));
    let text = format!("{data:?}");
    text.split([' ', '(', '{']).next().unwrap().to_owned()
}

#[tokio::test]
async fn twitch_api_reads_every_frame_of_a_websocket() {
    let websocket =
        WebsocketConfig { keepalive_range_s: (1, 1), default_keepalive_s: 1, ..Default::default() };
    let world = World::with(with_websocket(websocket)).await;
    let alice = world.broadcaster(ALICE).await;
    let reward = alice.reward(json!({ "title": "Invert", "cost": 9 })).await;
    let mut socket = Socket::open(&world).await;
    assert!(Event::parse_websocket(&socket.welcome.to_string()).is_ok());
    assert_eq!(read(&mut socket).await, "Keepalive");
    let session = socket.session();
    let mut ids = Vec::new();
    for kind in ["reward.update", "reward.remove"] {
        let kind = format!("channel.channel_points_custom_{kind}");
        ids.push(alice.listen(&kind, &session).await.expect(202).only()["id"].clone());
    }
    for kind in ["stream.online", "stream.offline"] {
        alice.listen(kind, &session).await.expect(202);
    }
    alice.patch(&alice.rewards(&format!("&id={reward}")), json!({ "cost": 8 })).await.expect(200);
    alice.delete(&alice.rewards(&format!("&id={reward}"))).await.expect(204);
    world.control(Method::PUT, "/streams/alice", json!({ "viewerCount": 7 })).await.expect(200);
    world.control(Method::DELETE, "/streams/alice", Value::Null).await.expect(204);
    let revoked = json!({ "subscriptionId": ids[0], "status": "authorization_revoked" });
    world.control(Method::POST, "/eventsub/revoke", revoked).await.expect(200);
    world.control(Method::POST, "/eventsub/reconnect", Value::Null).await.expect(200);
    let mut frames = Vec::new();
    while frames.len() < 6 {
        let frame = read(&mut socket).await;
        if frame != "Keepalive" {
            frames.push(frame);
        }
    }
    let told = "Notification";
    assert_eq!(frames, [told, told, told, told, "Revocation", "Reconnect"]);
}
