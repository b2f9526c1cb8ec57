//! A trigger and an action of one's own, without touching the crate: a hype train opens a goal, and
//! the filled goal lets it rain confetti at the table.
//!
//! Run it with `cargo run -p gamification-core --example custom_trigger`.

#![allow(clippy::print_stdout)]

use gamification_core::action::{
    ActionContext, ActionHandler, ActionRegistry, Needs, PlanError, Surroundings,
};
use gamification_core::event::{
    CampaignConfig, Completion, Event, EventDraft, HandlerConfig, HandlerSpec, LocalizedText, Scope,
};
use gamification_core::ids::StreamerId;
use gamification_core::instance::{
    Click, Effect, ExecutionReport, GoalScope, Instance, NewGoal, NewParticipant, OpenedBy,
    TriggerData,
};
use gamification_core::ports::Random;
use gamification_core::time::Timestamp;
use gamification_core::trigger::{Evaluation, TriggerHandler, TriggerInput, TriggerRegistry};
use gamification_core::validation::{FieldError, Fields, in_words};
use gamification_core::vtt::{CommandKind, PlannedCommand, VttCommand};
use serde_json::{Value, json};
use std::error::Error;
use std::sync::Arc;
use uuid::Uuid;

/// Fires once per hype train, when it reaches the configured level.
struct HypeTrain;

/// The level to reach, 1 to 100; 5 when the configuration does not say.
fn level_needed(config: &HandlerConfig) -> Result<u64, Vec<FieldError>> {
    let mut fields = Fields::of(config);
    let level = fields.integer("level", 1..=100).unwrap_or(5);
    fields.finish(level)
}

impl TriggerHandler for HypeTrain {
    fn kind(&self) -> &str {
        "hype_train"
    }

    fn validate_config(&self, config: &HandlerConfig) -> Result<(), Vec<FieldError>> {
        level_needed(config).map(|_| ())
    }

    fn evaluate(&self, config: &HandlerConfig, input: TriggerInput<'_>) -> Evaluation {
        let TriggerInput::Data(data) = input else {
            return Evaluation::silent("a roll does not start a hype train");
        };
        let needed = match level_needed(config) {
            Ok(level) => level,
            Err(errors) => return Evaluation::silent(in_words(&errors)),
        };
        match (data["trainId"].as_str(), data["level"].as_u64()) {
            (Some(train), Some(level)) if level >= needed => Evaluation::Fires {
                data: json!({ "level": level }),
                once_key: Some(train.to_owned()),
            },
            (Some(_), Some(level)) => Evaluation::silent(format!("level {level} < {needed}")),
            _ => Evaluation::silent("trainId or level is missing"),
        }
    }
}

/// Calls the table's confetti hook with one of the configured colours.
struct Confetti;

fn colours(config: &HandlerConfig) -> Result<Vec<String>, Vec<FieldError>> {
    let mut fields = Fields::of(config);
    fields.require("colours");
    let colours: Vec<String> = fields.list("colours", 10);
    fields.finish(colours)
}

impl ActionHandler for Confetti {
    fn kind(&self) -> &str {
        "confetti"
    }

    fn needs(&self) -> Needs {
        Needs { vtt_connection: true, ..Needs::default() }
    }

    fn validate_config(&self, config: &HandlerConfig) -> Result<(), Vec<FieldError>> {
        colours(config).map(|_| ())
    }

    fn plan(
        &self,
        config: &HandlerConfig,
        context: ActionContext<'_>,
    ) -> Result<Vec<PlannedCommand>, PlanError> {
        let colours = colours(config).map_err(|errors| PlanError(in_words(&errors)))?;
        let count = u32::try_from(colours.len()).unwrap_or(u32::MAX).max(1);
        let drawn = colours.get(context.random.below(count) as usize);
        let colour = drawn.ok_or_else(|| PlanError("there is no colour to choose".to_owned()))?;
        // The goal still knows what the trigger passed on.
        let level = &context.instance.trigger.custom["level"];
        let payload = json!({ "name": "confetti", "data": { "colour": colour, "level": level } });
        Ok(vec![PlannedCommand { kind: CommandKind::Custom, payload, is_required: true }])
    }

    fn report(&self, _: &HandlerConfig, _: &Instance, _: &[VttCommand]) -> ExecutionReport {
        ExecutionReport { message: Some("It rains confetti!".to_owned()), ..<_>::default() }
    }
}

