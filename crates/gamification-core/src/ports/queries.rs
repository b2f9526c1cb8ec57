//! Reads that need no transaction.

use super::StoreError;
use crate::access::{ApiKey, AuditEntry, OverlayToken};
use crate::announcement::DomainEvent;
use crate::campaign::{Campaign, Character, Membership, User};
use crate::criticality::CampaignRule;
use crate::event::{CampaignConfig, Event, StreamerConfig};
use crate::ids::{
    CampaignId, CharacterId, CommandId, ConnectionId, EventId, InstanceId, OverlayId, RedemptionId,
    RewardKey, RollId, StreamerId, TwitchUserId, UserId,
};
use crate::instance::{Instance, InstanceStatus};
use crate::ledger::{Ledger, Tally};
use crate::login::{LoginSession, TwitchLogin};
use crate::preferences::Preferences;
use crate::redemption::{Redemption, Settlement};
use crate::reward::Reward;
use crate::stats::CampaignStats;
use crate::time::Timestamp;
use crate::vtt::{Combat, DiceRoll, VttClient, VttCommand, VttConnection};
use async_trait::async_trait;

type Read<T> = Result<T, StoreError>;

/// Which part of a list is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// At most that many, 1–200.
    pub limit: u32,
    /// Where the last page ended, as it said itself; opaque.
    pub cursor: Option<String>,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The rows, newest first unless the method says otherwise.
    pub items: Vec<T>,
    /// Where the next page begins; `None` at the end.
    pub next_cursor: Option<String>,
}

/// Which goals are asked for; `None` does not filter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InstanceFilter {
    /// In that status.
    pub status: Option<InstanceStatus>,
    /// In which that channel takes or took part.
    pub streamer: Option<StreamerId>,
    /// Of that event.
    pub event: Option<EventId>,
    /// Whose event's slug or name has that in it, in any case of letters.
    pub search: Option<String>,
}

/// Which redemptions are asked for; `None` does not filter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RedemptionFilter {
    /// In that state.
    pub settlement: Option<Settlement>,
    /// Counted for that goal.
    pub instance: Option<InstanceId>,
    /// Of that channel.
    pub streamer: Option<StreamerId>,
}

/// Which rolls are asked for; `None` does not filter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RollFilter {
    /// Whether they wait for the GM to say whose they are.
    pub pending: Option<bool>,
    /// Whether hidden ones are left out.
    pub only_public: bool,
}

/// A member with the person behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// The membership.
    pub membership: Membership,
    /// The person.
    pub user: User,
}

