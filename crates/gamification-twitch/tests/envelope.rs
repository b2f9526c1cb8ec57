//! What the documented messages are read as.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use gamification_core::cost::Cost;
use gamification_core::redemption::{IncomingRedemption, RedemptionSource, TwitchRedemptionStatus};
use gamification_core::time::Timestamp;
use gamification_twitch::envelope::{
    EnvelopeError, Notification, REDEMPTION_ADD, REDEMPTION_UPDATE, Revocation, challenge,
    parse_notification, parse_revocation,
};
use proptest::prelude::*;
use serde_json::{Value, json};

const ADD: &[u8] = include_bytes!("fixtures/redemption_add.json");
const UPDATE: &[u8] = include_bytes!("fixtures/redemption_update.json");

fn parse(body: &[u8]) -> Result<Notification, EnvelopeError> {
    parse_notification(body, RedemptionSource::Webhook)
}

/// The documented redemption with one field set, or taken away.
fn add_with(pointer: &str, value: Option<Value>) -> Vec<u8> {
    let mut body: Value = serde_json::from_slice(ADD).unwrap();
    match value {
        Some(value) => *body.pointer_mut(pointer).unwrap() = value,
        None => {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            let parent = body.pointer_mut(parent).unwrap().as_object_mut().unwrap();
            assert!(parent.remove(name).is_some());
        }
    }
    body.to_string().into_bytes()
}

fn added(body: &[u8]) -> IncomingRedemption {
    match parse(body) {
        Ok(Notification::RedemptionAdded { redemption, .. }) => *redemption,
        other => panic!("not a redemption: {other:?}"),
    }
}

#[test]
fn the_documented_redemption_is_read_whole() {
    let expected = IncomingRedemption {
        id: "17fa2df1-ad76-4804-bfa5-a40ef63efe63".into(),
        reward_id: "92af127c-7326-4483-a52b-b0da0be61c01".into(),
        viewer_id: "9001".into(),
        viewer_name: "Cooler_User".to_owned(),
        cost: Cost::new(100).unwrap(),
        status: TwitchRedemptionStatus::Unfulfilled,
        redeemed_at: Timestamp::parse("2020-07-15T17:16:03.171067Z").unwrap(),
        source: RedemptionSource::Webhook,
    };
    let redemption = Box::new(expected);
    let channel = "1337".into();
    assert_eq!(parse(ADD), Ok(Notification::RedemptionAdded { channel, redemption }));
}

#[test]
fn the_documented_update_is_read_whole() {
    let expected = Notification::RedemptionUpdated {
        channel: "1337".into(),
        reward: "92af127c-7326-4483-a52b-b0da0be61c01".into(),
        redemption: "17fa2df1-ad76-4804-bfa5-a40ef63efe63".into(),
        status: TwitchRedemptionStatus::Canceled,
    };
    assert_eq!(parse(UPDATE), Ok(expected));
}

#[test]
fn a_status_may_be_written_in_every_known_way() {
    use TwitchRedemptionStatus::{Canceled, Fulfilled, Unfulfilled};
    let spellings = [
        ("unfulfilled", Unfulfilled),
        ("UNFULFILLED", Unfulfilled),
        ("fulfilled", Fulfilled),
        ("FULFILLED", Fulfilled),
        ("canceled", Canceled),
        ("CANCELED", Canceled),
        ("cancelled", Canceled),
        ("CANCELLED", Canceled),
    ];
    for (text, expected) in spellings {
        let body = add_with("/event/status", Some(json!(text)));
        assert_eq!(added(&body).status, expected, "{text}");
    }
}

#[test]
fn what_came_later_is_something_else_and_no_error() {
    let other = |name: &str| Ok(Notification::Other { subscription_type: name.to_owned() });
    let unknown = include_bytes!("fixtures/unknown_type.json");
    assert_eq!(parse(unknown), other("channel.something_that_came_later"));
    for status in ["unknown", "postponed"] {
        let body = add_with("/event/status", Some(json!(status)));
        assert_eq!(parse(&body), other(REDEMPTION_ADD));
    }
    let mut update: Value = serde_json::from_slice(UPDATE).unwrap();
    update["event"]["status"] = json!("postponed");
    assert_eq!(parse(update.to_string().as_bytes()), other(REDEMPTION_UPDATE));
    let mut richer: Value = serde_json::from_slice(ADD).unwrap();
    richer["event"]["mood"] = json!({ "new": true });
    assert_eq!(parse(richer.to_string().as_bytes()), parse(ADD));
}

