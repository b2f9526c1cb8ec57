//! What the documented messages about other things than redemptions are read as.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use gamification_core::redemption::RedemptionSource;
use gamification_core::service::{PollChoice, PollState};
use gamification_twitch::envelope::{EnvelopeError, Notification, challenge, parse_notification};
use serde_json::{Value, json};

fn parse(kind: &str, event: Value) -> Result<Notification, EnvelopeError> {
    let body = json!({
        "subscription": {
            "id": "f1c2a387-161a-49f9-a165-0f21d7a4e1c4", "type": kind, "version": "1",
            "status": "enabled", "cost": 0, "condition": {},
            "created_at": "2019-11-16T10:11:12.634234626Z",
        },
        "event": event,
    });
    parse_notification(body.to_string().as_bytes(), RedemptionSource::Webhook)
}

fn reward_event() -> Value {
    json!({
        "id": "9001", "broadcaster_user_id": "1337", "broadcaster_user_login": "cool_user",
        "is_enabled": true, "is_paused": false, "title": "Cool Reward", "cost": 100,
        "max_per_stream": { "is_enabled": true, "value": 1000 },
    })
}

fn poll_event(choices: Value) -> Value {
    json!({
        "id": "1243456", "broadcaster_user_id": "1337", "title": "Aren't shoes just really hard?",
        "choices": choices, "started_at": "2020-07-15T17:16:03.17106713Z",
    })
}

#[test]
fn a_reward_that_was_changed_or_deleted_is_named() {
    let (channel, reward) = ("1337".into(), "9001".into());
    let changed = Notification::RewardChanged { channel, reward };
    assert_eq!(parse("channel.channel_points_custom_reward.update", reward_event()), Ok(changed));
    let (channel, reward) = ("1337".into(), "9001".into());
    let removed = Notification::RewardRemoved { channel, reward };
    assert_eq!(parse("channel.channel_points_custom_reward.remove", reward_event()), Ok(removed));
}

#[test]
fn a_stream_needs_no_id_to_begin_or_end() {
    let event = json!({ "broadcaster_user_id": "1337" });
    for (kind, is_live) in [("stream.online", true), ("stream.offline", false)] {
        let changed = Notification::StreamChanged { channel: "1337".into(), is_live };
        assert_eq!(parse(kind, event.clone()), Ok(changed));
    }
    // Twitch may write it differently one day: that is no reason to refuse it.
    let other = Notification::Other { subscription_type: "stream.online".to_owned() };
    assert_eq!(parse("stream.online", json!({ "id": "9001" })), Ok(other));
}

#[test]
fn a_poll_tells_its_votes_and_whether_it_has_ended() {
    let choices = json!([
        { "id": "123", "title": "Yeah!", "channel_points_votes": 70, "votes": 120 },
        { "id": "124", "title": "No!" },
    ]);
    let choice = |title: &str, votes| PollChoice { title: title.to_owned(), votes };
    for (kind, has_ended) in [("channel.poll.progress", false), ("channel.poll.end", true)] {
        let poll = PollState {
            poll_id: "1243456".to_owned(),
            choices: vec![choice("Yeah!", 120), choice("No!", 0)],
            has_ended,
        };
        let changed = Notification::PollChanged { channel: "1337".into(), poll };
        assert_eq!(parse(kind, poll_event(choices.clone())), Ok(changed));
    }
    let other = || Notification::Other { subscription_type: "channel.poll.end".to_owned() };
    for choices in [json!({}), json!(["Yeah!"]), json!([{ "votes": 1 }])] {
        assert_eq!(parse("channel.poll.end", poll_event(choices)), Ok(other()));
    }
}

#[test]
fn who_took_back_a_grant_is_named_also_when_the_account_is_gone() {
    let revoked = Notification::AuthorizationRevoked { channel: "1337".into() };
    let event = json!({
        "client_id": "crq72vsaoijkc83xx42hz6i37", "user_id": "1337",
        "user_login": null, "user_name": null,
    });
    assert_eq!(parse("user.authorization.revoke", event), Ok(revoked));
}

#[test]
fn a_shard_that_was_given_up_is_named() {
    let disabled = Notification::ShardDisabled {
        conduit_id: "bfcfc993-26b1-b876-44d9-afe75a379dac".to_owned(),
        shard_id: "4".to_owned(),
    };
    let event = json!({
        "conduit_id": "bfcfc993-26b1-b876-44d9-afe75a379dac", "shard_id": "4",
        "status": "websocket_disconnected",
        "transport": { "method": "websocket", "session_id": "ad1c9fc3-0d99-4eb7-8a04" },
    });
    assert_eq!(parse("conduit.shard.disabled", event), Ok(disabled));
}

#[test]
fn the_challenge_of_a_shard_is_like_any_other() {
    let body = json!({
        "challenge": "pogchamp-kappa-360noscope-vohiyo",
        "conduit_shard": {
            "id": "0", "conduit_id": "bfcfc993-26b1-b876-44d9-afe75a379dac",
            "status": "webhook_callback_verification_pending",
            "transport": { "method": "webhook", "callback": "https://this-is-a-callback.com" },
        },
    });
    let given = challenge(body.to_string().as_bytes());
    assert_eq!(given.as_deref(), Ok("pogchamp-kappa-360noscope-vohiyo"));
}
