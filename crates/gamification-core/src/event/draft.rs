//! An event as somebody wrote it, and the checks that make it one.

use super::{
    Colour, Completion, CooldownRule, Event, EventDefaults, HandlerConfig, HandlerSpec,
    LocalizedText, Scope,
};
use crate::action::{ActionRegistry, Needs};
use crate::cost::Cost;
use crate::ids::{EventId, UserId};
use crate::objective::Coefficient;
use crate::trigger::TriggerRegistry;
use crate::validation::{FieldError, Fields, check_json_object, limits};

/// How long an armed goal waits for its roll when the event does not say, in seconds.
pub const ARMED_TTL_SECONDS_DEFAULT: u32 = 1800;
/// The background of rewards when the event does not say.
pub const REWARD_COLOUR_DEFAULT: &str = "#9146FF";

/// An event before it was checked. Numbers are as they were written.
///
/// Complaints name the fields of the API: `slug`, `name`, `description`, `trigger.type`,
/// `trigger.config.…`, `action.type`, `action.config.…`, `completion`, `cost`,
/// `objectiveCoefficient`, `minimumObjective`, `duration`, `armedTtlSeconds`, `cooldown.type`,
/// `cooldown.config.…`, `rewardColor`.
#[derive(Debug, Clone, PartialEq)]
pub struct EventDraft {
    /// Unique readable key. Whether it is taken is the store's to say.
    pub slug: String,
    /// Also the title of its rewards.
    pub name: LocalizedText,
    /// Also the prompt of its rewards.
    pub description: LocalizedText,
    /// One goal per channel, or one for all.
    pub scope: Scope,
    /// What opens or feeds a goal besides the viewers.
    pub trigger: HandlerSpec,
    /// What happens at the table.
    pub action: HandlerSpec,
    /// Whether it waits for a roll.
    pub completion: Completion,
    /// Channel Points per click.
    pub cost: i64,
    /// Share of the audience that has to click.
    pub objective_coefficient: f64,
    /// Clicks that are needed however small the audience is.
    pub minimum_objective: i64,
    /// How long a goal stays active, in seconds.
    pub duration_seconds: i64,
    /// How long an armed goal waits, in seconds; [`ARMED_TTL_SECONDS_DEFAULT`] when not given.
    pub armed_ttl_seconds: Option<i64>,
    /// `time`, `gm_validation` or `event_complete` with its configuration; `time` when not given.
    /// Whether the event that is waited for exists is the store's to say.
    pub cooldown: Option<HandlerSpec>,
    /// Whether an active goal's objective follows the audience.
    pub recalculate_objective: bool,
    /// The background of its rewards; [`REWARD_COLOUR_DEFAULT`] when not given.
    pub reward_colour: Option<String>,
}

/// A draft that passed every check.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidEvent {
    /// With trimmed texts.
    draft: EventDraft,
    defaults: EventDefaults,
    armed_ttl_seconds: u32,
    cooldown: CooldownRule,
    reward_colour: Colour,
}

impl ValidEvent {
    /// The other event whose goals an `event_complete` cooldown waits for. It has to exist, to be
    /// another one and to have the same scope: checks that need the store.
    #[must_use]
    pub const fn waits_for(&self) -> Option<EventId> {
        match self.cooldown {
            CooldownRule::EventComplete { wait_for_event_id } => Some(wait_for_event_id),
            CooldownRule::Time { .. } | CooldownRule::GmValidation {} => None,
        }
    }

    /// The event, under a new key or that of the event it replaces. It is not built-in.
    #[must_use]
    pub fn into_event(self, id: EventId, created_by: Option<UserId>) -> Event {
        let draft = self.draft;
        Event {
            id,
            slug: draft.slug,
            name: draft.name,
            description: draft.description,
            scope: draft.scope,
            trigger: draft.trigger,
            action: draft.action,
            completion: draft.completion,
            defaults: self.defaults,
            armed_ttl_seconds: self.armed_ttl_seconds,
            cooldown: self.cooldown,
            recalculate_objective: draft.recalculate_objective,
            reward_colour: self.reward_colour,
            is_system: false,
            created_by,
        }
    }
}