#[test]
fn a_missing_field_is_named() {
    let needed = [
        "subscription.type",
        "event.status",
        "event.id",
        "event.broadcaster_user_id",
        "event.user_id",
        "event.user_name",
        "event.reward.id",
        "event.reward.cost",
        "event.redeemed_at",
    ];
    for field in needed {
        let pointer = format!("/{}", field.replace('.', "/"));
        let missing = Err(EnvelopeError::Missing { field });
        assert_eq!(parse(&add_with(&pointer, None)), missing, "{field}");
        assert_eq!(parse(&add_with(&pointer, Some(Value::Null))), missing, "{field}");
    }
    let missing = EnvelopeError::Missing { field: "event.status" };
    assert_eq!(parse(&add_with("/event", Some(json!([])))), Err(missing));
    assert_eq!(missing.to_string(), "`event.status` is missing");
}

#[test]
fn a_field_of_the_wrong_type_is_named() {
    let wrong = [
        ("/event/id", json!(17), "event.id", "a text"),
        ("/event/id", json!(""), "event.id", "a text"),
        ("/event/user_name", json!("a\u{0}b"), "event.user_name", "a text"),
        ("/event/status", json!(["unfulfilled"]), "event.status", "a text"),
        ("/event/reward/cost", json!("100"), "event.reward.cost", "a whole number from 1"),
        ("/event/reward/cost", json!(0), "event.reward.cost", "a whole number from 1"),
        ("/event/reward/cost", json!(-5), "event.reward.cost", "a whole number from 1"),
        ("/event/reward/cost", json!(1.5), "event.reward.cost", "a whole number from 1"),
        ("/event/redeemed_at", json!("yesterday"), "event.redeemed_at", "an RFC 3339 moment"),
        ("/subscription/type", json!({}), "subscription.type", "a text"),
    ];
    for (pointer, value, field, expected) in wrong {
        let body = add_with(pointer, Some(value.clone()));
        assert_eq!(parse(&body), Err(EnvelopeError::IllTyped { field, expected }), "{value}");
    }
}

#[test]
fn a_price_above_the_core_s_is_cut_so_that_the_click_is_still_answered() {
    for price in [json!(1_000_001), json!(u64::MAX)] {
        let body = add_with("/event/reward/cost", Some(price));
        assert_eq!(added(&body).cost.get(), Cost::MAX);
    }
}

#[test]
fn a_body_that_is_not_json_is_refused() {
    let deep = "[".repeat(100_000);
    for body in [&b""[..], b"hello", b"{\"subscription\":", b"\xff\xfe\x00", deep.as_bytes()] {
        assert_eq!(parse(body), Err(EnvelopeError::NotJson));
        assert_eq!(challenge(body), Err(EnvelopeError::NotJson));
        assert_eq!(parse_revocation(body), Err(EnvelopeError::NotJson));
    }
    let absent = Err(EnvelopeError::Missing { field: "subscription.type" });
    for body in [&b"null"[..], b"[]", b"7", b"\"text\"", b"{}"] {
        assert_eq!(parse(body), absent);
    }
}

#[test]
fn the_challenge_is_given_back_as_it_came() {
    let verification = include_bytes!("fixtures/verification.json");
    assert_eq!(challenge(verification).as_deref(), Ok("pogchamp-kappa-360noscope-vohiyo"));
    assert_eq!(challenge(ADD), Err(EnvelopeError::Missing { field: "challenge" }));
}

#[test]
fn a_revocation_tells_what_ended_and_why() {
    let expected = Revocation {
        subscription_id: "f1c2a387-161a-49f9-a165-0f21d7a4e1c4".to_owned(),
        subscription_type: REDEMPTION_ADD.to_owned(),
        reason: "authorization_revoked".to_owned(),
        channel: Some("1337".into()),
    };
    assert_eq!(parse_revocation(include_bytes!("fixtures/revocation.json")), Ok(expected));
}

proptest! {
    #[test]
    fn no_body_makes_it_panic(body in proptest::collection::vec(any::<u8>(), 0..500)) {
        let read =
            (parse(&body).is_ok(), challenge(&body).is_ok(), parse_revocation(&body).is_ok());
        prop_assert_eq!(read, (false, false, false));
    }
}
