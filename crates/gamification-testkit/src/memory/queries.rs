use super::MemoryStore;
use super::goals::is_asked_for;
use super::paging::page;
use super::redemptions::is_wanted;
use super::table::is_listed;
use async_trait::async_trait;
use gamification_core::access::{ApiKey, AuditEntry, OverlayToken};
use gamification_core::announcement::DomainEvent;
use gamification_core::campaign::{Campaign, Character, Membership, MembershipStatus, User};
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
    InstanceFilter, MemberRow, Page, PageRequest, Queries, RedemptionFilter, RollFilter, StoreError,
};
use gamification_core::preferences::Preferences;
use gamification_core::redemption::Redemption;
use gamification_core::reward::Reward;
use gamification_core::stats::CampaignStats;
use gamification_core::time::Timestamp;
use gamification_core::vtt::{Combat, DiceRoll, VttClient, VttCommand, VttConnection};
use std::cmp::Reverse;
use std::fmt::Display;

type Read<T> = Result<T, StoreError>;

/// A key that sorts by age, then by id.
fn by_age(at: Timestamp, id: impl Display) -> String {
    format!("{:020}-{id}", at.as_micros())
}

#[async_trait]
impl Queries for MemoryStore {
    async fn ping(&self) -> Read<()> {
        self.snapshot().map(|_| ())
    }

    async fn user(&self, id: UserId) -> Read<Option<User>> {
        Ok(self.snapshot()?.users.get(&id).cloned())
    }

    async fn user_by_login(&self, login: &str) -> Read<Option<User>> {
        Ok(self.snapshot()?.user_by_login(login))
    }

    async fn user_by_twitch_id(&self, id: &TwitchUserId) -> Read<Option<User>> {
        Ok(self.snapshot()?.users.values().find(|user| user.twitch_id == *id).cloned())
    }

    async fn preferences(&self, user: UserId) -> Read<Option<Preferences>> {
        Ok(self.snapshot()?.preferences.get(&user).cloned())
    }

    async fn has_no_users(&self) -> Read<bool> {
        Ok(self.snapshot()?.users.is_empty())
    }

    async fn key_by_hash(&self, hash: &str) -> Read<Option<ApiKey>> {
        Ok(self.snapshot()?.keys.values().find(|key| key.hash == hash).cloned())
    }

    async fn keys(&self) -> Read<Vec<ApiKey>> {
        let mut keys: Vec<_> = self.snapshot()?.keys.values().cloned().collect();
        keys.sort_by_key(|key| Reverse((key.created_at, key.id)));
        Ok(keys)
    }

    async fn logins(&self, users: &[UserId]) -> Read<Vec<TwitchLogin>> {
        let state = self.snapshot()?;
        Ok(state.logins.values().filter(|login| users.contains(&login.user_id)).cloned().collect())
    }

    async fn all_logins(&self) -> Read<Vec<TwitchLogin>> {
        Ok(self.snapshot()?.logins.values().cloned().collect())
    }

    async fn session_by_hash(&self, hash: &str) -> Read<Option<LoginSession>> {
        Ok(self.snapshot()?.session_by_hash(hash))
    }

    async fn channels_with_rewards(&self) -> Read<Vec<User>> {
        Ok(self.snapshot()?.channels_with_rewards())
    }

    async fn campaign(&self, id: CampaignId) -> Read<Option<Campaign>> {
        Ok(self.snapshot()?.campaigns.get(&id).cloned())
    }

    async fn all_campaigns(&self) -> Read<Vec<CampaignId>> {
        Ok(self.snapshot()?.campaigns.keys().copied().collect())
    }

    async fn campaigns_of(&self, user: UserId, request: PageRequest) -> Read<Page<Campaign>> {
        let state = self.snapshot()?;
        let takes_part = |campaign: &&Campaign| {
            let membership = state.memberships.get(&(campaign.id, user.into()));
            campaign.owner_id == user
                || membership.is_some_and(|m| m.status != MembershipStatus::Left)
        };
        let rows = state.campaigns.values().filter(takes_part);
        let rows = rows.map(|c| (by_age(c.created_at, c.id), c.clone())).collect();
        page(&format!("campaigns {user}"), rows, true, &request)
    }