/// Chance that always takes the last; a service has a real one.
struct LastOne;

impl Random for LastOne {
    fn below(&self, below: u32) -> u32 {
        below - 1
    }
}

fn draft() -> EventDraft {
    let spec = |kind: &str, config: Value| HandlerSpec {
        kind: kind.to_owned(),
        config: config.as_object().cloned().unwrap_or_default(),
    };
    EventDraft {
        slug: "confetti".to_owned(),
        name: LocalizedText::plain("Confetti"),
        description: LocalizedText::plain("Let it rain on the table"),
        scope: Scope::Individual,
        trigger: spec("hype_train", json!({ "level": 3 })),
        action: spec("confetti", json!({ "colours": ["red", "gold"] })),
        completion: Completion::Auto,
        cost: 100,
        objective_coefficient: 0.1,
        minimum_objective: 3,
        duration_seconds: 60,
        armed_ttl_seconds: None,
        cooldown: None,
        recalculate_objective: false,
        reward_colour: None,
    }
}

fn open(event: &Event, streamer_id: StreamerId, custom: Value, now: Timestamp) -> Instance {
    let campaign_id = Uuid::from_u128(2).into();
    let goal = NewGoal {
        id: Uuid::from_u128(4).into(),
        campaign_id,
        scope: GoalScope::of(event.scope, streamer_id),
        event,
        config: &CampaignConfig::new(campaign_id, event.id),
        trigger: TriggerData { opened_by: OpenedBy::Trigger, dice_roll: None, custom },
        participants: vec![NewParticipant {
            streamer_id,
            streamer_name: "Mira".to_owned(),
            viewer_count: 20,
        }],
        action_needs_roll: false,
        veto_seconds: 0,
    };
    Instance::open(goal, now).instance
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut triggers = TriggerRegistry::with_builtin();
    triggers.register(Arc::new(HypeTrain))?;
    let mut actions = ActionRegistry::with_builtin();
    actions.register(Arc::new(Confetti))?;
    println!("triggers: {}", triggers.kinds().collect::<Vec<_>>().join(", "));
    println!("actions:  {}", actions.kinds().collect::<Vec<_>>().join(", "));

    // A typo is found when the event is saved, and named.
    let mut typo = draft();
    typo.trigger.config = HandlerConfig::from_iter([("levle".to_owned(), json!(3))]);
    if let Err(errors) = typo.validate(&triggers, &actions) {
        println!("refused:  {}", in_words(&errors));
    }

    let valid = draft().validate(&triggers, &actions).map_err(|errors| in_words(&errors))?;
    let event = valid.into_event(Uuid::from_u128(1).into(), None);
    let (streamer, now) = (Uuid::from_u128(3).into(), Timestamp::from_micros(0));
    for level in [2, 3] {
        let data = json!({ "trainId": "train-1", "level": level });
        match triggers.evaluate(&event.trigger, TriggerInput::Data(&data)) {
            Evaluation::Silent { reason } => println!("silent:   {reason}"),
            Evaluation::Fires { data, once_key } => {
                println!("fires:    {data} once per {once_key:?}");
                fill(&open(&event, streamer, data, now), &event, &actions)?;
            }
        }
    }
    Ok(())
}

/// Clicks until the goal is full, then asks the action for its commands.
fn fill(goal: &Instance, event: &Event, actions: &ActionRegistry) -> Result<(), Box<dyn Error>> {
    let mut goal = goal.clone();
    loop {
        let streamer_id = goal.participants[0].streamer_id;
        let now = goal.started_at;
        let counted = goal.contribute(Click { streamer_id, viewer_name: "viewer" }, now)?;
        goal = counted.instance;
        println!("progress: {} of {}", goal.progress, goal.target);
        if counted.effects.contains(&Effect::Execute) {
            break;
        }
    }
    let context =
        ActionContext { instance: &goal, surroundings: Surroundings::default(), random: &LastOne };
    for step in actions.plan(&event.action, context)? {
        println!("command:  {} {}", step.kind.wire_name(), step.payload);
    }
    let handler = actions.get(&event.action.kind)?;
    let report = handler.report(&event.action.config, &goal, &[]);
    println!("report:   {}", report.message.unwrap_or_default());
    Ok(())
}
