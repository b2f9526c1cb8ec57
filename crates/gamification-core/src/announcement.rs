//! What is told after it became true (6-interfaces §3). Written to the event log in the transaction
//! that made it true, with a sequence number, and replayed to whoever was away.

mod combat;
mod goal;

use crate::ids::{CampaignId, InstanceId, StreamerId};
use crate::instance::{GoalScope, Instance};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Who may be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Visibility {
    /// Every member and every overlay of the campaign.
    Everyone,
    /// Every member, and the overlays of these channels.
    Channels {
        /// The channels whose viewers see it.
        streamer_ids: Vec<StreamerId>,
    },
    /// The GM alone.
    GmOnly,
}

impl Visibility {
    /// Whether the overlay of that channel shows it.
    #[must_use]
    pub fn includes_overlay_of(&self, streamer: StreamerId) -> bool {
        match self {
            Self::Everyone => true,
            Self::Channels { streamer_ids } => streamer_ids.contains(&streamer),
            Self::GmOnly => false,
        }
    }
}

/// The kinds of facts that are told; the names on the wire are the seed's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AnnouncementKind {
    /// A goal opened.
    #[serde(rename = "gamification:instance_created")]
    InstanceCreated,
    /// A click counted.
    #[serde(rename = "gamification:progress")]
    Progress,
    /// The target or what is behind it changed: who takes part, with what share.
    #[serde(rename = "gamification:objective_changed")]
    ObjectiveChanged,
    /// A goal waits for its roll.
    #[serde(rename = "gamification:instance_armed")]
    InstanceArmed,
    /// An armed goal met its roll.
    #[serde(rename = "gamification:instance_consumed")]
    InstanceConsumed,
    /// A goal has all that it needs; the table has to act.
    #[serde(rename = "gamification:instance_completed")]
    InstanceCompleted,
    /// The table acted, or could not.
    #[serde(rename = "gamification:action_executed")]
    ActionExecuted,
    /// A goal ran out of time.
    #[serde(rename = "gamification:instance_expired")]
    InstanceExpired,
    /// A goal was stopped.
    #[serde(rename = "gamification:instance_cancelled")]
    InstanceCancelled,
    /// Points went back.
    #[serde(rename = "gamification:contributions_refunded")]
    ContributionsRefunded,
    /// Cooldowns ended before their time, or without one.
    #[serde(rename = "gamification:cooldowns_released")]
    CooldownsReleased,
    /// A reward on Twitch changed.
    #[serde(rename = "gamification:reward_status")]
    RewardStatus,
    /// A member's login with Twitch died or returned.
    #[serde(rename = "twitch:login_status")]
    LoginStatus,
    /// The table came or went.
    #[serde(rename = "vtt:status")]
    VttStatus,
    /// Somebody rolled.
    #[serde(rename = "dice:roll")]
    DiceRoll,
    /// A session began.
    #[serde(rename = "session:started")]
    SessionStarted,
    /// A session ended.
    #[serde(rename = "session:ended")]
    SessionEnded,
    /// The GM stopped everything, or let it go on.
    #[serde(rename = "session:panic")]
    Panic,
    /// The table confirmed an effect after its goal had failed and was refunded.
    #[serde(rename = "vtt:late_confirmation")]
    LateConfirmation,
    /// A combat began, or another one took its place.
    #[serde(rename = "combat:start")]
    CombatStarted,
    /// A turn or a round of a combat.
    #[serde(rename = "combat:turn")]
    CombatTurn,
    /// Somebody in a combat fell or rose.
    #[serde(rename = "combat:defeated")]
    CombatDefeated,
    /// Something else about a combat changed.
    #[serde(rename = "combat:sync")]
    CombatChanged,
    /// A combat ended.
    #[serde(rename = "combat:end")]
    CombatEnded,
    /// An effect on a spell is over.
    #[serde(rename = "vtt:effect_ended")]
    EffectEnded,
}