    async fn membership(
        &self,
        campaign: CampaignId,
        streamer: StreamerId,
    ) -> Read<Option<Membership>> {
        Ok(self.snapshot()?.memberships.get(&(campaign, streamer)).cloned())
    }

    async fn members(&self, campaign: CampaignId) -> Read<Vec<MemberRow>> {
        Ok(self.snapshot()?.members(campaign))
    }

    async fn events(&self, of: Option<UserId>, request: PageRequest) -> Read<Page<Event>> {
        let state = self.snapshot()?;
        let is_seen = |event: &&Event| of.is_none() || event.is_system || event.created_by == of;
        let rows = state.events.values().filter(is_seen);
        let rows = rows.map(|event| (event.slug.clone(), event.clone())).collect();
        page("events", rows, false, &request)
    }

    async fn event(&self, id: EventId) -> Read<Option<Event>> {
        Ok(self.snapshot()?.events.get(&id).cloned())
    }

    async fn campaign_configs(&self, campaign: CampaignId) -> Read<Vec<CampaignConfig>> {
        let state = self.snapshot()?;
        let configs = state.campaign_configs.values();
        Ok(configs.filter(|c| c.campaign_id == campaign).cloned().collect())
    }

    async fn streamer_configs(
        &self,
        campaign: CampaignId,
        streamer: StreamerId,
    ) -> Read<Vec<StreamerConfig>> {
        let state = self.snapshot()?;
        let is_asked = |c: &&StreamerConfig| c.campaign_id == campaign && c.streamer_id == streamer;
        Ok(state.streamer_configs.values().filter(is_asked).cloned().collect())
    }

    async fn all_streamer_configs(&self) -> Read<Vec<StreamerConfig>> {
        Ok(self.snapshot()?.streamer_configs.values().cloned().collect())
    }

    async fn rewards_not_deleted(&self) -> Read<Vec<Reward>> {
        Ok(self.snapshot()?.rewards_not_deleted())
    }

    async fn rewards(&self, campaign: CampaignId, streamer: StreamerId) -> Read<Vec<Reward>> {
        let mut rewards = self.snapshot()?.rewards_not_deleted();
        rewards.retain(|r| r.campaign_id == campaign && r.streamer_id == streamer);
        Ok(rewards)
    }

    async fn instances(
        &self,
        campaign: CampaignId,
        filter: InstanceFilter,
        request: PageRequest,
    ) -> Read<Page<Instance>> {
        let state = self.snapshot()?;
        let rows = state.instances.values();
        let rows = rows.filter(|i| i.campaign_id == campaign && is_asked_for(i, &filter));
        let rows = rows.map(|i| (by_age(i.started_at, i.id), i.clone())).collect();
        page(&format!("instances {campaign}"), rows, true, &request)
    }

    async fn open_instances(&self, campaign: CampaignId) -> Read<Vec<Instance>> {
        Ok(self.snapshot()?.open_instances(campaign))
    }

    async fn cooling_instances(&self, campaign: CampaignId, now: Timestamp) -> Read<Vec<Instance>> {
        Ok(self.snapshot()?.cooling_instances(campaign, now))
    }

    async fn instance(&self, id: InstanceId) -> Read<Option<Instance>> {
        Ok(self.snapshot()?.instances.get(&id).cloned())
    }

    async fn commands(&self, instance: InstanceId) -> Read<Vec<VttCommand>> {
        Ok(self.snapshot()?.commands_of(instance))
    }

    async fn command(&self, id: CommandId) -> Read<Option<VttCommand>> {
        Ok(self.snapshot()?.commands.get(&id).cloned())
    }

