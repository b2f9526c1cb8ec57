//! The world's side: asking for a code, and fetching the result.

use super::secrets::{are_equal, hash, normalised_code, shown_code};
use super::{
    CODE_SECONDS, Pairing, PairingCode, PairingError, PairingRequest, PairingStatus,
    ReauthorizationStatus, Requester, RevokeRequest,
};
use gamification_core::ids::{CredentialId, PairingId, VttWorldId};
use gamification_core::ports::{Lock, StoreError};
use gamification_core::vtt::Pairing as PairingRow;

/// How often a new code is tried when one is taken; with 32⁶ codes once is almost always enough.
const CODE_ATTEMPTS_MAX: u32 = 5;
/// Longest text that a world says of itself, in bytes.
const TEXT_BYTES_MAX: usize = 256;
/// Longest world id, in bytes.
const WORLD_ID_BYTES_MAX: usize = 128;

impl Pairing {
    /// A world asks to be paired: the code that its GM types in.
    ///
    /// # Errors
    /// [`PairingError::Field`] for a missing or endless id or name; [`PairingError::Unavailable`].
    pub async fn request(
        &self,
        request: &PairingRequest,
        address: &str,
    ) -> Result<PairingCode, PairingError> {
        check(request)?;
        let from = Requester { address, poll_token: request.poll_token.as_deref() };
        let mut attempts = 1;
        let pairing = loop {
            let pairing = self.new_pairing(request, from);
            let mut uow = self.begin().await?;
            match uow.vtt().save_pairing(&pairing, self.now()).await {
                Ok(()) => {
                    uow.commit().await?;
                    break pairing;
                }
                Err(StoreError::AlreadyExists(_)) if attempts < CODE_ATTEMPTS_MAX => attempts += 1,
                Err(error) => return Err(error.into()),
            }
        };
        tracing::info!(pairing_id = %pairing.id, world_id = %pairing.world_id, "pairing requested");
        Ok(PairingCode {
            success: true,
            code: shown_code(&pairing.code),
            expires_in: CODE_SECONDS,
            expires_at: pairing.expires_at.as_millis(),
            server_url: self.server_url.clone(),
        })
    }

    fn new_pairing(&self, request: &PairingRequest, from: Requester<'_>) -> PairingRow {
        let id = PairingId(self.ports.ids.next_id());
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let name = request.world_name.clone().filter(|name| !name.trim().is_empty());
        PairingRow {
            id,
            code: self.secrets.code(id),
            world_id: request.world_id.clone().into(),
            world_name: name.unwrap_or_else(|| request.world_id.clone()),
            game_system: text(&request.game_system_id),
            module_version: text(&request.module_version),
            requested_from: mark(from),
            expires_at: self.now().plus_seconds(CODE_SECONDS),
            connection_id: None,
            completed_at: None,
        }
    }

    /// How far the pairing with that code of that world has got. The secrets go only to who asked
    /// for the code.
    ///
    /// # Errors
    /// [`PairingError::Unavailable`].
    pub async fn status(
        &self,
        world: &VttWorldId,
        code: &str,
        from: Requester<'_>,
    ) -> Result<PairingStatus, PairingError> {
        let Some(code) = normalised_code(code) else { return Ok(PairingStatus::NotFound) };
        let mut uow = self.begin().await?;
        let found = uow.vtt().pairing_by_code(&code).await?;
        let Some(pairing) = found.filter(|pairing| pairing.world_id == *world) else {
            return Ok(PairingStatus::NotFound);
        };
        let now = self.now();
        if pairing.expires_at <= now || pairing.completed_at.is_some() {
            return Ok(PairingStatus::Expired);
        }
        let Some(connection) = pairing.connection_id else {
            return Ok(PairingStatus::Pending {
                code: shown_code(&pairing.code),
                expires_at: pairing.expires_at.as_millis(),
                remaining_seconds: now.seconds_until(pairing.expires_at),
            });
        };
        if !are_equal(&pairing.requested_from, &mark(from)) {
            tracing::warn!(pairing_id = %pairing.id, "somebody else asks for a pairing's secrets");
            return Ok(PairingStatus::NotFound);
        }
        let api_key = self.secrets.api_key(pairing.id);
        let connection = uow.vtt().connection(connection, Lock::None).await?;
        let is_current = |hashed: &str| are_equal(hashed, &hash(&api_key));
        let connection = connection.filter(|c| !c.is_revoked() && is_current(&c.api_key_hash));
        let Some(connection) = connection else { return Ok(PairingStatus::Expired) };
        let credential = CredentialId(pairing.id.0);
        let handed = self.hand_over(uow.as_mut(), &connection, credential, api_key).await?;
        Ok(handed.map_or(PairingStatus::Expired, PairingStatus::Completed))
    }

    /// Whether the GM allowed a revoked connection again.
    ///
    /// # Errors
    /// [`PairingError::Unavailable`].
    pub async fn reauthorization_status(
        &self,
        api_key: &str,
        world: &VttWorldId,
    ) -> Result<ReauthorizationStatus, PairingError> {
        let mut uow = self.begin().await?;
        let found = uow.vtt().connection_by_api_key(&hash(api_key)).await?;
        let Some(connection) = found.filter(|connection| connection.world_id == *world) else {
            return Ok(ReauthorizationStatus::NotFound);
        };
        if connection.is_revoked() {
            return Ok(ReauthorizationStatus::StillRevoked);
        }
        let now = self.now();
        let open = uow.vtt().open_pairings_of(connection.id).await?;
        for pairing in open.into_iter().filter(|pairing| pairing.expires_at > now) {
            let (credential, api_key) = (CredentialId(pairing.id.0), api_key.to_owned());
            let handed = self.hand_over(uow.as_mut(), &connection, credential, api_key).await?;
            if let Some(handed) = handed {
                return Ok(ReauthorizationStatus::Reauthorized(handed));
            }
        }
        Ok(ReauthorizationStatus::AlreadyActive)
    }

    /// A world takes itself off. Doing it twice is the same as once.
    ///
    /// # Errors
    /// [`PairingError::Refused`] when the key is not that connection's;
    /// [`PairingError::Unavailable`].
    pub async fn revoke_by_world(&self, request: &RevokeRequest) -> Result<(), PairingError> {
        let mut uow = self.begin().await?;
        let found = uow.vtt().connection_by_api_key(&hash(&request.api_key)).await?;
        drop(uow);
        if found.is_none_or(|connection| connection.id != request.connection_id) {
            return Err(PairingError::Refused("the API key does not belong to that connection"));
        }
        self.revoke(request.connection_id, "the world was unpaired").await?;
        Ok(())
    }
}

fn check(request: &PairingRequest) -> Result<(), PairingError> {
    let world_id_bytes = request.world_id.len();
    if request.world_id.trim().is_empty() || world_id_bytes > WORLD_ID_BYTES_MAX {
        return Err(PairingError::Field("worldId", "must have 1 to 128 bytes"));
    }
    for (field, text) in [
        ("worldName", &request.world_name),
        ("moduleVersion", &request.module_version),
        ("gameSystemId", &request.game_system_id),
        ("pollToken", &request.poll_token),
    ] {
        if text.as_ref().is_some_and(|text| text.len() > TEXT_BYTES_MAX) {
            return Err(PairingError::Field(field, "must have at most 256 bytes"));
        }
    }
    Ok(())
}

/// Who may fetch the result, as one text: the address, and the hash of the client's own secret.
fn mark(from: Requester<'_>) -> String {
    match from.poll_token {
        Some(token) => format!("{}#{}", from.address, hash(token)),
        None => from.address.to_owned(),
    }
}
