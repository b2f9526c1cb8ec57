//! The catalogue: kinds of goals, the GM's settings of them and the streamers' opt-ins.

mod draft;

pub use draft::{ARMED_TTL_SECONDS_DEFAULT, EventDraft, REWARD_COLOUR_DEFAULT, ValidEvent};

use crate::cost::{Cost, effective_cost};
use crate::ids::{CampaignId, EventId, StreamerId, UserId};
use crate::objective::Coefficient;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The flat object that configures a trigger or an action of one type.
pub type HandlerConfig = Map<String, Value>;

/// Whether each channel has a goal of its own or all share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// One goal per streamer.
    Individual,
    /// One goal for the campaign.
    Group,
}

/// What happens when the objective is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Completion {
    /// Arms exactly when the action needs a dice roll that the goal does not have yet.
    #[default]
    Auto,
    /// Executes at once.
    Immediate,
    /// Always waits for the next matching critical.
    Armed,
}

/// A handler's type and its configuration, as stored with an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HandlerSpec {
    /// The type under which the handler is registered, for example `dice_critical`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Checked by the handler when the event is saved.
    #[serde(default)]
    pub config: HandlerConfig,
}

/// A text with its translation. English is always there; a channel in French gets `fr` if it
/// exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalizedText {
    /// The text, in English for built-in events and in whatever language the author wrote.
    pub en: String,
    /// The French text of a built-in event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fr: Option<String>,
}

impl LocalizedText {
    /// A text without a translation.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { en: text.into(), fr: None }
    }

    /// The text for a channel's language (`fr`, `fr-CA`, `en` …).
    #[must_use]
    pub fn in_language(&self, language: &str) -> &str {
        match &self.fr {
            Some(french) if language.starts_with("fr") => french,
            _ => &self.en,
        }
    }
}

/// How an event pauses after a goal of it was completed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "config", rename_all = "snake_case")]
pub enum CooldownRule {
    /// For a time: the campaign's override, else this, else 300 s; 0 means none.
    #[serde(rename_all = "camelCase")]
    Time {
        /// Whole seconds.
        #[serde(default)]
        duration_seconds: Option<u32>,
    },
    /// Until the GM releases it.
    GmValidation {},
    /// Until a goal of that other event was executed in the same scope.
    #[serde(rename_all = "camelCase")]
    EventComplete {
        /// The event that is waited for. It has the same [`Scope`] as the one that waits.
        wait_for_event_id: EventId,
    },
}

/// `#RRGGBB`, the background of a reward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Colour(pub String);

/// What an event uses where the campaign sets nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventDefaults {
    /// Channel Points per click.
    pub cost: Cost,
    /// Share of the audience that has to click.
    pub coefficient: Coefficient,
    /// Clicks that are needed however small the audience is.
    pub minimum_objective: u32,
    /// How long a goal stays active, in seconds.
    pub duration_seconds: u32,
}

/// A kind of goal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its key.
    pub id: EventId,
    /// Unique readable key, `^[a-z0-9-]{3,50}$`.
    pub slug: String,
    /// Also the title of its rewards, 3–45 characters.
    pub name: LocalizedText,
    /// Also the prompt of its rewards, at most 200 characters.
    pub description: LocalizedText,
    /// One goal per channel, or one for all.
    pub scope: Scope,
    /// What opens or feeds a goal besides the viewers.
    pub trigger: HandlerSpec,
    /// What happens at the table.
    pub action: HandlerSpec,
    /// Whether it waits for a roll.
    pub completion: Completion,
    /// Used unless the campaign overrides.
    pub defaults: EventDefaults,
    /// How long an armed goal waits for its roll, in seconds.
    pub armed_ttl_seconds: u32,
    /// The pause after a completed goal.
    pub cooldown: CooldownRule,
    /// Whether an active goal's objective follows the audience.
    pub recalculate_objective: bool,
    /// The background of its rewards.
    pub reward_colour: Colour,
    /// Built-in and read-only.
    pub is_system: bool,
    /// Who made it; none for built-in events.
    pub created_by: Option<UserId>,
}

