use crate::database::Database;
use crate::error::Stored as Read;
use crate::{
    access, campaigns, catalogue, characters, commands, configs, criticality_rules, instances,
    ledger, log, logins, overlays, preferences, redemptions, rewards, rolls, rows, stats, tables,
    users, vtt,
};
use async_trait::async_trait;
use gamification_core::access::{ApiKey, AuditEntry, OverlayToken};
use gamification_core::announcement::DomainEvent;
use gamification_core::campaign::{Campaign, Character, Membership, User};
use gamification_core::criticality::CampaignRule;
use gamification_core::event::{CampaignConfig, Event, StreamerConfig};
use gamification_core::ids::{
    CampaignId, CharacterId, CommandId, ConnectionId, EventId, InstanceId, OverlayId, RedemptionId,
    RewardKey, RollId, StreamerId, TwitchUserId, UserId,
};
use gamification_core::instance::Instance;
use gamification_core::ledger::{Ledger, Tally};
use gamification_core::login::{LoginSession, TwitchLogin};
use gamification_core::ports::{
    InstanceFilter, Lock, MemberRow, Page, PageRequest, Queries, RedemptionFilter, RollFilter,
};
use gamification_core::preferences::Preferences;
use gamification_core::redemption::Redemption;
use gamification_core::reward::Reward;
use gamification_core::stats::CampaignStats;
use gamification_core::time::Timestamp;
use gamification_core::vtt::{Combat, DiceRoll, VttClient, VttCommand, VttConnection};

#[async_trait]
impl Queries for Database {
    async fn ping(&self) -> Read<()> {
        rows::execute(self.reads(), "SELECT 1", []).await.map(|_| ())
    }

    async fn user(&self, id: UserId) -> Read<Option<User>> {
        users::get(self.reads(), id).await
    }

    async fn user_by_login(&self, login: &str) -> Read<Option<User>> {
        users::by_login(self.reads(), login).await
    }

    async fn user_by_twitch_id(&self, id: &TwitchUserId) -> Read<Option<User>> {
        users::by_twitch_id(self.reads(), id).await
    }

    async fn preferences(&self, user: UserId) -> Read<Option<Preferences>> {
        preferences::of_user(self.reads(), user).await
    }

    async fn has_no_users(&self) -> Read<bool> {
        users::is_empty(self.reads()).await
    }

    async fn key_by_hash(&self, hash: &str) -> Read<Option<ApiKey>> {
        access::key_by_hash(self.reads(), hash).await
    }

    async fn keys(&self) -> Read<Vec<ApiKey>> {
        access::keys(self.reads()).await
    }

    async fn logins(&self, users: &[UserId]) -> Read<Vec<TwitchLogin>> {
        logins::logins(self.reads(), Some(users)).await
    }

    async fn all_logins(&self) -> Read<Vec<TwitchLogin>> {
        logins::logins(self.reads(), None).await
    }

    async fn session_by_hash(&self, hash: &str) -> Read<Option<LoginSession>> {
        logins::session_by_hash(self.reads(), hash).await
    }

    async fn channels_with_rewards(&self) -> Read<Vec<User>> {
        users::with_rewards(self.reads()).await
    }

    async fn campaign(&self, id: CampaignId) -> Read<Option<Campaign>> {
        campaigns::get(self.reads(), id, Lock::None).await
    }

    async fn all_campaigns(&self) -> Read<Vec<CampaignId>> {
        campaigns::all_ids(self.reads()).await
    }

    async fn campaigns_of(&self, user: UserId, page: PageRequest) -> Read<Page<Campaign>> {
        campaigns::of_user(self.reads(), user, &page).await
    }

    async fn membership(
        &self,
        campaign: CampaignId,
        streamer: StreamerId,
    ) -> Read<Option<Membership>> {
        campaigns::membership(self.reads(), campaign, streamer).await
    }

    async fn members(&self, campaign: CampaignId) -> Read<Vec<MemberRow>> {
        campaigns::members(self.reads(), campaign).await
    }

    async fn events(&self, of: Option<UserId>, page: PageRequest) -> Read<Page<Event>> {
        catalogue::list(self.reads(), of, &page).await
    }

    async fn event(&self, id: EventId) -> Read<Option<Event>> {
        catalogue::get(self.reads(), id).await
    }

    async fn campaign_configs(&self, campaign: CampaignId) -> Read<Vec<CampaignConfig>> {
        configs::of_campaign(self.reads(), campaign, Lock::None).await
    }

    async fn streamer_configs(
        &self,
        campaign: CampaignId,
        streamer: StreamerId,
    ) -> Read<Vec<StreamerConfig>> {
        configs::of_streamer(self.reads(), campaign, streamer).await
    }

    async fn all_streamer_configs(&self) -> Read<Vec<StreamerConfig>> {
        configs::all_opt_ins(self.reads()).await
    }

    async fn rewards_not_deleted(&self) -> Read<Vec<Reward>> {
        rewards::not_deleted(self.reads()).await
    }

    async fn rewards(&self, campaign: CampaignId, streamer: StreamerId) -> Read<Vec<Reward>> {
        rewards::of_streamer(self.reads(), campaign, streamer).await
    }

    async fn instances(
        &self,
        campaign: CampaignId,
        filter: InstanceFilter,
        page: PageRequest,
    ) -> Read<Page<Instance>> {
        instances::list(self.reads(), campaign, filter, &page).await
    }

    async fn open_instances(&self, campaign: CampaignId) -> Read<Vec<Instance>> {
        instances::open(self.reads(), campaign).await
    }

