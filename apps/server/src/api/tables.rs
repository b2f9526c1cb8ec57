//! Paired tables, as their game master sees them. No credential is ever shown here.

use super::Tag;
use super::input::Input;
use super::types::{Answer, Done, Listed};
use super::views::connection::ConnectionView;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::services::Shared;
use gamification_core::ids::{CampaignId, ConnectionId};
use gamification_core::vtt::VttConnection;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
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
        show(&services, connection).await
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
        let mut shown = Vec::new();
        for connection in connections {
            shown.push(show(&services, connection).await?.0);
        }
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
        show(&services, connection).await
    }
}

async fn show(services: &Shared, connection: VttConnection) -> Answer<ConnectionView> {
    let ports = services.core.ports();
    let now = ports.clock.now();
    let clients = ports.queries.clients(connection.id, now).await?;
    Ok(Json(ConnectionView::new(connection, clients, now)))
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
