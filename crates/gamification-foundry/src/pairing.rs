//! How a world is paired with a campaign, and how its clients keep their tokens (5-vtt-protocol,
//! Pairing). No HTTP: the server maps the routes to these calls, and answers what they answer.
//!
//! No secret is stored. Each is derived from the service's key and the id of a row, so that every
//! node can give the same answer again; the rows hold hashes.

mod answers;
mod attempts;
mod gm;
mod handshake;
mod health;
mod refresh;
mod secrets;
mod world;

pub use answers::{
    ConnectionHealth, FreshTokens, HandedOver, PairingCode, PairingRequest, PairingStatus,
    ReauthorizationStatus, RefreshRequest, Requester, RevokeRequest,
};
pub use gm::ClaimError;
pub use handshake::HandshakeRefused;

use crate::link::FoundryLink;
use attempts::WrongClaims;
use gamification_core::ids::{ConnectionId, CredentialId};
use gamification_core::ports::{StoreError, UnitOfWork};
use gamification_core::service::Ports;
use gamification_core::time::Timestamp;
use gamification_core::vtt::{VttConnection, VttCredential};
use secrets::Secrets;
use std::sync::Arc;

/// How long a code works, in seconds.
pub const CODE_SECONDS: u32 = 300;
/// How long a session token opens sockets, in seconds: longer than an evening, so that a server that
/// restarts in the middle of one is found again (docs/decisions/0012).
pub const SESSION_SECONDS: u32 = 24 * 3_600;
/// How long a refresh token works, in seconds: longer than a group pauses between two evenings.
pub const REFRESH_SECONDS: u32 = 60 * 24 * 3_600;
/// How long a world that was allowed again may fetch its new secrets, in seconds.
pub const REAUTHORIZATION_SECONDS: u32 = 7 * 24 * 3_600;
/// For how long a refresh token works after it was replaced, in seconds: several browsers of one
/// world share it.
pub const REPLACED_SECONDS: u32 = 120;

/// Why a call was not carried out; the text may go to the client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PairingError {
    /// The store could not. The text has none of the words that make clients forget their tokens.
    #[error("the server cannot reach its store now, try again later")]
    Unavailable(#[from] StoreError),
    /// A field makes no sense; 422.
    #[error("{0} {1}")]
    Field(&'static str, &'static str),
    /// The credentials do not hold; 401.
    #[error("{0}")]
    Refused(&'static str),
}

/// Pairs worlds, hands out their tokens and checks them.
pub struct Pairing {
    ports: Ports,
    secrets: Secrets,
    server_url: String,
    wrong_claims: WrongClaims,
    link: Arc<FoundryLink>,
}

impl Pairing {
    /// `secret_key` signs every secret: changing it ends every pairing. `server_url` is the address
    /// at which worlds reach this service, without a slash at its end.
    #[must_use]
    pub fn new(
        ports: Ports,
        secret_key: &[u8],
        server_url: String,
        link: Arc<FoundryLink>,
    ) -> Self {
        let secrets = Secrets::new(secret_key);
        Self { ports, secrets, server_url, wrong_claims: WrongClaims::default(), link }
    }

    fn now(&self) -> Timestamp {
        self.ports.clock.now()
    }

    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        self.ports.store.begin().await
    }

    /// The row of a new pair of tokens; the tokens are derived from its id.
    fn new_credential(&self, id: CredentialId, connection: ConnectionId) -> VttCredential {
        let now = self.now();
        VttCredential {
            id,
            connection_id: connection,
            session_hash: secrets::hash(&self.secrets.session_token(id)),
            session_expires_at: now.plus_seconds(SESSION_SECONDS),
            refresh_hash: secrets::hash(&self.secrets.refresh_token(id)),
            refresh_expires_at: now.plus_seconds(REFRESH_SECONDS),
            replaced_at: None,
            revoked_at: None,
        }
    }

    /// What the world receives, once more; `None` when the tokens do not hold any more.
    async fn hand_over(
        &self,
        uow: &mut dyn UnitOfWork,
        connection: &VttConnection,
        credential: CredentialId,
        api_key: String,
    ) -> Result<Option<HandedOver>, StoreError> {
        let session_token = self.secrets.session_token(credential);
        let found = uow.vtt().credential_by_session(&secrets::hash(&session_token)).await?;
        let Some(credential) = found.filter(|c| c.revoked_at.is_none()) else { return Ok(None) };
        Ok(Some(HandedOver {
            connection_id: connection.id,
            api_key,
            session_token,
            refresh_token: self.secrets.refresh_token(credential.id),
            expires_in: self.now().seconds_until(credential.session_expires_at),
            server_url: self.server_url.clone(),
            fingerprint: self.secrets.fingerprint(connection.id),
        }))
    }
}
