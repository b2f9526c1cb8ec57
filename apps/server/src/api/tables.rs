//! Paired tables, as their game master sees them. No credential is ever shown here.

use super::Tag;
use super::input::Input;
use super::types::{Answer, Done, Listed, Moment};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::services::Shared;
use gamification_core::ids::{CampaignId, ConnectionId};
use gamification_core::time::Timestamp;
use gamification_core::vtt::{PRESENCE_SECONDS, VttConnection, VttPresence, presence};
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde_json::json;
use uuid::Uuid;

/// The routes of paired tables.
pub(super) struct TablesApi;

#[OpenApi]
impl TablesApi {
    /// Pairs the world that shows this code. The campaign's former table is taken off.
    #[oai(
        path = "/vtt/pairings/claim",
        method = "post",
        tag = "Tag::Table",
        operation_id = "claimPairing"
    )]
    async fn claim(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        body: Input<ClaimPairing>,
    ) -> Answer<ConnectionView> {
        caller.require_leader()?;
        let ClaimPairing { code, campaign_id } = body.0;
        let campaign = campaign_id.map(CampaignId::from).or(caller.campaign_scope);
        if let Some(campaign) = campaign {
            caller.require_gm(campaign).await?;
        }
        let connection = services.pairing.claim(&code, caller.user.id, campaign).await?;
        note_down(&services, &caller, &connection, "world.paired").await?;
        Ok(Json(ConnectionView::new(connection, services.core.ports().clock.now())))
    }

    /// The worlds that the caller paired, newest first.
    #[oai(
        path = "/vtt/connections",
        method = "get",
        tag = "Tag::Table",
        operation_id = "listConnections"
    )]
    async fn list(
        &self,
        services: Data<&Shared>,
        caller: Caller,
    ) -> Answer<Listed<ConnectionView>> {
        caller.require_leader()?;
        let ports = services.core.ports();
        let mut connections = ports.queries.connections_of(caller.user.id).await?;
        if let Some(only) = caller.campaign_scope {
            connections.retain(|connection| connection.campaign_id == Some(only));
        }
        connections
            .sort_by_key(|connection| std::cmp::Reverse((connection.created_at, connection.id)));
        let now = ports.clock.now();
        let shown = connections.into_iter().map(|c| ConnectionView::new(c, now)).collect();
        Ok(Json(Listed::whole(shown)))
    }

    /// Takes a world's credentials back and closes its sockets. Doing it twice is the same as once.
    #[oai(
        path = "/vtt/connections/:connection",
        method = "delete",
        tag = "Tag::Table",
        operation_id = "revokeConnection"
    )]
    async fn revoke(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        connection: Path<Uuid>,
    ) -> Result<Done, Problem> {
        let connection = own_connection(&services, &caller, connection.0.into()).await?;
        if !connection.is_revoked() {
            let reason = "the game master disconnected this world";
            services.pairing.revoke(connection.id, reason).await?;
            note_down(&services, &caller, &connection, "world.revoked").await?;
        }
        Ok(Done::Done)
    }

    /// Lets a world whose credentials were taken back fetch new ones, within seven days.
    #[oai(
        path = "/vtt/connections/:connection/reauthorize",
        method = "post",
        tag = "Tag::Table",
        operation_id = "reauthorizeConnection"
    )]
    async fn reauthorize(
        &self,
        services: Data<&Shared>,
        caller: Caller,
        connection: Path<Uuid>,
    ) -> Answer<ConnectionView> {
        let mut connection = own_connection(&services, &caller, connection.0.into()).await?;
        if connection.is_revoked() {
            connection = services.pairing.reauthorize(connection.id).await?;
            note_down(&services, &caller, &connection, "world.reauthorized").await?;
        }
        Ok(Json(ConnectionView::new(connection, services.core.ports().clock.now())))
    }
}

/// The connection, for who leads its campaign; once that is gone, for who paired it.
async fn own_connection(
    services: &Shared,
    caller: &Caller,
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

async fn note_down(
    services: &Shared,
    caller: &Caller,
    connection: &VttConnection,
    action: &str,
) -> Result<(), Problem> {
    let details = json!({ "connectionId": connection.id, "worldId": connection.world_id });
    let campaign = connection.campaign_id;
    Ok(services.core.audit(campaign, &caller.actor(), action, details).await?)
}

/// A code to be claimed.
#[derive(Debug, Clone, Object)]
#[oai(rename_all = "camelCase")]
struct ClaimPairing {
    /// What the world shows, in any case, with or without its dash.
    code: String,
    /// The campaign; may be left out when it is the world's own already, or the only one of the
    /// caller's that has no table.
    campaign_id: Option<Uuid>,
}

/// A paired world.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Connection", rename_all = "camelCase", skip_serializing_if_is_none)]
struct ConnectionView {
    /// Its key.
    id: Uuid,
    /// Its campaign; absent once that was deleted.
    campaign_id: Option<Uuid>,
    /// The world's id in the VTT.
    world_id: String,
    /// The world's name.
    world_name: String,
    /// The game system's id.
    game_system: String,
    /// The version of the client that paired.
    module_version: String,
    /// Whether it can be reached.
    status: ConnectionStatusName,
    /// Whether a combat runs at the table.
    is_in_combat: bool,
    /// When it was paired first.
    created_at: Moment,
    /// When a socket was last known to be live; absent when there never was one.
    last_seen_at: Option<Moment>,
    /// When its credentials were taken back.
    revoked_at: Option<Moment>,
}

impl ConnectionView {
    fn new(connection: VttConnection, now: Timestamp) -> Self {
        let status = match presence(Some(&connection), now) {
            _ if connection.is_revoked() => ConnectionStatusName::Revoked,
            VttPresence::Present => ConnectionStatusName::Present,
            VttPresence::Away | VttPresence::NotPaired => ConnectionStatusName::Away,
        };
        let seen = connection.present_until.map(|until| until.minus_seconds(PRESENCE_SECONDS));
        Self {
            id: connection.id.0,
            campaign_id: connection.campaign_id.map(|campaign| campaign.0),
            world_id: connection.world_id.0,
            world_name: connection.world_name,
            game_system: connection.game_system,
            module_version: connection.module_version,
            status,
            is_in_combat: connection.is_in_combat,
            created_at: connection.created_at.into(),
            last_seen_at: seen.map(Into::into),
            revoked_at: connection.revoked_at.map(Into::into),
        }
    }
}

/// Whether a world can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "ConnectionStatus", rename_all = "snake_case")]
enum ConnectionStatusName {
    /// A socket was live within the last 30 seconds.
    Present,
    /// No socket.
    Away,
    /// Its credentials were taken back.
    Revoked,
}
