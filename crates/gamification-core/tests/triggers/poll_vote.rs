use crate::rolls::one_die;
use crate::{evaluate, objection, wrong_fields};
use gamification_core::criticality::CriticalKind::Success;
use gamification_core::trigger::{Evaluation, TriggerInput};
use proptest::prelude::*;
use serde_json::{Value, json};

fn poll(option: &str, votes: u64, total: u64) -> Value {
    json!({ "pollId": "poll-1", "option": option, "voteCount": votes, "totalVotes": total })
}

fn on_poll(config: &Value, data: &Value) -> Option<String> {
    objection(evaluate("poll_vote", config, TriggerInput::Data(data)))
}

#[test]
fn a_poll_fires_with_enough_votes() {
    let percent = |threshold: u64| json!({ "threshold": threshold, "percentageMode": true });
    let large = u64::MAX - 1;
    let cases = [
        (json!({}), poll("yes", 9, 20), Some("9 < 10 votes")),
        (json!({}), poll("yes", 10, 20), None),
        (json!({ "threshold": 0 }), poll("yes", 9, 20), Some("9 < 10 votes")),
        (json!({ "threshold": null }), poll("yes", 10, 20), None),
        (json!({ "threshold": 3 }), poll("yes", 2, 2), Some("2 < 3 votes")),
        (json!({ "threshold": 3 }), poll("yes", 3, 3), None),
        // floor(199 ÷ 100 × 50) = 99
        (percent(50), poll("yes", 98, 199), Some("98 < 99 votes")),
        (percent(50), poll("yes", 99, 199), None),
        // floor(50 ÷ 100 × 58) = 29; in floating point it would be 28.999…
        (percent(58), poll("yes", 28, 50), Some("28 < 29 votes")),
        (percent(58), poll("yes", 29, 50), None),
        (percent(0), poll("yes", 1, 10), None),
        (percent(100), poll("yes", large, large), None),
        // floor(5 ÷ 100 × 10) = 0, but nobody voting is not enough
        (percent(10), poll("yes", 0, 5), Some("0 < 1 votes")),
        (percent(10), poll("yes", 1, 5), None),
        (percent(10), poll("yes", 0, 0), Some("0 < 1 votes")),
        (json!({ "option": "yes" }), poll("yes", 10, 10), None),
        (json!({ "option": "yes" }), poll("no", 10, 10), Some("the option is not yes")),
    ];
    for (config, data, expected) in cases {
        assert_eq!(on_poll(&config, &data).as_deref(), expected, "{config} {data}");
    }
}

#[test]
fn a_poll_fires_once_under_its_id_and_passes_its_result_on() {
    let mut data = poll("yes", 10, 12);
    data["title"] = "ignored".into();
    let fired = evaluate("poll_vote", &json!({}), TriggerInput::Data(&data));
    let once_key = Some("poll-1".to_owned());
    assert_eq!(fired, Evaluation::Fires { data: poll("yes", 10, 12), once_key });
}

#[test]
fn data_that_is_no_poll_is_silent_with_a_reason() {
    let cases = [
        (json!(null), "the data is no poll"),
        (json!("yes"), "the data is no poll"),
        (json!({ "pollId": "p", "option": "yes", "voteCount": 10 }), "the data is no poll"),
        (json!({ "pollId": "p", "option": 1, "voteCount": 10, "totalVotes": 10 }), "the data is"),
        (json!({ "pollId": "p", "option": "y", "voteCount": -1, "totalVotes": 1 }), "the data is"),
        (json!({ "pollId": "", "option": "y", "voteCount": 10, "totalVotes": 10 }), "pollId"),
        (poll("yes", 11, 10), "voteCount is greater than totalVotes"),
    ];
    for (data, beginning) in cases {
        let reason = on_poll(&json!({}), &data).expect("silent");
        assert!(reason.starts_with(beginning), "{data}: {reason}");
    }
    let roll = one_die(20, 20, Success);
    assert!(objection(evaluate("poll_vote", &json!({}), TriggerInput::Critical(&roll))).is_some());
}

#[test]
fn poll_vote_names_each_wrong_field() {
    let cases = [
        (json!({ "threshold": -1 }), vec!["threshold"]),
        (json!({ "threshold": 10_000_001 }), vec!["threshold"]),
        (json!({ "threshold": 101, "percentageMode": true }), vec!["threshold"]),
        (json!({ "percentageMode": 1, "option": "" }), vec!["percentageMode", "option"]),
        (json!({ "option": "a\u{7}" }), vec!["option"]),
        (json!({ "pollTitle": "x" }), vec!["pollTitle"]),
    ];
    for (config, expected) in cases {
        assert_eq!(wrong_fields("poll_vote", &config), expected, "{config}");
        assert!(on_poll(&config, &poll("yes", 10, 10)).is_some(), "{config}");
    }
}

proptest! {
    #[test]
    fn a_percentage_needs_exactly_the_floor_of_the_share(
        total in 1_u64..5_000,
        share in 1_u64..=100,
    ) {
        let needed = (total * share / 100).max(1);
        let config = json!({ "threshold": share, "percentageMode": true });
        prop_assert_eq!(on_poll(&config, &poll("yes", needed, total)), None);
        let reason = format!("{} < {needed} votes", needed - 1);
        prop_assert_eq!(on_poll(&config, &poll("yes", needed - 1, total)), Some(reason));
    }
}
