//! The GM's side: typing the code in, taking a connection back, allowing it again.

use super::secrets::{hash, normalised_code};
use super::{Pairing, REAUTHORIZATION_SECONDS};
use crate::link::Notice;
use gamification_core::ids::{CampaignId, ConnectionId, CredentialId, PairingId, UserId};
use gamification_core::ports::{Lock, PageRequest, StoreError, UnitOfWork, Wakeup};
use gamification_core::service::{Conflict, ServiceError};
use gamification_core::time::Timestamp;
use gamification_core::vtt::{Pairing as PairingRow, VttConnection};

/// Why a code was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    /// No world waits with that code, or not any more.
    #[error("no world waits with that code; codes work for five minutes")]
    WrongCode,
    /// Too many wrong codes; 429.
    #[error("too many wrong codes, try again in {retry_after_seconds} s")]
    TooManyWrongCodes {
        /// When to try again.
        retry_after_seconds: u32,
    },
    /// The campaign does not allow it.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl From<StoreError> for ClaimError {
    fn from(error: StoreError) -> Self {
        Self::Service(error.into())
    }
}

/// Most campaigns of a GM that are looked at for the one without a table.
const CAMPAIGNS_MAX: u32 = 200;

impl Pairing {
    /// A GM types the code of a world in. The same world of the same GM keeps its connection and
    /// gets new secrets; another world of the campaign is revoked. Without a campaign it is the
    /// connection's own, else the only one of that GM's that has no table.
    ///
    /// # Errors
    /// [`ClaimError::WrongCode`]; [`ClaimError::TooManyWrongCodes`] after five wrong ones in a
    /// minute; [`ServiceError::NotFound`] for a campaign that is not that GM's;
    /// [`Conflict::WorldTaken`] when the world serves another campaign;
    /// [`Conflict::CampaignDeleting`].
    pub async fn claim(
        &self,
        typed_code: &str,
        user: UserId,
        campaign: Option<CampaignId>,
    ) -> Result<VttConnection, ClaimError> {
        let now = self.now();
        if let Some(retry_after_seconds) = self.wrong_claims.wait_seconds(user, now) {
            return Err(ClaimError::TooManyWrongCodes { retry_after_seconds });
        }
        let outcome = match normalised_code(typed_code) {
            Some(code) => self.claim_code(&code, user, campaign, now).await,
            None => Err(ClaimError::WrongCode),
        };
        if outcome == Err(ClaimError::WrongCode) {
            self.wrong_claims.count(user, now);
        }
        outcome
    }

    async fn claim_code(
        &self,
        code: &str,
        user: UserId,
        campaign: Option<CampaignId>,
        now: Timestamp,
    ) -> Result<VttConnection, ClaimError> {
        let only_campaign = match campaign {
            Some(campaign) => Some(campaign),
            None => self.only_campaign_without_table(user).await?,
        };
        let mut uow = self.begin().await?;
        let found = uow.vtt().pairing_by_code(code).await?;
        let pairing = found.filter(|p| p.expires_at > now).ok_or(ClaimError::WrongCode)?;
        let known = uow.vtt().connection_of_world(user, &pairing.world_id).await?;
        // Read again under its lock: its presence is renewed all the time.
        let known = match known {
            Some(known) => uow.vtt().connection(known.id, Lock::Exclusive).await?,
            None => None,
        };
        if let Some(claimed) = pairing.connection_id {
            // The same person typed it twice: nothing more happens.
            return known.filter(|c| c.id == claimed).ok_or(ClaimError::WrongCode);
        }
        let campaign = campaign_for(known.as_ref(), campaign, only_campaign)?;
        check_campaign(uow.as_mut(), campaign, user).await?;
        let connection = self.connection_from(&pairing, known, user, campaign);
        let replaced = self.replace_table(uow.as_mut(), &connection, campaign).await?;
        uow.vtt().save_connection(&connection).await?;
        uow.vtt().revoke_credentials(connection.id, now).await?;
        let credential = self.new_credential(CredentialId(pairing.id.0), connection.id);
        uow.vtt().save_credential(&credential).await?;
        let claimed = PairingRow { connection_id: Some(connection.id), ..pairing };
        uow.vtt().save_pairing(&claimed, now).await?;
        uow.commit().await?;
        self.ports.broadcaster.wake(Wakeup::Work);
        if let Some(replaced) = replaced {
            self.link.close(replaced, &Notice::Revoked("the campaign has another table now"));
        }
        tracing::info!(connection_id = %connection.id, campaign_id = %campaign, "world paired");
        Ok(connection)
    }

