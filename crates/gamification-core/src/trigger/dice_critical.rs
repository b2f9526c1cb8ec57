//! A critical roll at the table opens the goal, or consumes an armed one.

use super::{Evaluation, TriggerHandler, TriggerInput};
use crate::criticality::{CriticalKind, Severity};
use crate::dice::MAX_DIE_VALUE;
use crate::event::HandlerConfig;
use crate::validation::{FieldError, Fields, in_words};
use crate::vtt::GoalRoll;
use serde_json::Value;

/// Most entries of a filter.
const FILTER_ITEMS_MAX: usize = 32;

/// `dice_critical`: fires on a critical of an enabled kind that passes each filter that is set.
///
/// Configuration: `criticalSuccess` and `criticalFailure`, each `{enabled, threshold?, diceType?,
/// severityFilter?, categoryFilter?}`. A kind that is missing is off, but without any both are on.
/// The threshold is compared with the deciding die, or with the total of a roll that has none: at
/// least that much for a success, at most for a failure, and the other way round where low numbers
/// are good. `diceType` (`d20`) is the deciding die's, or that of any die of a roll that has none.
/// An empty filter filters nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct DiceCritical;

/// What one kind of critical has to satisfy.
#[derive(Default)]
struct Filter {
    is_enabled: bool,
    threshold: Option<i64>,
    /// The number of faces of `diceType`.
    faces: Option<u32>,
    severities: Vec<Severity>,
    categories: Vec<String>,
}

struct Filters {
    success: Filter,
    failure: Filter,
}

fn filters(config: &HandlerConfig) -> Result<Filters, Vec<FieldError>> {
    let mut fields = Fields::of(config);
    let success = fields.object("criticalSuccess", filter);
    let failure = fields.object("criticalFailure", filter);
    let is_named = |name| config.get(name).is_some_and(|value| !value.is_null());
    if !is_named("criticalSuccess") && !is_named("criticalFailure") {
        let enabled = || Filter { is_enabled: true, ..Filter::default() };
        return fields.finish(Filters { success: enabled(), failure: enabled() });
    }
    let is_off = |filter: &Option<Filter>, name| match filter {
        Some(filter) => !filter.is_enabled,
        // A kind that was read with complaints is there all the same.
        None => !is_named(name),
    };
    if is_off(&success, "criticalSuccess") && is_off(&failure, "criticalFailure") {
        fields.refuse("criticalSuccess.enabled", "must be true unless criticalFailure is enabled");
    }
    fields.finish(Filters {
        success: success.unwrap_or_default(),
        failure: failure.unwrap_or_default(),
    })
}

fn filter(fields: &mut Fields<'_>) -> Filter {
    fields.require("enabled");
    let is_enabled = fields.flag("enabled").unwrap_or(false);
    let threshold = fields.integer("threshold", -MAX_DIE_VALUE..=MAX_DIE_VALUE);
    let dice_type = fields.text("diceType", 2..=5);
    let faces = dice_type.and_then(|written| {
        let faces = faces(written);
        if faces.is_none() {
            fields.refuse("diceType", "must be a die such as d20");
        }
        faces
    });
    let severities = fields.list("severityFilter", FILTER_ITEMS_MAX);
    let categories = fields.list("categoryFilter", FILTER_ITEMS_MAX);
    Filter { is_enabled, threshold, faces, severities, categories }
}

/// 20 of `d20`; at least 2.
fn faces(dice_type: &str) -> Option<u32> {
    let digits = dice_type.strip_prefix(['d', 'D'])?;
    let is_number = !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|faces| is_number && *faces >= 2)
}

impl Filter {
    /// The complaint, if the roll does not pass.
    fn objection(&self, roll: &GoalRoll) -> Option<String> {
        if !self.is_enabled {
            return Some(format!("critical {}s are not enabled", word(roll.critical.kind)));
        }
        let misses_threshold = self.threshold.and_then(|limit| short_of(roll, limit));
        misses_threshold.or_else(|| self.other_die(roll)).or_else(|| self.unwanted(roll))
    }

    fn other_die(&self, roll: &GoalRoll) -> Option<String> {
        let faces = self.faces?;
        let is_there = match roll.critical.deciding_die {
            Some(die) => die.faces == faces,
            None => roll.input.dice().iter().any(|term| term.faces == faces),
        };
        (!is_there).then(|| format!("no d{faces} decided it"))
    }

    fn unwanted(&self, roll: &GoalRoll) -> Option<String> {
        let critical = &roll.critical;
        if !self.severities.is_empty() && !self.severities.contains(&critical.severity) {
            return Some(format!("the severity {} is filtered out", severity(critical.severity)));
        }
        let is_other = !self.categories.is_empty() && !self.categories.contains(&critical.category);
        is_other.then(|| format!("the category {} is filtered out", critical.category))
    }
}

/// How the roll misses the threshold: `19 < 20`.
fn short_of(roll: &GoalRoll, threshold: i64) -> Option<String> {
    let value = roll.critical.deciding_die.map_or(roll.result, |die| die.value);
    let wants_high = (roll.critical.kind == CriticalKind::Success) != roll.critical.roll_under;
    if wants_high {
        (value < threshold).then(|| format!("{value} < {threshold}"))
    } else {
        (value > threshold).then(|| format!("{value} > {threshold}"))
    }
}

const fn word(kind: CriticalKind) -> &'static str {
    match kind {
        CriticalKind::Success => "success",
        CriticalKind::Failure => "failure",
    }
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Minor => "minor",
        Severity::Major => "major",
        Severity::Extreme => "extreme",
    }
}

impl TriggerHandler for DiceCritical {
    fn kind(&self) -> &'static str {
        "dice_critical"
    }

    fn validate_config(&self, config: &HandlerConfig) -> Result<(), Vec<FieldError>> {
        filters(config).map(|_| ())
    }

    fn evaluate(&self, config: &HandlerConfig, input: TriggerInput<'_>) -> Evaluation {
        let TriggerInput::Critical(roll) = input else {
            return Evaluation::silent("only a critical roll at the table opens it");
        };
        let filters = match filters(config) {
            Ok(filters) => filters,
            Err(errors) => return Evaluation::silent(in_words(&errors)),
        };
        let filter = match roll.critical.kind {
            CriticalKind::Success => filters.success,
            CriticalKind::Failure => filters.failure,
        };
        match filter.objection(roll) {
            Some(reason) => Evaluation::Silent { reason },
            // The goal keeps the roll itself.
            None => Evaluation::Fires { data: Value::Null, once_key: None },
        }
    }
}