    async fn cooling_instances(&self, campaign: CampaignId, now: Timestamp) -> Read<Vec<Instance>> {
        instances::cooling(self.reads(), campaign, now).await
    }

    async fn instance(&self, id: InstanceId) -> Read<Option<Instance>> {
        instances::get(self.reads(), id).await
    }

    async fn commands(&self, instance: InstanceId) -> Read<Vec<VttCommand>> {
        commands::of_instance(self.reads(), instance).await
    }

    async fn command(&self, id: CommandId) -> Read<Option<VttCommand>> {
        commands::get(self.reads(), id).await
    }

    async fn open_commands(&self, limit: u32) -> Read<Vec<VttCommand>> {
        commands::open(self.reads(), limit).await
    }

    async fn undos_of(&self, instance: InstanceId) -> Read<Vec<VttCommand>> {
        commands::undos_of(self.reads(), instance).await
    }

    async fn redemptions(
        &self,
        campaign: CampaignId,
        filter: RedemptionFilter,
        page: PageRequest,
    ) -> Read<Page<Redemption>> {
        redemptions::list(self.reads(), campaign, filter, &page).await
    }

    async fn redemption(&self, id: &RedemptionId) -> Read<Option<Redemption>> {
        redemptions::get(self.reads(), id).await
    }

    async fn known_redemptions(&self, ids: &[RedemptionId]) -> Read<Vec<RedemptionId>> {
        redemptions::known(self.reads(), ids).await
    }

    async fn pending_of_reward(&self, reward: RewardKey, limit: u32) -> Read<Vec<RedemptionId>> {
        redemptions::pending_of_reward(self.reads(), reward, limit).await
    }

    async fn is_settlement_due(&self, now: Timestamp) -> Read<bool> {
        Ok(redemptions::claimable(self.reads(), now).await?.is_some())
    }

    async fn unsettled_of_reward(&self, reward: RewardKey) -> Read<u64> {
        redemptions::unsettled_of_reward(self.reads(), reward).await
    }

    async fn ledger(&self, campaign: CampaignId, streamer: Option<StreamerId>) -> Read<Ledger> {
        let transaction = self.begin_read().await?;
        ledger::of_campaign(&transaction, campaign, streamer).await
    }

    async fn tally_of_instance(&self, instance: InstanceId) -> Read<Tally> {
        redemptions::tally_of_instance(self.reads(), instance).await
    }

    async fn stats(&self, campaign: CampaignId, now: Timestamp) -> Read<CampaignStats> {
        let transaction = self.begin_read().await?;
        stats::of_campaign(&transaction, campaign, now).await
    }

    async fn characters(&self, campaign: CampaignId) -> Read<Vec<Character>> {
        characters::of_campaign(self.reads(), campaign).await
    }

    async fn has_character(
        &self,
        campaign: CampaignId,
        streamer: StreamerId,
        gm_character: Option<CharacterId>,
    ) -> Read<bool> {
        characters::has_character(self.reads(), campaign, streamer, gm_character).await
    }

    async fn criticality_rules(&self, campaign: CampaignId) -> Read<Vec<CampaignRule>> {
        criticality_rules::of_campaign(self.reads(), campaign).await
    }

    async fn rolls(
        &self,
        campaign: CampaignId,
        filter: RollFilter,
        page: PageRequest,
    ) -> Read<Page<DiceRoll>> {
        rolls::list(self.reads(), campaign, filter, &page).await
    }

    async fn roll(&self, id: RollId) -> Read<Option<DiceRoll>> {
        rolls::get(self.reads(), id).await
    }

    async fn connections_of(&self, owner: UserId) -> Read<Vec<VttConnection>> {
        vtt::of_owner(self.reads(), owner).await
    }

    async fn connection(&self, id: ConnectionId) -> Read<Option<VttConnection>> {
        vtt::get(self.reads(), id, Lock::None).await
    }

    async fn connection_of(&self, campaign: CampaignId) -> Read<Option<VttConnection>> {
        vtt::of_campaign(self.reads(), campaign).await
    }

    async fn combat(&self, connection: ConnectionId) -> Read<Option<Combat>> {
        tables::combat(self.reads(), connection).await
    }

    async fn ending_combats(&self, now: Timestamp) -> Read<Vec<ConnectionId>> {
        tables::ending_combats(self.reads(), now).await
    }

    async fn clients(&self, connection: ConnectionId, now: Timestamp) -> Read<Vec<VttClient>> {
        tables::clients(self.reads(), connection, now).await
    }

    async fn events_after(
        &self,
        campaign: CampaignId,
        sequence: i64,
        limit: u32,
    ) -> Read<Vec<DomainEvent>> {
        log::after(self.reads(), campaign, sequence, limit).await
    }

    async fn log_range(&self, campaign: CampaignId) -> Read<(i64, i64)> {
        log::range(self.reads(), campaign).await
    }

    async fn overlay_by_hash(&self, hash: &str) -> Read<Option<OverlayToken>> {
        overlays::by_hash(self.reads(), hash).await
    }

    async fn overlays_of(
        &self,
        campaign: CampaignId,
        streamer: StreamerId,
    ) -> Read<Vec<OverlayToken>> {
        overlays::of_streamer(self.reads(), campaign, streamer).await
    }

    async fn overlay(&self, id: OverlayId) -> Read<Option<OverlayToken>> {
        overlays::get(self.reads(), id).await
    }

    async fn audit(&self, campaign: CampaignId, page: PageRequest) -> Read<Page<AuditEntry>> {
        access::audit_of(self.reads(), campaign, &page).await
    }
}
