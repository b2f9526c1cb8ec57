//! Requests to be paired, and the tokens that come of them.

use crate::ids::{ConnectionId, CredentialId, PairingId, VttWorldId};
use crate::time::Timestamp;

/// A world's request to be paired, until its code is claimed or runs out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairing {
    /// Our key; the secrets that the world receives are derived from it.
    pub id: PairingId,
    /// The code without its dash, upper case.
    pub code: String,
    /// The world that asked.
    pub world_id: VttWorldId,
    /// Its name.
    pub world_name: String,
    /// The game system's id.
    pub game_system: String,
    /// The version of the client.
    pub module_version: String,
    /// The address that asked.
    pub requested_from: String,
    /// When the code stops working.
    pub expires_at: Timestamp,
    /// The connection that the claim made; `None` until a GM claims the code.
    pub connection_id: Option<ConnectionId>,
    /// Set when the first socket used the credentials: they are not shown again.
    pub completed_at: Option<Timestamp>,
}

/// A handed-out pair of tokens of a connection; hashes only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VttCredential {
    /// Our key.
    pub id: CredentialId,
    /// Which connection it opens.
    pub connection_id: ConnectionId,
    /// Hash of the session token, checked at the handshake.
    pub session_hash: String,
    /// When the session token ends.
    pub session_expires_at: Timestamp,
    /// Hash of the refresh token.
    pub refresh_hash: String,
    /// When the refresh token ends.
    pub refresh_expires_at: Timestamp,
    /// When a newer pair took its place; the refresh token works for two minutes more.
    pub replaced_at: Option<Timestamp>,
    /// Set when the family was revoked.
    pub revoked_at: Option<Timestamp>,
}
