//! The game master's own rules of what is critical, and what they do to rolls.

use crate::evening::{Evening, OTHER_TABLE_KEY, other_campaign, other_gm};
use crate::support::Reply;
use gamification_core::access::Role;
use gamification_core::criticality::Severity;
use gamification_core::dice::{RollInput, RollReport};
use gamification_core::instance::{Instance, InstanceStatus};
use gamification_core::service::IncomingRoll;
use gamification_core::vtt::DiceRoll;
use gamification_server::auth::sha256_hex;
use gamification_testkit::fixtures;
use poem::http::Method;
use serde_json::{Value, json};

const RULES: &str = "criticality-rules";

/// A d20 of at least 19 is an extreme success; with changes, `null` takes a field away.
fn keen(changes: Value) -> Value {
    let mut rule = json!({
        "formula": "1d20", "field": "max_die", "op": ">=", "value": 19,
        "kind": "success", "severity": "extreme", "label": "Keen",
    });
    let fields = rule.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        fields.insert(name.clone(), value.clone());
    }
    rule
}

async fn add(evening: &Evening, rule: Value) -> Reply {
    evening.world.post(&evening.path(RULES), &evening.gm, rule).await
}

async fn added(evening: &Evening, rule: Value) -> Value {
    let reply = add(evening, rule).await;
    assert_eq!(reply.status.as_u16(), 201, "{}", reply.text);
    reply.body
}

async fn remove(evening: &Evening, rule: &Value) -> Reply {
    let path = evening.path(&format!("{RULES}/{}", rule["id"].as_str().unwrap()));
    evening.world.delete(&path, &evening.gm).await
}

async fn labels(evening: &Evening) -> Vec<Value> {
    let list = evening.world.get(&evening.path(RULES), &evening.gm).await;
    assert_eq!(list.status.as_u16(), 200, "{}", list.text);
    assert_eq!(list.body.as_object().unwrap().len(), 1, "a whole list: {}", list.text);
    list.body["items"].as_array().unwrap().iter().map(|rule| rule["label"].clone()).collect()
}

/// The first streamer's character reports a roll, in a message of its own.
async fn report(evening: &Evening, message: &str, input: RollInput) -> DiceRoll {
    let streamer = evening.streamers[0].id.into();
    let hero = fixtures::character(1, &evening.campaign, Some(streamer));
    let mut unit = evening.world.begin().await;
    unit.campaigns().save_character(&hero).await.unwrap();
    unit.commit().await.unwrap();
    let roll = IncomingRoll {
        connection_id: evening.table.id,
        message_id: message.into(),
        index: 0,
        actor_id: Some(hero.vtt_actor_id),
        character_name: hero.name,
        result: input.total.unwrap(),
        input,
        is_hidden: false,
        flavor: String::new(),
        command_id: None,
    };
    let receipt = evening.core().record_roll(roll).await.unwrap();
    evening.world.queries().roll(receipt.roll_id.unwrap()).await.unwrap().unwrap()
}

async fn goals(evening: &Evening) -> Vec<Instance> {
    evening.world.queries().open_instances(evening.campaign.id).await.unwrap()
}

#[tokio::test]
async fn rules_are_added_listed_as_they_are_tried_and_removed() {
    let evening = Evening::new().await;
    let first = added(&evening, keen(json!({ "formula": " 1D20 " }))).await;
    assert_eq!(
        first,
        json!({
            "id": first["id"], "campaignId": evening.campaign.id, "formula": "1d20",
            "field": "max_die", "op": ">=", "value": 19, "kind": "success",
            "severity": "extreme", "priority": 0, "label": "Keen",
            "createdAt": "2026-01-01T20:00:00.000000Z",
        })
    );
    evening.world.clock.advance(1);
    let second = json!({ "label": "Later", "category": "house", "formula": null });
    assert_eq!(added(&evening, keen(second)).await["category"], "house");
    let sixes = json!({ "field": "count_of", "face": 6, "priority": -1, "label": "Sixes" });
    let sixes = added(&evening, keen(sixes)).await;
    assert_eq!((&sixes["field"], &sixes["face"]), (&json!("count_of"), &json!(6)));
    let symbol = json!({ "field": "symbol", "symbol": "triumph", "priority": 5,
        "formula": null, "label": "Triumphs" });
    assert_eq!(added(&evening, keen(symbol)).await["symbol"], "triumph");
    assert_eq!(labels(&evening).await, ["Triumphs", "Keen", "Later", "Sixes"]);

    assert_eq!(remove(&evening, &first).await.status.as_u16(), 204);
    assert_eq!(labels(&evening).await, ["Triumphs", "Later", "Sixes"]);
    assert_eq!(remove(&evening, &first).await.problem(404), "not-found");
    let audit = evening.world.get(&evening.path("audit"), &evening.gm).await.body;
    let actions: Vec<_> =
        audit["items"].as_array().unwrap().iter().map(|line| line["action"].clone()).collect();
    assert_eq!(actions[0], "criticality_rule.removed");
    assert_eq!(actions[1..], ["criticality_rule.added"; 4]);
}

