//! Rows of the ledger as the API shows them.

use super::super::types::Moment;
use super::names::names;
use gamification_core::redemption::{
    Direction, Disposition, Redemption, RedemptionSource, RefusalReason, SettledBy, Settlement,
    StuckReason,
};
use poem_openapi::{Enum, Object};
use uuid::Uuid;

/// A click on one of our rewards, from its arrival to its end.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Redemption", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(in crate::api) struct RedemptionView {
    /// Twitch's key.
    id: String,
    /// Whose channel.
    streamer_id: Uuid,
    /// The campaign.
    campaign_id: Uuid,
    /// The event.
    event_id: Uuid,
    /// Who clicked.
    viewer_id: String,
    /// The viewer's name.
    viewer_name: String,
    /// What the viewer paid, in Channel Points.
    cost: u32,
    /// When the viewer clicked.
    redeemed_at: Moment,
    /// When it was recorded.
    received_at: Moment,
    /// How it came here.
    source: RedemptionSourceName,
    /// Whether it counted.
    disposition: DispositionName,
    /// The goal that it counts for.
    instance_id: Option<Uuid>,
    /// Why it does not count.
    refusal_reason: Option<RefusalReasonName>,
    /// How far it has got.
    settlement: SettlementName,
    /// Which way it has to end, once that is decided.
    direction: Option<DirectionName>,
    /// Who settled it.
    settled_by: Option<SettledByName>,
    /// When it was settled.
    settled_at: Option<Moment>,
    /// How often settling was tried.
    attempts: u32,
    /// While a settlement is due: not tried before then.
    next_attempt_at: Option<Moment>,
    /// What went wrong last.
    last_error: Option<String>,
    /// Why it waits for a person.
    stuck_reason: Option<StuckReasonName>,
}

impl From<Redemption> for RedemptionView {
    fn from(row: Redemption) -> Self {
        let (disposition, instance_id, refusal_reason) = match row.disposition {
            Disposition::Counted(goal) => (DispositionName::Counted, Some(goal.0), None),
            Disposition::Refused(reason) => (DispositionName::Refused, None, Some(reason.into())),
        };
        let is_due = matches!(row.settlement, Settlement::FulfilDue | Settlement::RefundDue);
        Self {
            id: row.id.0,
            streamer_id: row.streamer_id.0,
            campaign_id: row.campaign_id.0,
            event_id: row.event_id.0,
            viewer_id: row.viewer_id.0,
            viewer_name: row.viewer_name,
            cost: row.cost.get(),
            redeemed_at: row.redeemed_at.into(),
            received_at: row.received_at.into(),
            source: row.source.into(),
            disposition,
            instance_id,
            refusal_reason,
            settlement: row.settlement.into(),
            direction: row.direction.map(Into::into),
            settled_by: row.settled_by.map(Into::into),
            settled_at: row.settled_at.map(Into::into),
            attempts: row.attempts,
            next_attempt_at: is_due.then(|| row.next_attempt_at.into()),
            last_error: row.last_error,
            stuck_reason: row.stuck_reason.map(Into::into),
        }
    }
}

/// Whether a click counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "Disposition", rename_all = "snake_case")]
enum DispositionName {
    /// For a goal.
    Counted,
    /// For none: the points go back.
    Refused,
}

names! {
    /// How a click came here.
    RedemptionSourceName as "RedemptionSource" = RedemptionSource {
        /// An EventSub webhook.
        Webhook,
        /// An EventSub websocket.
        Websocket,
        /// The list of unfulfilled redemptions.
        Poll,
    }
}

names! {
    /// How far a redemption has got.
    SettlementName as "Settlement" = Settlement {
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
}

names! {
    /// The two ways in which a redemption may end.
    DirectionName as "Direction" = Direction {
        /// The points are spent.
        Fulfil,
        /// The points go back.
        Refund,
    }
}

names! {
    /// Who settled a redemption on Twitch.
    SettledByName as "SettledBy" = SettledBy {
        /// This service.
        Us,
        /// A moderator, or Twitch itself.
        External,
    }
}

names! {
    /// Why a redemption cannot be settled without a person.
    StuckReasonName as "StuckReason" = StuckReason {
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
}

names! {
    /// Why a click did not count.
    RefusalReasonName as "RefusalReason" = RefusalReason {
        /// It arrived settled: somebody switched the reward's request queue off.
        AlreadyFulfilled,
        /// The reward is on its way out.
        RewardRetired,
        /// The game master stopped everything.
        Panic,
        /// The session was ended.
        SessionEnded,
        /// The game master switched the event off.
        EventDisabled,
        /// The streamer switched the event off.
        StreamerDisabled,
        /// The streamer's authorisation is over.
        NotAuthorised,
        /// It was made too long ago when it was first seen.
        TooOld,
        /// The event needs a running combat.
        CombatRequired,
        /// The paired table is not connected.
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
}