/// Reads on their own: each sees what was committed, two of them need not see the same moment.
/// A cursor that was not made by the same list is [`StoreError::Corrupt`].
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Queries: Send + Sync {
    /// A trivial read that proves that the store answers.
    async fn ping(&self) -> Read<()>;
    /// The person with that key.
    async fn user(&self, id: UserId) -> Read<Option<User>>;
    /// The person with that login, in any case of letters.
    async fn user_by_login(&self, login: &str) -> Read<Option<User>>;
    /// The person with that Twitch account.
    async fn user_by_twitch_id(&self, id: &TwitchUserId) -> Read<Option<User>>;
    /// What that person chose; `None` when they never did.
    async fn preferences(&self, user: UserId) -> Read<Option<Preferences>>;
    /// Whether nobody is known yet: the first start.
    async fn has_no_users(&self) -> Read<bool>;
    /// The key with that hash.
    async fn key_by_hash(&self, hash: &str) -> Read<Option<ApiKey>>;
    /// All keys, newest first.
    async fn keys(&self) -> Read<Vec<ApiKey>>;
    /// The logins of these people; those who never logged in are left out.
    async fn logins(&self, users: &[UserId]) -> Read<Vec<TwitchLogin>>;
    /// Everybody's logins, in any order.
    async fn all_logins(&self) -> Read<Vec<TwitchLogin>>;
    /// The signed-in browser whose cookie has that hash, also when it ended or expired.
    async fn session_by_hash(&self, hash: &str) -> Read<Option<LoginSession>>;
    /// Every channel that has a reward of ours that is not deleted, with its person.
    async fn channels_with_rewards(&self) -> Read<Vec<User>>;
    /// The campaign with that key.
    async fn campaign(&self, id: CampaignId) -> Read<Option<Campaign>>;
    /// All campaigns.
    async fn all_campaigns(&self) -> Read<Vec<CampaignId>>;
    /// The campaigns in which that person leads or is or was invited, has not left, newest first.
    async fn campaigns_of(&self, user: UserId, page: PageRequest) -> Read<Page<Campaign>>;
    /// That streamer's place in the campaign.
    async fn membership(
        &self,
        campaign: CampaignId,
        streamer: StreamerId,
    ) -> Read<Option<Membership>>;
    /// The members who have not left, ordered by login.
    async fn members(&self, campaign: CampaignId) -> Read<Vec<MemberRow>>;
    /// The catalogue, ordered by slug: built-in events and those of that person; all when `None`.
    async fn events(&self, of: Option<UserId>, page: PageRequest) -> Read<Page<Event>>;
    /// The event with that key.
    async fn event(&self, id: EventId) -> Read<Option<Event>>;
    /// The campaign's settings.
    async fn campaign_configs(&self, campaign: CampaignId) -> Read<Vec<CampaignConfig>>;
    /// A streamer's opt-ins in the campaign.
    async fn streamer_configs(
        &self,
        campaign: CampaignId,
        streamer: StreamerId,
    ) -> Read<Vec<StreamerConfig>>;
    /// Every opt-in ever made, of campaigns that still exist: what rewards are desired from.
    async fn all_streamer_configs(&self) -> Read<Vec<StreamerConfig>>;
    /// Every reward that is not deleted, by key.
    async fn rewards_not_deleted(&self) -> Read<Vec<Reward>>;
    /// A streamer's rewards of the campaign that are not deleted.
    async fn rewards(&self, campaign: CampaignId, streamer: StreamerId) -> Read<Vec<Reward>>;
    /// The campaign's goals, newest first.
    async fn instances(
        &self,
        campaign: CampaignId,
        filter: InstanceFilter,
        page: PageRequest,
    ) -> Read<Page<Instance>>;
    /// Every open goal of the campaign, oldest first.
    async fn open_instances(&self, campaign: CampaignId) -> Read<Vec<Instance>>;
    /// Goals whose cooldown holds now, newest first.
    async fn cooling_instances(&self, campaign: CampaignId, now: Timestamp) -> Read<Vec<Instance>>;
    /// The goal with that key.
    async fn instance(&self, id: InstanceId) -> Read<Option<Instance>>;
    /// The steps of a goal's execution, in order.
    async fn commands(&self, instance: InstanceId) -> Read<Vec<VttCommand>>;
    /// The command with that key.
    async fn command(&self, id: CommandId) -> Read<Option<VttCommand>>;
    /// Commands that are pending or sent: what GMs asked for, then those of goals with the oldest goal
    /// first, by step; at most `limit`.
    async fn open_commands(&self, limit: u32) -> Read<Vec<VttCommand>>;
    /// The commands that take steps of that goal's execution back, oldest first.
    async fn undos_of(&self, instance: InstanceId) -> Read<Vec<VttCommand>>;
    /// The campaign's redemptions, newest first.
    async fn redemptions(
        &self,
        campaign: CampaignId,
        filter: RedemptionFilter,
        page: PageRequest,
    ) -> Read<Page<Redemption>>;
    /// The redemption with that key.
    async fn redemption(&self, id: &RedemptionId) -> Read<Option<Redemption>>;
    /// Which of these are in the ledger.
    async fn known_redemptions(&self, ids: &[RedemptionId]) -> Read<Vec<RedemptionId>>;
    /// The rows of the reward whose goal has not ended, oldest first, at most `limit`: what Twitch
    /// has to hold unfulfilled.
    async fn pending_of_reward(&self, reward: RewardKey, limit: u32) -> Read<Vec<RedemptionId>>;
    /// Whether [`claim_due`](super::RedemptionRepository::claim_due) would find something now: a look
    /// that keeps no writer from its work.
    async fn is_settlement_due(&self, now: Timestamp) -> Read<bool>;
    /// How many rows of the reward have not ended.
    async fn unsettled_of_reward(&self, reward: RewardKey) -> Read<u64>;
    /// The campaign's ledger, of one channel when it is named, with every check of the balance:
    /// the journal against the redemption rows, the rows against the goals' progress and their
    /// participants' contributions, directions against how the goals ended. One consistent read.
    async fn ledger(&self, campaign: CampaignId, streamer: Option<StreamerId>) -> Read<Ledger>;
    /// Where the counted redemptions of a goal are.
    async fn tally_of_instance(&self, instance: InstanceId) -> Read<Tally>;
    /// What came of the campaign's goals, in numbers. One consistent read.
    async fn stats(&self, campaign: CampaignId, now: Timestamp) -> Read<CampaignStats>;
    /// The campaign's characters, ordered by name.
    async fn characters(&self, campaign: CampaignId) -> Read<Vec<Character>>;
    /// Whether an action can be about a character of that streamer: one that is assigned to them, or
    /// that one of the GM's.
    async fn has_character(
        &self,
        campaign: CampaignId,
        streamer: StreamerId,
        gm_character: Option<CharacterId>,
    ) -> Read<bool>;
    /// The campaign's own rules of what is critical, the highest priority first, then the oldest.
    async fn criticality_rules(&self, campaign: CampaignId) -> Read<Vec<CampaignRule>>;
    /// The campaign's rolls, newest first.
    async fn rolls(
        &self,
        campaign: CampaignId,
        filter: RollFilter,
        page: PageRequest,
    ) -> Read<Page<DiceRoll>>;
    /// The roll with that key.
    async fn roll(&self, id: RollId) -> Read<Option<DiceRoll>>;
    /// The worlds that this person paired.
    async fn connections_of(&self, owner: UserId) -> Read<Vec<VttConnection>>;
    /// The connection with that key.
    async fn connection(&self, id: ConnectionId) -> Read<Option<VttConnection>>;
    /// The connection of the campaign that is not revoked, else the newest revoked one.
    async fn connection_of(&self, campaign: CampaignId) -> Read<Option<VttConnection>>;
    /// The combat that runs at that world's table.
    async fn combat(&self, connection: ConnectionId) -> Read<Option<Combat>>;
    /// The worlds whose combat is over by then, unless a sign of life came.
    async fn ending_combats(&self, now: Timestamp) -> Read<Vec<ConnectionId>>;
    /// The clients of that world that are connected to any node, oldest first.
    async fn clients(&self, connection: ConnectionId, now: Timestamp) -> Read<Vec<VttClient>>;
    /// Facts of the campaign after that sequence number, oldest first.
    async fn events_after(
        &self,
        campaign: CampaignId,
        sequence: i64,
        limit: u32,
    ) -> Read<Vec<DomainEvent>>;
    /// The oldest and the newest sequence number that the log holds; `(n + 1, n)` when it holds
    /// none, where `n` is the last number given out.
    async fn log_range(&self, campaign: CampaignId) -> Read<(i64, i64)>;
    /// The overlay whose token has that hash.
    async fn overlay_by_hash(&self, hash: &str) -> Read<Option<OverlayToken>>;
    /// That streamer's overlays in the campaign that were not taken back, the newest first, at most
    /// 200.
    async fn overlays_of(
        &self,
        campaign: CampaignId,
        streamer: StreamerId,
    ) -> Read<Vec<OverlayToken>>;
    /// The overlay with that key.
    async fn overlay(&self, id: OverlayId) -> Read<Option<OverlayToken>>;
    /// The campaign's audit, newest first.
    async fn audit(&self, campaign: CampaignId, page: PageRequest) -> Read<Page<AuditEntry>>;
}
