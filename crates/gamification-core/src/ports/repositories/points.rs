use super::Stored;
use crate::ids::{
    CampaignId, EventId, InstanceId, RedemptionId, RewardKey, StreamerId, TwitchRewardId,
    TwitchUserId,
};
use crate::ledger::Tally;
use crate::redemption::{Direction, Redemption, SettledBy, StuckReason};
use crate::reward::Reward;
use crate::time::Timestamp;
use async_trait::async_trait;

/// How the settlement of one due redemption goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettlementUpdate {
    /// It ended. The direction is what Twitch holds, even when it is not what was decided.
    Settled {
        /// How it ended.
        direction: Direction,
        /// Who did it.
        by: SettledBy,
    },
    /// It is tried again.
    Postponed {
        /// Not before then.
        next_attempt_at: Timestamp,
        /// What went wrong.
        error: String,
    },
    /// It waits for something that is nobody's failure: the channel's login, for example. No attempt
    /// is spent: that of the claim is taken back.
    Waiting {
        /// Not before then.
        next_attempt_at: Timestamp,
        /// What it waits for: `login_needed`.
        error: String,
    },
    /// It needs a person.
    Stuck {
        /// Why.
        reason: StuckReason,
    },
}

/// The ledger. Each write also appends to the journal, which nothing ever updates or deletes.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait RedemptionRepository: Send {
    /// Which of these are in the ledger already.
    async fn known(&mut self, ids: &[RedemptionId]) -> Stored<Vec<RedemptionId>>;
    /// Inserts rows in one statement; the ids of those that were new. The journal gets `Received`
    /// and `Counted` or `Refused` for each new one, and `RefundDecided` for a refused one.
    async fn record(&mut self, rows: &[Redemption]) -> Stored<Vec<RedemptionId>>;
    /// The row with that key, locked exclusively.
    async fn lock(&mut self, id: &RedemptionId) -> Stored<Option<Redemption>>;
    /// How many counted and not refunded (nor to be refunded) clicks each of these viewers has
    /// since that moment, over all channels; viewers without one are left out.
    async fn counted_by_viewers(
        &mut self,
        campaign: CampaignId,
        event: EventId,
        viewers: &[TwitchUserId],
        since: Timestamp,
    ) -> Stored<Vec<(TwitchUserId, u32)>>;
    /// Gives every pending row of the goal its direction, in one statement guarded by
    /// `settlement = 'pending'`, due at once; how many rows it were. The journal gets the decision
    /// for each.
    async fn decide(
        &mut self,
        instance: InstanceId,
        direction: Direction,
        now: Timestamp,
    ) -> Stored<u64>;
    /// Claims due rows of one reward and one direction, at most `limit`, the longest due first, and
    /// leases them until `lease_until`. Each claim counts as an attempt, so that a try whose answer
    /// is lost is not forgotten; the rows are answered with it counted. Rows of a channel of which
    /// another claim is not over yet are left alone; so are rows whose reward has no Twitch id.
    /// Empty when nothing is due.
    async fn claim_due(
        &mut self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
    ) -> Stored<Vec<Redemption>>;
    /// Writes outcomes and ends leases. `Settled` ends any row that has not ended, a pending one
    /// included (a moderator was faster); `Postponed`, `Waiting` and `Stuck` move due rows only.
    /// `Waiting` takes the attempt of the claim back. The ids of the rows that changed. The journal
    /// gets each end.
    async fn apply(
        &mut self,
        outcomes: &[(RedemptionId, SettlementUpdate)],
        now: Timestamp,
    ) -> Stored<Vec<RedemptionId>>;
    /// Makes a stuck row due again, in its direction, at once; `false` when it is not stuck.
    async fn retry(&mut self, id: &RedemptionId, now: Timestamp) -> Stored<bool>;
    /// Makes the channel's rows that are due, and those that are stuck because of its login, due at
    /// once; how many. The journal gets `Retried` for each that was stuck.
    async fn resume(&mut self, streamer: StreamerId, now: Timestamp) -> Stored<u64>;
    /// Where the counted redemptions of a goal are.
    async fn tally_of_instance(&mut self, instance: InstanceId) -> Stored<Tally>;
}

/// What we put on Twitch.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait RewardRepository: Send {
    /// The rewards that Twitch calls so, retired ones included; unknown ids are left out.
    async fn by_twitch_ids(&mut self, ids: &[TwitchRewardId]) -> Stored<Vec<Reward>>;
    /// The reward with that key, locked exclusively.
    async fn lock(&mut self, key: RewardKey) -> Stored<Option<Reward>>;
    /// The reward of that opt-in on which clicks can still count, if any.
    async fn live(
        &mut self,
        campaign: CampaignId,
        streamer: StreamerId,
        event: EventId,
    ) -> Stored<Option<Reward>>;
    /// Inserts a new reward. `false`, and nothing written, when the opt-in has a live one already.
    async fn insert(&mut self, reward: &Reward) -> Stored<bool>;
    /// Replaces the reward with that key.
    async fn update(&mut self, reward: &Reward) -> Stored<()>;
}
