//! Worlds that are paired with campaigns: what a game master does about them, for the API and the
//! pages.

use crate::auth::Principal;
use crate::problem::Problem;
use crate::services::Shared;
use gamification_core::access::Actor;
use gamification_core::ids::{CampaignId, ConnectionId};
use gamification_core::vtt::VttConnection;
use serde_json::json;

/// Pairs the world that shows this code with the campaign, whose former table is taken off. Without
/// a campaign it is the world's own, or the only one of the caller's that has no table.
///
/// # Errors
/// 422 for a code that no world shows, 429 after too many of them; 403 or 404 for a campaign that
/// the caller does not lead; 409 when the world serves another campaign.
pub async fn claim(
    services: &Shared,
    caller: &Principal,
    code: &str,
    campaign: Option<CampaignId>,
) -> Result<VttConnection, Problem> {
    caller.require_leader()?;
    let campaign = campaign.or(caller.campaign_scope);
    if let Some(campaign) = campaign {
        caller.require_gm(campaign).await?;
    }
    let connection = services.pairing.claim(code, caller.user.id, campaign).await?;
    note_down(services, &caller.actor(), &connection, "world.paired").await?;
    Ok(connection)
}

/// Takes a world's credentials back and closes its sockets. Doing it twice is the same as once.
///
/// # Errors
/// 404 for a connection that is not the caller's.
pub async fn revoke(
    services: &Shared,
    caller: &Principal,
    id: ConnectionId,
) -> Result<(), Problem> {
    let connection = own_connection(services, caller, id).await?;
    if !connection.is_revoked() {
        let reason = "the game master disconnected this world";
        services.pairing.revoke(connection.id, reason).await?;
        note_down(services, &caller.actor(), &connection, "world.revoked").await?;
    }
    Ok(())
}

/// Lets a world whose credentials were taken back fetch new ones, within seven days.
///
/// # Errors
/// 404 for a connection that is not the caller's; 409 when its campaign has another table by now.
pub async fn reauthorize(
    services: &Shared,
    caller: &Principal,
    id: ConnectionId,
) -> Result<VttConnection, Problem> {
    let mut connection = own_connection(services, caller, id).await?;
    if connection.is_revoked() {
        connection = services.pairing.reauthorize(connection.id).await?;
        note_down(services, &caller.actor(), &connection, "world.reauthorized").await?;
    }
    Ok(connection)
}

/// The connection, for who leads its campaign; once that is gone, for who paired it.
async fn own_connection(
    services: &Shared,
    caller: &Principal,
    id: ConnectionId,
) -> Result<VttConnection, Problem> {
    let unknown = || Problem::not_found("connection");
    caller.require_leader()?;
    let connection = services.core.ports().queries.connection(id).await?.ok_or_else(unknown)?;
    match connection.campaign_id {
        Some(campaign) => {
            let allowed = caller.require_gm(campaign).await;
            allowed.map_err(|problem| problem.hide_as("connection"))?;
        }
        None if connection.owner_id == caller.user.id && caller.campaign_scope.is_none() => {}
        None => return Err(unknown()),
    }
    Ok(connection)
}

/// Notes in the audit of the connection's campaign what was done about it.
///
/// # Errors
/// When the store does not answer.
pub(crate) async fn note_down(
    services: &Shared,
    actor: &Actor,
    connection: &VttConnection,
    action: &str,
) -> Result<(), Problem> {
    let details = json!({ "connectionId": connection.id, "worldId": connection.world_id });
    let campaign = connection.campaign_id;
    Ok(services.core.audit(campaign, actor, action, details).await?)
}
