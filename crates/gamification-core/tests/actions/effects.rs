//! Chat messages, treasure and hooks.

use crate::rolls::goal;
use crate::{NONE, assert_wrong, report, steps, wrong_fields};
use gamification_core::instance::Instance;
use gamification_core::vtt::{CommandKind, CommandStatus, PlannedCommand, VttCommand};
use gamification_testkit::fixtures as game;
use serde_json::{Value, json};

#[test]
fn a_chat_message_is_escaped() {
    let config = json!({ "content": "<script>1 & 2</script>", "speaker": { "alias": "Fate" } });
    let content = "&lt;script&gt;1 &amp; 2&lt;/script&gt;";
    let payload = json!({ "content": content, "speaker": { "alias": "Fate" } });
    assert_eq!(
        steps("chat_message", &config, &goal(None)),
        [(CommandKind::ChatMessage, payload, true)]
    );
    let told = report("chat_message", &config, &goal(None), &[]);
    assert_eq!(told.message.as_deref(), Some("<script>1 & 2</script>"));
    let plain = steps("chat_message", &json!({ "content": "Hello" }), &goal(None));
    assert_eq!(plain[0].1, json!({ "content": "Hello" }));
    let actor = json!({ "content": "Hi", "speaker": { "actorId": "a1" } });
    assert_eq!(steps("chat_message", &actor, &goal(None))[0].1, actor);
}

#[test]
fn chat_message_names_each_wrong_field() {
    let speaker = |speaker: Value| json!({ "content": "Hello", "speaker": speaker });
    assert_wrong(
        "chat_message",
        vec![
            (json!({}), "content"),
            (json!({ "content": "" }), "content"),
            (json!({ "content": " " }), "content"),
            (json!({ "content": "é".repeat(2001) }), "content"),
            (json!({ "content": ["Hello"] }), "content"),
            (json!({ "content": "Hello", "whisper": true }), "whisper"),
            (speaker(json!("GM")), "speaker"),
            (speaker(json!({})), "speaker.alias"),
            (speaker(json!({ "alias": "a", "actorId": "b" })), "speaker.alias"),
            (speaker(json!({ "alias": "<i>a" })), "speaker.alias"),
            (speaker(json!({ "actorId": 1, "alias": "a" })), "speaker.actorId"),
            (speaker(json!({ "alias": "a", "token": "b" })), "speaker.token"),
        ],
    );
    assert_eq!(wrong_fields("chat_message", &json!({ "content": "é".repeat(2000) })), NONE);
}

#[test]
fn treasure_drops_at_its_place_and_says_so() {
    let config = json!({ "actorId": "chest", "position": { "x": 100, "y": -50 } });
    let payload = json!({ "actorId": "chest", "position": { "x": 100, "y": -50 }, "quantity": 1 });
    assert_eq!(
        steps("treasure_drop", &config, &goal(None)),
        [(CommandKind::TreasureDrop, payload, true)]
    );
    let config = json!({ "actorId": "chest", "position": { "x": 1, "y": 2 }, "quantity": 20,
        "message": "Gold & glory" });
    let planned = steps("treasure_drop", &config, &goal(None));
    assert_eq!(planned[0].1["quantity"], json!(20));
    let message = (CommandKind::ChatMessage, json!({ "content": "Gold &amp; glory" }), false);
    assert_eq!(planned[1..], [message]);
    let told = report("treasure_drop", &config, &goal(None), &[]);
    assert_eq!(told.message.as_deref(), Some("Gold & glory"));
}

/// The step of a treasure drop to which the table answered that.
fn answered(goal: &Instance, answer: Value) -> VttCommand {
    let usual = game::command(1, goal, game::id(1), 0);
    VttCommand {
        command: PlannedCommand { kind: CommandKind::TreasureDrop, ..usual.command },
        status: CommandStatus::Confirmed,
        result: Some(json!({ "ok": true, "result": answer })),
        ..usual
    }
}