    fn connection_from(
        &self,
        pairing: &PairingRow,
        known: Option<VttConnection>,
        user: UserId,
        campaign: CampaignId,
    ) -> VttConnection {
        let (id, created_at) = match &known {
            Some(known) => (known.id, known.created_at),
            None => (ConnectionId(self.ports.ids.next_id()), self.now()),
        };
        VttConnection {
            id,
            owner_id: user,
            campaign_id: Some(campaign),
            world_id: pairing.world_id.clone(),
            world_name: pairing.world_name.clone(),
            game_system: pairing.game_system.clone(),
            module_version: pairing.module_version.clone(),
            revoked_at: None,
            api_key_hash: hash(&self.secrets.api_key(pairing.id)),
            present_until: known.as_ref().and_then(|known| known.present_until),
            is_in_combat: known.as_ref().is_some_and(|known| known.is_in_combat),
            acting: known.and_then(|known| known.acting),
            created_at,
        }
    }

    /// Revokes the campaign's table when it is another one; its connection.
    async fn replace_table(
        &self,
        uow: &mut dyn UnitOfWork,
        connection: &VttConnection,
        campaign: CampaignId,
    ) -> Result<Option<ConnectionId>, StoreError> {
        let other = uow.vtt().connection_of(campaign).await?;
        let other = other.filter(|other| other.id != connection.id && !other.is_revoked());
        let Some(other) = other else { return Ok(None) };
        let Some(other) = uow.vtt().connection(other.id, Lock::Exclusive).await? else {
            return Ok(None);
        };
        let (id, now) = (other.id, self.now());
        uow.vtt().save_connection(&revoked(other, now)).await?;
        uow.vtt().revoke_credentials(id, now).await?;
        Ok(Some(id))
    }

    async fn only_campaign_without_table(
        &self,
        user: UserId,
    ) -> Result<Option<CampaignId>, StoreError> {
        let page = PageRequest { limit: CAMPAIGNS_MAX, cursor: None };
        let campaigns = self.ports.queries.campaigns_of(user, page).await?.items;
        let mut only = None;
        for campaign in campaigns.into_iter().filter(|c| c.owner_id == user && !c.is_deleting) {
            let table = self.ports.queries.connection_of(campaign.id).await?;
            if table.is_none_or(|table| table.is_revoked()) && only.replace(campaign.id).is_some() {
                return Ok(None);
            }
        }
        Ok(only)
    }

    /// Takes the credentials of a connection back: its sockets are told and closed, here at once,
    /// on other nodes when they renew. Doing it twice is the same as once. `reason` is for people.
    ///
    /// # Errors
    /// [`StoreError`] only; a connection that does not exist is revoked already.
    pub async fn revoke(
        &self,
        connection: ConnectionId,
        reason: &'static str,
    ) -> Result<(), StoreError> {
        let mut uow = self.begin().await?;
        let found = uow.vtt().connection(connection, Lock::Exclusive).await?;
        let Some(found) = found.filter(|found| !found.is_revoked()) else { return Ok(()) };
        let now = self.now();
        uow.vtt().save_connection(&revoked(found, now)).await?;
        uow.vtt().revoke_credentials(connection, now).await?;
        uow.commit().await?;
        self.ports.broadcaster.wake(Wakeup::Work);
        self.link.close(connection, &Notice::Revoked(reason));
        tracing::info!(connection_id = %connection, reason, "connection revoked");
        Ok(())
    }

