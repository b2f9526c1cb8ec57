//! The check of a session token when a socket connects.

use super::Pairing;
use super::secrets::hash;
use gamification_core::ids::ConnectionId;
use gamification_core::ports::{Lock, StoreError};
use gamification_core::vtt::Pairing as PairingRow;

/// Why a socket may not connect. The text is the `connect_error` that the client reads: `expired`
/// or `invalid` in it makes it refresh its token once, `CAMPAIGN_DELETED:` makes it forget its
/// tokens, anything else it tries again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HandshakeRefused {
    /// No such token.
    #[error("the session token is invalid")]
    Unknown,
    /// Its hour is over.
    #[error("the session token has expired")]
    Expired,
    /// It was taken back. Without the words that make a client throw its API key away: with it, it
    /// finds out when the game master allows the connection again.
    #[error("the connection was revoked: its game master can allow it again")]
    Revoked,
    /// The campaign is gone or going.
    #[error("CAMPAIGN_DELETED:the campaign was deleted")]
    CampaignDeleted,
    /// The store could not be asked.
    #[error("the server cannot check the session token now, try again")]
    Unavailable(#[from] StoreError),
}

impl Pairing {
    /// The connection that this session token opens. From now on the secrets of its pairing are not
    /// shown again.
    ///
    /// # Errors
    /// See [`HandshakeRefused`].
    pub async fn admit(&self, session_token: &str) -> Result<ConnectionId, HandshakeRefused> {
        let mut uow = self.ports.store.begin().await?;
        let found = uow.vtt().credential_by_session(&hash(session_token)).await?;
        let credential = found.ok_or(HandshakeRefused::Unknown)?;
        let found = uow.vtt().connection(credential.connection_id, Lock::None).await?;
        let connection = found.ok_or(HandshakeRefused::Unknown)?;
        let campaign = match connection.campaign_id {
            Some(campaign) => uow.campaigns().get(campaign, Lock::None).await?,
            None => None,
        };
        if campaign.is_none_or(|campaign| campaign.is_deleting) {
            return Err(HandshakeRefused::CampaignDeleted);
        }
        if credential.revoked_at.is_some() || connection.is_revoked() {
            return Err(HandshakeRefused::Revoked);
        }
        let now = self.now();
        if credential.session_expires_at <= now {
            return Err(HandshakeRefused::Expired);
        }
        let open = uow.vtt().open_pairings_of(connection.id).await?;
        if !open.is_empty() {
            for pairing in open {
                let used = PairingRow { completed_at: Some(now), ..pairing };
                uow.vtt().save_pairing(&used, now).await?;
            }
            uow.commit().await?;
        }
        Ok(connection.id)
    }
}