    async fn open_commands(&self, limit: u32) -> Read<Vec<VttCommand>> {
        let state = self.snapshot()?;
        let open = state.commands.values().filter(|command| command.status.is_open());
        let mut open: Vec<_> = open.cloned().collect();
        open.sort_by_key(|command| (command.instance_id, command.step, command.id));
        open.truncate(limit as usize);
        Ok(open)
    }

    async fn undos_of(&self, instance: InstanceId) -> Read<Vec<VttCommand>> {
        let state = self.snapshot()?;
        let steps = state.commands_of(instance);
        let is_step = |id| steps.iter().any(|step| step.id == id);
        let undos = state.commands.values().filter(|c| c.undoes.is_some_and(is_step));
        Ok(undos.cloned().collect())
    }

    async fn redemptions(
        &self,
        campaign: CampaignId,
        filter: RedemptionFilter,
        request: PageRequest,
    ) -> Read<Page<Redemption>> {
        let state = self.snapshot()?;
        let rows = state.redemptions.values().map(|row| &row.redemption);
        let rows = rows.filter(|r| r.campaign_id == campaign && is_wanted(r, &filter));
        let rows = rows.map(|r| (by_age(r.received_at, &r.id), r.clone())).collect();
        page(&format!("redemptions {campaign}"), rows, true, &request)
    }

    async fn redemption(&self, id: &RedemptionId) -> Read<Option<Redemption>> {
        Ok(self.snapshot()?.redemptions.get(id).map(|row| row.redemption.clone()))
    }

    async fn known_redemptions(&self, ids: &[RedemptionId]) -> Read<Vec<RedemptionId>> {
        let state = self.snapshot()?;
        Ok(ids.iter().filter(|id| state.redemptions.contains_key(id)).cloned().collect())
    }

    async fn pending_of_reward(&self, reward: RewardKey, limit: u32) -> Read<Vec<RedemptionId>> {
        Ok(self.snapshot()?.pending_of_reward(reward, limit))
    }

    async fn is_settlement_due(&self, now: Timestamp) -> Read<bool> {
        Ok(!self.snapshot()?.claimable(now, 1).is_empty())
    }

    async fn unsettled_of_reward(&self, reward: RewardKey) -> Read<u64> {
        Ok(self.snapshot()?.unsettled_of_reward(reward))
    }

    async fn ledger(&self, campaign: CampaignId, streamer: Option<StreamerId>) -> Read<Ledger> {
        Ok(self.snapshot()?.ledger(campaign, streamer))
    }

    async fn tally_of_instance(&self, instance: InstanceId) -> Read<Tally> {
        Ok(self.snapshot()?.tally_of_instance(instance))
    }

    async fn stats(&self, campaign: CampaignId, now: Timestamp) -> Read<CampaignStats> {
        Ok(self.snapshot()?.stats(campaign, now))
    }

    async fn characters(&self, campaign: CampaignId) -> Read<Vec<Character>> {
        Ok(self.snapshot()?.characters_of(campaign))
    }

    async fn has_character(
        &self,
        campaign: CampaignId,
        streamer: StreamerId,
        gm_character: Option<CharacterId>,
    ) -> Read<bool> {
        Ok(self.snapshot()?.has_character(campaign, streamer, gm_character))
    }

    async fn criticality_rules(&self, campaign: CampaignId) -> Read<Vec<CampaignRule>> {
        Ok(self.snapshot()?.criticality_rules_of(campaign))
    }

    async fn rolls(
        &self,
        campaign: CampaignId,
        filter: RollFilter,
        request: PageRequest,
    ) -> Read<Page<DiceRoll>> {
        let state = self.snapshot()?;
        let rows = state.rolls.values();
        let rows = rows.filter(|r| r.campaign_id == campaign && is_listed(r, &filter));
        let rows = rows.map(|r| (by_age(r.rolled_at, r.id), r.clone())).collect();
        page(&format!("rolls {campaign}"), rows, true, &request)
    }

    async fn roll(&self, id: RollId) -> Read<Option<DiceRoll>> {
        Ok(self.snapshot()?.rolls.get(&id).cloned())
    }

