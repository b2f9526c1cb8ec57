//! The rules of viewer-driven tabletop goals, behind ports: no I/O.
//!
//! Viewers of a live tabletop game spend Channel Points together; when enough of them have,
//! something happens at the table: the critical hit becomes a fumble, treasure drops. This crate
//! decides everything about that and does nothing itself. Time, ids and chance are arguments, and
//! whatever lies outside is a trait that somebody else implements.
//!
//! # Three ways in
//!
//! * **The rules** are pure functions and values: [`cost`], [`objective`], [`dice`],
//!   [`criticality`], [`admission`], [`instance`], [`reward`]. They need no port, no `async` and
//!   no set-up, see below.
//! * **The service**, [`Gamification`](service::Gamification), is the use cases over the [`ports`]:
//!   begin a transaction, lock, decide with the rules, write, commit. Give it a store, Twitch and a
//!   table, and call its methods from whatever serves requests.
//! * **Handlers**: implement [`TriggerHandler`](trigger::TriggerHandler) or
//!   [`ActionHandler`](action::ActionHandler) in your own crate and register it beside the built-in
//!   ones. `examples/custom_trigger.rs` does both.
//!
//! # The rules alone
//!
//! A goal of an event that costs 1000 points per click and wants 30 % of 10 viewers:
//!
//! ```
//! use gamification_core::action::ActionRegistry;
//! use gamification_core::criticality::classify;
//! use gamification_core::dice::{DieResult, DieTerm, RollInput, RollReport};
//! use gamification_core::event::{
//!     CampaignConfig, Completion, EventDraft, HandlerConfig, HandlerSpec, LocalizedText, Scope,
//! };
//! use gamification_core::ids::{CampaignId, StreamerId};
//! use gamification_core::instance::{
//!     Click, GoalScope, Instance, InstanceStatus, NewGoal, NewParticipant, OpenedBy, TriggerData,
//! };
//! use gamification_core::time::Timestamp;
//! use gamification_core::trigger::{Evaluation, TriggerInput, TriggerRegistry};
//! use gamification_core::vtt::GoalRoll;
//! use serde_json::Value;
//! use uuid::Uuid;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // 1. An event is checked when it is saved; every complaint names its field.
//! let (triggers, actions) = (TriggerRegistry::with_builtin(), ActionRegistry::with_builtin());
//! let handler = |kind: &str| HandlerSpec { kind: kind.into(), config: HandlerConfig::new() };
//! let draft = EventDraft {
//!     slug: "dice-invert".into(),
//!     name: LocalizedText::plain("Invert the dice"),
//!     description: LocalizedText::plain("The next critical turns into its opposite"),
//!     scope: Scope::Individual,
//!     trigger: handler("dice_critical"),
//!     action: handler("dice_invert"),
//!     completion: Completion::Auto,
//!     cost: 1000,
//!     objective_coefficient: 0.3,
//!     minimum_objective: 2,
//!     duration_seconds: 60,
//!     armed_ttl_seconds: None,
//!     cooldown: None,
//!     recalculate_objective: false,
//!     reward_colour: None,
//! };
//! let errors = EventDraft { cost: 0, ..draft.clone() }.validate(&triggers, &actions).unwrap_err();
//! assert_eq!(errors[0].field, "cost");
//! let valid = draft.validate(&triggers, &actions).map_err(|errors| format!("{errors:?}"))?;
//! let event = valid.into_event(Uuid::from_u128(1).into(), None);
//!
//! // 2. A goal opens. 10 viewers × 0.30 = 3 clicks.
//! let now = Timestamp::from_micros(0);
//! let campaign_id: CampaignId = Uuid::from_u128(2).into();
//! let streamer_id: StreamerId = Uuid::from_u128(3).into();
//! let mut goal = Instance::open(
//!     NewGoal {
//!         id: Uuid::from_u128(4).into(),
//!         campaign_id,
//!         scope: GoalScope::of(event.scope, streamer_id),
//!         event: &event,
//!         config: &CampaignConfig::new(campaign_id, event.id),
//!         trigger: TriggerData {
//!             opened_by: OpenedBy::Redemption,
//!             dice_roll: None,
//!             custom: Value::Null,
//!         },
//!         participants: vec![NewParticipant {
//!             streamer_id,
//!             streamer_name: "Mira".into(),
//!             viewer_count: 10,
//!         }],
//!         action_needs_roll: actions.needs(&event.action).dice_roll,
//!         veto_seconds: 0,
//!     },
//!     now,
//! )
//! .instance;
//! assert_eq!(goal.target, 3);
//!
//! // 3. The third click fills it. It needs a roll that it does not have, so it waits for one.
//! for viewer_name in ["ada", "ben", "ada"] {
//!     goal = goal.contribute(Click { streamer_id, viewer_name }, now)?.instance;
//! }
//! assert_eq!(goal.status(), InstanceStatus::Armed);
//!
//! // 4. A natural 20 falls. What it is worth is decided from the dice.
//! let roll = RollInput::checked(RollReport {
//!     terms: vec![DieTerm::plain(1, 20, vec![DieResult::kept(20)]).into()],
//!     system: "dnd5e".into(),
//!     total: Some(20),
//!     ..RollReport::default()
//! })?;
//! let critical = classify(&roll, &[]).ok_or("a natural 20 is a critical")?;
//! assert_eq!(critical.label, "Natural 20");
//! let roll = GoalRoll {
//!     roll_id: Uuid::from_u128(5).into(),
//!     message_id: "message".into(),
//!     actor_id: None,
//!     character_name: "Aria".into(),
//!     input: roll,
//!     result: 20,
//!     critical,
//! };
//! let answer = triggers.evaluate(&event.trigger, TriggerInput::Critical(&roll));
//! assert!(matches!(answer, Evaluation::Fires { .. }));
//!
//! // 5. The goal takes it: completed, and the table has two minutes to confirm.
//! let consumed = goal.consume(roll, now)?;
//! assert_eq!(consumed.instance.status(), InstanceStatus::Completed);
//! assert_eq!(consumed.instance.deadline(), Some(now.plus_seconds(120)));
//! # Ok(())
//! # }
//! ```
//!
//! # What holds everywhere
//!
//! * A transition consumes the goal and returns the new one with what must be done in the same
//!   transaction and what is to be told after it; no caller sets a status.
//! * Whatever comes from outside is checked on its way in, once, into a type that cannot hold
//!   anything else ([`Cost`](cost::Cost), [`RollInput`](dice::RollInput),
//!   [`ValidEvent`](event::ValidEvent)); limits and complaints are in [`validation`].
//! * The rules give the same answer to the same arguments; time, ids and chance are among these.
//!
//! With the feature `mocks` every port has a mockall mock.

pub mod access;
pub mod action;
pub mod admission;
pub mod announcement;
pub mod backoff;
pub mod campaign;
pub mod cost;
pub mod criticality;
pub mod dice;
pub mod event;
pub mod ids;
pub mod instance;
pub mod ledger;
pub mod login;
pub mod notice;
pub mod objective;
pub mod outbox;
pub mod ports;
pub mod preferences;
pub mod preflight;
pub mod preview;
pub mod redemption;
pub mod reward;
pub mod service;
pub mod stats;
pub mod text;
pub mod time;
pub mod trigger;
pub mod validation;
pub mod vtt;
