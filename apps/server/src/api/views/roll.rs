//! Rolls as the API shows them.

use super::super::types::Moment;
use super::names::names;
use gamification_core::criticality::{Critical, CriticalKind, Severity};
use gamification_core::vtt::{Attribution, DiceRoll};
use poem_openapi::Object;
use uuid::Uuid;

/// A roll that was seen at the table.
#[derive(Debug, Clone, Object)]
#[oai(rename = "DiceRoll", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(in crate::api) struct RollView {
    /// Its key.
    id: Uuid,
    /// The campaign.
    campaign_id: Uuid,
    /// The chat message that holds it.
    message_id: String,
    /// Which roll of that message, from 0.
    index: u32,
    /// Who rolled, as the table knows it.
    actor_id: Option<String>,
    /// The character's name at the table.
    character_name: String,
    /// What was rolled.
    formula: String,
    /// The total that the table shows.
    result: i64,
    /// What makes it critical; absent for an ordinary roll.
    critical: Option<CriticalView>,
    /// Whether players cannot see it; only the game master is shown such rolls.
    is_hidden: bool,
    /// Who it counts for.
    streamer_id: Option<Uuid>,
    /// Whether the game master has to say who it counts for.
    pending_attribution: bool,
    /// When it arrived.
    rolled_at: Moment,
}

impl From<DiceRoll> for RollView {
    fn from(roll: DiceRoll) -> Self {
        let (streamer_id, pending_attribution) = match roll.attribution {
            Attribution::Streamer { streamer_id } => (Some(streamer_id.0), false),
            Attribution::Nobody => (None, false),
            Attribution::Pending => (None, true),
        };
        Self {
            id: roll.id.0,
            campaign_id: roll.campaign_id.0,
            message_id: roll.message_id.0,
            index: roll.index,
            actor_id: roll.actor_id.map(|actor| actor.0),
            character_name: roll.character_name,
            formula: roll.input.formula.clone(),
            result: roll.result,
            critical: roll.critical.map(Into::into),
            is_hidden: roll.is_hidden,
            streamer_id,
            pending_attribution,
            rolled_at: roll.rolled_at.into(),
        }
    }
}

/// What makes a roll critical.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Critical", rename_all = "camelCase")]
struct CriticalView {
    /// Success or failure.
    kind: CriticalKindName,
    /// How much of one.
    severity: SeverityName,
    /// A stable name, such as `nat20`.
    category: String,
    /// What people read, in English.
    label: String,
}

impl From<Critical> for CriticalView {
    fn from(critical: Critical) -> Self {
        Self {
            kind: critical.kind.into(),
            severity: critical.severity.into(),
            category: critical.category,
            label: critical.label,
        }
    }
}

names! {
    /// Which way a critical goes.
    CriticalKindName as "CriticalKind" = CriticalKind {
        /// Good for who rolled.
        Success,
        /// Bad for who rolled.
        Failure,
    }
}

names! {
    /// How much of a critical it is.
    SeverityName as "Severity" = Severity {
        /// Happens often.
        Minor,
        /// The usual critical.
        Major,
        /// As rare as it gets.
        Extreme,
    }
}