#[tokio::test]
async fn a_body_of_the_wrong_form_is_refused_by_its_field() {
    let evening = Evening::new().await;
    for (changes, field) in [
        (json!({ "formula": 20 }), "formula"),
        (json!({ "field": "luck" }), "field"),
        (json!({ "field": { "count_of": { "face": 6 } } }), "field"),
        (json!({ "field": "count_of" }), "face"),
        (json!({ "field": "symbol", "formula": null }), "symbol"),
        (json!({ "face": 6 }), "face"),
        (json!({ "field": "count_of", "face": 6, "symbol": "x" }), "symbol"),
        (json!({ "op": "=~" }), "op"),
        (json!({ "value": 19.5 }), "value"),
        (json!({ "value": "19" }), "value"),
        (json!({ "kind": "draw" }), "kind"),
        (json!({ "severity": "mild" }), "severity"),
        (json!({ "priority": "high" }), "priority"),
        (json!({ "label": null }), "label"),
        (json!({ "category": ["a"] }), "category"),
        (json!({ "id": "x" }), "id"),
    ] {
        evening.complains(Method::POST, &evening.path(RULES), Some(keen(changes)), field).await;
    }
    for missing in ["field", "op", "value", "kind", "severity", "label"] {
        let mut rule = keen(json!({}));
        rule.as_object_mut().unwrap().remove(missing);
        evening.complains(Method::POST, &evening.path(RULES), Some(rule), missing).await;
    }
    assert_eq!(labels(&evening).await, [] as [&str; 0]);
}

#[tokio::test]
async fn values_beyond_their_limits_are_refused_by_their_fields() {
    let evening = Evening::new().await;
    for (changes, fields) in [
        (json!({ "formula": "1d20 + 5" }), vec!["formula"]),
        (json!({ "formula": "d" }), vec!["formula"]),
        (json!({ "field": "symbol", "symbol": "triumph" }), vec!["formula"]),
        (json!({ "field": "symbol", "symbol": "", "formula": null }), vec!["symbol"]),
        (json!({ "field": "count_of", "face": 1_000_001 }), vec!["face"]),
        (json!({ "field": "doubles", "value": 2 }), vec!["value"]),
        (json!({ "field": "ones_share", "value": 101 }), vec!["value"]),
        (json!({ "value": -1_000_001 }), vec!["value"]),
        (json!({ "priority": 1001 }), vec!["priority"]),
        (json!({ "label": "  " }), vec!["label"]),
        (json!({ "label": "x".repeat(101) }), vec!["label"]),
        (json!({ "category": "Has Spaces" }), vec!["category"]),
        (
            json!({ "formula": "all", "value": 9_999_999, "priority": -2000, "label": "",
                "category": "" }),
            vec!["formula", "value", "priority", "label", "category"],
        ),
    ] {
        let reply = add(&evening, keen(changes.clone())).await;
        assert_eq!(reply.problem(422), "invalid-input", "{changes}");
        assert_eq!(reply.fields(), fields, "{changes}");
    }
    assert_eq!(labels(&evening).await, [] as [&str; 0]);
}

#[tokio::test]
async fn a_campaign_has_at_most_a_hundred_rules() {
    let evening = Evening::new().await;
    let mut last = Value::Null;
    for _ in 0..100 {
        last = added(&evening, keen(json!({}))).await;
    }
    assert_eq!(add(&evening, keen(json!({}))).await.problem(409), "too-many-rules");
    assert_eq!(remove(&evening, &last).await.status.as_u16(), 204);
    added(&evening, keen(json!({}))).await;
}

#[tokio::test]
async fn rules_are_the_game_masters_of_that_campaign() {
    let evening = Evening::new().await;
    let rule = added(&evening, keen(json!({}))).await;
    let (list, one) = (RULES.to_owned(), format!("{RULES}/{}", rule["id"].as_str().unwrap()));
    evening.is_for_the_gm(Method::GET, &evening.path(&list), None).await;
    evening.is_for_the_gm(Method::POST, &evening.path(&list), Some(keen(json!({})))).await;
    evening.is_for_the_gm(Method::DELETE, &evening.path(&one), None).await;
    // Another game master cannot reach it through a campaign of their own.
    let stranger = evening.world.key(Role::Gm, &other_gm()).await;
    let elsewhere = format!("/api/v1/campaigns/{}/{one}", other_campaign().id);
    let reply = evening.world.delete(&elsewhere, &stranger).await;
    assert_eq!(reply.problem(404), "not-found");
    assert_eq!(labels(&evening).await, ["Keen"]);
    evening.complains(Method::DELETE, &evening.path(&format!("{RULES}/x")), None, "rule").await;
}