#[test]
fn treasure_that_dropped_only_in_part_is_reported_as_such() {
    let config = json!({ "actorId": "chest", "position": { "x": 1, "y": 2 }, "quantity": 3 });
    let cases = [
        (json!({ "placed": 3 }), vec![]),
        (json!(null), vec![]),
        (json!({ "placed": 2 }), vec!["2 of 3 copies were placed"]),
        (
            json!({ "placed": 2, "errors": ["the actor is locked", 7] }),
            vec!["2 of 3 copies were placed", "the actor is locked"],
        ),
    ];
    let goal = goal(None);
    for (answer, expected) in cases {
        let told = report("treasure_drop", &config, &goal, &[answered(&goal, answer.clone())]);
        assert_eq!(told.partial_failures, expected, "{answer}");
        assert_eq!(told.message.as_deref(), Some("Treasure drops"));
    }
    let talkative = json!({ "errors": vec!["x".repeat(500); 50] });
    let told = report("treasure_drop", &config, &goal, &[answered(&goal, talkative)]);
    assert_eq!(told.partial_failures, vec!["x".repeat(200); 5]);
}

#[test]
fn treasure_drop_names_each_wrong_field() {
    let with = |field: &str, value: Value| {
        let mut config = json!({ "actorId": "chest", "position": { "x": 1, "y": 2 } });
        config[field] = value;
        config
    };
    assert_wrong(
        "treasure_drop",
        vec![
            (with("actorId", json!(null)), "actorId"),
            (with("actorId", json!("a\u{0}")), "actorId"),
            (with("position", json!(null)), "position"),
            (with("position", json!([1, 2])), "position"),
            (with("position", json!({ "x": 1 })), "position.y"),
            (with("position", json!({ "x": 1.5, "y": 2 })), "position.x"),
            (with("position", json!({ "x": 1, "y": 100_001 })), "position.y"),
            (with("position", json!({ "x": 1, "y": 2, "z": 3 })), "position.z"),
            (with("quantity", json!(0)), "quantity"),
            (with("quantity", json!(21)), "quantity"),
            (with("quantity", json!("1")), "quantity"),
            (with("message", json!("x".repeat(501))), "message"),
            (with("loot", json!([])), "loot"),
        ],
    );
}

#[test]
fn a_custom_action_hands_named_data_to_the_table() {
    let config = json!({ "customActions": { "name": "my-module.confetti_2", "data": { "n": 1 } } });
    let expected = [(CommandKind::Custom, config["customActions"].clone(), true)];
    assert_eq!(steps("custom", &config, &goal(None)), expected);
    let told = report("custom", &config, &goal(None), &[]);
    assert_eq!(told.message.as_deref(), Some("my-module.confetti_2 was called"));
    let bare = steps("custom", &json!({ "customActions": { "name": "a" } }), &goal(None));
    assert_eq!(bare[0].1, json!({ "name": "a", "data": null }));
}

#[test]
fn custom_names_each_wrong_field() {
    let deep = (0..17).fold(json!(1), |inner, _| json!([inner]));
    let named = |name: Value| json!({ "customActions": { "name": name } });
    assert_wrong(
        "custom",
        vec![
            (json!({}), "customActions"),
            (json!({ "customActions": "alert(1)" }), "customActions"),
            (json!({ "customActions": {} }), "customActions.name"),
            (named(json!("")), "customActions.name"),
            (named(json!("Upper")), "customActions.name"),
            (named(json!("a b")), "customActions.name"),
            (named(json!("x".repeat(65))), "customActions.name"),
            (json!({ "customActions": { "name": "a", "data": deep } }), "customActions.data"),
            (json!({ "customActions": { "name": "a", "code": "x" } }), "customActions.code"),
            (json!({ "script": "x", "customActions": { "name": "a" } }), "script"),
        ],
    );
}
