//! Custom rewards on Twitch: what should be there, as a pure function, and the row that remembers
//! what is.

mod desired;

pub use desired::desired_reward;

use crate::cost::Cost;
use crate::event::Colour;
use crate::ids::{CampaignId, EventId, RewardKey, StreamerId, TwitchRewardId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a reward that we made stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RewardStatus {
    /// The row exists, Twitch has not answered yet.
    Creating,
    /// Viewers can redeem it.
    Active,
    /// Visible, but Twitch refuses redemptions.
    Paused,
    /// On its way out: paused, settling what is pending, then deleted.
    Deleting,
    /// Deleting failed; tried again later.
    Orphaned,
    /// Proved to be gone.
    Deleted,
}

impl RewardStatus {
    /// Whether clicks on it can still count.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Creating | Self::Active | Self::Paused)
    }
}

/// One custom reward that we made. The row is kept for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reward {
    /// Our key.
    pub key: RewardKey,
    /// Twitch's key, once known.
    pub twitch_id: Option<TwitchRewardId>,
    /// On whose channel.
    pub streamer_id: StreamerId,
    /// For which campaign.
    pub campaign_id: CampaignId,
    /// For which event.
    pub event_id: EventId,
    /// Where it stands.
    pub status: RewardStatus,
    /// What Twitch was last told.
    pub spec: RewardSpec,
    /// Why viewers cannot redeem it now.
    pub paused_because: Option<PauseReason>,
    /// When Twitch was last told anything about it.
    pub changed_at: Timestamp,
    /// Tries in a row, of creating, changing or deleting, that failed or were not answered. A change
    /// counts as one while it is being made, and no more when the login turned out to be dead.
    pub failed_attempts: u32,
    /// When a failed try may be repeated.
    pub next_attempt_at: Option<Timestamp>,
    /// What Twitch said against it, for the streamer.
    pub last_error: Option<String>,
    /// When deleting it failed for the first time.
    pub deletion_failed_at: Option<Timestamp>,
    /// Since when Twitch's list of its unfulfilled redemptions has been empty.
    pub empty_since: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it began to go.
    pub retired_at: Option<Timestamp>,
}

/// What viewers see of a reward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RewardSpec {
    /// 1–45 characters, unique on the channel.
    pub title: String,
    /// The price.
    pub cost: Cost,
    /// At most 200 characters.
    pub prompt: String,
    /// The background.
    pub colour: Colour,
}

/// Why a reward cannot be redeemed at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// The GM stopped everything.
    Panic,
    /// The session was ended.
    SessionEnded,
    /// The GM switched the event off.
    EventDisabled,
    /// The streamer switched the event off.
    StreamerDisabled,
    /// The streamer's authorisation ran out.
    AuthorisationNeeded,
    /// The event needs a running combat.
    NoCombat,
    /// The paired VTT is not connected.
    VttAway,
    /// The client at the table cannot do what the event's action asks for; our module can.
    ModuleRequired,
    /// The event's action needs a character, and the streamer has none.
    CharacterRequired,
    /// The goal waits for its roll.
    Armed,
    /// The goal is being executed.
    Executing,
    /// A group goal runs without this channel.
    NotParticipating,
    /// The event is cooling down.
    Cooldown,
}

/// Why a reward should not be there at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AbsenceReason {
    /// The streamer never switched the event on.
    NeverOptedIn,
    /// The streamer left or was removed.
    NotAMember,
    /// The streamer took the authorisation back.
    AuthorisationWithdrawn,
    /// The campaign is being deleted.
    CampaignDeleted,
}

/// What Twitch should show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DesiredReward {
    /// No reward.
    Absent(AbsenceReason),
    /// There, but not redeemable.
    Paused(PauseReason, RewardSpec),
    /// Redeemable.
    Active(RewardSpec),
}