/// For changing some fields of an event: the draft of it as it is.
impl From<Event> for EventDraft {
    fn from(event: Event) -> Self {
        Self {
            slug: event.slug,
            name: event.name,
            description: event.description,
            scope: event.scope,
            trigger: event.trigger,
            action: event.action,
            completion: event.completion,
            cost: event.defaults.cost.get().into(),
            objective_coefficient: event.defaults.coefficient.into(),
            minimum_objective: event.defaults.minimum_objective.into(),
            duration_seconds: event.defaults.duration_seconds.into(),
            armed_ttl_seconds: Some(event.armed_ttl_seconds.into()),
            cooldown: Some(event.cooldown.into()),
            recalculate_objective: event.recalculate_objective,
            reward_colour: Some(event.reward_colour.0),
        }
    }
}

impl From<CooldownRule> for HandlerSpec {
    fn from(rule: CooldownRule) -> Self {
        let mut config = HandlerConfig::new();
        let kind = match rule {
            CooldownRule::Time { duration_seconds } => {
                if let Some(seconds) = duration_seconds {
                    config.insert("durationSeconds".to_owned(), seconds.into());
                }
                "time"
            }
            CooldownRule::GmValidation {} => "gm_validation",
            CooldownRule::EventComplete { wait_for_event_id } => {
                config.insert("waitForEventId".to_owned(), wait_for_event_id.to_string().into());
                "event_complete"
            }
        };
        Self { kind: kind.to_owned(), config }
    }
}

impl EventDraft {
    /// Checks everything that can be said without looking at other events.
    ///
    /// # Errors
    /// All complaints, never an empty list.
    pub fn validate(
        mut self,
        triggers: &TriggerRegistry,
        actions: &ActionRegistry,
    ) -> Result<ValidEvent, Vec<FieldError>> {
        let mut complaints = Complaints::default();
        complaints.check(limits::slug("slug", &self.slug));
        complaints.tidy("name", &mut self.name, limits::name);
        complaints.tidy("description", &mut self.description, limits::description);
        self.check_trigger(triggers, &mut complaints);
        self.check_action(actions, &mut complaints);
        let defaults = self.defaults(&mut complaints);
        let armed_ttl = self.armed_ttl_seconds.unwrap_or(ARMED_TTL_SECONDS_DEFAULT.into());
        let armed_ttl = complaints.check(limits::armed_ttl_seconds("armedTtlSeconds", armed_ttl));
        let cooldown = complaints.check_all(cooldown(self.cooldown.as_ref()));
        let colour = self.reward_colour.as_deref().unwrap_or(REWARD_COLOUR_DEFAULT);
        let colour = complaints.check(limits::colour("rewardColor", colour));
        match (defaults, armed_ttl, cooldown, colour) {
            (Some(defaults), Some(armed_ttl_seconds), Some(cooldown), Some(reward_colour))
                if complaints.0.is_empty() =>
            {
                let draft = self;
                Ok(ValidEvent { draft, defaults, armed_ttl_seconds, cooldown, reward_colour })
            }
            _ => Err(complaints.0),
        }
    }

    fn check_trigger(&self, triggers: &TriggerRegistry, complaints: &mut Complaints) {
        match triggers.get(&self.trigger.kind) {
            Ok(handler) => complaints.config("trigger.config", &self.trigger.config, |config| {
                handler.validate_config(config)
            }),
            Err(_) => complaints.unknown_type("trigger.type", triggers.kinds()),
        }
    }

    fn check_action(&self, actions: &ActionRegistry, complaints: &mut Complaints) {
        let Ok(handler) = actions.get(&self.action.kind) else {
            return complaints.unknown_type("action.type", actions.kinds());
        };
        complaints
            .config("action.config", &self.action.config, |config| handler.validate_config(config));
        let Needs { dice_roll, character, .. } = handler.needs();
        if dice_roll && self.completion == Completion::Immediate {
            let reason = "must not be immediate: the action needs a roll to wait for";
            complaints.0.push(FieldError::new("completion", reason));
        }
        if character && self.scope == Scope::Group {
            let reason = "needs a character, which a group's goal does not have";
            complaints.0.push(FieldError::new("action.type", reason));
        }
    }

