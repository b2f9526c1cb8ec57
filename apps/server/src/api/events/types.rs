//! What events are made and changed with.

use crate::api::views::event::{CompletionName, ScopeName};
use gamification_core::event::{Completion, EventDraft, HandlerSpec, LocalizedText, Scope};
use gamification_core::service::EventChanges;
use poem_openapi::Object;
use serde_json::Value;
use std::collections::BTreeMap;

/// An event that is to be made.
#[derive(Debug, Clone, Object)]
#[oai(rename = "NewEvent", rename_all = "camelCase")]
pub(super) struct EventInput {
    /// Unique readable key, 3–50 of the characters a-z, 0-9 and -.
    slug: String,
    /// Also the title of its rewards, 3–45 characters.
    name: String,
    /// Also the prompt of its rewards, at most 200 characters.
    description: Option<String>,
    /// One goal per channel, or one for all; `individual` when left out.
    scope: Option<ScopeName>,
    /// What opens or feeds a goal besides the viewers.
    trigger: HandlerInput,
    /// What happens at the table.
    action: HandlerInput,
    /// Whether it waits for a roll; `auto` when left out.
    completion: Option<CompletionName>,
    /// Channel Points per click, 1–1,000,000.
    cost: i64,
    /// Share of the audience that has to click, 0.01–10 with at most two decimal places.
    objective_coefficient: f64,
    /// Clicks that are needed however small the audience is, 1–1000.
    minimum_objective: i64,
    /// How long a goal stays active, 10–3600 seconds.
    duration: i64,
    /// How long an armed goal waits for its roll, 60–86,400 seconds; 1800 when left out.
    armed_ttl_seconds: Option<i64>,
    /// The pause after a completed goal: `time`, `gm_validation` or `event_complete`.
    cooldown: Option<HandlerInput>,
    /// Whether an active goal's objective follows the audience; no when left out.
    recalculate_objective: Option<bool>,
    /// The background of its rewards, `#RRGGBB`.
    reward_color: Option<String>,
}

/// What is to change of an event. What is left out stays.
#[derive(Debug, Clone, Object)]
#[oai(rename = "EventChanges", rename_all = "camelCase")]
pub(super) struct EventPatch {
    /// Unique readable key, 3–50 of the characters a-z, 0-9 and -.
    slug: Option<String>,
    /// Also the title of its rewards, 3–45 characters.
    name: Option<String>,
    /// Also the prompt of its rewards, at most 200 characters.
    description: Option<String>,
    /// What opens or feeds a goal besides the viewers.
    trigger: Option<HandlerInput>,
    /// What happens at the table; may not change while a campaign uses the event.
    action: Option<HandlerInput>,
    /// Whether it waits for a roll.
    completion: Option<CompletionName>,
    /// Channel Points per click, 1–1,000,000.
    cost: Option<i64>,
    /// Share of the audience that has to click, 0.01–10 with at most two decimal places.
    objective_coefficient: Option<f64>,
    /// Clicks that are needed however small the audience is, 1–1000.
    minimum_objective: Option<i64>,
    /// How long a goal stays active, 10–3600 seconds.
    duration: Option<i64>,
    /// How long an armed goal waits for its roll, 60–86,400 seconds.
    armed_ttl_seconds: Option<i64>,
    /// The pause after a completed goal: `time`, `gm_validation` or `event_complete`.
    cooldown: Option<HandlerInput>,
    /// Whether an active goal's objective follows the audience.
    recalculate_objective: Option<bool>,
    /// The background of its rewards, `#RRGGBB`.
    reward_color: Option<String>,
}

/// A trigger, an action or a cooldown with its configuration.
#[derive(Debug, Clone, Object)]
#[oai(rename = "NewHandler", rename_all = "camelCase")]
struct HandlerInput {
    /// Which kind.
    #[oai(rename = "type")]
    kind: String,
    /// The flat object of that kind; empty when left out.
    config: Option<BTreeMap<String, Value>>,
}

impl From<EventInput> for EventDraft {
    fn from(input: EventInput) -> Self {
        Self {
            slug: input.slug,
            name: LocalizedText::plain(input.name),
            description: LocalizedText::plain(input.description.unwrap_or_default()),
            scope: input.scope.map_or(Scope::Individual, Into::into),
            trigger: input.trigger.into(),
            action: input.action.into(),
            completion: input.completion.map_or_else(Completion::default, Into::into),
            cost: input.cost,
            objective_coefficient: input.objective_coefficient,
            minimum_objective: input.minimum_objective,
            duration_seconds: input.duration,
            armed_ttl_seconds: input.armed_ttl_seconds,
            cooldown: input.cooldown.map(Into::into),
            recalculate_objective: input.recalculate_objective.unwrap_or(false),
            reward_colour: input.reward_color,
        }
    }
}

impl From<EventPatch> for EventChanges {
    fn from(patch: EventPatch) -> Self {
        Self {
            slug: patch.slug,
            name: patch.name.map(LocalizedText::plain),
            description: patch.description.map(LocalizedText::plain),
            trigger: patch.trigger.map(Into::into),
            action: patch.action.map(Into::into),
            completion: patch.completion.map(Into::into),
            cost: patch.cost,
            objective_coefficient: patch.objective_coefficient,
            minimum_objective: patch.minimum_objective,
            duration_seconds: patch.duration,
            armed_ttl_seconds: patch.armed_ttl_seconds,
            cooldown: patch.cooldown.map(Into::into),
            recalculate_objective: patch.recalculate_objective,
            reward_colour: patch.reward_color,
        }
    }
}

impl From<HandlerInput> for HandlerSpec {
    fn from(input: HandlerInput) -> Self {
        Self { kind: input.kind, config: input.config.unwrap_or_default().into_iter().collect() }
    }
}
