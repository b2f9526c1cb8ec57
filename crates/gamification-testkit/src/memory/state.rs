use super::journal::Journal;
use super::outbox::OutboxRow;
use gamification_core::access::{ApiKey, AuditEntry, IdempotentAnswer, OverlayToken};
use gamification_core::announcement::DomainEvent;
use gamification_core::campaign::{Campaign, Character, Membership, User};
use gamification_core::criticality::CampaignRule;
use gamification_core::event::{CampaignConfig, Event, StreamerConfig};
use gamification_core::ids::{
    ApiKeyId, AuditId, CampaignId, CharacterId, CommandId, ConnectionId, CredentialId,
    CriticalityRuleId, EventId, InstanceId, LoginSessionId, OutboxId, OverlayId, PairingId,
    RedemptionId, RewardKey, RollId, SocketId, StreamerId, UserId,
};
use gamification_core::instance::Instance;
use gamification_core::login::{LoginSession, TwitchLogin};
use gamification_core::preferences::Preferences;
use gamification_core::redemption::Redemption;
use gamification_core::reward::Reward;
use gamification_core::time::Timestamp;
use gamification_core::vtt::{
    Combat, DiceRoll, Pairing, VttClient, VttCommand, VttConnection, VttCredential,
};
use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// Rows by key. Cloning is cheap; the rows are copied at the first change of a clone.
#[derive(Clone)]
pub(super) struct Table<K, V>(Arc<BTreeMap<K, V>>);

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K, V> Deref for Table<K, V> {
    type Target = BTreeMap<K, V>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<K: Ord + Clone, V: Clone> DerefMut for Table<K, V> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        Arc::make_mut(&mut self.0)
    }
}

/// A row of the ledger with the lease of who settles it.
#[derive(Clone)]
pub(super) struct LedgerRow {
    pub(super) redemption: Redemption,
    pub(super) leased_until: Option<Timestamp>,
}

/// Everything that is stored.
#[derive(Clone, Default)]
pub(super) struct State {
    pub(super) users: Table<UserId, User>,
    pub(super) preferences: Table<UserId, Preferences>,
    pub(super) keys: Table<ApiKeyId, ApiKey>,
    pub(super) overlays: Table<OverlayId, OverlayToken>,
    pub(super) idempotency: Table<(UserId, String), IdempotentAnswer>,
    pub(super) audit: Table<AuditId, AuditEntry>,
    pub(super) campaigns: Table<CampaignId, Campaign>,
    pub(super) memberships: Table<(CampaignId, StreamerId), Membership>,
    pub(super) characters: Table<CharacterId, Character>,
    pub(super) events: Table<EventId, Event>,
    pub(super) campaign_configs: Table<(CampaignId, EventId), CampaignConfig>,
    pub(super) streamer_configs: Table<(CampaignId, EventId, StreamerId), StreamerConfig>,
    pub(super) instances: Table<InstanceId, Instance>,
    /// When a trigger fired, by campaign, event and the key under which it fires once.
    pub(super) fired_triggers: Table<(CampaignId, EventId, String), Timestamp>,
    pub(super) redemptions: Table<RedemptionId, LedgerRow>,
    pub(super) journal: Journal,
    pub(super) rewards: Table<RewardKey, Reward>,
    pub(super) commands: Table<CommandId, VttCommand>,
    pub(super) rolls: Table<RollId, DiceRoll>,
    pub(super) criticality_rules: Table<CriticalityRuleId, CampaignRule>,
    pub(super) connections: Table<ConnectionId, VttConnection>,
    pub(super) combats: Table<ConnectionId, Combat>,
    pub(super) clients: Table<SocketId, VttClient>,
    pub(super) pairings: Table<PairingId, Pairing>,
    pub(super) credentials: Table<CredentialId, VttCredential>,
    pub(super) logins: Table<UserId, TwitchLogin>,
    pub(super) sessions: Table<LoginSessionId, LoginSession>,
    pub(super) outbox: Table<OutboxId, OutboxRow>,
    pub(super) log: Table<(CampaignId, i64), DomainEvent>,
    /// The last sequence number given out, per campaign.
    pub(super) sequences: Table<CampaignId, i64>,
}

impl State {
    pub(super) fn user_by_login(&self, login: &str) -> Option<User> {
        let login = login.to_lowercase();
        self.users.values().find(|user| user.login.to_lowercase() == login).cloned()
    }

    /// The steps of a goal's execution, in order.
    pub(super) fn commands_of(&self, instance: InstanceId) -> Vec<VttCommand> {
        let mut commands: Vec<_> =
            self.commands.values().filter(|c| c.instance_id == Some(instance)).cloned().collect();
        commands.sort_by_key(|command| command.step);
        commands
    }

    /// The campaign's characters, ordered by name.
    pub(super) fn characters_of(&self, campaign: CampaignId) -> Vec<Character> {
        let of_campaign = self.characters.values().filter(|c| c.campaign_id == campaign);
        let mut characters: Vec<_> = of_campaign.cloned().collect();
        characters.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        characters
    }

    pub(super) fn has_character(
        &self,
        campaign: CampaignId,
        streamer: StreamerId,
        gm_character: Option<CharacterId>,
    ) -> bool {
        let is_wanted =
            |c: &Character| c.assigned_streamer_id == Some(streamer) || Some(c.id) == gm_character;
        self.characters.values().any(|c| c.campaign_id == campaign && is_wanted(c))
    }

    /// The connection that is not revoked, else the newest revoked one.
    pub(super) fn connection_of(&self, campaign: CampaignId) -> Option<VttConnection> {
        self.connections
            .values()
            .filter(|c| c.campaign_id == Some(campaign))
            .max_by_key(|c| (!c.is_revoked(), c.created_at, c.id))
            .cloned()
    }
}
