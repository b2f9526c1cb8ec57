//! The ledger's rows: one per Twitch redemption of one of our rewards, from its arrival to its end.

use crate::cost::Cost;
use crate::ids::{
    CampaignId, EventId, InstanceId, RedemptionId, RewardKey, StreamerId, TwitchRewardId,
    TwitchUserId,
};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Why a click did not count. The viewer gets the points back; part of the API.
/// The order is the order in which a click meets the reasons (2-domain §3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalReason {
    /// It arrived settled: somebody switched the reward's request queue off.
    AlreadyFulfilled,
    /// The reward is on its way out.
    RewardRetired,
    /// The GM stopped everything.
    Panic,
    /// The session was ended.
    SessionEnded,
    /// The GM switched the event off.
    EventDisabled,
    /// The streamer switched the event off.
    StreamerDisabled,
    /// The streamer's authorisation is over.
    NotAuthorised,
    /// It was made too long ago when it was first seen.
    TooOld,
    /// The event needs a running combat.
    CombatRequired,
    /// The paired VTT is not connected.
    VttAway,
    /// The client at the table cannot do what the event's action asks for; our module can.
    ModuleRequired,
    /// The event's action needs a character, and the streamer has none.
    CharacterRequired,
    /// The goal waits for its roll.
    GoalArmed,
    /// The goal has all its clicks.
    GoalFull,
    /// The group goal was opened without this channel; it takes part in the next one.
    NotParticipating,
    /// The viewer has clicked often enough this session.
    ViewerLimit,
    /// The event is cooling down.
    Cooldown,
}

/// What became of a click when it arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// It counts for this goal.
    Counted(InstanceId),
    /// It does not count.
    Refused(RefusalReason),
}

/// The two ways in which a redemption may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The effect happened: the points are spent.
    Fulfil,
    /// The points go back.
    Refund,
}

/// Who settled a redemption on Twitch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettledBy {
    /// This service.
    Us,
    /// A moderator, or Twitch itself.
    External,
}

/// Why a redemption cannot be settled without a person. Part of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StuckReason {
    /// The reward is gone from Twitch, which settled what was pending without telling how.
    RewardDeleted,
    /// Twitch does not know the redemption.
    RedemptionUnknown,
    /// The reward belongs to another application.
    NotOurs,
    /// Twitch does not let this channel have rewards any more.
    ChannelNotEligible,
    /// The channel's login is dead.
    LoginNeeded,
}

/// How far a redemption has got. It ends exactly once, [`Fulfilled`](Self::Fulfilled) or
/// [`Refunded`](Self::Refunded).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    /// Its goal has not ended.
    Pending,
    /// The goal succeeded; Twitch has to be told.
    FulfilDue,
    /// The points have to go back.
    RefundDue,
    /// The points are spent.
    Fulfilled,
    /// The points are back.
    Refunded,
    /// It waits for a person.
    Stuck,
}

impl Settlement {
    /// The state in which a redemption of that direction waits for Twitch.
    #[must_use]
    pub const fn due(direction: Direction) -> Self {
        match direction {
            Direction::Fulfil => Self::FulfilDue,
            Direction::Refund => Self::RefundDue,
        }
    }

    /// The end of a redemption of that direction.
    #[must_use]
    pub const fn done(direction: Direction) -> Self {
        match direction {
            Direction::Fulfil => Self::Fulfilled,
            Direction::Refund => Self::Refunded,
        }
    }

    /// Whether nothing can change any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Fulfilled | Self::Refunded)
    }
}

/// How a redemption came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedemptionSource {
    /// An EventSub webhook.
    Webhook,
    /// An EventSub websocket.
    Websocket,
    /// The list of unfulfilled redemptions.
    Poll,
}

/// What Twitch says of a redemption when it is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TwitchRedemptionStatus {
    /// In the request queue.
    Unfulfilled,
    /// Spent.
    Fulfilled,
    /// Given back.
    Canceled,
}

/// A redemption as it arrives, before anything is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomingRedemption {
    /// Twitch's key.
    pub id: RedemptionId,
    /// Which reward.
    pub reward_id: TwitchRewardId,
    /// Who clicked.
    pub viewer_id: TwitchUserId,
    /// The viewer's name, as written.
    pub viewer_name: String,
    /// What the viewer paid.
    pub cost: Cost,
    /// In which state it arrived.
    pub status: TwitchRedemptionStatus,
    /// When the viewer clicked.
    pub redeemed_at: Timestamp,
    /// How it came here.
    pub source: RedemptionSource,
}

/// A row of the ledger. Written once when it arrives; afterwards only its settlement moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redemption {
    /// Twitch's key, and ours.
    pub id: RedemptionId,
    /// Our row of the reward.
    pub reward_key: RewardKey,
    /// Whose channel.
    pub streamer_id: StreamerId,
    /// Which campaign the reward is for.
    pub campaign_id: CampaignId,
    /// Which event the reward is for.
    pub event_id: EventId,
    /// Who clicked.
    pub viewer_id: TwitchUserId,
    /// The viewer's name.
    pub viewer_name: String,
    /// What the viewer paid.
    pub cost: Cost,
    /// When the viewer clicked.
    pub redeemed_at: Timestamp,
    /// When it was recorded.
    pub received_at: Timestamp,
    /// How it came here.
    pub source: RedemptionSource,
    /// Whether it counted.
    pub disposition: Disposition,
    /// How far it has got.
    pub settlement: Settlement,
    /// Which way it has to end; decided once, with the end of its goal or with its refusal.
    pub direction: Option<Direction>,
    /// Who settled it; set exactly when the settlement is final.
    pub settled_by: Option<SettledBy>,
    /// When it was settled.
    pub settled_at: Option<Timestamp>,
    /// How often settling was tried, the try under way included.
    pub attempts: u32,
    /// When it is tried next; meaningful while a settlement is due.
    pub next_attempt_at: Timestamp,
    /// What went wrong last, for the streamer.
    pub last_error: Option<String>,
    /// Why it waits for a person; set exactly when it is stuck.
    pub stuck_reason: Option<StuckReason>,
}

/// A fact of the append-only journal that the balance is checked against. Each redemption gets
/// `Received`, then `Counted` or `Refused`, then a direction, then its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JournalFact {
    /// It arrived.
    Received,
    /// It counts for its goal.
    Counted,
    /// It does not count.
    Refused,
    /// Its points are to be spent.
    FulfilDecided,
    /// Its points are to go back.
    RefundDecided,
    /// Its points are spent.
    Fulfilled,
    /// Its points are back.
    Refunded,
    /// It waits for a person.
    Stuck,
    /// A person let it be tried again.
    Retried,
}

/// What Twitch answered for one redemption that was to be settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettleOutcome {
    /// Settled now, as asked.
    Done,
    /// It had been settled before, in this direction, by somebody else or by an earlier try of
    /// ours. What this very call has settled, or may have before its answer was lost, is
    /// [`Done`](Self::Done).
    AlreadyDone(Direction),
    /// It can never be settled.
    Impossible(StuckReason),
    /// The channel's login is dead: nothing was tried.
    LoginNeeded,
    /// Not now.
    Retry {
        /// How long to wait, in seconds; `None` leaves the back-off to the core.
        after_seconds: Option<u32>,
        /// What went wrong, for the streamer.
        reason: String,
    },
}
