//! Which webhook messages are taken, and why the others are not.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use gamification_core::time::Timestamp;
use gamification_twitch::webhook::{
    MESSAGE_ID, MESSAGE_SIGNATURE, MESSAGE_TIMESTAMP, MESSAGE_TYPE, MessageType, WebhookHeaders,
    WebhookRefusal, verify,
};
use hmac::{Hmac, Mac};
use http::{HeaderMap, HeaderName, HeaderValue};
use proptest::prelude::*;
use sha2::Sha256;

const SECRET: &[u8] = b"s3cre77890ab";
const BODY: &[u8] = include_bytes!("fixtures/redemption_add.json");
const SENT_AT: &str = "2020-07-15T17:16:04.123456789Z";

fn now() -> Timestamp {
    Timestamp::parse("2020-07-15T17:16:05Z").unwrap()
}

fn sign(id: &str, timestamp: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET).unwrap();
    mac.update(id.as_bytes());
    mac.update(timestamp.as_bytes());
    mac.update(body);
    let hex: String = mac.finalize().into_bytes().iter().map(|it| format!("{it:02x}")).collect();
    format!("sha256={hex}")
}

/// Headers of a message that was rightly signed at that moment.
fn signed_at(timestamp: &str) -> WebhookHeaders {
    WebhookHeaders {
        message_id: "befa7b53-d79d-478f-86b9-120f112b044e".to_owned(),
        timestamp: timestamp.to_owned(),
        signature: sign("befa7b53-d79d-478f-86b9-120f112b044e", timestamp, BODY),
        message_type: MessageType::Notification,
    }
}

fn with_signature(signature: impl Into<String>) -> WebhookHeaders {
    WebhookHeaders { signature: signature.into(), ..signed_at(SENT_AT) }
}

#[test]
fn a_rightly_signed_fresh_message_is_taken() {
    assert_eq!(verify(SECRET, &signed_at(SENT_AT), BODY, now()), Ok(()));
    let other_offset = signed_at("2020-07-15T19:16:04+02:00");
    assert_eq!(verify(SECRET, &other_offset, BODY, now()), Ok(()));
    let shouted = signed_at(SENT_AT).signature["sha256=".len()..].to_ascii_uppercase();
    let shouted = with_signature(format!("sha256={shouted}"));
    assert_eq!(verify(SECRET, &shouted, BODY, now()), Ok(()));
}

#[test]
fn a_signature_computed_elsewhere_is_taken() {
    // printf 'id2020-01-01T00:00:00Z{}' | openssl dgst -sha256 -hmac s3cre7s3cre7
    let hex = "6c1b6436a32687fe57a02db2ffeb4b998ac202625003e9e7a2db37b88d468ef7";
    let headers = WebhookHeaders {
        message_id: "id".to_owned(),
        timestamp: "2020-01-01T00:00:00Z".to_owned(),
        signature: format!("sha256={hex}"),
        message_type: MessageType::Notification,
    };
    let now = Timestamp::parse("2020-01-01T00:00:00Z").unwrap();
    assert_eq!(verify(b"s3cre7s3cre7", &headers, b"{}", now), Ok(()));
}

#[test]
fn a_signature_of_another_form_is_malformed() {
    let right = signed_at(SENT_AT).signature;
    let hex = &right["sha256=".len()..];
    let malformed = [
        String::new(),
        "sha256=".to_owned(),
        hex.to_owned(),
        format!("sha1={hex}"),
        format!("SHA256={hex}"),
        format!("sha256={}", &hex[1..]),
        format!("sha256={}", &hex[2..]),
        format!("sha256={hex}0"),
        format!("sha256={hex}00"),
        format!("sha256= {}", &hex[1..]),
        format!("sha256=g{}", &hex[1..]),
        format!("sha256=é{}", &hex[2..]),
        format!("sha256=+f{}", &hex[2..]),
    ];
    for signature in malformed {
        let verdict = verify(SECRET, &with_signature(signature.clone()), BODY, now());
        assert_eq!(verdict, Err(WebhookRefusal::MalformedSignature), "{signature}");
    }
}

#[test]
fn a_signature_of_anything_else_is_wrong() {
    let wrong = Err(WebhookRefusal::WrongSignature);
    let right = signed_at(SENT_AT);
    let zeros = with_signature(format!("sha256={}", "0".repeat(64)));
    assert_eq!(verify(SECRET, &zeros, BODY, now()), wrong);
    assert_eq!(verify(b"another secret", &right, BODY, now()), wrong);
    assert_eq!(verify(b"", &right, BODY, now()), wrong);
    assert_eq!(verify(SECRET, &right, &BODY[1..], now()), wrong);
    assert_eq!(verify(SECRET, &right, b"", now()), wrong);
    let other_id = WebhookHeaders { message_id: "another".to_owned(), ..right.clone() };
    assert_eq!(verify(SECRET, &other_id, BODY, now()), wrong);
    let same_moment = "2020-07-15T17:16:04.1234567890Z".to_owned();
    let other_text = WebhookHeaders { timestamp: same_moment, ..right };
    assert_eq!(verify(SECRET, &other_text, BODY, now()), wrong);
}

