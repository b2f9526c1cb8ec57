use gamification_core::ids::{CampaignId, ConnectionId};
use gamification_core::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What a world sends to be paired. `gmUserId` and `gameSystemName` are sent too and not needed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PairingRequest {
    /// The world's id in the VTT, 1–128 bytes.
    pub world_id: String,
    /// The world's name; its id when it has none.
    #[serde(default)]
    pub world_name: Option<String>,
    /// The version of the client.
    #[serde(default)]
    pub module_version: Option<String>,
    /// The game system's id.
    #[serde(default)]
    pub game_system_id: Option<String>,
    /// A secret that the client thought of: only who knows it may fetch the result.
    #[serde(default)]
    pub poll_token: Option<String>,
}

/// Who asks for the result of a pairing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requester<'a> {
    /// The client's address, as the server sees it.
    pub address: &'a str,
    /// The secret that the client thought of, if it did.
    pub poll_token: Option<&'a str>,
}

/// The code that the GM types into this service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PairingCode {
    /// Always true.
    pub success: bool,
    /// `ABC-123`.
    pub code: String,
    /// Seconds until it ends.
    pub expires_in: u32,
    /// When it ends, in milliseconds since 1970.
    pub expires_at: i64,
    /// Where to go from now on.
    pub server_url: String,
}

/// The secrets of a world. They open this one connection and nothing else.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HandedOver {
    /// The connection.
    pub connection_id: ConnectionId,
    /// For the HTTP calls.
    pub api_key: String,
    /// For the socket.
    pub session_token: String,
    /// For the next session token.
    pub refresh_token: String,
    /// Seconds until the session token ends.
    pub expires_in: u32,
    /// Where to go.
    pub server_url: String,
    /// Must be sent with the refresh token.
    pub fingerprint: String,
}

impl std::fmt::Debug for HandedOver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HandedOver")
            .field("connection_id", &self.connection_id)
            .finish_non_exhaustive()
    }
}

/// How far a pairing has got; always 200.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum PairingStatus {
    /// Nobody typed the code yet.
    Pending {
        /// `ABC-123`.
        code: String,
        /// When it ends, in milliseconds since 1970.
        expires_at: i64,
        /// Seconds until then.
        remaining_seconds: u32,
    },
    /// The GM typed it: the secrets, until a socket uses them or the code ends.
    Completed(HandedOver),
    /// The code ended, or the secrets were used.
    Expired,
    /// No such code of that world, or it is not for the caller.
    NotFound,
}

/// The state of a connection, for clients without a socket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ConnectionHealth {
    /// 200.
    Healthy {
        /// The connection.
        connection_id: ConnectionId,
        /// Its campaign.
        campaign_id: CampaignId,
        /// The campaign's name.
        campaign_name: String,
        /// `connected` while a socket is live, else `disconnected`.
        tunnel_status: &'static str,
        /// When a socket was last known to be live.
        last_heartbeat_at: Option<Timestamp>,
    },
    /// 401: the GM or the world took the credentials back.
    Revoked {
        /// What to read.
        error: &'static str,
    },
    /// 401: no key was sent.
    Expired {
        /// What to read.
        error: &'static str,
    },
    /// 404: no connection has that key.
    NotFound {
        /// What to read.
        error: &'static str,
    },
    /// 410.
    CampaignDeleted {
        /// The connection.
        connection_id: ConnectionId,
        /// What to read.
        error: &'static str,
    },
}

impl ConnectionHealth {
    /// The status of the HTTP answer.
    #[must_use]
    pub const fn http_status(&self) -> u16 {
        match self {
            Self::Healthy { .. } => 200,
            Self::Revoked { .. } | Self::Expired { .. } => 401,
            Self::NotFound { .. } => 404,
            Self::CampaignDeleted { .. } => 410,
        }
    }
}

/// Whether a revoked connection was allowed again; always 200.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum ReauthorizationStatus {
    /// New secrets, until a socket uses them.
    Reauthorized(HandedOver),
    /// Not yet.
    StillRevoked,
    /// It is not revoked, and its secrets were fetched.
    AlreadyActive,
    /// No connection of that world has that key.
    NotFound,
}

/// Asks for new tokens.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefreshRequest {
    /// The refresh token.
    pub refresh_token: String,
    /// The fingerprint of the connection.
    #[serde(default)]
    pub fingerprint: Option<String>,
}

/// New tokens.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FreshTokens {
    /// For the socket.
    pub session_token: String,
    /// For the next time.
    pub refresh_token: String,
    /// Seconds until the session token ends.
    pub expires_in: u32,
}

impl std::fmt::Debug for FreshTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FreshTokens").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

/// A world takes itself off. It sends a `reason` too, which nobody needs.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RevokeRequest {
    /// The connection.
    pub connection_id: ConnectionId,
    /// Its API key.
    pub api_key: String,
}