    fn defaults(&self, complaints: &mut Complaints) -> Option<EventDefaults> {
        let cost: Option<Cost> = complaints.check(limits::cost("cost", self.cost));
        let coefficient: Option<Coefficient> = complaints
            .check(limits::coefficient("objectiveCoefficient", self.objective_coefficient));
        let minimum = limits::minimum_objective("minimumObjective", self.minimum_objective);
        let minimum_objective = complaints.check(minimum);
        let duration = limits::duration_seconds("duration", self.duration_seconds);
        let duration_seconds = complaints.check(duration);
        Some(EventDefaults {
            cost: cost?,
            coefficient: coefficient?,
            minimum_objective: minimum_objective?,
            duration_seconds: duration_seconds?,
        })
    }
}

fn cooldown(spec: Option<&HandlerSpec>) -> Result<CooldownRule, Vec<FieldError>> {
    let Some(spec) = spec else { return Ok(CooldownRule::Time { duration_seconds: None }) };
    let mut fields = Fields::of(&spec.config);
    let rule = match spec.kind.as_str() {
        "time" => CooldownRule::Time {
            duration_seconds: fields.integer("durationSeconds", limits::COOLDOWN_SECONDS),
        },
        "gm_validation" => CooldownRule::GmValidation {},
        "event_complete" => {
            fields.require("waitForEventId");
            let id = fields.text("waitForEventId", 0..=64).map(str::parse::<uuid::Uuid>);
            if matches!(id, Some(Err(_))) {
                fields.refuse("waitForEventId", "must be the id of an event");
            }
            let id = id.and_then(Result::ok).unwrap_or_default();
            CooldownRule::EventComplete { wait_for_event_id: EventId(id) }
        }
        _ => {
            let reason = "must be one of time, gm_validation, event_complete";
            return Err(vec![FieldError::new("cooldown.type", reason)]);
        }
    };
    let below = |error: FieldError| error.below("cooldown.config");
    fields.finish(rule).map_err(|errors| errors.into_iter().map(below).collect())
}

/// What was found wrong so far.
#[derive(Default)]
struct Complaints(Vec<FieldError>);

impl Complaints {
    fn check<T>(&mut self, checked: Result<T, FieldError>) -> Option<T> {
        self.check_all(checked.map_err(|error| vec![error]))
    }

    fn check_all<T>(&mut self, checked: Result<T, Vec<FieldError>>) -> Option<T> {
        checked.map_err(|errors| self.0.extend(errors)).ok()
    }

    fn tidy(
        &mut self,
        field: &str,
        text: &mut LocalizedText,
        check: fn(&str, &str) -> Result<String, FieldError>,
    ) {
        if let Some(tidied) = self.check(check(field, &text.en)) {
            text.en = tidied;
        }
        if let Some(french) = &mut text.fr
            && let Some(tidied) = self.check(check(&format!("{field}.fr"), french))
        {
            *french = tidied;
        }
    }

    fn config(
        &mut self,
        field: &str,
        config: &HandlerConfig,
        validate: impl FnOnce(&HandlerConfig) -> Result<(), Vec<FieldError>>,
    ) {
        let checked = check_json_object(field, config).map_err(|error| vec![error]);
        let checked = checked.and_then(|()| {
            validate(config)
                .map_err(|errors| errors.into_iter().map(|error| error.below(field)).collect())
        });
        self.check_all(checked);
    }

    fn unknown_type<'a>(&mut self, field: &str, known: impl Iterator<Item = &'a str>) {
        let known = known.collect::<Vec<_>>().join(", ");
        self.0.push(FieldError::new(field, format!("must be one of {known}")));
    }
}
