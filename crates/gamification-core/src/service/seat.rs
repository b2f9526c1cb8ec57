//! A paired world with its campaign, locked in the one order.

use super::{Served, ServiceError};
use crate::campaign::Campaign;
use crate::ids::ConnectionId;
use crate::ports::{Lock, StoreError, UnitOfWork};
use crate::vtt::VttConnection;

/// A world and its campaign.
pub(super) struct Seat {
    pub(super) campaign: Campaign,
    /// Locked exclusively: what its clients report is worked off one by one, however many of them
    /// report the same.
    pub(super) connection: VttConnection,
}

/// The campaign of a world, locked as told, then the world itself.
///
/// # Errors
/// [`ServiceError::NotFound`] when there is no such world or its campaign is gone.
pub(super) async fn lock_seat(
    uow: &mut dyn UnitOfWork,
    connection: ConnectionId,
    lock: Lock,
) -> Served<Seat> {
    let gone = ServiceError::NotFound("campaign");
    let found = uow.vtt().connection(connection, Lock::None).await?;
    let id = found.and_then(|found| found.campaign_id).ok_or(gone)?;
    let campaign = uow.campaigns().get(id, lock).await?;
    let campaign = campaign.ok_or(ServiceError::NotFound("campaign"))?;
    let connection = uow.vtt().connection(connection, Lock::Exclusive).await?;
    let connection = connection.ok_or(ServiceError::NotFound("connection"))?;
    if connection.campaign_id != Some(campaign.id) {
        let moved = "the world was paired with another campaign meanwhile".to_owned();
        return Err(StoreError::Contention(moved).into());
    }
    Ok(Seat { campaign, connection })
}
