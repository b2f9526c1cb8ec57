//! The rules in a plain program: no database, no network, no runtime.
//!
//! `cargo run -p gamification-core --example embed`
#![allow(clippy::print_stdout, reason = "an example talks to its reader")]

use gamification_core::cost::Cost;
use gamification_core::criticality::classify;
use gamification_core::dice::{DieResult, DieTerm, RollInput, RollReport, RollTerm};
use gamification_core::event::{
    CampaignConfig, Colour, Completion, CooldownRule, Event, EventDefaults, HandlerSpec,
    LocalizedText, Scope,
};
use gamification_core::instance::{
    Click, GoalScope, Instance, NewGoal, NewParticipant, OpenedBy, TriggerData,
};
use gamification_core::objective::Coefficient;
use gamification_core::time::Timestamp;
use gamification_core::vtt::GoalRoll;
use std::error::Error;
use uuid::Uuid;

fn main() -> Result<(), Box<dyn Error>> {
    let now = Timestamp::from_micros(0);
    let event = invert_a_die()?;
    let mut config = CampaignConfig::new(Uuid::from_u128(1).into(), event.id);
    config.is_enabled = true;

    // 50 viewers and 30 %: 15 clicks are needed.
    let streamer = Uuid::from_u128(7).into();
    let opened = Instance::open(
        NewGoal {
            id: Uuid::from_u128(2).into(),
            campaign_id: config.campaign_id,
            scope: GoalScope::Streamer(streamer),
            event: &event,
            config: &config,
            trigger: TriggerData {
                opened_by: OpenedBy::Redemption,
                dice_roll: None,
                custom: serde_json::Value::Null,
            },
            participants: vec![NewParticipant {
                streamer_id: streamer,
                streamer_name: "Alice".to_owned(),
                viewer_count: 50,
            }],
            action_needs_roll: true,
            veto_seconds: 0,
        },
        now,
    );
    let mut goal = opened.instance;
    println!("a goal of {} clicks", goal.target);

    for second in 1..=goal.target {
        let click = Click { streamer_id: streamer, viewer_name: "a viewer" };
        let counted = goal.contribute(click, now.plus_seconds(second))?;
        goal = counted.instance;
    }
    println!("after {} clicks it is {:?}", goal.progress, goal.status());

    // A natural 20 arrives from the table: the core judges the dice, whoever sent them.
    let input = natural_20()?;
    let critical = classify(&input, &[]).ok_or("a natural 20 is a critical")?;
    println!("{}: a critical {:?}", input.formula, critical.kind);
    let roll = GoalRoll {
        roll_id: Uuid::from_u128(3).into(),
        message_id: "message".into(),
        actor_id: None,
        character_name: "Brigid".to_owned(),
        result: 25,
        input,
        critical,
    };
    let consumed = goal.consume(roll, now.plus_seconds(60))?;
    println!("then {:?}, and {:?} has to be done", consumed.instance.status(), consumed.effects);
    Ok(())
}

fn invert_a_die() -> Result<Event, Box<dyn Error>> {
    Ok(Event {
        id: Uuid::from_u128(10).into(),
        slug: "invert-a-die".to_owned(),
        name: LocalizedText::plain("Invert a die"),
        description: LocalizedText::plain("The next critical turns into its opposite"),
        scope: Scope::Individual,
        trigger: HandlerSpec { kind: "manual".to_owned(), config: serde_json::Map::new() },
        action: HandlerSpec { kind: "dice_invert".to_owned(), config: serde_json::Map::new() },
        completion: Completion::Auto,
        defaults: EventDefaults {
            cost: Cost::new(1_000)?,
            coefficient: Coefficient::from_hundredths(30)?,
            minimum_objective: 3,
            duration_seconds: 60,
        },
        armed_ttl_seconds: 1_800,
        cooldown: CooldownRule::Time { duration_seconds: Some(300) },
        recalculate_objective: false,
        reward_colour: Colour("#FF6B6B".to_owned()),
        is_system: false,
        created_by: None,
    })
}

fn natural_20() -> Result<RollInput, Box<dyn Error>> {
    let report = RollReport {
        system: "dnd5e".to_owned(),
        formula: "1d20 + 5".to_owned(),
        total: Some(25),
        terms: vec![RollTerm::Die(DieTerm::plain(1, 20, vec![DieResult::kept(20)]))],
        ..RollReport::default()
    };
    Ok(RollInput::checked(report)?)
}
