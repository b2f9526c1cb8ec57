use crate::rolls::goal;
use crate::{NONE, assert_wrong, plan, report, steps, wrong_fields};
use gamification_core::vtt::CommandKind;
use serde_json::{Value, json};

#[test]
fn a_stat_change_sets_allowed_paths() {
    let config = json!({
        "actorId": "a1",
        "updates": {
            "system.attributes.hp.value": 1,
            "system.attributes.ac": 12.5,
            "system.status.wounds.value": "3",
            "system.attributes.inspiration": true,
        },
    });
    assert_eq!(wrong_fields("stat_modify", &config), NONE);
    assert_eq!(
        steps("stat_modify", &config, &goal(None)),
        [(CommandKind::ModifyActor, config.clone(), true)]
    );
    let one = json!({ "actorId": "a1", "updates": { "system.attributes.hp.value": 1 } });
    let told = report("stat_modify", &one, &goal(None), &[]);
    assert_eq!(told.message.as_deref(), Some("system.attributes.hp.value = 1"));
}

#[test]
fn a_stat_change_reaches_nothing_else() {
    for path in [
        "",
        "name",
        "system",
        "system.attributes",
        "system.attributes.hpx",
        "system.attributes.hp.",
        "system.attributes.hp..value",
        "system.attributes.hp.__proto__.polluted",
        "system.attributes.hp.constructor",
        "system.attributes.hp.prototype.value",
        "system.attributes.-=hp",
        "system.attributes.hp.-=value",
        "system.attributes.hp.value ",
        "system.attributes.hp.välue",
        "System.attributes.hp.value",
        "system.details.biography.value",
        "__proto__.polluted",
        "ownership.default",
        "prototypeToken.texture.src",
        "flags.core.sheetClass",
        "items",
        "effects",
        "img",
        "type",
        "folder",
    ] {
        let config = json!({ "actorId": "a1", "updates": { path: 1 } });
        let field = format!("updates.{path}");
        assert_eq!(wrong_fields("stat_modify", &config), [field], "{path}");
        assert!(plan("stat_modify", &config, &goal(None)).is_err(), "{path}");
    }
    let too_long = format!("system.resources.{}", "x".repeat(200));
    let config = json!({ "actorId": "a1", "updates": { too_long: 1 } });
    assert_eq!(wrong_fields("stat_modify", &config).len(), 1);
}

#[test]
fn stat_modify_names_each_wrong_field() {
    let hp = "system.attributes.hp.value";
    let hp_field = "updates.system.attributes.hp.value";
    let set = |value: Value| json!({ "actorId": "a1", "updates": { hp: value } });
    let many: serde_json::Map<_, _> =
        (0..21).map(|n| (format!("system.resources.r{n}"), json!(1))).collect();
    assert_wrong(
        "stat_modify",
        vec![
            (json!({ "updates": { hp: 1 } }), "actorId"),
            (json!({ "actorId": "", "updates": { hp: 1 } }), "actorId"),
            (json!({ "actorId": "x".repeat(101), "updates": { hp: 1 } }), "actorId"),
            (json!({ "actorId": "a1" }), "updates"),
            (json!({ "actorId": "a1", "updates": {} }), "updates"),
            (json!({ "actorId": "a1", "updates": [1] }), "updates"),
            (json!({ "actorId": "a1", "updates": many }), "updates"),
            (json!({ "actorId": "a1", "updates": { hp: 1 }, "macro": "x" }), "macro"),
            (set(json!(null)), hp_field),
            (set(json!({ "-=value": null })), hp_field),
            (set(json!([1])), hp_field),
            (set(json!(1e10)), hp_field),
            (set(json!("x".repeat(201))), hp_field),
        ],
    );
}
