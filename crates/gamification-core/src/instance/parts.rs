//! What a goal is made of.

use crate::event::LocalizedText;
use crate::ids::{EventId, StreamerId};
use crate::time::Timestamp;
use crate::vtt::GoalRoll;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What people are shown of the event, as it was when the goal opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventLabel {
    /// The event's readable key.
    pub slug: String,
    /// Its name.
    pub name: LocalizedText,
    /// The type of its action.
    pub action_type: String,
}

impl EventLabel {
    /// Whether its slug or its name, in any language, has that in it, in any case of letters.
    #[must_use]
    pub fn has_in_it(&self, wanted: &str) -> bool {
        let wanted = wanted.trim().to_lowercase();
        let names = [Some(&self.slug), Some(&self.name.en), self.name.fr.as_ref()];
        names.into_iter().flatten().any(|name| name.to_lowercase().contains(&wanted))
    }
}

/// The rules of one goal, fixed when it opened: what viewers were promised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoalTerms {
    /// Whether reaching the objective arms it instead of executing it.
    pub arms: bool,
    /// How long it stays armed, in seconds.
    pub armed_ttl_seconds: u32,
    /// How long the table has to confirm, in seconds from completion, the veto window not counted.
    pub execution_deadline_seconds: u32,
    /// For how long after completion nothing is sent, so that the GM can stop it, in seconds.
    #[serde(default)]
    pub veto_seconds: u32,
    /// The pause after completion.
    pub cooldown: CooldownTerms,
}

/// How long the table has to confirm an effect, in seconds.
pub const EXECUTION_DEADLINE_SECONDS: u32 = 120;

/// The pause that completion will bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CooldownTerms {
    /// None.
    None,
    /// For that many seconds.
    Seconds(u32),
    /// Until the GM releases it.
    GmValidation,
    /// Until a goal of that event was executed in the same scope.
    EventComplete(EventId),
}

/// A pause that has begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cooldown {
    /// Ends by itself.
    Until(Timestamp),
    /// Ends when the GM says so.
    UntilReleased,
    /// Ends when a goal of that event was executed in the same scope.
    UntilExecuted(EventId),
}

impl Cooldown {
    /// Whether it still holds.
    #[must_use]
    pub fn holds(self, now: Timestamp) -> bool {
        match self {
            Self::Until(end) => end > now,
            Self::UntilReleased | Self::UntilExecuted(_) => true,
        }
    }
}

/// What opened a goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenedBy {
    /// A viewer's first click.
    Redemption,
    /// A critical roll.
    Critical,
    /// The GM.
    Manual,
    /// A trigger that was fed through the API.
    Trigger,
}

/// What a goal knows of its cause; actions read it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TriggerData {
    /// What opened it.
    pub opened_by: OpenedBy,
    /// The roll that opened it or that it was consumed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dice_roll: Option<GoalRoll>,
    /// Whatever else the trigger passed on.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub custom: Value,
}

/// A channel's part in a goal; an individual goal has exactly one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Participant {
    /// Whose channel.
    pub streamer_id: StreamerId,
    /// Its name.
    pub streamer_name: String,
    /// Its audience when the goal opened.
    pub viewer_count: u32,
    /// Its share of the target.
    pub local_objective: u32,
    /// Its counted clicks.
    pub contributions: u32,
    /// Whether it left while the goal was open; its clicks stay.
    #[serde(default)]
    pub has_left: bool,
}

/// Why a goal was cancelled. Part of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelReason {
    /// The GM stopped it.
    Gm,
    /// The GM switched the event off.
    EventDisabled,
    /// The streamer switched the event off or took the authorisation back.
    StreamerWithdrew,
    /// The channel's reward was replaced by a fresh one.
    RewardRecreated,
    /// The combat that it belonged to ended.
    CombatEnded,
    /// The session was ended.
    SessionEnded,
    /// The streamer left the campaign.
    MemberLeft,
    /// The campaign is being deleted.
    CampaignDeleted,
}

/// Why a completed goal had no effect. Part of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureReason {
    /// The table did not confirm in time.
    Deadline,
    /// The table said that it could not do it.
    Table,
    /// The action could not be turned into commands.
    Unplannable,
    /// The GM stopped it before anything was sent to the table.
    Vetoed,
}

/// What an effect does to a spell or a monster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectType {
    /// It cannot be used for a while.
    Disable,
    /// It is stronger.
    Buff,
    /// It is weaker.
    Debuff,
}

impl EffectType {
    /// The word on the wire.
    #[must_use]
    pub const fn wire_name(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Buff => "buff",
            Self::Debuff => "debuff",
        }
    }
}

/// What kind of thing an effect fell on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetKind {
    /// A spell of a character.
    Spell,
    /// Somebody in a combat who is no player's.
    Monster,
}

/// What an effect fell on, as the table names and shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EffectTarget {
    /// A spell or a monster.
    pub kind: TargetKind,
    /// Its name; empty when it has none.
    pub name: String,
    /// Whose spell it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub character_name: Option<String>,
    /// The address of its picture as the table has it, which may be relative to the table's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
}

/// What the table did, in words and numbers for chat and overlay.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionReport {
    /// In plain words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The die before an inversion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_value: Option<i64>,
    /// The die after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inverted_value: Option<i64>,
    /// What an effect fell on, of the actions that choose something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<EffectTarget>,
    /// What the effect does to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect_type: Option<EffectType>,
    /// For how long, where time ends the effect; in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_seconds: Option<u32>,
    /// What did not work although the effect as a whole did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partial_failures: Vec<String>,
}