#[test]
fn a_message_is_fresh_for_ten_minutes_either_way() {
    let verdict = |timestamp| verify(SECRET, &signed_at(timestamp), BODY, now());
    assert_eq!(verdict("2020-07-15T17:06:05Z"), Ok(()));
    assert_eq!(verdict("2020-07-15T17:06:04.999999Z"), Err(WebhookRefusal::TooOld));
    assert_eq!(verdict("0000-01-01T00:00:00Z"), Err(WebhookRefusal::TooOld));
    assert_eq!(verdict("2020-07-15T17:26:05Z"), Ok(()));
    assert_eq!(verdict("2020-07-15T17:26:05.000001Z"), Err(WebhookRefusal::FromTheFuture));
    assert_eq!(verdict("9999-12-31T23:59:59Z"), Err(WebhookRefusal::FromTheFuture));
}

#[test]
fn a_timestamp_that_is_no_moment_is_refused() {
    for timestamp in
        ["", "now", "1594833364", "2020-07-15", "2020-07-15T17:16:04", "2020-13-45T99:99:99Z"]
    {
        let verdict = verify(SECRET, &signed_at(timestamp), BODY, now());
        assert_eq!(verdict, Err(WebhookRefusal::UnreadableTimestamp), "{timestamp}");
    }
}

#[test]
fn the_signature_is_checked_before_the_timestamp_is_believed() {
    let old = WebhookHeaders {
        signature: format!("sha256={}", "0".repeat(64)),
        ..signed_at("2001-01-01T00:00:00Z")
    };
    assert_eq!(verify(SECRET, &old, BODY, now()), Err(WebhookRefusal::WrongSignature));
}

fn header_map() -> HeaderMap {
    let headers = signed_at(SENT_AT);
    let mut map = HeaderMap::new();
    map.insert(MESSAGE_ID, headers.message_id.parse().unwrap());
    map.insert(MESSAGE_TIMESTAMP, headers.timestamp.parse().unwrap());
    map.insert(MESSAGE_SIGNATURE, headers.signature.parse().unwrap());
    map.insert(MESSAGE_TYPE, HeaderValue::from_static("notification"));
    map
}

#[test]
fn each_of_the_headers_is_needed() {
    assert_eq!(WebhookHeaders::from_map(&header_map()), Ok(signed_at(SENT_AT)));
    for name in [MESSAGE_ID, MESSAGE_TIMESTAMP, MESSAGE_SIGNATURE, MESSAGE_TYPE] {
        let mut map = header_map();
        map.remove(name);
        assert_eq!(WebhookHeaders::from_map(&map), Err(WebhookRefusal::MissingHeader(name)));
        map.insert(name, HeaderValue::from_bytes(b"caf\xc3\xa9").unwrap());
        assert_eq!(WebhookHeaders::from_map(&map), Err(WebhookRefusal::UnreadableHeader(name)));
    }
}

#[test]
fn a_message_type_that_came_later_is_no_error() {
    let kind = |header: &'static str| {
        let mut map = header_map();
        map.insert(MESSAGE_TYPE, HeaderValue::from_static(header));
        WebhookHeaders::from_map(&map).unwrap().message_type
    };
    assert_eq!(kind("webhook_callback_verification"), MessageType::Verification);
    assert_eq!(kind("revocation"), MessageType::Revocation);
    assert_eq!(kind("carrier_pigeon"), MessageType::Unknown("carrier_pigeon".to_owned()));
}

fn header_value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..100),
        "sha256=[0-9a-fA-Fg é]{0,70}".prop_map(String::into_bytes),
        "[0-9]{1,6}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\\.[0-9]{1,12})?(Z|[+-][0-9]{2}:[0-9]{2})"
            .prop_map(String::into_bytes),
    ]
}

proptest! {
    #[test]
    fn nothing_makes_it_panic_and_nothing_unsigned_is_taken(
        values in proptest::array::uniform4(header_value()),
        secret in proptest::collection::vec(any::<u8>(), 0..200),
        body in proptest::collection::vec(any::<u8>(), 0..300),
        now in any::<i64>(),
    ) {
        let names = [MESSAGE_ID, MESSAGE_TIMESTAMP, MESSAGE_SIGNATURE, MESSAGE_TYPE];
        let mut map = HeaderMap::new();
        for (name, value) in names.into_iter().zip(values) {
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                map.insert(HeaderName::from_static(name), value);
            }
        }
        if let Ok(headers) = WebhookHeaders::from_map(&map) {
            let now = Timestamp::from_micros(now);
            prop_assert!(verify(&secret, &headers, &body, now).is_err());
        }
    }

    #[test]
    fn a_signed_message_with_any_timestamp_does_not_make_it_panic(
        timestamp in "[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\\.[0-9]{1,12})?Z|.{0,30}",
        now in any::<i64>(),
    ) {
        let verdict = verify(SECRET, &signed_at(&timestamp), BODY, Timestamp::from_micros(now));
        if let Err(refusal) = verdict {
            prop_assert!(matches!(
                refusal,
                WebhookRefusal::UnreadableTimestamp
                    | WebhookRefusal::TooOld
                    | WebhookRefusal::FromTheFuture
            ));
        }
    }
}