    /// Allows a revoked connection again: its world fetches new secrets with its API key, within
    /// seven days. Nothing happens when it is not revoked.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is no such connection; [`Conflict::WorldTaken`] when
    /// its campaign has another table by now.
    pub async fn reauthorize(
        &self,
        connection: ConnectionId,
    ) -> Result<VttConnection, ServiceError> {
        let mut uow = self.begin().await?;
        let found = uow.vtt().connection(connection, Lock::Exclusive).await?;
        let found = found.ok_or(ServiceError::NotFound("connection"))?;
        if !found.is_revoked() {
            return Ok(found);
        }
        let campaign = found.campaign_id.ok_or(ServiceError::NotFound("campaign"))?;
        let table = uow.vtt().connection_of(campaign).await?;
        if table.is_some_and(|table| table.id != connection && !table.is_revoked()) {
            return Err(Conflict::WorldTaken.into());
        }
        let allowed = VttConnection { revoked_at: None, ..found };
        uow.vtt().save_connection(&allowed).await?;
        let now = self.now();
        let id = PairingId(self.ports.ids.next_id());
        let credential = self.new_credential(CredentialId(id.0), connection);
        uow.vtt().save_credential(&credential).await?;
        // A pairing that nobody can claim or ask for by code: it hands the secrets over.
        let hand_over = PairingRow {
            id,
            code: self.secrets.code(id),
            world_id: allowed.world_id.clone(),
            world_name: allowed.world_name.clone(),
            game_system: allowed.game_system.clone(),
            module_version: allowed.module_version.clone(),
            requested_from: String::new(),
            expires_at: now.plus_seconds(REAUTHORIZATION_SECONDS),
            connection_id: Some(connection),
            completed_at: None,
        };
        uow.vtt().save_pairing(&hand_over, now).await?;
        uow.commit().await?;
        self.ports.broadcaster.wake(Wakeup::Work);
        tracing::info!(connection_id = %connection, "connection allowed again");
        Ok(allowed)
    }
}

/// The campaign that a world is to serve: the one asked for, else the one that it serves, else the
/// only one there is.
fn campaign_for(
    known: Option<&VttConnection>,
    asked_for: Option<CampaignId>,
    only: Option<CampaignId>,
) -> Result<CampaignId, ServiceError> {
    let serves = known.and_then(|known| known.campaign_id);
    let campaign = asked_for.or(serves).or(only).ok_or_else(|| {
        ServiceError::invalid("campaignId", "name the campaign that this world belongs to")
    })?;
    let is_in_use = known.is_some_and(|known| !known.is_revoked());
    if is_in_use && serves.is_some_and(|serves| serves != campaign) {
        return Err(Conflict::WorldTaken.into());
    }
    Ok(campaign)
}

async fn check_campaign(
    uow: &mut dyn UnitOfWork,
    campaign: CampaignId,
    user: UserId,
) -> Result<(), ServiceError> {
    let found = uow.campaigns().get(campaign, Lock::Shared).await?;
    let found = found.filter(|found| found.owner_id == user);
    let found = found.ok_or(ServiceError::NotFound("campaign"))?;
    if found.is_deleting {
        return Err(Conflict::CampaignDeleting.into());
    }
    Ok(())
}

/// Without credentials, and away from now on: nobody acts for it any more.
fn revoked(connection: VttConnection, now: Timestamp) -> VttConnection {
    let acting = connection.acting.map(|mut acting| {
        acting.until = acting.until.min(now);
        acting
    });
    VttConnection {
        revoked_at: Some(now),
        present_until: connection.present_until.map(|until| until.min(now)),
        acting,
        ..connection
    }
}
