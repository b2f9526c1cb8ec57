//! New tokens for old ones.

use super::secrets::{are_equal, hash};
use super::{FreshTokens, Pairing, PairingError, REPLACED_SECONDS, RefreshRequest};
use gamification_core::ids::CredentialId;
use gamification_core::ports::{Lock, StoreError, UnitOfWork};
use gamification_core::vtt::VttCredential;

impl Pairing {
    /// Replaces a pair of tokens. Whoever sends the old one within two minutes gets the same new
    /// pair; whoever sends it later ends all tokens of the connection.
    ///
    /// # Errors
    /// [`PairingError::Refused`] when the token is unknown, over, revoked or not this client's;
    /// [`PairingError::Unavailable`].
    pub async fn refresh(&self, request: &RefreshRequest) -> Result<FreshTokens, PairingError> {
        let mut uow = self.begin().await?;
        let credential = self.check(uow.as_mut(), request).await?;
        let now = self.now();
        let successor = self.secrets.successor(credential.id);
        match credential.replaced_at {
            None => {
                let fresh = self.new_credential(successor, credential.connection_id);
                let old = VttCredential { replaced_at: Some(now), ..credential };
                uow.vtt().save_credential(&old).await?;
                uow.vtt().save_credential(&fresh).await?;
                uow.commit().await?;
                Ok(self.tokens(&fresh))
            }
            Some(replaced_at) if now <= replaced_at.plus_seconds(REPLACED_SECONDS) => {
                let refresh_hash = hash(&self.secrets.refresh_token(successor));
                let fresh = uow.vtt().credential_by_refresh(&refresh_hash).await?;
                let missing = || StoreError::Missing("the successor of a credential".to_owned());
                Ok(self.tokens(&fresh.ok_or_else(missing)?))
            }
            Some(_) => {
                uow.vtt().revoke_credentials(credential.connection_id, now).await?;
                uow.commit().await?;
                tracing::warn!(
                    connection_id = %credential.connection_id,
                    "a replaced refresh token was used again: all tokens of the connection revoked"
                );
                Err(PairingError::Refused(
                    "the refresh token was used before: pair the world again",
                ))
            }
        }
    }

    async fn check(
        &self,
        uow: &mut dyn UnitOfWork,
        request: &RefreshRequest,
    ) -> Result<VttCredential, PairingError> {
        let found = uow.vtt().credential_by_refresh(&hash(&request.refresh_token)).await?;
        let credential = found.ok_or(PairingError::Refused("the refresh token is invalid"))?;
        let fingerprint = self.secrets.fingerprint(credential.connection_id);
        if !are_equal(request.fingerprint.as_deref().unwrap_or_default(), &fingerprint) {
            return Err(PairingError::Refused("the fingerprint does not match"));
        }
        let connection = uow.vtt().connection(credential.connection_id, Lock::None).await?;
        if credential.revoked_at.is_some() || connection.is_none_or(|c| c.is_revoked()) {
            return Err(PairingError::Refused("the refresh token was revoked"));
        }
        if credential.refresh_expires_at <= self.now() {
            return Err(PairingError::Refused("the refresh token has expired"));
        }
        Ok(credential)
    }

    fn tokens(&self, credential: &VttCredential) -> FreshTokens {
        let id: CredentialId = credential.id;
        FreshTokens {
            session_token: self.secrets.session_token(id),
            refresh_token: self.secrets.refresh_token(id),
            expires_in: self.now().seconds_until(credential.session_expires_at),
        }
    }
}