#[tokio::test]
async fn a_rule_makes_a_19_open_a_goal_until_it_is_removed() {
    let evening = Evening::new().await;
    let plain = report(&evening, "before", fixtures::natural(19)).await;
    assert_eq!((plain.critical, goals(&evening).await.len()), (None, 0));

    let rule = added(&evening, keen(json!({ "category": "keen" }))).await;
    let critical = report(&evening, "ruled", fixtures::natural(19)).await.critical.unwrap();
    assert_eq!((critical.severity, critical.category.as_str()), (Severity::Extreme, "keen"));
    assert_eq!(critical.deciding_die.unwrap().value, 19);
    let opened = goals(&evening).await;
    assert_eq!((opened.len(), opened[0].event_id), (1, evening.invert.id));
    let shown = evening.world.get(&evening.path("rolls"), &evening.gm).await.body;
    assert_eq!(shown["items"][0]["critical"]["label"], "Keen");
    let cancel = format!("/api/v1/instances/{}/cancel", opened[0].id);
    let cancelled = evening.world.post(&cancel, &evening.gm, json!({})).await;
    assert!(cancelled.status.is_success(), "{}", cancelled.text);

    assert_eq!(remove(&evening, &rule).await.status.as_u16(), 204);
    let plain = report(&evening, "after", fixtures::natural(19)).await;
    assert_eq!((plain.critical, goals(&evening).await.len()), (None, 0));
}

#[tokio::test]
async fn a_rule_makes_a_19_consume_an_armed_goal() {
    let evening = Evening::new().await;
    for viewer in ["ann", "ben", "cat"] {
        evening.click(&evening.invert_reward, viewer).await;
    }
    report(&evening, "before", fixtures::natural(19)).await;
    assert_eq!(goals(&evening).await[0].status(), InstanceStatus::Armed);
    added(&evening, keen(json!({}))).await;
    report(&evening, "ruled", fixtures::natural(19)).await;
    let goal = &goals(&evening).await[0];
    assert_eq!(goal.status(), InstanceStatus::Completed);
    assert_eq!(goal.trigger.dice_roll.as_ref().unwrap().critical.label, "Keen");
}

#[tokio::test]
async fn rules_of_another_campaign_judge_nothing_here() {
    let evening = Evening::new().await;
    let stranger = evening.world.key(Role::Gm, &other_gm()).await;
    let elsewhere = format!("/api/v1/campaigns/{}/{RULES}", other_campaign().id);
    let reply = evening.world.post(&elsewhere, &stranger, keen(json!({}))).await;
    assert_eq!(reply.status.as_u16(), 201, "{}", reply.text);
    assert_eq!(labels(&evening).await, [] as [&str; 0]);
    assert_eq!(report(&evening, "here", fixtures::natural(19)).await.critical, None);
    // There it does.
    let mut unit = evening.world.begin().await;
    let hash = sha256_hex(OTHER_TABLE_KEY.as_bytes());
    let table = unit.vtt().connection_by_api_key(&hash).await.unwrap().unwrap();
    drop(unit);
    let roll = IncomingRoll {
        connection_id: table.id,
        message_id: "there".into(),
        index: 0,
        actor_id: None,
        character_name: "Somebody".to_owned(),
        input: fixtures::natural(19),
        result: 19,
        is_hidden: false,
        flavor: String::new(),
        command_id: None,
    };
    assert!(evening.core().record_roll(roll).await.unwrap().pending_attribution);
}

#[tokio::test]
async fn a_damage_roll_is_not_critical_by_any_rule() {
    let evening = Evening::new().await;
    let any = json!({ "formula": null, "field": "any_die", "value": 1 });
    added(&evening, keen(any)).await;
    let damage = RollReport {
        roll_type: Some("damage".to_owned()),
        ..RollReport::clone(&fixtures::natural(20))
    };
    let damage = report(&evening, "damage", RollInput::checked(damage).unwrap()).await;
    assert_eq!((damage.critical, goals(&evening).await.len()), (None, 0));
    assert!(report(&evening, "attack", fixtures::natural(2)).await.critical.is_some());
}
