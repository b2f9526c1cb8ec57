//! Events of the catalogue, and how a campaign uses them.

use gamification_core::event::{CampaignConfig, Completion, Event, HandlerSpec, Scope};
use poem_openapi::{Enum, Object};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A kind of goal.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Event", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(in crate::api) struct EventView {
    /// Its key.
    id: Uuid,
    /// Unique readable key.
    slug: String,
    /// Also the title of its rewards.
    name: String,
    /// Also the prompt of its rewards.
    description: String,
    /// What channels in French show; built-in events have it.
    french: Option<EventText>,
    /// One goal per channel, or one for all.
    scope: ScopeName,
    /// What opens or feeds a goal besides the viewers.
    trigger: HandlerView,
    /// What happens at the table.
    action: HandlerView,
    /// Whether it waits for a roll.
    completion: CompletionName,
    /// Channel Points per click.
    cost: u32,
    /// Share of the audience that has to click.
    objective_coefficient: f64,
    /// Clicks that are needed however small the audience is.
    minimum_objective: u32,
    /// How long a goal stays active, in seconds.
    duration: u32,
    /// How long an armed goal waits for its roll, in seconds.
    armed_ttl_seconds: u32,
    /// The pause after a completed goal.
    cooldown: HandlerView,
    /// Whether an active goal's objective follows the audience.
    recalculate_objective: bool,
    /// The background of its rewards, `#RRGGBB`.
    reward_color: String,
    /// Built-in and read-only.
    is_system: bool,
    /// Who made it; absent for built-in events.
    created_by: Option<Uuid>,
}

/// The texts of an event in another language.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct EventText {
    /// The name.
    name: Option<String>,
    /// The description.
    description: Option<String>,
}

/// A trigger, an action or a cooldown with its configuration.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Handler", rename_all = "camelCase")]
pub(in crate::api) struct HandlerView {
    /// Which kind.
    #[oai(rename = "type")]
    kind: String,
    /// The flat object of that kind.
    config: BTreeMap<String, Value>,
}

/// Whether each channel has a goal of its own or all share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "Scope", rename_all = "snake_case")]
pub(in crate::api) enum ScopeName {
    /// One goal per streamer.
    Individual,
    /// One goal for the campaign.
    Group,
}

/// What happens when the objective is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "Completion", rename_all = "snake_case")]
pub(in crate::api) enum CompletionName {
    /// Waits for a roll exactly when the action needs one that the goal does not have yet.
    Auto,
    /// Executes at once.
    Immediate,
    /// Always waits for the next matching critical.
    Armed,
}

/// An event as a campaign uses it. An override that is absent is not set.
#[derive(Debug, Clone, Object)]
#[oai(rename = "CampaignEvent", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(in crate::api) struct ConfigView {
    /// The event.
    event_id: Uuid,
    /// The event's readable key.
    slug: String,
    /// The event's name.
    name: String,
    /// One goal per channel, or one for all.
    scope: ScopeName,
    /// Whether streamers may offer it.
    is_enabled: bool,
    /// Overrides the event's cost.
    cost: Option<u32>,
    /// Overrides the event's coefficient.
    objective_coefficient: Option<f64>,
    /// Overrides the event's minimum.
    minimum_objective: Option<u32>,
    /// Overrides the event's duration, in seconds.
    duration: Option<u32>,
    /// Overrides the event's cooldown, in seconds.
    cooldown: Option<u32>,
    /// Counted clicks per viewer and session over all channels; 0 is unlimited.
    max_contributions_per_viewer: u32,
    /// What holds after all overrides.
    effective: EffectiveView,
}

/// The settings that hold for a goal after the campaign's overrides.
#[derive(Debug, Clone, Object)]
#[oai(rename = "EffectiveSettings", rename_all = "camelCase", skip_serializing_if_is_none)]
struct EffectiveView {
    /// Channel Points per click, unless the channel has its own price.
    cost: u32,
    /// Share of the audience that has to click.
    objective_coefficient: f64,
    /// Clicks that are needed however small the audience is.
    minimum_objective: u32,
    /// How long a goal stays active, in seconds.
    duration: u32,
    /// The pause after a completed goal, in seconds; absent when it has no fixed length.
    cooldown: Option<u32>,
}

impl From<Event> for EventView {
    fn from(event: Event) -> Self {
        let french = EventText { name: event.name.fr, description: event.description.fr };
        let has_french = french.name.is_some() || french.description.is_some();
        Self {
            id: event.id.0,
            slug: event.slug,
            name: event.name.en,
            description: event.description.en,
            french: has_french.then_some(french),
            scope: event.scope.into(),
            trigger: event.trigger.into(),
            action: event.action.into(),
            completion: event.completion.into(),
            cost: event.defaults.cost.get(),
            objective_coefficient: event.defaults.coefficient.into(),
            minimum_objective: event.defaults.minimum_objective,
            duration: event.defaults.duration_seconds,
            armed_ttl_seconds: event.armed_ttl_seconds,
            cooldown: HandlerSpec::from(event.cooldown).into(),
            recalculate_objective: event.recalculate_objective,
            reward_color: event.reward_colour.0,
            is_system: event.is_system,
            created_by: event.created_by.map(|id| id.0),
        }
    }
}

impl ConfigView {
    /// The event with the campaign's setting of it, if it has one.
    pub(in crate::api) fn new(event: &Event, config: Option<&CampaignConfig>) -> Self {
        let settings = event.settings(config);
        Self {
            event_id: event.id.0,
            slug: event.slug.clone(),
            name: event.name.en.clone(),
            scope: event.scope.into(),
            is_enabled: config.is_some_and(|config| config.is_enabled),
            cost: config.and_then(|config| config.cost).map(Into::into),
            objective_coefficient: config.and_then(|config| config.coefficient).map(Into::into),
            minimum_objective: config.and_then(|config| config.minimum_objective),
            duration: config.and_then(|config| config.duration_seconds),
            cooldown: config.and_then(|config| config.cooldown_seconds),
            max_contributions_per_viewer: config.map_or(0, |c| c.max_contributions_per_viewer),
            effective: EffectiveView {
                cost: event.cost_on(None, config).get(),
                objective_coefficient: settings.coefficient.into(),
                minimum_objective: settings.minimum_objective,
                duration: settings.duration_seconds,
                cooldown: settings.cooldown_seconds,
            },
        }
    }
}

impl From<HandlerSpec> for HandlerView {
    fn from(spec: HandlerSpec) -> Self {
        Self { kind: spec.kind, config: spec.config.into_iter().collect() }
    }
}

impl From<Scope> for ScopeName {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Individual => Self::Individual,
            Scope::Group => Self::Group,
        }
    }
}

impl From<ScopeName> for Scope {
    fn from(name: ScopeName) -> Self {
        match name {
            ScopeName::Individual => Self::Individual,
            ScopeName::Group => Self::Group,
        }
    }
}

impl From<Completion> for CompletionName {
    fn from(completion: Completion) -> Self {
        match completion {
            Completion::Auto => Self::Auto,
            Completion::Immediate => Self::Immediate,
            Completion::Armed => Self::Armed,
        }
    }
}

impl From<CompletionName> for Completion {
    fn from(name: CompletionName) -> Self {
        match name {
            CompletionName::Auto => Self::Auto,
            CompletionName::Immediate => Self::Immediate,
            CompletionName::Armed => Self::Armed,
        }
    }
}
