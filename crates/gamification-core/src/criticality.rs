//! Whether a roll is a critical, decided from its dice and never from the sender's opinion.
//!
//! The order: the system's explicit outcome, the GM's rules by priority, the system's own table,
//! and for unknown systems the generic rule (a natural 20 or 1 on the one d20 of the roll). Only
//! active dice count, and a damage roll is never a critical.
//!
//! The tables are data (`systems`) for one small engine (`engine`), the same that runs the GM's
//! rules.

use serde::{Deserialize, Serialize};

use crate::dice::RollInput;

mod campaign_rule;
mod engine;
mod expression;
mod rule;
mod systems;

pub use crate::dice::DecidingDie;
pub use campaign_rule::CampaignRule;
pub use expression::{DieExpression, DieExpressionError};
pub use rule::{Comparison, CriticalityRule, Field, RuleDraft, RuleError};

/// Which way a critical goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CriticalKind {
    /// Good for who rolled.
    Success,
    /// Bad for who rolled.
    Failure,
}

/// How much of a critical it is: minor < major < extreme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Happens often.
    Minor,
    /// The usual critical.
    Major,
    /// As rare as it gets.
    Extreme,
}

/// The verdict on a critical roll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Critical {
    /// Success or failure.
    pub kind: CriticalKind,
    /// How much of one.
    pub severity: Severity,
    /// Stable name for filters, such as `nat20`.
    pub category: String,
    /// What people read, in English, such as `Natural 20`.
    pub label: String,
    /// The single active die that made it critical; pools have none, and nothing can be forced.
    pub deciding_die: Option<DecidingDie>,
    /// Low numbers are good in this system.
    pub roll_under: bool,
}

/// Classifies one roll; `None` is an ordinary roll.
///
/// `gm_rules` may come in any order; of equal priorities the first given wins. A system that says
/// explicitly that the roll was no critical is believed over its dice, but the GM's rules still
/// apply.
#[must_use]
pub fn classify(roll: &RollInput, gm_rules: &[CriticalityRule]) -> Option<Critical> {
    if roll.is_damage() {
        return None;
    }
    let system = systems::System::of(&roll.system);
    let verdict = system.explicit_verdict(roll);
    if let Some(systems::Verdict::Critical(critical)) = verdict {
        return Some(critical);
    }
    let mut by_priority: Vec<&CriticalityRule> = gm_rules.iter().collect();
    by_priority.sort_by_key(|rule| std::cmp::Reverse(rule.priority));
    by_priority
        .into_iter()
        .find_map(|rule| rule.apply(roll, system.is_roll_under()))
        .or_else(|| if verdict.is_some() { None } else { system.classify_dice(roll) })
}
