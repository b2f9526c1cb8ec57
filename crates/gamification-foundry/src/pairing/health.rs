//! The state of a connection, for clients without a socket.

use super::secrets::hash;
use super::{ConnectionHealth, Pairing, PairingError};
use gamification_core::ports::Lock;
use gamification_core::vtt::{PRESENCE_SECONDS, VttPresence, presence};

impl Pairing {
    /// The connection with that API key.
    ///
    /// # Errors
    /// [`PairingError::Unavailable`].
    pub async fn health(&self, api_key: Option<&str>) -> Result<ConnectionHealth, PairingError> {
        let Some(api_key) = api_key else {
            return Ok(ConnectionHealth::Expired { error: "send the API key as a Bearer token" });
        };
        let mut uow = self.begin().await?;
        let Some(connection) = uow.vtt().connection_by_api_key(&hash(api_key)).await? else {
            return Ok(ConnectionHealth::NotFound { error: "no connection has that API key" });
        };
        let campaign = match connection.campaign_id {
            Some(campaign) => uow.campaigns().get(campaign, Lock::None).await?,
            None => None,
        };
        let Some(campaign) = campaign.filter(|campaign| !campaign.is_deleting) else {
            let error = "the campaign was deleted";
            return Ok(ConnectionHealth::CampaignDeleted { connection_id: connection.id, error });
        };
        if connection.is_revoked() {
            return Ok(ConnectionHealth::Revoked { error: "the connection was revoked" });
        }
        let is_present = presence(Some(&connection), self.now()) == VttPresence::Present;
        Ok(ConnectionHealth::Healthy {
            connection_id: connection.id,
            campaign_id: campaign.id,
            campaign_name: campaign.name,
            tunnel_status: if is_present { "connected" } else { "disconnected" },
            last_heartbeat_at: connection
                .present_until
                .map(|until| until.minus_seconds(PRESENCE_SECONDS)),
        })
    }
}
