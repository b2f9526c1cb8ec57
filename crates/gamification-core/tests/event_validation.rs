//! Drafts of events: what is refused, under which name, and what becomes of the rest.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

#[path = "handlers/fixtures.rs"]
mod fixtures;
#[path = "handlers/json.rs"]
mod json;

use fixtures::{fields, spec};
use gamification_core::action::ActionRegistry;
use gamification_core::event::{
    Colour, Completion, CooldownRule, Event, EventDraft, HandlerConfig, HandlerSpec, LocalizedText,
    Scope, ValidEvent,
};
use gamification_core::trigger::TriggerRegistry;
use gamification_core::validation::FieldError;
use gamification_testkit::fixtures as game;
use proptest::prelude::*;
use serde_json::json;

fn draft() -> EventDraft {
    EventDraft::from(game::invert_event())
}

fn validate(draft: EventDraft) -> Result<ValidEvent, Vec<FieldError>> {
    draft.validate(&TriggerRegistry::with_builtin(), &ActionRegistry::with_builtin())
}

/// The draft after a change.
fn with(change: impl FnOnce(&mut EventDraft)) -> EventDraft {
    let mut draft = draft();
    change(&mut draft);
    draft
}

#[test]
fn a_valid_event_survives_the_way_through_its_draft() {
    for event in [game::invert_event(), game::chat_event()] {
        let valid = validate(EventDraft::from(event.clone())).unwrap();
        assert_eq!(valid.into_event(event.id, event.created_by), event);
    }
}

#[test]
fn every_kind_of_cooldown_survives_the_way_through_its_draft() {
    for cooldown in [
        CooldownRule::Time { duration_seconds: None },
        CooldownRule::Time { duration_seconds: Some(0) },
        CooldownRule::GmValidation {},
        CooldownRule::EventComplete { wait_for_event_id: game::id(9) },
    ] {
        let event = Event { cooldown, ..game::invert_event() };
        let valid = validate(EventDraft::from(event.clone())).unwrap();
        assert_eq!(valid.into_event(event.id, event.created_by), event);
    }
}

#[test]
fn what_is_not_given_has_a_default() {
    let draft = with(|draft| {
        draft.armed_ttl_seconds = None;
        draft.cooldown = None;
        draft.reward_colour = None;
    });
    let valid = validate(draft).unwrap();
    assert_eq!(valid.waits_for(), None);
    let event = valid.into_event(game::id(1), None);
    assert_eq!(event.armed_ttl_seconds, 1800);
    assert_eq!(event.cooldown, CooldownRule::Time { duration_seconds: None });
    assert_eq!(event.reward_colour, Colour("#9146FF".to_owned()));
    assert!(!event.is_system);
}

#[test]
fn texts_are_trimmed() {
    let draft = with(|draft| {
        draft.name = LocalizedText { en: " Invert ".into(), fr: Some(" Inverser\t".into()) };
        draft.description = LocalizedText::plain("  ");
    });
    let event = validate(draft).unwrap().into_event(game::id(1), None);
    assert_eq!(event.name, LocalizedText { en: "Invert".into(), fr: Some("Inverser".into()) });
    assert_eq!(event.description, LocalizedText::plain(""));
}

type Change = fn(&mut EventDraft);