    async fn connections_of(&self, owner: UserId) -> Read<Vec<VttConnection>> {
        let state = self.snapshot()?;
        Ok(state.connections.values().filter(|c| c.owner_id == owner).cloned().collect())
    }

    async fn connection(&self, id: ConnectionId) -> Read<Option<VttConnection>> {
        Ok(self.snapshot()?.connections.get(&id).cloned())
    }

    async fn connection_of(&self, campaign: CampaignId) -> Read<Option<VttConnection>> {
        Ok(self.snapshot()?.connection_of(campaign))
    }

    async fn combat(&self, connection: ConnectionId) -> Read<Option<Combat>> {
        Ok(self.snapshot()?.combats.get(&connection).cloned())
    }

    async fn ending_combats(&self, now: Timestamp) -> Read<Vec<ConnectionId>> {
        let state = self.snapshot()?;
        let is_over = |combat: &Combat| combat.ends_at.is_some_and(|end| end <= now);
        let ending = state.combats.iter().filter(|(_, combat)| is_over(combat));
        Ok(ending.map(|(connection, _)| *connection).collect())
    }

    async fn clients(&self, connection: ConnectionId, now: Timestamp) -> Read<Vec<VttClient>> {
        let state = self.snapshot()?;
        let live = |c: &&VttClient| c.connection_id == connection && c.seen_until > now;
        let mut clients: Vec<_> = state.clients.values().filter(live).cloned().collect();
        clients.sort_by(|a, b| (a.connected_at, &a.socket).cmp(&(b.connected_at, &b.socket)));
        Ok(clients)
    }

    async fn events_after(
        &self,
        campaign: CampaignId,
        sequence: i64,
        limit: u32,
    ) -> Read<Vec<DomainEvent>> {
        let state = self.snapshot()?;
        let newer = state.log.range((campaign, sequence.saturating_add(1))..);
        Ok(newer
            .take_while(|((of, _), _)| *of == campaign)
            .take(limit as usize)
            .map(|(_, event)| event.clone())
            .collect())
    }

    async fn log_range(&self, campaign: CampaignId) -> Read<(i64, i64)> {
        let state = self.snapshot()?;
        let last = state.sequences.get(&campaign).copied().unwrap_or(0);
        let held = state.log.range((campaign, i64::MIN)..=(campaign, i64::MAX));
        Ok((held.map(|((_, sequence), _)| *sequence).next().unwrap_or(last + 1), last))
    }

    async fn overlay_by_hash(&self, hash: &str) -> Read<Option<OverlayToken>> {
        Ok(self.snapshot()?.overlays.values().find(|overlay| overlay.hash == hash).cloned())
    }

    async fn overlays_of(
        &self,
        campaign: CampaignId,
        streamer: StreamerId,
    ) -> Read<Vec<OverlayToken>> {
        let state = self.snapshot()?;
        let is_asked = |overlay: &&OverlayToken| {
            overlay.campaign_id == campaign
                && overlay.streamer_id == streamer
                && overlay.revoked_at.is_none()
        };
        let mut overlays: Vec<_> = state.overlays.values().filter(is_asked).cloned().collect();
        overlays.sort_by_key(|overlay| Reverse((overlay.created_at, overlay.id)));
        overlays.truncate(200);
        Ok(overlays)
    }

    async fn overlay(&self, id: OverlayId) -> Read<Option<OverlayToken>> {
        Ok(self.snapshot()?.overlays.get(&id).cloned())
    }

    async fn audit(&self, campaign: CampaignId, request: PageRequest) -> Read<Page<AuditEntry>> {
        let state = self.snapshot()?;
        let rows = state.audit.values().filter(|entry| entry.campaign_id == Some(campaign));
        let rows = rows.map(|entry| (by_age(entry.at, entry.id), entry.clone())).collect();
        page(&format!("audit {campaign}"), rows, true, &request)
    }
}
