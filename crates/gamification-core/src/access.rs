//! Who may do what, and who did what. Secrets are here as hashes only.

use crate::ids::{ApiKeyId, AuditId, CampaignId, OverlayId, StreamerId, UserId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Administers the installation.
    Admin,
    /// Leads campaigns.
    Gm,
    /// Takes part with a channel.
    Streamer,
}

/// An API key. The key itself is shown once and never kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its key.
    pub id: ApiKeyId,
    /// Whose it is.
    pub user_id: UserId,
    /// The most that it lets its owner do.
    pub role: Role,
    /// The only campaign that it opens; `None` opens all of the owner's.
    pub campaign_id: Option<CampaignId>,
    /// SHA-256 of the key, in hexadecimal.
    pub hash: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

/// A secret, read-only address of one streamer's overlay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverlayToken {
    /// Its key.
    pub id: OverlayId,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// Whose view it shows.
    pub streamer_id: StreamerId,
    /// SHA-256 of the token, in hexadecimal.
    pub hash: String,
    /// The token, sealed, so that its streamer can be shown the address again; `None` for one that
    /// was made before tokens were kept.
    pub sealed_token: Option<String>,
    /// When it was made or last replaced.
    pub created_at: Timestamp,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
    /// What this address told of itself last; `None` until it does.
    pub sighting: Option<Sighting>,
}

/// What is kept of the token of an overlay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverlaySecret {
    /// SHA-256 of the token, in hexadecimal.
    pub hash: String,
    /// The token, sealed with a key that the store does not hold.
    pub sealed_token: String,
}

/// What an overlay told of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sighting {
    /// When it told.
    pub seen_at: Timestamp,
    /// Whether its scene shows it.
    pub is_visible: bool,
    /// Whether viewers see it; `None` when its browser cannot know.
    pub is_on_air: Option<bool>,
}

/// What one of many overlays told of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OverlaySighting {
    /// Which.
    pub overlay_id: OverlayId,
    /// What it told.
    pub sighting: Sighting,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    /// A person.
    User {
        /// Who.
        user_id: UserId,
    },
    /// The service itself, or the program's command line.
    Service,
}

/// A line of the audit.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    /// Its key.
    pub id: AuditId,
    /// The campaign, if it is about one.
    pub campaign_id: Option<CampaignId>,
    /// Who did it.
    pub actor: Actor,
    /// What was done, as `noun.verb`: `event.enabled`, `goal.cancelled`.
    pub action: String,
    /// The ids and values that it was done with; no secrets.
    pub details: Value,
    /// When.
    pub at: Timestamp,
}

/// The answer that a repeated `POST` gets again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotentAnswer {
    /// Who sent it.
    pub user_id: UserId,
    /// The `Idempotency-Key`.
    pub key: String,
    /// Hash of method, path and body.
    pub request_hash: String,
    /// The status of the answer; `None` while the first request is still being worked on.
    pub status: Option<u16>,
    /// The body of the answer.
    pub body: String,
    /// When the first request came.
    pub created_at: Timestamp,
}

/// How long the answer to an `Idempotency-Key` is kept, in seconds.
pub const IDEMPOTENCY_SECONDS: u32 = 24 * 3600;