#[test]
fn each_wrong_field_is_named() {
    let cases: Vec<(&str, Change)> = vec![
        ("slug", |d| d.slug = "No Slug".into()),
        ("name", |d| d.name = LocalizedText::plain("ab")),
        ("name", |d| d.name = LocalizedText::plain("x".repeat(46))),
        ("name", |d| d.name = LocalizedText::plain("a\u{1b}bc")),
        ("name.fr", |d| d.name.fr = Some("ab".into())),
        ("description", |d| d.description = LocalizedText::plain("é".repeat(201))),
        ("description.fr", |d| d.description.fr = Some("a\nb".into())),
        ("trigger.type", |d| d.trigger = spec("weather", &json!({}))),
        ("trigger.config.threshold", |d| d.trigger = spec("poll_vote", &json!({"threshold": -1}))),
        ("trigger.config.criticalSuccess.enabled", |d| {
            d.trigger = spec("dice_critical", &json!({ "criticalSuccess": {} }));
        }),
        ("trigger.config", |d| {
            d.trigger = spec("custom", &json!({ "customRules": "x".repeat(20_000) }));
        }),
        ("action.type", |d| d.action = spec("fireworks", &json!({}))),
        ("action.config.content", |d| d.action = spec("chat_message", &json!({}))),
        ("action.config.trollMessage", |d| {
            d.action = spec("dice_invert", &json!({ "trollMessage": "x".repeat(501) }));
        }),
        ("completion", |d| d.completion = Completion::Immediate),
        ("cost", |d| d.cost = 0),
        ("cost", |d| d.cost = 1_000_001),
        ("objectiveCoefficient", |d| d.objective_coefficient = 0.0),
        ("objectiveCoefficient", |d| d.objective_coefficient = f64::NAN),
        ("minimumObjective", |d| d.minimum_objective = 1001),
        ("duration", |d| d.duration_seconds = 9),
        ("armedTtlSeconds", |d| d.armed_ttl_seconds = Some(59)),
        ("rewardColor", |d| d.reward_colour = Some("purple".into())),
        ("cooldown.type", |d| d.cooldown = Some(spec("moon", &json!({})))),
        ("cooldown.config.durationSeconds", |d| {
            d.cooldown = Some(spec("time", &json!({ "durationSeconds": 86_401 })));
        }),
        ("cooldown.config.durationSeconds", |d| {
            d.cooldown = Some(spec("time", &json!({ "durationSeconds": "60" })));
        }),
        ("cooldown.config.seconds", |d| {
            d.cooldown = Some(spec("gm_validation", &json!({ "seconds": 1 })));
        }),
        ("cooldown.config.waitForEventId", |d| {
            d.cooldown = Some(spec("event_complete", &json!({})));
        }),
        ("cooldown.config.waitForEventId", |d| {
            d.cooldown = Some(spec("event_complete", &json!({ "waitForEventId": "dice" })));
        }),
    ];
    for (field, change) in cases {
        assert_eq!(fields(validate(with(change))), [field]);
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let draft = with(|draft| {
        draft.slug = String::new();
        draft.cost = -1;
        draft.duration_seconds = 0;
        draft.action = spec("treasure_drop", &json!({ "quantity": 0 }));
    });
    let expected = [
        "slug",
        "action.config.actorId",
        "action.config.position",
        "action.config.quantity",
        "cost",
        "duration",
    ];
    assert_eq!(fields(validate(draft)), expected);
}

#[test]
fn an_unknown_type_is_refused_with_those_that_exist() {
    let errors = validate(with(|draft| draft.trigger = spec("weather", &json!({})))).unwrap_err();
    let reason = "must be one of custom, dice_critical, manual, poll_vote";
    assert_eq!(errors, [FieldError::new("trigger.type", reason)]);
}

#[test]
fn an_immediate_event_may_not_need_a_roll_but_others_may_arm_or_be_immediate() {
    let chat = spec("chat_message", &json!({ "content": "Hello" }));
    for completion in [Completion::Auto, Completion::Armed, Completion::Immediate] {
        let draft = EventDraft { completion, action: chat.clone(), ..draft() };
        assert_eq!(fields(validate(draft)), [] as [&str; 0]);
    }
    let draft = EventDraft { completion: Completion::Armed, ..draft() };
    assert_eq!(fields(validate(draft)), [] as [&str; 0]);
}

#[test]
fn a_group_event_may_not_need_a_character() {
    let of_scope = |scope, kind| {
        let draft = EventDraft { scope, action: spec(kind, &json!({})), ..draft() };
        fields(validate(draft))
    };
    for kind in ["spell_disable", "spell_buff", "spell_debuff"] {
        assert_eq!(of_scope(Scope::Individual, kind), [] as [&str; 0], "{kind}");
        assert_eq!(of_scope(Scope::Group, kind), ["action.type"], "{kind}");
    }
    for kind in ["monster_buff", "monster_debuff"] {
        assert_eq!(of_scope(Scope::Group, kind), [] as [&str; 0], "{kind}");
    }
}

#[test]
fn an_event_that_waits_for_another_says_for_which() {
    let id = game::id(77);
    let wait = CooldownRule::EventComplete { wait_for_event_id: id };
    let valid = validate(with(|draft| draft.cooldown = Some(wait.into()))).unwrap();
    assert_eq!(valid.waits_for(), Some(id));
}

proptest! {
    #[test]
    fn no_draft_makes_validation_panic(
        (slug, name, description) in (".{0,60}", ".{0,60}", ".{0,60}"),
        (trigger, action, cooldown) in (
            (0..5_usize, json::any_object()),
            (0..11_usize, json::any_object()),
            (0..4_usize, json::any_object()),
        ),
        (cost, minimum, duration, ttl) in any::<(i64, i64, i64, Option<i64>)>(),
        coefficient in any::<f64>(),
        colour in proptest::option::of(".{0,8}"),
    ) {
        let pick = |kinds: &[&str], (at, config): (usize, HandlerConfig)| {
            HandlerSpec { kind: kinds.get(at).unwrap_or(&"?").to_string(), config }
        };
        let triggers = TriggerRegistry::with_builtin();
        let actions = ActionRegistry::with_builtin();
        let draft = EventDraft {
            slug,
            name: LocalizedText::plain(name),
            description: LocalizedText::plain(description),
            trigger: pick(&triggers.kinds().collect::<Vec<_>>(), trigger),
            action: pick(&actions.kinds().collect::<Vec<_>>(), action),
            cost,
            objective_coefficient: coefficient,
            minimum_objective: minimum,
            duration_seconds: duration,
            armed_ttl_seconds: ttl,
            cooldown: Some(pick(&["time", "gm_validation", "event_complete"], cooldown)),
            reward_colour: colour,
            ..draft()
        };
        if let Err(errors) = draft.validate(&triggers, &actions) {
            prop_assert!(!errors.is_empty());
            prop_assert!(errors.iter().all(|e| !e.field.is_empty() && !e.reason.is_empty()));
        }
    }
}