/// The GM's setting of an event in one campaign; unique per pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignConfig {
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The event.
    pub event_id: EventId,
    /// Whether streamers may offer it.
    pub is_enabled: bool,
    /// Overrides the event's cost.
    pub cost: Option<Cost>,
    /// Overrides the event's coefficient.
    pub coefficient: Option<Coefficient>,
    /// Overrides the event's minimum.
    pub minimum_objective: Option<u32>,
    /// Overrides the event's duration, in seconds.
    pub duration_seconds: Option<u32>,
    /// Overrides the event's cooldown, in seconds; 0 means none.
    pub cooldown_seconds: Option<u32>,
    /// Counted clicks per viewer and session over all channels; 0 means unlimited.
    pub max_contributions_per_viewer: u32,
}

impl CampaignConfig {
    /// A setting that overrides nothing, switched off.
    #[must_use]
    pub const fn new(campaign_id: CampaignId, event_id: EventId) -> Self {
        Self {
            campaign_id,
            event_id,
            is_enabled: false,
            cost: None,
            coefficient: None,
            minimum_objective: None,
            duration_seconds: None,
            cooldown_seconds: None,
            max_contributions_per_viewer: 0,
        }
    }
}

/// A streamer's opt-in to an event; unique per campaign, streamer and event. Off unless chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamerConfig {
    /// The campaign.
    pub campaign_id: CampaignId,
    /// Whose channel.
    pub streamer_id: StreamerId,
    /// The event.
    pub event_id: EventId,
    /// Whether the channel offers it.
    pub is_enabled: bool,
    /// The channel's own price.
    pub cost_override: Option<Cost>,
    /// Why it was switched off by something else than the streamer's own choice.
    pub switched_off_reason: Option<String>,
}

/// The settings that hold for one goal after all overrides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EffectiveSettings {
    /// Share of the audience that has to click.
    pub coefficient: Coefficient,
    /// Clicks that are needed however small the audience is.
    pub minimum_objective: u32,
    /// How long a goal stays active, in seconds.
    pub duration_seconds: u32,
    /// The pause of a `time` cooldown, in seconds; `None` for the other kinds.
    pub cooldown_seconds: Option<u32>,
}

/// The pause of a `time` cooldown that neither the campaign nor the event sets, in seconds.
pub const COOLDOWN_SECONDS_DEFAULT: u32 = 300;

impl Event {
    /// What a goal of this event uses in a campaign: the override where there is one, else the
    /// default.
    #[must_use]
    pub fn settings(&self, config: Option<&CampaignConfig>) -> EffectiveSettings {
        let defaults = &self.defaults;
        let cooldown_seconds = match self.cooldown {
            CooldownRule::Time { duration_seconds } => Some(
                config
                    .and_then(|c| c.cooldown_seconds)
                    .or(duration_seconds)
                    .unwrap_or(COOLDOWN_SECONDS_DEFAULT),
            ),
            CooldownRule::GmValidation {} | CooldownRule::EventComplete { .. } => None,
        };
        EffectiveSettings {
            coefficient: config.and_then(|c| c.coefficient).unwrap_or(defaults.coefficient),
            minimum_objective: config
                .and_then(|c| c.minimum_objective)
                .unwrap_or(defaults.minimum_objective),
            duration_seconds: config
                .and_then(|c| c.duration_seconds)
                .unwrap_or(defaults.duration_seconds),
            cooldown_seconds,
        }
    }

    /// What one click costs on a channel: the streamer's price, else the campaign's, else the
    /// event's.
    #[must_use]
    pub fn cost_on(
        &self,
        streamer: Option<&StreamerConfig>,
        campaign: Option<&CampaignConfig>,
    ) -> Cost {
        effective_cost(
            streamer.and_then(|s| s.cost_override),
            campaign.and_then(|c| c.cost),
            self.defaults.cost,
        )
    }
}
