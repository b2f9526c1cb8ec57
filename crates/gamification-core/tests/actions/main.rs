//! The built-in actions: what their configurations may hold, what they ask the table for, and what
//! they report.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

mod any;
mod dice_invert;
mod effects;
#[path = "../handlers/fixtures.rs"]
mod fixtures;
#[path = "../handlers/json.rs"]
mod json;
mod monster;
#[path = "../handlers/rolls.rs"]
mod rolls;
mod spell;
mod stat_modify;
#[path = "../handlers/table.rs"]
mod table;

use fixtures::{fields, spec};
use gamification_core::action::{ActionContext, ActionRegistry, Needs, PlanError, Surroundings};
use gamification_core::criticality::CriticalKind::{Failure, Success};
use gamification_core::instance::{ExecutionReport, Instance};
use gamification_core::trigger::RegistryError;
use gamification_core::vtt::{CommandKind, CommandStatus, PlannedCommand, VttCommand};
use gamification_testkit::{SeededRandom, fixtures as game};
use proptest::prelude::*;
use rolls::{goal, one_die};
use serde_json::{Map, Value, json};
use std::sync::Arc;

const NONE: [&str; 0] = [];

fn plan(kind: &str, config: &Value, goal: &Instance) -> Result<Vec<PlannedCommand>, PlanError> {
    plan_at(Surroundings::default(), kind, config, goal, 1)
}

/// What is planned at that table, with that seed for what is left to chance.
fn plan_at(
    surroundings: Surroundings<'_>,
    kind: &str,
    config: &Value,
    goal: &Instance,
    seed: u64,
) -> Result<Vec<PlannedCommand>, PlanError> {
    let random = &SeededRandom::new(seed);
    let context = ActionContext { instance: goal, surroundings, random };
    ActionRegistry::with_builtin().plan(&spec(kind, config), context)
}

/// Kind, payload and whether it is required, of each step.
fn steps(kind: &str, config: &Value, goal: &Instance) -> Vec<(CommandKind, Value, bool)> {
    let planned = plan(kind, config, goal).expect("a plan");
    planned.into_iter().map(|step| (step.kind, step.payload, step.is_required)).collect()
}

fn report(kind: &str, config: &Value, goal: &Instance, steps: &[VttCommand]) -> ExecutionReport {
    let registry = ActionRegistry::with_builtin();
    registry.get(kind).unwrap().report(&spec(kind, config).config, goal, steps)
}

fn wrong_fields(kind: &str, config: &Value) -> Vec<String> {
    let registry = ActionRegistry::with_builtin();
    fields(registry.get(kind).unwrap().validate_config(&spec(kind, config).config))
}

fn assert_wrong(kind: &str, cases: Vec<(Value, &str)>) {
    assert_wrong_at(Surroundings::default(), kind, cases);
}

fn assert_wrong_at(surroundings: Surroundings<'_>, kind: &str, cases: Vec<(Value, &str)>) {
    let goal = goal(Some(one_die(20, 20, Success)));
    for (config, field) in cases {
        assert_eq!(wrong_fields(kind, &config), [field], "{config}");
        let error = plan_at(surroundings, kind, &config, &goal, 1).unwrap_err();
        assert!(error.0.contains(field), "{error}");
    }
}

fn pre_flight(kind: &str, surroundings: Surroundings<'_>) -> Vec<String> {
    let registry = ActionRegistry::with_builtin();
    registry.get(kind).unwrap().pre_flight(&Map::new(), surroundings)
}

/// The steps after all of them have happened.
fn sent(planned: Vec<PlannedCommand>) -> Vec<VttCommand> {
    let usual = game::command(1, &goal(None), game::id(1), 0);
    let happened =
        |command| VttCommand { command, status: CommandStatus::Confirmed, ..usual.clone() };
    planned.into_iter().map(happened).collect()
}

#[test]
fn the_registry_has_the_ten_actions_and_takes_no_type_twice() {
    let mut registry = ActionRegistry::with_builtin();
    let kinds: Vec<_> = registry.kinds().collect();
    let expected = [
        "chat_message",
        "custom",
        "dice_invert",
        "monster_buff",
        "monster_debuff",
        "spell_buff",
        "spell_debuff",
        "spell_disable",
        "stat_modify",
        "treasure_drop",
    ];
    assert_eq!(kinds, expected);
    let again = registry.register(Arc::new(gamification_core::action::ChatMessage));
    assert_eq!(again, Err(RegistryError::Duplicate("chat_message".to_owned())));
    let unknown = plan("fireworks", &json!({}), &goal(None)).unwrap_err();
    assert_eq!(unknown.to_string(), "the type fireworks is not known");
}

#[test]
fn every_action_needs_a_table_and_what_it_acts_on() {
    let registry = ActionRegistry::with_builtin();
    for kind in registry.kinds() {
        let expected = Needs {
            vtt_connection: true,
            dice_roll: kind == "dice_invert",
            character: kind.starts_with("spell_"),
            combat: kind.starts_with("monster_"),
            client_feature: match kind {
                "treasure_drop" => Some("treasure_drop"),
                "custom" => Some("custom"),
                _ => None,
            },
        };
        assert_eq!(registry.needs(&spec(kind, &json!({}))), expected, "{kind}");
    }
}

proptest! {
    #[test]
    fn no_json_makes_an_action_panic_and_what_is_valid_plans_a_required_step(
        config in json::any_object(),
        value in -5_i64..30,
    ) {
        let registry = ActionRegistry::with_builtin();
        let goal = goal(Some(one_die(20, value, Failure)));
        let (hero, combat) = (table::hero(&[table::spell(1)]), table::combat(&[table::goblin(1)]));
        let surroundings = Surroundings { character: Some(&hero), combat: Some(&combat) };
        for kind in registry.kinds() {
            let handler = registry.get(kind).unwrap();
            let is_valid = handler.validate_config(&config).is_ok();
            let random = &SeededRandom::new(1);
            let planned = handler.plan(&config, ActionContext { instance: &goal, surroundings, random });
            prop_assert_eq!(planned.is_ok(), is_valid, "{}", kind);
            prop_assert!(planned.iter().all(|steps| steps.iter().any(|step| step.is_required)));
            handler.report(&config, &goal, &[]);
        }
    }
}