impl AnnouncementKind {
    /// The name on the wire.
    #[must_use]
    pub const fn wire_name(self) -> &'static str {
        match self {
            Self::InstanceCreated => "gamification:instance_created",
            Self::Progress => "gamification:progress",
            Self::ObjectiveChanged => "gamification:objective_changed",
            Self::InstanceArmed => "gamification:instance_armed",
            Self::InstanceConsumed => "gamification:instance_consumed",
            Self::InstanceCompleted => "gamification:instance_completed",
            Self::ActionExecuted => "gamification:action_executed",
            Self::InstanceExpired => "gamification:instance_expired",
            Self::InstanceCancelled => "gamification:instance_cancelled",
            Self::ContributionsRefunded => "gamification:contributions_refunded",
            Self::CooldownsReleased => "gamification:cooldowns_released",
            Self::RewardStatus => "gamification:reward_status",
            Self::LoginStatus => "twitch:login_status",
            Self::VttStatus => "vtt:status",
            Self::DiceRoll => "dice:roll",
            Self::SessionStarted => "session:started",
            Self::SessionEnded => "session:ended",
            Self::Panic => "session:panic",
            Self::LateConfirmation => "vtt:late_confirmation",
            Self::CombatStarted => "combat:start",
            Self::CombatTurn => "combat:turn",
            Self::CombatDefeated => "combat:defeated",
            Self::CombatChanged => "combat:sync",
            Self::CombatEnded => "combat:end",
            Self::EffectEnded => "vtt:effect_ended",
        }
    }
}

/// A fact that is to be told.
#[derive(Debug, Clone, PartialEq)]
pub struct Announcement {
    /// What kind of fact.
    pub kind: AnnouncementKind,
    /// Who may be told.
    pub visibility: Visibility,
    /// The goal that it is about, if any.
    pub instance_id: Option<InstanceId>,
    /// Its data, in camelCase.
    pub payload: Value,
}

/// A fact that became true, as the log keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct DomainEvent {
    /// The campaign.
    pub campaign_id: CampaignId,
    /// Increasing in the campaign, in the order of the commits; not dense for one reader.
    pub sequence: i64,
    /// When it became true.
    pub at: Timestamp,
    /// The fact.
    pub announcement: Announcement,
}

/// How many names of contributors a progress carries at most.
pub const CONTRIBUTORS_MAX: usize = 5;

impl Announcement {
    /// A fact about a campaign that is not about one goal.
    #[must_use]
    pub const fn about_campaign(
        kind: AnnouncementKind,
        visibility: Visibility,
        payload: Value,
    ) -> Self {
        Self { kind, visibility, instance_id: None, payload }
    }

    /// A fact about a goal, for everybody who sees that goal; the payload gets the goal's id, event
    /// and scope.
    #[must_use]
    pub fn about(kind: AnnouncementKind, instance: &Instance, more: Value) -> Self {
        let mut payload = json!({
            "instanceId": instance.id,
            "eventId": instance.event_id,
            "eventSlug": instance.label.slug,
            "eventName": instance.label.name.en,
            "eventNames": instance.label.name,
            "actionType": instance.label.action_type,
            "type": match instance.scope {
                GoalScope::Streamer(_) => "individual",
                GoalScope::Group => "group",
            },
            "streamerId": instance.scope.streamer(),
        });
        if let (Value::Object(payload), Value::Object(more)) = (&mut payload, more) {
            payload.extend(more);
        }
        let streamer_ids = instance.participants.iter().map(|p| p.streamer_id).collect();
        Self {
            kind,
            visibility: Visibility::Channels { streamer_ids },
            instance_id: Some(instance.id),
            payload,
        }
    }

    /// Takes an older progress of the same goal into this one, so that one fact tells both: the
    /// newest names first, at most [`CONTRIBUTORS_MAX`]. `false` when they cannot be told as one.
    pub fn absorb(&mut self, older: &Self) -> bool {
        let both_progress = self.kind == AnnouncementKind::Progress && older.kind == self.kind;
        if !both_progress || self.instance_id != older.instance_id {
            return false;
        }
        let older_names = older.payload["contributors"].as_array().cloned().unwrap_or_default();
        if let Some(names) = self.payload["contributors"].as_array_mut() {
            for name in older_names {
                if names.len() < CONTRIBUTORS_MAX && !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        true
    }
}
