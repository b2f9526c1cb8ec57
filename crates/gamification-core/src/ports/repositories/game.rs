use super::{Lock, Stored};
use crate::access::{ApiKey, AuditEntry, IdempotentAnswer, OverlaySighting, OverlayToken};
use crate::campaign::{Campaign, Character, Membership, User};
use crate::event::{CampaignConfig, Event, StreamerConfig};
use crate::ids::{
    ApiKeyId, CampaignId, CharacterId, EventId, OverlayId, StreamerId, TwitchUserId, UserId,
    VttActorId,
};
use crate::preferences::Preferences;
use crate::time::Timestamp;
use async_trait::async_trait;

/// People.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait UserRepository: Send {
    /// The person with that key.
    async fn get(&mut self, id: UserId) -> Stored<Option<User>>;
    /// The people with those keys, in any order; unknown ones are left out.
    async fn get_many(&mut self, ids: &[UserId]) -> Stored<Vec<User>>;
    /// The person with that Twitch account.
    async fn by_twitch_id(&mut self, id: &TwitchUserId) -> Stored<Option<User>>;
    /// The person with that login, in any case of letters.
    async fn by_login(&mut self, login: &str) -> Stored<Option<User>>;
    /// Inserts or replaces the person with that key.
    async fn save(&mut self, user: &User) -> Stored<()>;
    /// Inserts or replaces what a person chose, who must be there.
    async fn save_preferences(&mut self, preferences: &Preferences) -> Stored<()>;
}

/// Games, their members and characters.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait CampaignRepository: Send {
    /// The campaign with that key.
    async fn get(&mut self, id: CampaignId, lock: Lock) -> Stored<Option<Campaign>>;
    /// Inserts a new campaign.
    async fn insert(&mut self, campaign: &Campaign) -> Stored<()>;
    /// Replaces the campaign with that key.
    async fn update(&mut self, campaign: &Campaign) -> Stored<()>;
    /// Removes the campaign with everything in it except the ledger: its configs, members,
    /// characters, connections. Its redemptions, rewards, journal and goals stay.
    async fn delete(&mut self, id: CampaignId) -> Stored<()>;
    /// Campaigns that are being deleted.
    async fn deleting(&mut self) -> Stored<Vec<CampaignId>>;
    /// That streamer's place in the campaign.
    async fn membership(
        &mut self,
        campaign: CampaignId,
        streamer: StreamerId,
    ) -> Stored<Option<Membership>>;
    /// Every membership of the campaign, whatever its status, ordered by streamer.
    async fn memberships(&mut self, campaign: CampaignId) -> Stored<Vec<Membership>>;
    /// Inserts or replaces a membership.
    async fn save_membership(&mut self, membership: &Membership) -> Stored<()>;
    /// The character with that key.
    async fn character(&mut self, id: CharacterId) -> Stored<Option<Character>>;
    /// The character that the campaign's VTT calls so.
    async fn character_of_actor(
        &mut self,
        campaign: CampaignId,
        actor: &VttActorId,
    ) -> Stored<Option<Character>>;
    /// The campaign's characters, ordered by name.
    async fn characters(&mut self, campaign: CampaignId) -> Stored<Vec<Character>>;
    /// Whether an action can be about a character of that streamer: one that is assigned to them, or
    /// that one of the GM's.
    async fn has_character(
        &mut self,
        campaign: CampaignId,
        streamer: StreamerId,
        gm_character: Option<CharacterId>,
    ) -> Stored<bool>;
    /// Inserts or replaces a character.
    async fn save_character(&mut self, character: &Character) -> Stored<()>;
    /// Removes a character; nothing happens when there is none with that key.
    async fn delete_character(&mut self, id: CharacterId) -> Stored<()>;
}

/// Kinds of goals.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait CatalogueRepository: Send {
    /// The event with that key.
    async fn get(&mut self, id: EventId) -> Stored<Option<Event>>;
    /// The event with that slug.
    async fn by_slug(&mut self, slug: &str) -> Stored<Option<Event>>;
    /// Inserts a new event; [`StoreError::AlreadyExists`](crate::ports::StoreError::AlreadyExists)
    /// when its slug is taken.
    async fn insert(&mut self, event: &Event) -> Stored<()>;
    /// Replaces the event with that key.
    async fn update(&mut self, event: &Event) -> Stored<()>;
    /// Removes the event with its configs and opt-ins.
    async fn delete(&mut self, id: EventId) -> Stored<()>;
    /// Whether any campaign has it enabled, or any goal or reward of it is not over.
    async fn is_in_use(&mut self, id: EventId) -> Stored<bool>;
}

/// The GM's settings and the streamers' opt-ins.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait ConfigRepository: Send {
    /// The campaign's setting of an event. Shared to open or count, exclusive to disable.
    async fn campaign_config(
        &mut self,
        campaign: CampaignId,
        event: EventId,
        lock: Lock,
    ) -> Stored<Option<CampaignConfig>>;
    /// All settings of the campaign, ordered by event, locked in that order.
    async fn campaign_configs(
        &mut self,
        campaign: CampaignId,
        lock: Lock,
    ) -> Stored<Vec<CampaignConfig>>;
    /// Inserts or replaces a setting.
    async fn save_campaign_config(&mut self, config: &CampaignConfig) -> Stored<()>;
    /// A streamer's opt-in to an event.
    async fn streamer_config(
        &mut self,
        campaign: CampaignId,
        streamer: StreamerId,
        event: EventId,
    ) -> Stored<Option<StreamerConfig>>;
    /// Every opt-in of the campaign to that event, ordered by streamer.
    async fn streamer_configs(
        &mut self,
        campaign: CampaignId,
        event: EventId,
    ) -> Stored<Vec<StreamerConfig>>;
    /// Inserts or replaces an opt-in.
    async fn save_streamer_config(&mut self, config: &StreamerConfig) -> Stored<()>;
}

/// Keys, overlay addresses, repeated requests, audit.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait AccessRepository: Send {
    /// Inserts a new key.
    async fn insert_key(&mut self, key: &ApiKey) -> Stored<()>;
    /// Takes a key back; `false` when there is no such key or it was taken back before.
    async fn revoke_key(&mut self, id: ApiKeyId, now: Timestamp) -> Stored<bool>;
    /// The overlay with that key.
    async fn overlay(&mut self, id: OverlayId) -> Stored<Option<OverlayToken>>;
    /// Inserts or replaces an overlay.
    async fn save_overlay(&mut self, overlay: &OverlayToken) -> Stored<()>;
    /// Keeps what overlays told of themselves; of how many. One that is not there, was taken back,
    /// was replaced after it told or is known to have told later stays as it is.
    async fn note_sightings(&mut self, sightings: &[OverlaySighting]) -> Stored<u64>;
    /// Claims an `Idempotency-Key`: `None` when it is new and now ours, else what is known of it.
    /// Claims older than [`IDEMPOTENCY_SECONDS`](crate::access::IDEMPOTENCY_SECONDS) count as new.
    async fn claim_idempotency(
        &mut self,
        claim: &IdempotentAnswer,
    ) -> Stored<Option<IdempotentAnswer>>;
    /// Stores the answer of a claimed key.
    async fn save_idempotent_answer(&mut self, answer: &IdempotentAnswer) -> Stored<()>;
    /// Gives a claim back without an answer, so that the request may be repeated.
    async fn forget_idempotency(&mut self, user: UserId, key: &str) -> Stored<()>;
    /// Appends a line to the audit.
    async fn audit(&mut self, entry: &AuditEntry) -> Stored<()>;
}
